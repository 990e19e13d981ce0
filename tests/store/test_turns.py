"""Threads of one process never lock each other out, however long one of them takes."""

from datetime import timedelta
from threading import Event, Thread

from tests.store.nouns import NOON, make_feed
from watcher.errors import StoreLocked
from watcher.store import open_store

PATIENCE = timedelta(milliseconds=50)


def test_a_thread_waits_for_another_longer_than_for_strangers(database_url: str) -> None:
    store = open_store(database_url, patience=PATIENCE)
    holds, locked_out = Event(), Event()
    trouble: list[StoreLocked] = []

    def write_meanwhile() -> None:
        holds.wait(30)
        try:
            with store.transaction() as tx:
                tx.make_all_due(NOON)
        except StoreLocked as locked:
            trouble.append(locked)
        locked_out.set()

    other = Thread(target=write_meanwhile)
    other.start()
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
        holds.set()
        locked_out.wait(6 * PATIENCE.total_seconds())  # ends early only where it was locked out
    other.join()
    store.close()
    assert trouble == []
