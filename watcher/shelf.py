"""What placing asks of a store, in memory: the same promises for one stream, and no database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from watcher.model import Item, ItemId, Placement, Sketch, StoryId, Told, Verdict
from watcher.stories import Recall, held_since


@dataclass(slots=True, kw_only=True)
class _Entry:
    """An item that came: who it is and where it belongs is known for ever, its texts are not."""

    number: int
    seen_at: datetime  # the first time
    placement: Placement | None = None
    indexed: set[int] = field(default_factory=set)  # hashes of its sketches
    told: Told | None = None  # None: its texts are forgotten
    past: dict[str, Item] = field(default_factory=dict)  # by fingerprint
    links: set[str] = field(default_factory=set)  # its own, and those that it claims


class Shelf:
    """Fulfils `ports.Placing`, for items that come in the order of time or not much out of it.

    It forgets as `store.Recalled` does, so that it finds what a store would: texts of the window
    are held, from the beginning of the day before on, and leads as long as one of their story is.
    An item that comes more than a day late is placed among what is still held.
    """

    def __init__(self) -> None:
        self.recall = Recall()
        self._floor: datetime | None = None
        self._entries: dict[ItemId, _Entry] = {}
        self._held: dict[int, ItemId] = {}  # by number: items whose texts are there
        self._by_link: dict[str, set[int]] = {}
        self._last_seen: dict[StoryId, datetime] = {}
        self._leads: dict[StoryId, ItemId] = {}

    # --- items

    def keep(self, items: Iterable[Item]) -> None:
        """Keep unseen items."""
        for item in items:
            if item.id in self._entries:
                continue
            entry = _Entry(number=len(self._entries) + 1, seen_at=item.seen_at)
            entry.told = Told(item=item, story=StoryId(item.id), lead=False)
            self._entries[item.id] = entry
            self._held[entry.number] = item.id
            self._link(entry, (item.normal_link,))

    def keep_edits(self, items: Iterable[Item], _now: datetime) -> None:
        """Add a version to known items."""
        for item in items:
            entry = self._entries.get(item.id)
            if entry is None or entry.told is None:
                continue
            before = entry.told.item
            if before.text_hash != item.text_hash:
                entry.past.setdefault(before.text_hash, before)
            edited = replace(item, feed=before.feed, seen_at=before.seen_at)
            entry.told = replace(entry.told, item=edited, versions=_versions(edited, entry.past))
            self._link(entry, (item.normal_link,))

    def _link(self, entry: _Entry, links: Iterable[str]) -> None:
        for link in links:
            if link:
                entry.links.add(link)
                self._by_link.setdefault(link, set()).add(entry.number)

    # --- stories

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items with, or claiming, one of these normal links; oldest first."""
        numbers = {number for link in links for number in self._by_link.get(link, ())}
        told = self._told(self._held[number] for number in numbers)
        found = [replace(one, versions=()) for one in told if one.item.seen_at >= since]
        return tuple(sorted(found, key=lambda one: (one.item.seen_at, one.item.id)))

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find the placed items, seen since then, that share the most with this text."""
        self._forget_before(held_since(since))
        numbers = self.recall.like(sketch, since, limit)
        return self._told(self._held[number] for number in numbers if number in self._held)

    def leads(self, stories: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that lead these stories."""
        return self._told(self._leads[story] for story in stories if story in self._leads)

    def _told(self, items: Iterable[ItemId]) -> tuple[Told, ...]:
        entries = (self._entries[item] for item in items)
        return tuple(entry.told for entry in entries if entry.told and entry.placement)

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Take note where an item belongs, and index it."""
        entry = self._entries[item.id]
        if entry.placement is None:
            self._join(item.id, entry, placement)
        fingerprint = hash(sketch)
        if sketch.words and fingerprint not in entry.indexed:
            entry.indexed.add(fingerprint)
            self.recall.add(self.recall.last + 1, entry.number, entry.seen_at, sketch)
        if entry.told:
            self._link(entry, sources)

    def _join(self, item: ItemId, entry: _Entry, placement: Placement) -> None:
        entry.placement, story = placement, placement.story
        if entry.told:
            entry.told = replace(entry.told, story=story)
        if placement.verdict is not Verdict.COPY or placement.leads:
            self._hand_lead(story, item)
        self._last_seen[story] = max(self._last_seen.get(story, entry.seen_at), entry.seen_at)

    def _hand_lead(self, story: StoryId, to: ItemId) -> None:
        before = self._leads.get(story)
        self._leads[story] = to
        for item in (before, to):
            entry = self._entries[item] if item else None
            if entry and entry.told:
                entry.told = replace(entry.told, lead=item == to)

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        entry = self._entries.get(item)
        return entry.placement if entry else None

    # --- the window

    def _forget_before(self, floor: datetime) -> None:
        if self._floor and floor <= self._floor:
            return
        self._floor = floor
        self.recall.forget_before(floor)
        for number, item in list(self._held.items()):
            entry = self._entries[item]
            if entry.seen_at < floor and entry.placement:
                self._forget(number, entry, entry.placement, floor)

    def _forget(self, number: int, entry: _Entry, placed: Placement, floor: datetime) -> None:
        """Forget what an item says, unless it leads others that are still held."""
        if self._leads.get(placed.story) == self._held[number]:
            if self._last_seen[placed.story] >= floor:
                return
            del self._last_seen[placed.story], self._leads[placed.story]
        for link in entry.links:
            self._by_link[link].discard(number)
            if not self._by_link[link]:
                del self._by_link[link]
        del self._held[number]
        entry.placement = replace(placed, because=())
        entry.told = None
        entry.past.clear()
        entry.links.clear()


def _versions(item: Item, past: dict[str, Item]) -> tuple[Item, ...]:
    return tuple(
        replace(item, title=one.title, summary=one.summary, content=one.content)
        for one in past.values()
    )
