"""The power is cut before and after every step of poll() and deliver().

Whatever the moment: after the restart nothing that matched is lost, and nothing is promised twice.
A repeat on the wire is allowed only where the cut fell between the receiver's yes and our writing
it down, and then under the same key.

The last tests break the order of steps on purpose and see this test fail: a harness that could not
tell would prove nothing. Each feed has an item of its own for that reason: with one story in all
feeds a lost visit would be hidden by another.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from itertools import count, zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.databases import copy_of
from tests.world import World
from watcher import alerts, parse
from watcher.cadence import Harvest, after
from watcher.model import (
    Alert,
    ChannelName,
    Delivery,
    Document,
    DueFeed,
    FetchResult,
    FullText,
    Outcome,
    PagesAsked,
    Sent,
    Visit,
)
from watcher.pipeline import ALERT_LEASE, Pipeline, Seen, told_apart
from watcher.pipeline.intake import Intake
from watcher.pipeline.pages import FullTexts
from watcher.ports import Answered, PagesCame, Store, Transaction
from watcher.store import open_store

A, B = "http://a.example/", "http://b.example/"
TEXT = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday."
)
EXPECTED = {
    "Flood closes the north bridge",
    "Flood takes the village of Southam by surprise",
    "Insurance is going up",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def new_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Iterator[Store]]:
    """Give empty stores of one engine, one after the other; each is closed when the next comes."""
    stores = _stores(request, tmp_path)
    yield stores
    stores.close()


def _stores(request: pytest.FixtureRequest, folder: Path) -> Generator[Store]:
    for number in count():
        with ExitStack() as stack:
            if request.param == "sqlite":
                place = folder / str(number)
                place.mkdir()
                url = copy_of(request.getfixturevalue("sqlite_template"), place)
            else:
                url = stack.enter_context(request.getfixturevalue("postgresql").database())
            store = open_store(url)
            stack.callback(store.close)
            yield store


PARTS = 6  # that may be tried beside each other


class PowerCut(BaseException):
    """Nothing may catch this: it stands for the process being gone."""


class Fuse:
    """Blows at the chosen step; counts the steps when none is chosen."""

    def __init__(self, step: int | None = None) -> None:
        self.step = step
        self.passed = 0
        self.names: list[str] = []
        self.blown = False

    def at(self, name: str) -> None:
        if self.blown:
            raise PowerCut  # there is no power for cleaning up either
        self.names.append(name)
        self.passed += 1
        if self.step is not None and self.passed > self.step:
            self.blown = True
            raise PowerCut(name)


class FusedTransaction:
    """A transaction whose every method is a step."""

    def __init__(self, tx: Transaction, fuse: Fuse) -> None:
        self._tx, self._fuse = tx, fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)

        def step(*args: Any, **named: Any) -> Any:
            self._fuse.at(f"before {name}")
            result = method(*args, **named)
            self._fuse.at(f"after {name}")
            return result

        return step


class FusedStore:
    """A store whose transactions can be cut: a cut one is rolled back, as by a database."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self._fuse.at("before begin")
        with self._store.transaction() as tx:
            yield FusedTransaction(tx, self._fuse)
            self._fuse.at("before commit")
        self._fuse.at("after commit")

    def reading(self) -> AbstractContextManager[Transaction]:
        return self._store.reading()

    def close(self) -> None:
        raise AssertionError("the world closes its store itself")


class FusedInternet:
    """Answers that may be lost on the way."""

    def __init__(self, world: World, fuse: Fuse) -> None:
        self._internet, self._fuse = world.internet, fuse

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        for feed in due:
            self._fuse.at("before fetch")
            answers = list(self._internet.fetch_all([feed]))
            self._fuse.at("after fetch")
            yield from answers

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        while due := more(200):
            for answered in self.fetch_all(due):
                yield (answered,)


class FusedPages:
    """Pages that may be lost on the way."""

    def __init__(self, world: World, fuse: Fuse) -> None:
        self._pages, self._fuse = world.pages, fuse

    def ask(self, asked: PagesAsked) -> None:
        self._fuse.at("before pages")
        self._pages.ask(asked)
        self._fuse.at("after pages are asked for")

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
        came = self._pages.come(patience)
        if came:
            self._fuse.at("after pages")
        return came


class FusedPhone:
    """A receiver that we may lose touch with before or after it took an alert."""

    def __init__(self, world: World, fuse: Fuse) -> None:
        self._phone, self._fuse = world.phone, fuse
        self.name: ChannelName = world.phone.name

    def send(self, alert: Alert) -> Outcome:
        self._fuse.at("before send")
        outcome = self._phone.send(alert)
        self._fuse.at("after send")
        return outcome


def scene(store: Store) -> World:
    """Two feeds, three stories, one of them with a copy in the other feed; nothing polled yet.

    One of the feeds has its pages fetched; one of its items matches by its page alone.
    """
    world = World(store, {"flood": "flood OR mutual"}, feeds=[A, B])
    world.feeds[B] = replace(world.feeds[B], full_text=FullText.YES)
    world.configure()
    world.pages.show(f"{B}news/1", "The premium rises, says Acme Mutual, and it will rise again.")
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.publish(A, "Flood takes the village of Southam by surprise")
    world.publish(B, "Insurance is going up")
    world.publish(B, "Flood closes the north bridge", TEXT)  # whichever comes first leads
    return world


def work_until_cut(world: World, fuse: Fuse, kind: type[Pipeline]) -> None:
    """Do the job until the fuse blows, or to the end."""
    pipeline = world.start(kind)
    pipeline.store = FusedStore(world.store, fuse)
    pipeline.fetcher = FusedInternet(world, fuse)
    pipeline.pages = FusedPages(world, fuse)
    pipeline.channels = {world.phone.name: FusedPhone(world, fuse)}
    try:
        pipeline.poll()
        pipeline.deliver(world.phone.name)
    except PowerCut:
        pass
    except ExceptionGroup as bugs:  # pragma: no cover - a bug, not a cut
        raise bugs.exceptions[0] from None


def restart_and_finish(world: World, kind: type[Pipeline]) -> None:
    """Start again on what the database holds, and run until everything has settled."""
    world.start(kind)
    for _ in range(4):
        world.pass_time(minutes=20)
        world.poll()
        world.deliver()


def check(world: World) -> None:
    """Nothing lost, nothing promised twice, no state that cannot be."""
    assert set(world.phone.headlines) == EXPECTED, "an alert was lost"
    told: dict[str, set[str]] = {}
    for alert in world.phone.tried:
        told.setdefault(alert.message.headline, set()).add(alert.key)
    assert all(len(keys) == 1 for keys in told.values()), "a story was promised twice"
    with world.store.reading() as tx:
        promised = tx.alerts([], 100)
    assert [alert.state for alert in promised] == ["sent"] * len(EXPECTED), "not all has settled"


def steps(store: Store) -> list[str]:
    fuse = Fuse()
    world = scene(store)
    work_until_cut(world, fuse, Pipeline)
    check(world)
    return fuse.names


def halves_in_turn(all_steps: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put all steps in an order in which what is broken in either half of the job is seen soon."""
    middle = len(all_steps) // 2
    first, second = all_steps[:middle], all_steps[middle:]
    pairs = zip_longest(reversed(first), reversed(second))
    return [step for pair in pairs for step in pair if step is not None]


def cut_everywhere(
    stores: Iterator[Store], kind: type[Pipeline], part: int = 0, parts: int = 1
) -> Iterator[str]:
    """Cut at every step, or at each of a part of them, each on a store of its own.

    Yields what fails, by step.
    """
    all_steps = halves_in_turn(list(enumerate(steps(next(stores)))))
    for step, name in all_steps[part::parts]:
        world = scene(next(stores))
        work_until_cut(world, Fuse(step), kind)
        restart_and_finish(world, kind)
        try:
            check(world)
        except AssertionError as trouble:
            yield f"{name} (step {step}): {trouble}".splitlines()[0]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_power_cut_at_any_step_loses_nothing_and_promises_nothing_twice(
    new_stores: Iterator[Store], part: int
) -> None:
    assert list(cut_everywhere(new_stores, Pipeline, part, PARTS)) == []


def test_a_cut_between_the_receivers_yes_and_our_note_repeats_under_the_same_key(
    new_stores: Iterator[Store],
) -> None:
    fuse = Fuse(steps(next(new_stores)).index("after send"))
    world = scene(next(new_stores))
    work_until_cut(world, fuse, Pipeline)
    assert len(world.phone.sent) == 1
    restart_and_finish(world, Pipeline)
    check(world)
    assert len(world.phone.sent) == len(EXPECTED) + 1


class CursorFirst(Pipeline):
    """Broken on purpose: the validators are committed before the items."""

    def take_in(self, seen: Seen) -> Visit:
        due, answer, read, now, watch = seen.due, seen.answer, seen.read, seen.now, self.watch
        then = after(due, answer, read, Harvest(), now, watch.pace)
        with self.store.transaction() as tx:
            tx.record_visit(then.memory)
        with self.store.transaction() as tx:
            intake = Intake(tx, watch, due, now)
            found = told_apart(tx, due, answer, read, now)
            texts = FullTexts(tx, seen.wished, seen.got)
            return intake.visit(intake.items_of(found, texts), ("read", ""))


class ItemsBeforeAlerts(Pipeline):
    """Broken on purpose: the items are committed before their alerts are promised."""

    def take_in(self, seen: Seen) -> Visit:
        due, read = seen.due, seen.read
        if isinstance(read, Document):
            with self.store.transaction() as tx:
                known = tx.remembered(due.feed.id, read.items)
                texts = FullTexts(tx, seen.wished, seen.got)
                fresh = texts.put_into(parse.tell_apart(read.items, known).fresh)
                tx.keep(fresh)
            with self.store.transaction() as tx:
                intake = Intake(tx, self.watch, due, seen.now)
                for item in reversed(fresh):
                    intake._consider(item)
        return super().take_in(seen)


class SentBeforeSending(Pipeline):
    """Broken on purpose: an alert is written down as sent before it is sent."""

    def deliver(self, name: ChannelName) -> tuple[Delivery, ...]:
        deliveries = []
        while claimed := self._claimed(name):
            outcome: Outcome = Sent()
            now = self.clock.now()
            settled = alerts.settle(claimed[0], outcome, now, self.rng)
            with self.store.transaction() as tx:
                tx.settle([(settled, alerts.attempted(claimed[0], outcome, now))])
            outcome = self.channels[name].send(claimed[0])
            deliveries.append(Delivery(alert=settled, outcome=outcome))
        return tuple(deliveries)

    def _claimed(self, name: ChannelName) -> tuple[Alert, ...]:
        with self.store.transaction() as tx:
            return tx.claim_alerts(name, self.clock.now(), ALERT_LEASE, 1)


BROKEN = [CursorFirst, ItemsBeforeAlerts, SentBeforeSending]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_on_purpose_does_its_job_while_there_is_power(
    new_stores: Iterator[Store], broken: type[Pipeline]
) -> None:
    """Else it would be seen without a cut, and prove nothing about cuts."""
    world = scene(next(new_stores))
    work_until_cut(world, Fuse(), broken)
    restart_and_finish(world, broken)
    check(world)


@pytest.mark.parametrize("broken", BROKEN)
def test_this_test_fails_when_the_order_of_steps_is_broken(
    new_stores: Iterator[Store], broken: type[Pipeline]
) -> None:
    failed = cut_everywhere(new_stores, broken)
    assert any("lost" in failure for failure in failed)
