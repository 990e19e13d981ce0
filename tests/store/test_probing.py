"""A database shows that it can be written, and is none the larger for it. On both engines."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from tests.databases import PostgreSQL
from tests.disks import fill
from tests.store.engines import engine_of
from tests.store.nouns import NOON, make_feed, make_item
from watcher.errors import StoreFull, StoreReadOnly
from watcher.store import SqlStore, open_store

SECOND = timedelta(seconds=1)


def test_a_proof_changes_nothing(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
        tx.keep([make_item()])
    with store.reading() as tx:
        before = tx.counts(), tx.feeds()
    assert store.prove_writable(SECOND)
    with store.reading() as tx:
        assert (tx.counts(), tx.feeds()) == before


def test_a_database_tells_its_size(store: SqlStore) -> None:
    before = store.size()
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
        tx.keep([make_item(f"{number}", content="flood " * 2000) for number in range(50)])
    assert before > 4096
    assert store.size() > before


def test_each_proof_on_sqlite_is_written_to_the_disk_and_the_file_does_not_grow(
    sqlite_url: str,
) -> None:
    store, file = open_store(sqlite_url), Path(sqlite_url.removeprefix("sqlite:///"))
    log = file.with_name(f"{file.name}-wal")
    store.prove_writable(SECOND)
    size, logged = file.stat().st_size, log.stat().st_size
    store.prove_writable(SECOND)
    assert log.stat().st_size == logged + 4096 + 24, "one page of the log"
    for _ in range(2100):  # the log begins anew at 1000 pages
        store.prove_writable(SECOND)
    assert file.stat().st_size == size
    assert log.stat().st_size < 1100 * 4200
    store.close()


def test_each_proof_on_postgresql_is_written_to_its_log_and_no_table_grows(
    postgresql_url: str,
) -> None:
    store, engine = open_store(postgresql_url), engine_of(postgresql_url)
    # without the maps of free space, which the server makes when it likes
    size = text("SELECT pg_relation_size('watcher_schema'), pg_current_wal_lsn()::text")
    store.prove_writable(SECOND)
    with engine.connect() as connection:
        before, log = connection.execute(size).one()
    for _ in range(500):
        store.prove_writable(SECOND)
    with engine.connect() as connection:
        after, later = connection.execute(size).one()
    assert after == before
    assert later != log
    engine.dispose()
    store.close()


def test_a_full_disk_is_told_from_other_trouble(small_disk: Path) -> None:
    store = open_store(str(small_disk / "watcher.db"))
    assert store.prove_writable(SECOND)
    filler = fill(small_disk)
    with pytest.raises(StoreFull, match="no room left on the disk"):
        until_raised(lambda: store.prove_writable(SECOND))
    filler.unlink()
    assert store.prove_writable(SECOND)
    store.close()


def until_raised(do: Callable[[], object]) -> None:
    """Do it as often as a log takes that has a page of room left."""
    for _ in range(20):
        do()


def test_a_server_that_lets_nobody_write_is_told(postgresql: PostgreSQL) -> None:
    with postgresql.database() as url:
        open_store(url).close()
        engine = engine_of(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            name = engine.url.database
            order = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
            connection.execute(text(order))
        engine.dispose()
        store = open_store(url)
        with pytest.raises(StoreReadOnly):
            store.prove_writable(SECOND)
        store.close()


def test_while_we_write_ourselves_nothing_is_tried(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    begun, end = Event(), Event()

    def write() -> None:
        with store.transaction():
            begun.set()
            end.wait(30)

    writing = Thread(target=write)
    writing.start()
    begun.wait(30)
    assert not store.prove_writable(timedelta(milliseconds=50))
    end.set()
    writing.join()
    assert store.prove_writable(SECOND)
    store.close()
