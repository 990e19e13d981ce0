"""Stories placed without a database: the engine alone, with what a transaction would look up."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from watcher.model import Item, ItemId, Placement, Sketch, StoryId, Told
from watcher.stories import Recall


class Shelf:
    """As much of `ports.Transaction` as placing needs, in memory; items are kept as they are."""

    def __init__(self) -> None:
        self.recall = Recall()
        self._items: list[Told] | _Made = []
        self._numbers: dict[ItemId, int] = {}
        self._by_link: dict[str, list[int]] = {}

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find items by link."""
        numbers = sorted({number for link in links for number in self._by_link.get(link, ())})
        return tuple(
            told for number in numbers if (told := self._items[number - 1]).item.seen_at >= since
        )

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find items by their words."""
        return tuple(self._items[n - 1] for n in self.recall.like(sketch, since, limit))

    def leads(self, stories: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that opened these stories: no late original takes the lead here."""
        return tuple(self._items[self._numbers[ItemId(story)] - 1] for story in stories)

    def placement(self, _item: ItemId) -> Placement | None:
        """Say that it was not placed before: every item comes once."""
        return None

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Take an item in."""
        number = len(self._items) + 1
        lead = placement.story == StoryId(item.id)
        self._items.append(Told(item=item, story=placement.story, lead=lead))
        self._numbers[item.id] = number
        for link in (item.normal_link, *sources):
            if link:
                self._by_link.setdefault(link, []).append(number)
        self.recall.add(number, number, item.seen_at, sketch)

    def hold(self, size: int, items: Callable[[int], Item]) -> None:
        """Give what the texts that are in the index say: item 1 to `size`."""
        self._items = _Made(size, items)

    def story_of(self, item: ItemId) -> StoryId:
        """Tell where an item is."""
        return self._items[self._numbers[item] - 1].story


class _Made:
    """Items that are made when they are asked for, and those that came after them."""

    def __init__(self, size: int, items: Callable[[int], Item]) -> None:
        self._size, self._make, self._more = size, items, list[Told]()

    def __len__(self) -> int:
        return self._size + len(self._more)

    def __getitem__(self, place: int) -> Told:
        if place >= self._size:
            return self._more[place - self._size]
        item = replace(self._make(place + 1), id=ItemId(f"held-{place}"))
        return Told(item=item, story=StoryId(item.id), lead=True)

    def append(self, told: Told) -> None:
        self._more.append(told)
