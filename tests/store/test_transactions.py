"""All of it or none of it, and many at once. On both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy.exc import IntegrityError

from tests.store.nouns import (
    LONG_AGO,
    NOON,
    PHONE,
    copy,
    every_item,
    lead,
    make_alert,
    make_feed,
    make_item,
    sketched,
)
from watcher.errors import StoreLocked, StoreReadOnly
from watcher.model import ItemId, StoryId
from watcher.ports import Store
from watcher.store import SqlStore, open_store

LEASE = timedelta(minutes=2)
SOON = timedelta(milliseconds=50)
T = TypeVar("T")


def test_the_store_is_what_the_ports_ask_for(store: SqlStore) -> None:
    port: Store = store  # mypy compares each method
    with port.transaction() as tx:
        tx.keep([make_item()])


def test_what_a_transaction_wrote_is_there_after_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
    with store.reading() as tx:
        assert every_item(tx) == [make_item()]


def test_an_exception_takes_back_all_that_was_written(store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:  # noqa: PT012
        tx.configure_feeds([make_feed()], NOON)
        lead(tx, make_item(), ["flood"], ["first.example/1"])
        tx.promise(make_alert())
        raise ZeroDivisionError
    with store.reading() as tx:
        counts = tx.counts()
        assert (counts.feeds, counts.items, counts.stories) == (0, 0, 0)
        assert tx.alert("k1") is None
        assert tx.told_like(sketched(["flood"]), LONG_AGO, 5) == ()


def test_the_store_works_on_after_a_transaction_failed(store: SqlStore) -> None:
    for _ in range(30):  # more than there are connections
        with pytest.raises(ZeroDivisionError), store.transaction():
            raise ZeroDivisionError
    with store.transaction() as tx:
        tx.keep([make_item()])


def test_everything_is_there_after_closing_and_opening_again(database_url: str) -> None:
    first = open_store(database_url)
    with first.transaction() as tx:
        lead(tx, make_item(), ["flood"])
    first.close()
    again = open_store(database_url)
    with again.reading() as tx:
        assert [told.item for told in tx.told_like(sketched(["flood"]), LONG_AGO, 5)] == [
            make_item()
        ]
    again.close()


def test_a_bug_flies_as_it_is(store: SqlStore) -> None:
    with pytest.raises(IntegrityError), store.transaction() as tx:
        copy(tx, make_item(), "a story that there never was")


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(store: SqlStore) -> None:
    with store.transaction() as writing:
        writing.keep([make_item()])
        with store.reading() as looking:
            assert every_item(looking) == []
    with store.reading() as looking:
        assert len(every_item(looking)) == 1


def test_a_writer_does_not_wait_for_a_reader_who_keeps_seeing_one_moment(store: SqlStore) -> None:
    with store.reading() as looking:
        assert looking.counts().items == 0
        with store.transaction() as writing:
            writing.keep([make_item()])
        assert looking.counts().items == 0


def test_a_reader_cannot_write(store: SqlStore) -> None:
    with pytest.raises(StoreReadOnly), store.reading() as tx:
        tx.keep([make_item()])


def test_whoever_takes_in_a_visit_waits_until_no_other_does(database_url: str) -> None:
    one, other = open_store(database_url), open_store(database_url, patience=SOON)
    with one.transaction() as first:
        first.take_in_alone()
        with pytest.raises(StoreLocked, match="too long"), other.transaction() as second:
            second.take_in_alone()
    with other.transaction() as second:
        second.take_in_alone()
    one.close()
    other.close()


def at_once(work: Callable[[], T], workers: int = 2) -> list[T]:
    """Let several threads do the same, starting together."""
    start = Barrier(workers)

    def begin() -> T:
        start.wait()
        return work()

    with ThreadPoolExecutor(workers) as pool:
        return [done.result() for done in [pool.submit(begin) for _ in range(workers)]]


def test_two_who_claim_at_once_never_get_the_same_feed(store: SqlStore) -> None:
    feeds = [make_feed(f"f{n:02}") for n in range(40)]
    with store.transaction() as tx:
        tx.configure_feeds(feeds, NOON)

    def claim_all() -> list[str]:
        mine: list[str] = []
        for _ in range(20):
            with store.transaction() as tx:
                mine += [due.feed.id for due in tx.claim_due_feeds(NOON, LEASE, 3)]
        return mine

    one, other = at_once(claim_all)
    assert sorted(one + other) == [feed.id for feed in feeds]


def test_two_who_claim_at_once_never_get_the_same_alert(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n in range(40):
            tx.promise(make_alert(f"k{n:02}", story=StoryId(f"s{n}")))

    def claim_all() -> list[str]:
        mine: list[str] = []
        for _ in range(20):
            with store.transaction() as tx:
                mine += [alert.key for alert in tx.claim_alerts(PHONE, NOON, LEASE, 3)]
        return mine

    one, other = at_once(claim_all)
    assert sorted(one + other) == [f"k{n:02}" for n in range(40)]


def test_two_who_claim_at_once_never_get_two_alerts_of_one_story(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n in range(20):
            for revision in range(3):
                tx.promise(
                    make_alert(f"k{n}-{revision}", story=StoryId(f"s{n}"), revision=revision)
                )

    def claim_once() -> list[str]:
        with store.transaction() as tx:
            return [alert.key for alert in tx.claim_alerts(PHONE, NOON, LEASE, 60)]

    one, other = at_once(claim_once)
    assert sorted(one + other) == sorted(f"k{n}-0" for n in range(20))


def test_two_who_claim_at_once_do_not_wait_for_each_other_on_a_server(postgresql_url: str) -> None:
    one, other = open_store(postgresql_url), open_store(postgresql_url, patience=SOON)
    with one.transaction() as tx:
        tx.configure_feeds([make_feed("a"), make_feed("b")], NOON)
    with one.transaction() as first:
        (mine,) = first.claim_due_feeds(NOON, LEASE, 1)
        with other.transaction() as second:
            (theirs,) = second.claim_due_feeds(NOON, LEASE, 1)
    assert (mine.feed.id, theirs.feed.id) == ("a", "b")
    one.close()
    other.close()


def test_a_storys_alerts_are_locked_until_the_transaction_ends(database_url: str) -> None:
    one, other = open_store(database_url), open_store(database_url, patience=SOON)
    with one.transaction() as tx:
        tx.promise(make_alert())
    with one.transaction() as first:
        first.alerts_of(StoryId("a1"))
        with pytest.raises(StoreLocked), other.transaction() as second:
            second.alerts_of(StoryId("a1"))
    one.close()
    other.close()


def test_two_who_promise_the_same_at_once_make_one_promise(store: SqlStore) -> None:
    def promise() -> bool:
        with store.transaction() as tx:
            return tx.promise(make_alert())

    assert sorted(at_once(promise)) == [False, True]


def test_a_store_in_memory_keeps_everything_until_it_is_closed() -> None:
    store = open_store("sqlite://")
    with store.transaction() as tx:
        lead(tx, make_item(), ["flood"])
    with store.reading() as tx:
        assert [told.item.id for told in tx.told_like(sketched(["flood"]), LONG_AGO, 5)] == ["a1"]
    store.close()


def test_two_stores_in_memory_are_two() -> None:
    one, other = open_store("sqlite://"), open_store("sqlite:///:memory:")
    with one.transaction() as tx:
        tx.keep([make_item()])
    with other.reading() as tx:
        assert tx.trail(ItemId("a1")) is None
    one.close()
    other.close()


def test_threads_take_turns_on_a_store_in_memory() -> None:
    store = open_store("sqlite://")

    def keep_some() -> None:
        for n in range(25):
            with store.transaction() as tx:
                tx.keep([make_item(f"{n}")])

    at_once(keep_some, 4)
    with store.reading() as tx:
        assert tx.counts().items == 25
    store.close()


def test_a_thread_does_not_wait_for_ever_for_a_store_in_memory() -> None:
    store = open_store("sqlite://", patience=SOON)
    with (
        store.transaction(),
        pytest.raises(StoreLocked, match="another thread has held the database in memory"),
        store.reading(),
    ):
        pass
    store.close()
