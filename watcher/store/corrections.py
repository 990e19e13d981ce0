"""Stories corrected by hand: split and joined."""

from collections.abc import Collection

from sqlalchemy import delete, func, select, update

from watcher.model import ItemId, StoryId, Verdict
from watcher.store.coding import written
from watcher.store.stories import Stories
from watcher.store.tables import alert
from watcher.store.tables import item as kept
from watcher.store.tables import placement as placed
from watcher.store.tables import story as stories


class Corrections(Stories):
    """What a transaction can do when a person knows better."""

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
        self._read_anew([item])

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
        for seen_at in (known[story].first_seen_at, known[story].last_seen_at):
            self._held.stretch(into, seen_at)
        self._connection.execute(update(alert).where(alert.c.story == story).values(story=into))
        self._connection.execute(delete(stories).where(stories.c.id == story))
        self._read_anew()

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
