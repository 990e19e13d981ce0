"""What a transaction knows of placed items without asking the database again.

Placing a document asks about each of its items, mostly the same things. What was read is kept for
the rest of the transaction, in which nobody else changes it, and kept in step with what the
transaction places itself. Whatever else changes an item or a story has all of it read anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Item, ItemId, StoryId, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """An item that this transaction has kept, and nobody has placed."""

    number: int
    item: Item
    links: tuple[int, ...]  # the keys of its links


class AtHand:
    """Remembers items and stories that were read, and those that the transaction made."""

    def __init__(self) -> None:
        self._fresh: dict[ItemId, Fresh] = {}
        self._unplaced: set[int] = set()  # their numbers
        self._told: dict[int, Told | None] = {}  # by number; None: forgotten, or in no story
        self._leads: dict[StoryId, Told] = {}
        self._by_link: dict[int, dict[int, Told]] = {}  # key to number; without versions
        self._since: datetime | None = None  # from when on the links were looked up
        self._free_texts: list[int] = []

    # --- what this transaction does

    def keep(self, fresh: Iterable[Fresh]) -> None:
        """Take note of items that were not there before."""
        for one in fresh:
            self._fresh[one.item.id] = one
            self._unplaced.add(one.number)

    def fresh(self, item: ItemId) -> Fresh | None:
        """Give an item that was kept and not placed yet."""
        return self._fresh.get(item)

    def is_fresh(self, number: int) -> bool:
        """Whether the item with this number was kept and not placed yet."""
        return number in self._unplaced

    def place(self, item: ItemId, story: StoryId, *, lead: bool, claimed: Iterable[int]) -> None:
        """Take note where a fresh item belongs, and which links it names."""
        fresh = self._fresh.pop(item)
        self._unplaced.discard(fresh.number)
        told = Told(item=fresh.item, story=story, lead=lead)
        self._told[fresh.number] = told
        if lead:
            self._leads[story] = told
        for link in {*fresh.links, *claimed}:
            if link in self._by_link:
                self._by_link[link][fresh.number] = told

    def forget(self, changed: Iterable[ItemId] = ()) -> None:
        """Have all read anew, because something was changed; these items are fresh no more."""
        for item in changed:
            if fresh := self._fresh.pop(item, None):
                self._unplaced.discard(fresh.number)
        self._told.clear()
        self._leads.clear()
        self._by_link.clear()
        self._since = None

    # --- what was read

    def note_links(
        self, links: Collection[int], since: datetime, found: Iterable[tuple[int, int, Told]]
    ) -> None:
        """Take note of who has, or names, these links: (link, number, item)."""
        if self._since != since:
            self._by_link.clear()
            self._since = since
        self._by_link.update((link, {}) for link in links)
        for link, number, told in found:
            self._by_link[link][number] = told

    def by_link(self, links: Collection[int], since: datetime) -> tuple[Told, ...] | None:
        """Find who has, or names, one of these links; oldest first."""
        if self._since != since or not all(link in self._by_link for link in links):
            return None
        found = {number: told for link in links for number, told in self._by_link[link].items()}
        seen = (told for told in found.values() if told.item.seen_at >= since)
        return tuple(sorted(seen, key=lambda told: (told.item.seen_at, told.item.id)))

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Tell which of these items have to be read."""
        return [number for number in numbers if number not in self._told]

    def note(self, missing: Iterable[int], found: Mapping[int, Told]) -> None:
        """Take note of those that were missing and of what was found of them."""
        self._told.update((number, found.get(number)) for number in missing)
        self.note_leads(told for told in found.values() if told.lead)

    def told(self, numbers: Iterable[int]) -> tuple[Told, ...]:
        """Give the items with these numbers, in this order."""
        known = (self._told[number] for number in numbers)
        return tuple(told for told in known if told is not None)

    def not_led(self, stories: Iterable[StoryId]) -> list[StoryId]:
        """Tell of which stories the leads have to be read."""
        return [story for story in stories if story not in self._leads]

    def note_leads(self, leads: Iterable[Told]) -> None:
        """Take note of items that lead their stories."""
        self._leads.update((told.story, told) for told in leads)

    def leads(self, stories: Iterable[StoryId]) -> tuple[Told, ...]:
        """Give the items that lead these stories."""
        return tuple(self._leads[story] for story in stories if story in self._leads)

    def number_of_text(self, reserve: Callable[[], Iterable[int]]) -> int:
        """Give the number of the next text; more of them are reserved where there is none left."""
        if not self._free_texts:
            self._free_texts = sorted(reserve(), reverse=True)
        return self._free_texts.pop()
