"""Feeds: whose turn it is, and what is remembered. On both engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, update

from tests.store.nouns import DAY, MINUTE, NOON, make_feed, make_item
from watcher.model import (
    Asking,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    FullText,
    Habits,
    HalfHour,
    Imprint,
    ItemId,
    LookBack,
    Move,
    PastVisit,
    Print,
    Wishes,
)
from watcher.store import SqlStore, tables

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
    because="it failed 2 times in a row: twice as long each time",
    last_body_at=NOON - 2 * MINUTE,
    asking=Asking.DATE,
    same_bodies=1,
    wishes=Wishes(
        fresh_for=MINUTE,
        interval=timedelta(hours=1),
        skip_hours=frozenset({0, 23}),
        skip_days=frozenset({6}),
    ),
    habits=Habits(window=20, overlap=3, rate=0.1, longest_pause=DAY, arrivals=9),
    move=Move(to="https://new.example/é", said="https://newer.example/", times=2),
    gaps=4,
    gap_at=NOON - DAY,
    look_back=LookBack(
        page="https://gazette.example/2", since=NOON, resume_at=NOON + DAY, pages=1, found=7
    ),
    quiet_at=NOON,
    recent=(
        PastVisit(at=NOON, outcome="failed", reason="503 – “busy”"),
        PastVisit(at=NOON - DAY, outcome="read", items=20, fresh=2),
    ),
    day=(HalfHour(7, 30, 2, 19, 1), HalfHour(9, visits=1)),
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


def test_a_feed_is_found_by_its_id_while_it_is_configured(store: SqlStore) -> None:
    configure(store, make_feed())
    with store.reading() as tx:
        assert tx.feed(FeedId("gazette")) == known(store)[0]
        assert tx.feed(FeedId("herald")) is None
    configure(store)
    with store.reading() as tx:
        assert tx.feed(FeedId("gazette")) is None


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


@pytest.mark.parametrize(
    "memory",
    [
        FeedMemory(feed=FeedId("gazette"), due_at=NOON),
        replace(EVERYTHING, wishes=Wishes(), habits=Habits(), move=Move(), look_back=None),
        replace(EVERYTHING, wishes=Wishes(fresh_for=MINUTE), habits=Habits(window=1), recent=()),
        replace(EVERYTHING, habits=Habits()),
        replace(EVERYTHING, day=()),
    ],
)
def test_what_is_not_known_comes_back_as_not_known(store: SqlStore, memory: FeedMemory) -> None:
    configure(store, make_feed())
    record(store, memory)
    assert [due.memory for due in known(store)] == [memory]


def test_habits_that_were_written_before_there_was_a_day_are_read(store: SqlStore) -> None:
    configure(store, make_feed())
    record(store, EVERYTHING)
    former = '{"window":20,"overlap":3,"rate":0.1,"longest_pause":86400000000,"arrivals":9}'
    with store.transaction() as tx:
        tx._connection.execute(update(tables.feed).values(habits=former))
    assert [due.memory for due in known(store)] == [replace(EVERYTHING, day=())]


def test_a_thousand_feeds_with_their_days_are_one_question(store: SqlStore) -> None:
    configure(store, *(make_feed(f"feed {number}") for number in range(1000)))
    day = tuple(HalfHour(number, 30, 1, 9) for number in range(48))
    with store.transaction() as tx:
        tx.record_visits(
            [replace(EVERYTHING, feed=FeedId(f"feed {number}"), day=day) for number in range(1000)]
        )
    asked: list[str] = []
    with store.reading() as tx:
        event.listen(tx._connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        found = tx.feeds()
    assert len(asked) == 1
    assert {due.memory.day for due in found} == {day}


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
        asking=Asking.BOTH,
        same_bodies=0,
        move=Move(),
        look_back=None,
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


def test_a_lease_from_before_a_clock_was_set_back_is_void(store: SqlStore) -> None:
    configure(store, make_feed())
    claim(store, NOON + DAY)
    assert ids(claim(store)) == ["gazette"]


def test_a_lease_of_a_daemon_whose_clock_is_a_little_ahead_holds(store: SqlStore) -> None:
    configure(store, make_feed())
    claim(store, NOON + MINUTE)
    assert claim(store) == ()


def overdue(store: SqlStore, at_once: int, now: datetime = NOON) -> list[str]:
    with store.reading() as tx:
        return list(tx.overdue(now, LEASE, at_once))


def test_the_overdue_are_those_that_wait_behind_the_first(store: SqlStore) -> None:
    configure(store, make_feed("z"), now=NOON - MINUTE)
    configure(store, *(make_feed(name) for name in "azbc"), now=NOON)
    configure(store, *(make_feed(name) for name in "azbcd"), now=NOON + MINUTE)
    assert overdue(store, 2) == ["b", "c"]
    claim(store, limit=1)
    assert overdue(store, 2) == ["c"]
    assert overdue(store, 4) == []
    record(store, replace(EVERYTHING, feed=FeedId("c"), due_at=NOON, gone=True))
    assert overdue(store, 2) == []


def test_what_is_put_off_is_due_then(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"), make_feed("c"))
    with store.transaction() as tx:
        tx.put_off([])
        tx.put_off([(FeedId("a"), NOON + 2 * MINUTE), (FeedId("b"), NOON + MINUTE)])
    assert ids(claim(store)) == ["c"]
    assert ids(claim(store, NOON + 2 * MINUTE)) == ["b", "a"]


def test_feeds_that_were_visited_in_the_future_are_told_and_wait_anew(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"))
    ahead = replace(EVERYTHING, feed=FeedId("a"), last_visit_at=NOON + MINUTE)
    record(store, ahead)
    with store.transaction() as tx:
        assert tx.visited_after(NOON + MINUTE) == ()
        assert tx.visited_after(NOON) == (ahead,)
        tx.wait_anew(replace(ahead, due_at=NOON, last_visit_at=NOON - DAY, etag="not this"))
    assert known(store)[0].memory == replace(ahead, due_at=NOON, last_visit_at=NOON - DAY)


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


IMPRINT = Imprint(
    key="k",
    envelope="e",
    channel="c",
    title="The Gazette",
    kind="rss20",
    language="en",
    home="https://gazette.example/",
    suggested_interval=timedelta(hours=1),
    prints=(
        Print(
            digest="d1",
            guid="1\ud83d",
            page="gazette.example/1",
            place="gazette.example/1#a",
            normal_link="gazette.example/1#a",
            title="",
            told="f1",
            dated="",
            text_hash="t1",
            id=ItemId("a1"),
        ),
        Print(
            digest="d2",
            guid="",
            page="",
            place="",
            normal_link="",
            title="Flood ‘north’\0",
            told="Flood ‘north’\0",
            dated="yesterday",
            text_hash="t2",
        ),
    ),
)


def remembered(store: SqlStore, feed: str = "gazette") -> Imprint | None:
    with store.reading() as tx:
        return tx.imprint(FeedId(feed))


def test_what_is_remembered_of_a_document_comes_back_the_same(store: SqlStore) -> None:
    assert remembered(store) is None
    with store.transaction() as tx:
        tx.keep_imprint(FeedId("gazette"), IMPRINT)
    assert remembered(store) == IMPRINT
    assert remembered(store, "herald") is None


def test_only_the_last_document_is_remembered_and_it_can_be_forgotten(store: SqlStore) -> None:
    later = replace(IMPRINT, prints=(), suggested_interval=None)
    for kept in (IMPRINT, later):
        with store.transaction() as tx:
            tx.keep_imprint(FeedId("gazette"), kept)
            tx.keep_imprint(FeedId("herald"), IMPRINT)
    assert remembered(store) == later
    with store.transaction() as tx:
        tx.keep_imprint(FeedId("gazette"), None)
    assert remembered(store) is None
    assert remembered(store, "herald") == IMPRINT


def test_items_are_still_shown_if_all_are_kept_and_nobody_visited_since(store: SqlStore) -> None:
    configure(store, make_feed())
    [due] = claim(store)
    with store.transaction() as tx:
        tx.keep([make_item("a1"), make_item("a2")])
        assert tx.still_shown(due.memory, [ItemId("a1"), ItemId("a2")])
        assert not tx.still_shown(due.memory, [ItemId("a1"), ItemId("gone")])
        tx.record_visit(replace(due.memory, visits=1))
        assert not tx.still_shown(due.memory, [ItemId("a1"), ItemId("a2")])


def test_items_of_a_feed_that_is_not_known_are_not_still_shown(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert not tx.still_shown(FeedMemory(feed=FeedId("other"), due_at=NOON), [])


def leased(store: SqlStore, *due: DueFeed) -> list[str]:
    with store.transaction() as tx:
        return sorted(tx.leased(due))


def release(store: SqlStore, *due: DueFeed, until: datetime | None = None) -> None:
    with store.transaction() as tx:
        tx.release(due, until)


def test_a_lease_is_ours_until_somebody_else_takes_the_feed(store: SqlStore) -> None:
    configure(store, make_feed())
    (ours,) = claim(store)
    assert ours.leased_until == NOON + LEASE
    assert leased(store, ours) == ["gazette"]
    (theirs,) = claim(store, NOON + LEASE)
    assert leased(store, ours) == []
    assert leased(store, theirs) == ["gazette"]


def test_a_lease_is_lost_when_the_feeds_address_changes(store: SqlStore) -> None:
    configure(store, make_feed())
    (ours,) = claim(store)
    configure(store, make_feed(url="https://elsewhere.example/feed"), now=NOON + MINUTE)
    assert leased(store, ours) == []


def test_a_feed_without_a_lease_has_none_to_lose(store: SqlStore) -> None:
    configure(store, make_feed())
    claim(store)
    assert leased(store, *known(store)) == ["gazette"]
    assert leased(store) == []


def test_a_lease_that_is_given_back_leaves_the_feed_due(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"))
    due = claim(store)
    release(store, due[0])
    assert ids(claim(store)) == ["a"]


def test_a_lease_can_be_given_back_later(store: SqlStore) -> None:
    configure(store, make_feed())
    release(store, *claim(store), until=NOON + DAY)
    assert claim(store, NOON + DAY - MINUTE) == ()
    assert ids(claim(store, NOON + DAY)) == ["gazette"]


def test_a_lease_that_is_somebody_elses_is_not_given_back(store: SqlStore) -> None:
    configure(store, make_feed())
    ours = claim(store)
    claim(store, NOON + LEASE)
    release(store, *ours)
    release(store, *known(store))
    assert claim(store, NOON + LEASE) == ()


def test_several_visits_are_recorded_each_for_its_feed(store: SqlStore) -> None:
    configure(store, make_feed("a"), make_feed("b"), make_feed("c"))
    memories = [
        replace(EVERYTHING, feed=FeedId(name), etag=name, visits=n)
        for n, name in enumerate(("b", "a"))
    ]
    claim(store)
    with store.transaction() as tx:
        tx.record_visits(memories)
        tx.record_visits([])
    assert [due.memory for due in known(store)][:2] == memories[::-1]
    assert ids(claim(store, NOON + MINUTE)) == []
    with store.transaction() as tx:
        tx.make_all_due(NOON)
    assert ids(claim(store)) == ["a", "b"], "the lease of c goes on"
