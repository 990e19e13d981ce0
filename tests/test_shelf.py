"""The shelf places a stream exactly as a store does, and forgets what is out of the window."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.stories.telling import SPUN_SUMMARY, SPUN_TITLE, SUMMARY, THEN, TITLE, item
from watcher.model import Item, ItemId, Source, StoryId, Verdict
from watcher.pipeline import place_stream
from watcher.shelf import Shelf
from watcher.store import SqlStore

DAY = timedelta(days=1)
PLACES = ("Tromsoe", "Bergen", "Narvik", "Molde", "Hamar", "Lillehammer", "Kristiansund", "Bodoe")
FIRMS = ("Northwind", "Fabrikam", "Contoso", "Litware", "Proseware", "Adventure", "Tailspin")
THINGS = ("router", "ferry", "bridge", "turbine", "tunnel", "kettle", "satellite", "tram")
DEEDS = ("recalls", "repairs", "sells", "tests")
SENTENCES = (
    "{firm} said in {place} that it {deed} {number} of them because an engineer had found a fault.",
    "The {thing} had been in use at {place} since spring, and nobody had complained about it yet.",
    "Customers who bought a {thing} from {firm} can return it to any shop before the end of June.",
    "A spokesman for the town of {place} called the decision late but right, and thanked the crew.",
    "Shares of {firm} fell by {number} points before noon, while those of its rivals hardly moved.",
)
SPUN = {"found": "discovered", "fault": "defect", "shop": "store", "late": "tardy", "any": "every",
        "return": "bring", "thanked": "praised", "crew": "team", "fell": "dropped",
        "use": "service", "complained": "grumbled", "decision": "choice"}  # fmt: skip


class _World:
    """Makes up items: new stories, copies, edits, and whatever else may come."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.items: list[Item] = []

    def stream(self, count: int, days: float) -> Iterator[Item]:
        for number in range(count):
            made = self._next(f"{number}", THEN + number * days * DAY / count)
            self.items.append(made)
            yield made

    def _next(self, name: str, now: datetime) -> Item:
        late = self.rng.choice((0, 0, 0, self.rng.random()))  # up to a day behind the others
        make = self.rng.choice((self._new, self._new, self._copy, self._copy, self._edit,
                                self._claim, self._elsewhere, self._follow_up))  # fmt: skip
        before = self.rng.choice(self.items[-40:] or [item("first", title="Nothing yet")])
        return replace(make(name, before), seen_at=now - late * DAY)

    def _new(self, name: str, _before: Item) -> Item:
        told = {
            "place": self.rng.choice(PLACES), "firm": self.rng.choice(FIRMS),
            "thing": self.rng.choice(THINGS), "deed": self.rng.choice(DEEDS),
            "number": str(self.rng.randrange(2, 90_000)),
        }  # fmt: skip
        title = "{firm} {deed} {number} units of its {thing} in {place}".format(**told)
        picked = self.rng.sample(SENTENCES, self.rng.randrange(4))
        return self._under(name, title, " ".join(picked).format(**told))

    def _under(self, name: str, title: str, summary: str) -> Item:
        feed = f"feed-{self.rng.randrange(6)}"
        link = self.rng.choice((f"{feed}.example/news/{name}", ""))
        return item(name, feed=feed, title=title, summary=summary, normal_link=link)

    def _copy(self, name: str, before: Item) -> Item:
        words = before.summary.split()
        swapped = [SPUN.get(word, word) if self.rng.random() < 0.8 else word for word in words]
        return self._under(name, before.title.replace("units", "pieces"), " ".join(swapped))

    def _edit(self, _name: str, before: Item) -> Item:
        title = self.rng.choice((before.title, f"{before.title}, minister says"))
        more = self.rng.choice(("", " Nobody was hurt in the end."))
        return replace(before, title=title, summary=f"{before.summary}{more}")

    def _claim(self, name: str, before: Item) -> Item:
        made = self._new(name, before)
        link = before.normal_link or "first.example/story-1"
        return replace(made, sources=(Source(url=f"https://{link}", how="rel=canonical"),))

    def _elsewhere(self, name: str, before: Item) -> Item:
        return replace(self._under(name, before.title, ""), normal_link=before.normal_link)

    def _follow_up(self, name: str, before: Item) -> Item:
        place = self.rng.choice(PLACES)
        texts = (before.title, before.summary)
        for one in PLACES:
            texts = (texts[0].replace(one, place), texts[1].replace(one, place))
        return self._under(name, *texts)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shelf_and_a_store_place_a_stream_alike_to_the_letter(store: SqlStore, seed: int) -> None:
    stream = list(_World(seed).stream(220, days=50))
    with store.transaction() as tx:
        by_store = [placement for _, placement in place_stream(tx, stream)]
    assert [placement for _, placement in place_stream(Shelf(), stream)] == by_store
    verdicts = [placement.verdict for placement in by_store]
    assert all(verdicts.count(verdict) >= 10 for verdict in Verdict)


def test_a_lead_is_held_as_long_as_a_copy_of_it_is_in_the_window(store: SqlStore) -> None:
    stream = [
        item("lead", title=TITLE, summary=SUMMARY),
        item("copy", title=TITLE, summary=SUMMARY, days=12),
        *(item(f"other-{day}", title=f"Choir {day} sings", days=day) for day in range(13, 24)),
        item("late", title=SPUN_TITLE, summary=SPUN_SUMMARY, days=24),
    ]
    with store.transaction() as tx:
        by_store = {one.id: placement for one, placement in place_stream(tx, stream)}
    by_shelf = {one.id: placement for one, placement in place_stream(Shelf(), stream)}
    assert by_shelf == by_store
    assert "which that one copies" in by_shelf[ItemId("late")].because[0]  # it was looked at


def test_what_a_shelf_holds_is_bounded_by_the_window() -> None:
    shelf = Shelf()
    stream = [
        item(f"{number}", title=f"Choir {number} sings for {place}", days=number)
        for number, place in enumerate(PLACES * 10)
    ]
    sizes = [len(shelf.recall) for _ in place_stream(shelf, stream)]
    assert max(sizes) == sizes[-1] == 16  # of the 14 days, the day before, and today
    assert shelf.leads([StoryId("60")]) == ()
    assert [told.item.id for told in shelf.leads([StoryId("70")])] == ["70"]


def test_an_item_that_comes_again_after_its_text_was_forgotten_is_an_edited_version() -> None:
    first = item("first", title=TITLE, summary=SUMMARY)
    others = [item(f"{day}", title=f"Choir {day} sings", days=day) for day in (10, 20, 30)]
    again = replace(first, title=f"{TITLE} at once", seen_at=THEN + 40 * DAY)
    after = item("after", title=TITLE, summary=SUMMARY, days=41)
    *_, edited, new = (placement for _, placement in place_stream(
        Shelf(), [first, *others, again, after]))  # fmt: skip
    assert (edited.verdict, edited.story) == (Verdict.COPY, "first")
    assert (new.verdict, new.story) == (Verdict.NEW, "after")
