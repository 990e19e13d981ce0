"""Stories: who belongs to whom, and the indexes that candidates are found by."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from watcher.model import Item, ItemId, Placement, Sketch, StoryId, Told, Verdict
from watcher.store.coding import texts, written
from watcher.store.items import item_from, link_key
from watcher.store.part import Part
from watcher.store.recalled import Reader, Recalled, packed
from watcher.store.tables import alert, item_version, known_by, story_claim, story_text
from watcher.store.tables import item as kept
from watcher.store.tables import placement as placed
from watcher.store.tables import story as stories
from watcher.store.types import Moment

# Asked for each item: building a statement costs more than running it.
_TOLD = (
    select(kept, placed.c.story, placed.c.by_hand, stories.c.lead)
    .join(placed, placed.c.item == kept.c.id)
    .join(stories, stories.c.id == placed.c.story)
)
_PLACEMENT = select(placed).where(placed.c.item == bindparam("item"))
_PLACED = (
    select(kept.c.number, kept.c.seen_at, placed.c.story)
    .outerjoin(placed, placed.c.item == kept.c.id)
    .where(kept.c.id == bindparam("item"))
)
_NEW_TEXT = insert(story_text).returning(story_text.c.id)


class Stories(Part):
    """What a transaction can do with stories."""

    def __init__(self, connection: Connection, recalled: Recalled) -> None:
        super().__init__(connection)
        self._recalled = recalled
        self._reader = Reader(connection)

    def committed(self) -> None:
        """Take note that all was written."""
        self._recalled.committed(self._reader)

    def rolled_back(self) -> None:
        """Take note that nothing was written."""
        self._recalled.rolled_back(self._reader)

    # --- looking for what was told before

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items with, or claiming, one of these normal links; oldest first."""
        keys = [link_key(link) for link in links if link]
        if not keys:
            return ()
        having = select(known_by.c.item).where(known_by.c.key.in_(self._numbers(keys)))
        claiming = select(story_claim.c.item).where(story_claim.c.link.in_(self._numbers(keys)))
        rows = self._connection.execute(
            _TOLD.where(
                kept.c.number.in_(having.union(claiming)), kept.c.seen_at >= since
            ).order_by(kept.c.seen_at, kept.c.id)
        )
        return tuple(_told_from(row) for row in rows)

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find the placed items that share the most with this text; see `ports.Transaction`."""
        numbers = self._recalled.like(self._reader, sketch, since, limit)
        if not numbers:
            return ()
        rows = self._connection.execute(
            _TOLD.where(kept.c.number.in_(self._numbers(numbers)), kept.c.has_text)
        )
        place = {number: n for n, number in enumerate(numbers)}
        return self._with_versions(sorted(rows, key=lambda row: place[row.number]))

    def leads(self, of: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that lead these stories, in no order; unknown ones are left out."""
        if not of:
            return ()
        leading = _TOLD.where(stories.c.id.in_(self._texts(of)), stories.c.lead == kept.c.id)
        return self._with_versions(list(self._connection.execute(leading)))

    def _with_versions(self, rows: Sequence[Row[Any]]) -> tuple[Told, ...]:
        """Add what the items said before they were edited."""
        edited = self._connection.execute(
            select(item_version)
            .where(item_version.c.item.in_(self._texts([row.id for row in rows])))
            .order_by(item_version.c.until)
        )
        texts_of: dict[str, list[Row[Any]]] = {}
        for version in edited:
            texts_of.setdefault(version.item, []).append(version)
        return tuple(_told_from(row, texts_of.get(row.id, ())) for row in rows)

    # --- writing down what was decided

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Write down where an item belongs, and index it; see `ports.Transaction`.

        Placing it again adds its text, and originals that it names only now.
        """
        number, seen_at, known = self._connection.execute(_PLACED, {"item": item.id}).one()
        if known is None:
            self._join(item.id, placement, seen_at)
            self._index_text(sketch, seen_at, number)
        elif not self._knows_text(sketch, number):
            self._index_text(sketch, seen_at, number)
        self._index_claims(sources, number)

    def _join(self, item: ItemId, placement: Placement, seen_at: datetime) -> None:
        if placement.verdict is Verdict.COPY:
            self._stretch(placement.story, seen_at)
            if placement.leads:
                self._hand_lead(placement.story, item)
        else:
            self._connection.execute(
                self._insert_new(stories),
                {"id": item, "lead": item, "first_seen_at": seen_at, "last_seen_at": seen_at},
            )
        self._connection.execute(
            self._insert_new(placed),
            {
                "item": item,
                "story": placement.story,
                "verdict": placement.verdict,
                "of": placement.of,
                "score": placement.score,
                "because": written(placement.because),
            },
        )

    def _hand_lead(self, of: StoryId, to: ItemId) -> None:
        self._connection.execute(update(stories).where(stories.c.id == of).values(lead=to))

    def _stretch(self, joined: StoryId, seen_at: datetime) -> None:
        first, last, now = (
            stories.c.first_seen_at,
            stories.c.last_seen_at,
            literal(seen_at, Moment()),
        )
        self._connection.execute(
            update(stories)
            .where(stories.c.id == joined)
            .values(
                first_seen_at=case((first > now, now), else_=first),
                last_seen_at=case((last < now, now), else_=last),
            )
        )

    def _knows_text(self, sketch: Sketch, number: int) -> bool:
        columns = packed(sketch)
        found = self._connection.execute(
            select(story_text.c.id).where(
                story_text.c.item == number,
                story_text.c.words == columns["words"],
                story_text.c.text == columns["text"],
            )
        )
        return found.first() is not None

    def _index_text(self, sketch: Sketch, seen_at: datetime, item: int) -> None:
        if sketch.words:
            row = {"item": item, "seen_at": seen_at, **packed(sketch)}
            number = self._connection.execute(_NEW_TEXT, row).scalar_one()
            self._recalled.add(self._reader, number, item, seen_at, sketch)

    def _index_claims(self, sources: Iterable[str], number: int) -> None:
        keys = {link_key(source) for source in sources if source}
        if keys:
            self._connection.execute(
                self._insert_new(story_claim),
                [{"link": key, "item": number} for key in sorted(keys)],
            )

    # --- corrected by hand

    def split(self, item: ItemId, because: str) -> None:
        """Let a copy lead a story of its own; see `ports.Transaction`."""
        found = self.placement(item)
        if found is None:
            raise ValueError(f"item {item} is in no story")
        lead = self.lead_of(found.story).id
        if lead == item:
            raise ValueError(f"item {item} leads its story; split off the others instead")
        if found.story == StoryId(item):
            self._move_out(found.story, lead, because)
        self._open([item], item, because)

    def _move_out(self, story: StoryId, lead: ItemId, because: str) -> None:
        """Make all items of a story a story of their lead's name, but the item that gave its own.

        Alerts stay with that item: it was the first that they told of.
        """
        of_story = placed.c.story == story, placed.c.item != story
        others = self._connection.execute(select(placed.c.item).where(*of_story)).scalars().all()
        self._open(others, lead, because)
        self._connection.execute(update(placed).where(*of_story).values(story=lead))

    def _open(self, items: Collection[str], lead: ItemId, because: str) -> None:
        """Open a story that these items are to be in, and let one of them lead it, by hand."""
        first, last = self._connection.execute(
            select(func.min(kept.c.seen_at), func.max(kept.c.seen_at)).where(
                kept.c.id.in_(self._texts(items))
            )
        ).one()
        opened = self._insert_or_replace(stories).values(
            id=lead, lead=lead, first_seen_at=first, last_seen_at=last
        )
        self._connection.execute(opened)
        self._move([lead], StoryId(lead), Verdict.NEW, None, because)

    def join(self, story: StoryId, into: StoryId, because: str) -> None:
        """Let all items of a story belong to another one; see `ports.Transaction`."""
        known = {
            row.id: row
            for row in self._connection.execute(
                select(stories).where(stories.c.id.in_(self._texts([story, into])))
            )
        }
        for one in (story, into):
            if one not in known:
                raise ValueError(f"there is no story {one}")
        if story == into:
            raise ValueError(f"{story} is one story already")
        items = self._connection.execute(
            select(placed.c.item).where(placed.c.story == story)
        ).scalars()
        self._move(list(items), into, Verdict.COPY, ItemId(known[into].lead), because)
        self._stretch(into, known[story].first_seen_at)
        self._stretch(into, known[story].last_seen_at)
        self._connection.execute(update(alert).where(alert.c.story == story).values(story=into))
        self._connection.execute(delete(stories).where(stories.c.id == story))

    def _move(
        self,
        items: Collection[str],
        story: StoryId,
        verdict: Verdict,
        of: ItemId | None,
        because: str,
    ) -> None:
        self._connection.execute(
            update(placed)
            .where(placed.c.item.in_(self._texts(items)))
            .values(story=story, verdict=verdict, of=of, because=written((because,)), by_hand=True)
        )

    # --- asking for it

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        row = self._connection.execute(_PLACEMENT, {"item": item}).one_or_none()
        return None if row is None else placement_from(row)

    def lead_of(self, story: StoryId) -> Item:
        """Tell the item that a story leads with; `LookupError` if there is no such story."""
        row = self._connection.execute(
            select(kept).join(stories, stories.c.lead == kept.c.id).where(stories.c.id == story)
        ).one_or_none()
        if row is None:
            raise LookupError(f"there is no story {story}")
        return item_from(row)


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


def _told_from(row: Row[Any], versions: Iterable[Row[Any]] = ()) -> Told:
    item = item_from(row)
    return Told(
        item=item,
        story=StoryId(row.story),
        lead=row.lead == row.id,
        by_hand=row.by_hand,
        versions=tuple(
            replace(item, title=old.title, summary=old.summary, content=old.content)
            for old in versions
        ),
    )
