"""Who holds a feed: what is given back, what is overtaken, what waits after a bug."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from tests.world import World
from watcher.model import DueFeed, FetchFailed, Visit
from watcher.pipeline import AFTER_A_BUG, FEED_LEASE, Seen
from watcher.ports import Answered, Store

A, B, C = "http://a.example/", "http://b.example/", "http://c.example/"


def world_of(store: Store, *addresses: str) -> World:
    world = World(store, {"flood": "flood"}, feeds=addresses)
    for address in addresses:
        world.publish(address, f"Flood at {address.removeprefix('http://')}")
    return world


def due_now(world: World) -> list[str]:
    """Claim what anybody may have now, and give it back."""
    with world.store.transaction() as tx:
        due = tx.claim_due_feeds(world.clock.now(), FEED_LEASE, 100)
        tx.release(due)
    return sorted(one.feed.id for one in due)


class Interrupted:
    """A fetcher that does something between the first answer and the rest."""

    def __init__(self, world: World, between: Callable[[], None]) -> None:
        self._internet, self._between = world.internet, between

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        return self._internet.fetch_all(due)

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        due = sorted(more(200), key=lambda one: one.feed.id)
        first, *rest = self._internet.fetch_all(due)
        yield [first]
        self._between()
        yield rest


def test_feeds_whose_answers_are_thrown_away_at_a_stop_are_due_at_once(store: Store) -> None:
    world = world_of(store, A, B, C)
    world.pipeline.fetcher = Interrupted(world, world.pipeline.stop)
    assert [visit.feed for visit in world.poll()] == ["a.example"]
    assert due_now(world) == ["b.example", "c.example"]
    world.start()
    world.poll_and_deliver()
    assert len(world.phone.sent) == 3


def test_feeds_are_given_back_when_the_fetcher_breaks(store: Store) -> None:
    world = world_of(store, A, B)

    def breaks() -> None:
        raise ZeroDivisionError

    world.pipeline.fetcher = Interrupted(world, breaks)
    with pytest.raises(ZeroDivisionError):
        world.poll()
    assert due_now(world) == ["b.example"]


def test_an_answer_that_comes_after_its_lease_was_taken_over_is_dropped(store: Store) -> None:
    world = world_of(store, A, B, C)
    world.internet.break_down(C)

    def sleep_and_be_overtaken() -> None:
        world.clock.advance(seconds=FEED_LEASE.total_seconds())
        with store.transaction() as tx:
            assert len(tx.claim_due_feeds(world.clock.now(), FEED_LEASE, 10)) == 2

    world.pipeline.fetcher = Interrupted(world, sleep_and_be_overtaken)
    outcomes = {visit.feed: visit.outcome for visit in world.poll()}
    assert outcomes == {"a.example": "read", "b.example": "overtaken", "c.example": "overtaken"}
    with store.reading() as tx:
        assert tx.counts().items == 1
        assert [due.memory.failures for due in tx.feeds()] == [0, 0, 0]
    assert due_now(world) == [], "the leases are the other's"


def test_a_lease_that_ended_and_was_not_taken_is_still_good(store: Store) -> None:
    world = world_of(store, A, B)
    world.pipeline.fetcher = Interrupted(world, lambda: world.clock.advance(hours=9))
    assert [visit.outcome for visit in world.poll()] == ["read", "read"]


def test_a_feed_with_a_bug_rests_and_no_other_does(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(store, A, B)
    take_in = world.pipeline.take_in

    def broken(seen: Seen) -> Visit:
        if seen.due.feed.id == "a.example":
            raise KeyError("a bug")
        return take_in(seen)

    monkeypatch.setattr(world.pipeline, "take_in", broken)
    with pytest.raises(ExceptionGroup):
        world.poll()
    world.clock.advance(seconds=AFTER_A_BUG * FEED_LEASE.total_seconds() - 1)
    assert due_now(world) == ["b.example"], "which is due again by now"
    world.clock.advance(seconds=1)
    assert due_now(world) == ["a.example", "b.example"]


def test_nothing_more_is_begun_after_a_bug_or_while_resting(store: Store) -> None:
    world = world_of(store, A)
    world.pipeline.rest(resting=True)
    assert world.poll() == ()
    world.pipeline.rest(resting=False)
    assert len(world.poll()) == 1


def test_visits_that_bring_nothing_are_taken_in_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(store, A, B, C)
    world.poll()
    world.pass_time()
    world.internet.break_down(C)
    monkeypatch.setattr(world.pipeline, "take_in", None)
    assert sorted((visit.feed, visit.outcome) for visit in world.poll()) == [
        ("a.example", "not modified"),
        ("b.example", "not modified"),
        ("c.example", "failed"),
    ]
    with store.reading() as tx:
        assert [due.memory.failures for due in tx.feeds()] == [0, 0, 1]
        assert all(due.memory.due_at > world.clock.now() for due in tx.feeds())


def test_40_a_bug_in_one_of_them_costs_the_others_nothing(store: Store) -> None:
    world = world_of(store, A, B)
    world.poll()
    world.pass_time()
    answers = world.internet.fetch_all

    def odd(due: Sequence[DueFeed]) -> Iterator[Answered]:
        for one, answer in answers(due):
            yield one, answer if one.feed.id == "b.example" else None  # type: ignore[misc]

    world.internet.fetch_all = odd  # type: ignore[method-assign]
    visits: list[Visit] = []
    with pytest.raises(ExceptionGroup) as caught:
        visits += world.pipeline.visits()
    assert "a.example" in caught.value.exceptions[0].__notes__[0]
    assert due_now(world) == [], "one is recorded, and the other rests"
    with store.reading() as tx:
        assert [due.memory.visits for due in tx.feeds()] == [2, 3]


def test_a_feed_that_is_not_asked_has_not_failed(store: Store) -> None:
    world = world_of(store, A)
    world.internet.pages[A].failure = FetchFailed(
        reason="not asked", postponed=True, retry_after=timedelta(seconds=11)
    )
    (visit,) = world.poll()
    assert visit.outcome == "postponed"
    world.clock.advance(seconds=13)
    assert due_now(world) == ["a.example"]


def test_40_a_document_keeps_no_feed_waiting_that_brings_nothing(store: Store) -> None:
    world = world_of(store, A, B)
    world.poll()
    world.pass_time()
    world.publish(A, "Flood again")  # a is answered first
    assert [visit.outcome for visit in world.poll()] == ["not modified", "read"]
