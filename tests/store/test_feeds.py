"""Feeds: whose turn it is, and what is remembered. On both engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.store.nouns import DAY, MINUTE, NOON, make_feed
from watcher.model import DueFeed, Feed, FeedId, FeedMemory, FullText
from watcher.store import SqlStore

LEASE = timedelta(minutes=10)
EVERYTHING = FeedMemory(
    feed=FeedId("gazette"),
    due_at=NOON + DAY,
    first_read_at=NOON - DAY,
    last_visit_at=NOON,
    last_read_at=NOON,
    etag='W/"é\x01"',
    last_modified="Mon, 02 Mar 2026 12:00:00 GMT",
    validators_url="https://gazette.example/feed",
    body_hash="abc",
    failures=2,
    trouble="503",
    gone=False,
    visits=7,
    interval=timedelta(minutes=15, microseconds=1),
    last_fresh_at=NOON - MINUTE,
)


def configure(store: SqlStore, *feeds: Feed, now: datetime = NOON) -> None:
    with store.transaction() as tx:
        tx.configure_feeds(feeds, now)


def claim(store: SqlStore, now: datetime = NOON, limit: int = 10) -> tuple[DueFeed, ...]:
    with store.transaction() as tx:
        return tx.claim_due_feeds(now, LEASE, limit)


def record(store: SqlStore, memory: FeedMemory) -> None:
    with store.transaction() as tx:
        tx.record_visit(memory)


def known(store: SqlStore) -> tuple[DueFeed, ...]:
    with store.reading() as tx:
        return tx.feeds()


def next_due(store: SqlStore) -> datetime | None:
    with store.reading() as tx:
        return tx.next_due_at()


def ids(feeds: Sequence[DueFeed]) -> list[str]:
    return [due.feed.id for due in feeds]


def test_a_new_feed_is_due_now_and_nothing_is_remembered_of_it(store: SqlStore) -> None:
    configure(store, make_feed())
    assert claim(store) == (
        DueFeed(feed=make_feed(), memory=FeedMemory(feed=FeedId("gazette"), due_at=NOON)),
    )


@pytest.mark.parametrize("backfill", [0, 5, timedelta(days=2)])
def test_a_feed_comes_back_as_it_was_configured(store: SqlStore, backfill: int | timedelta) -> None:
    feed = make_feed(
        title="Gazette ‘north’",
        language="de",
        tags=("local", "ärger"),
        every=timedelta(minutes=5),
        backfill=backfill,
        full_text=FullText.AUTO,
    )
    configure(store, feed)
    assert [due.feed for due in known(store)] == [feed]


def test_a_visit_is_remembered_to_the_last_field(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, EVERYTHING)
    assert [due.memory for due in known(store)] == [EVERYTHING]


def test_configuring_the_same_feeds_again_changes_nothing(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, EVERYTHING)
    configure(store, make_feed(), now=NOON + MINUTE)
    assert [due.memory for due in known(store)] == [EVERYTHING]


def test_a_new_title_is_taken_over_and_the_memory_stays(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, EVERYTHING)
    renamed = make_feed(title="The Gazette")
    configure(store, renamed, now=NOON + MINUTE)
    assert known(store) == (DueFeed(feed=renamed, memory=EVERYTHING),)


def test_a_removed_feed_is_not_listed_and_never_due(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"))
    configure(store, make_feed("b"))
    assert ids(known(store)) == ["b"]
    assert ids(claim(store, NOON + 1000 * DAY)) == ["b"]
    with store.reading() as tx:
        assert tx.counts().feeds == 1


def test_a_feed_that_returns_has_its_history_back_and_is_due_now(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, EVERYTHING)
    configure(store)
    configure(store, make_feed(), now=NOON + MINUTE)
    assert [due.memory for due in known(store)] == [replace(EVERYTHING, due_at=NOON + MINUTE)]


def test_a_feed_whose_address_changed_loses_its_validators_and_is_due_now(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, replace(EVERYTHING, gone=True))
    moved = make_feed(url="https://elsewhere.example/feed")
    configure(store, moved, now=NOON + MINUTE)
    (due,) = claim(store, NOON + MINUTE)
    assert due.feed == moved
    assert due.memory == replace(
        EVERYTHING,
        due_at=NOON + MINUTE,
        etag="",
        last_modified="",
        validators_url="",
        body_hash="",
    )


def test_a_feed_whose_address_changed_while_it_was_visited_is_free_at_once(store: SqlStore) -> None:
    configure(store, make_feed())
    claim(store)
    configure(store, make_feed(url="https://elsewhere.example/feed"), now=NOON + MINUTE)
    assert ids(claim(store, NOON + MINUTE)) == ["gazette"]


def test_the_feed_that_was_due_longest_is_claimed_first(store: SqlStore) -> None:
    configure(store, make_feed("late"), now=NOON - MINUTE)
    configure(store, make_feed("late"), make_feed("later"), make_feed("last"))
    assert ids(claim(store, limit=2)) == ["late", "last"]
    assert ids(claim(store, limit=2)) == ["later"]


def test_a_feed_that_is_not_due_is_not_claimed(store: SqlStore) -> None:
    configure(store, make_feed(), now=NOON + MINUTE)
    assert claim(store, NOON) == ()


def test_a_claimed_feed_is_nobody_elses_until_its_lease_ends(store: SqlStore) -> None:
    configure(store, make_feed())
    assert ids(claim(store)) == ["gazette"]
    assert claim(store, NOON + LEASE - MINUTE) == ()
    assert ids(claim(store, NOON + LEASE)) == ["gazette"]


def test_recording_a_visit_gives_back_the_lease(store: SqlStore) -> None:
    configure(store, make_feed())
    (due,) = claim(store)
    record(store, replace(due.memory, due_at=NOON + MINUTE))
    assert ids(claim(store, NOON + MINUTE)) == ["gazette"]


def test_a_feed_that_is_gone_is_not_visited_even_when_all_are_made_due(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, replace(EVERYTHING, gone=True, due_at=NOON))
    with store.transaction() as tx:
        tx.make_all_due(NOON)
    assert claim(store) == ()
    assert next_due(store) is None


def test_making_all_due_makes_configured_feeds_due_now(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"))
    record(store, replace(EVERYTHING, feed=FeedId("a")))
    configure(store, make_feed("a"))
    with store.transaction() as tx:
        tx.make_all_due(NOON)
    assert ids(claim(store)) == ["a"]


def test_making_all_due_keeps_the_order_of_those_that_are_due_already(store: SqlStore) -> None:
    configure(store, make_feed("z"), now=NOON - MINUTE)
    configure(store, make_feed("z"), make_feed("a"))
    with store.transaction() as tx:
        tx.make_all_due(NOON)
    assert ids(claim(store)) == ["z", "a"]


def test_the_next_due_time_is_the_earliest(store: SqlStore) -> None:
    assert next_due(store) is None
    configure(store, make_feed("a"), make_feed("b"), now=NOON + MINUTE)
    record(store, replace(EVERYTHING, feed=FeedId("a")))
    assert next_due(store) == NOON + MINUTE


def test_a_feed_that_is_being_visited_is_next_due_when_its_lease_ends(store: SqlStore) -> None:
    configure(store, make_feed())
    claim(store)
    assert next_due(store) == NOON + LEASE


def test_feeds_are_listed_by_code_point_on_every_engine(store: SqlStore) -> None:
    configure(store, *(make_feed(name) for name in ("b", "ä", "B", "a-b", "a b", "aa")))
    assert ids(known(store)) == ["B", "a b", "a-b", "aa", "b", "ä"]
