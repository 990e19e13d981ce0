"""Stories: who belongs to whom, and the indexes that candidates are found by."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from watcher.model import Item, ItemId, Placement, Sketch, StoryId, Verdict
from watcher.store import dialect
from watcher.store.before import Before
from watcher.store.coding import texts, written
from watcher.store.items import link_key
from watcher.store.recalled import packed
from watcher.store.tables import item as kept
from watcher.store.tables import placement as placed
from watcher.store.tables import story as stories
from watcher.store.tables import story_text

TEXTS_AT_ONCE = 50  # numbers that are reserved together; those left over are never used

_PLACEMENT = select(placed).where(placed.c.item == bindparam("own"))
_PLACED = (
    select(kept.c.number, kept.c.seen_at, placed.c.story)
    .outerjoin(placed, placed.c.item == kept.c.id)
    .where(kept.c.id == bindparam("own"))
)
_SAME_TEXT = select(story_text.c.id).where(
    story_text.c.item == bindparam("number"),
    story_text.c.words == bindparam("words"),
    story_text.c.text == bindparam("text"),
)
_HAND_LEAD = update(stories).where(stories.c.id == bindparam("of")).values(lead=bindparam("to"))


class Stories(Before):
    """What a transaction can do with stories."""

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Write down where an item belongs, and index it; see `ports.Transaction`.

        Placing it again adds its text, and originals that it names only now.
        """
        fresh = self._at_hand.fresh(item.id)
        number, seen_at, known = (
            (fresh.number, fresh.item.seen_at, None) if fresh else self._placed(item.id)
        )
        if known is None:
            self._join(item.id, placement, seen_at)
        if known is None or not self._knows_text(sketch, number):
            self._index_text(sketch, seen_at, number)
        claimed = {link_key(source) for source in sources if source}
        for key in sorted(claimed):
            self._held.claim(link=key, item=number)
        if fresh and not _hands_lead(placement):
            copies = placement.verdict is Verdict.COPY
            self._at_hand.place(item.id, placement.story, lead=not copies, claimed=claimed)
        elif known is None or claimed:
            self._read_anew([item.id])

    def _placed(self, item: ItemId) -> tuple[int, datetime, str | None]:
        number, seen_at, story = self._connection.execute(_PLACED, {"own": item}).one()
        return number, seen_at, story

    def _join(self, item: ItemId, placement: Placement, seen_at: datetime) -> None:
        if placement.verdict is Verdict.COPY:
            self._held.stretch(placement.story, seen_at)
        else:
            self._held.story(id=item, lead=item, first_seen_at=seen_at, last_seen_at=seen_at)
        if _hands_lead(placement):
            self._connection.execute(_HAND_LEAD, {"of": placement.story, "to": item})
        self._held.placement(
            item=item,
            story=placement.story,
            verdict=placement.verdict,
            of=placement.of,
            score=placement.score,
            because=written(placement.because),
        )

    def _knows_text(self, sketch: Sketch, number: int) -> bool:
        same = self._connection.execute(_SAME_TEXT, {"number": number, **packed(sketch)})
        return same.first() is not None

    def _index_text(self, sketch: Sketch, seen_at: datetime, item: int) -> None:
        if sketch.words:
            number = self._at_hand.number_of_text(self._free_numbers)
            self._held.text(id=number, item=item, seen_at=seen_at, **packed(sketch))
            self._recalled.add(self._reader, number, item, seen_at, sketch)

    def _free_numbers(self) -> Iterable[int]:
        return dialect.next_numbers(self._connection, story_text.c.id, TEXTS_AT_ONCE)

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        if self._at_hand.fresh(item):
            return None
        row = self._connection.execute(_PLACEMENT, {"own": item}).one_or_none()
        return None if row is None else placement_from(row)


def _hands_lead(placement: Placement) -> bool:
    return placement.leads and placement.verdict is Verdict.COPY


def placement_from(row: Row[Any]) -> Placement:
    """Make a placement of a row that has all columns of its table."""
    return Placement(
        item=ItemId(row.item),
        story=StoryId(row.story),
        verdict=Verdict(row.verdict),
        of=None if row.of is None else ItemId(row.of),
        score=row.score,
        because=texts(row.because),
    )
