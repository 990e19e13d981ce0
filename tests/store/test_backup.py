"""Copies of the database: whole, of one moment, verified; and put back."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from watcher.errors import StoreError, StoreForeign, StoreNewer
from watcher.model import Feed, FeedId
from watcher.store import open_store
from watcher.store.backup import backup, verify
from watcher.store.restoring import restore

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def feed(name: str) -> Feed:
    return Feed(id=FeedId(name), url=f"http://{name}.example/")


def the_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def add(url: str, *names: str) -> None:
    store = open_store(url)
    try:
        with store.transaction() as tx:
            tx.configure_feeds([feed(name) for name in names], NOW)
    finally:
        store.close()


def test_a_backup_is_one_file_for_its_owner_alone_and_holds_everything(
    sqlite_url: str, tmp_path: Path
) -> None:
    add(sqlite_url, "a", "b")
    done = backup(the_file(sqlite_url), tmp_path / "copy.db")
    assert (done.feeds, done.items, done.waiting) == (2, 0, 0)
    assert verify(tmp_path / "copy.db").feeds == 2
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def test_a_backup_is_of_one_moment_while_others_write(sqlite_url: str, tmp_path: Path) -> None:
    store, stop, begun = open_store(sqlite_url), Event(), Event()

    def write() -> None:
        """Keep two feeds alike in each transaction: a torn copy would show them apart."""
        number = 0
        while not stop.is_set():
            number += 1
            with store.transaction() as tx:
                tx.configure_feeds([feed(f"a{number}"), feed(f"b{number}")], NOW)
            begun.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for number in range(5):
            assert backup(the_file(sqlite_url), tmp_path / f"{number}.db").feeds == 2
    finally:
        stop.set()
        writer.join()
        store.close()


def test_a_backup_never_replaces_a_file(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(StoreError, match="is there already; a backup never replaces a file"):
        backup(the_file(sqlite_url), target)
    assert target.read_text() == "mine"


def test_a_backup_into_nowhere_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be made: No such file or directory"):
        backup(the_file(sqlite_url), tmp_path / "no" / "copy.db")


def test_a_damaged_database_gives_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    add(sqlite_url, *(f"feed{number}" for number in range(200)))
    _spoil(the_file(sqlite_url))
    with pytest.raises(StoreError, match="damaged"):
        backup(the_file(sqlite_url), tmp_path / "copy.db")
    assert list(tmp_path.glob("copy.db*")) == []


def _spoil(path: Path) -> None:
    """Write over pages behind the first, as a bad disk does."""
    content = bytearray(path.read_bytes())
    luck = Random(7)
    for start in range(4096, len(content), 4096):
        content[start : start + 64] = luck.randbytes(64)
    path.write_bytes(content)


def test_damage_that_shows_only_when_all_is_compared_is_found(sqlite_url: str) -> None:
    add(sqlite_url, "a", "b")
    with closing(sqlite3.connect(the_file(sqlite_url))) as raw:
        raw.execute("PRAGMA writable_schema = ON")  # an index that is another one's
        other = "(SELECT rootpage FROM sqlite_master WHERE name = 'alert_route')"
        raw.execute(f"UPDATE sqlite_master SET rootpage = {other} WHERE name = 'feed_due'")
        raw.commit()
    with pytest.raises(StoreError, match=r"watcher\.db is damaged: "):
        verify(the_file(sqlite_url))


def test_a_restore_puts_the_copy_in_place_and_keeps_the_old_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = the_file(sqlite_url)
    add(sqlite_url, "a")
    backup(database, tmp_path / "copy.db")
    add(sqlite_url, "a", "b")
    done, kept = restore(tmp_path / "copy.db", database, "before-now")
    assert done.feeds == 1
    assert kept == database.with_name(f"{database.name}.before-now")
    assert verify(kept).feeds == 2
    store = open_store(sqlite_url)
    try:
        with store.reading() as tx:
            assert [one.feed.id for one in tx.feeds()] == ["a"]
    finally:
        store.close()


def test_a_restore_keeps_what_was_not_yet_in_the_old_file(sqlite_url: str, tmp_path: Path) -> None:
    """A daemon that was killed leaves commits in the WAL alone: they are kept with the file."""
    database = the_file(sqlite_url)
    backup(database, tmp_path / "copy.db")
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("CREATE TABLE late (x)")
        wal = Path(f"{database}-wal").read_bytes()
        file = database.read_bytes()
    database.write_bytes(file)
    Path(f"{database}-wal").write_bytes(wal)
    _, kept = restore(tmp_path / "copy.db", database, "before-now")
    assert kept is not None
    assert not Path(f"{database}-wal").exists()
    with closing(sqlite3.connect(kept)) as raw:
        assert raw.execute("SELECT count(*) FROM late").fetchone() == (0,)


def test_a_restore_of_what_is_not_whole_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    database, before = the_file(sqlite_url), the_file(sqlite_url).read_bytes()
    (tmp_path / "foreign.db").write_bytes(b"no database" * 50)
    for copy, error in (("foreign.db", StoreForeign), ("none.db", StoreError)):
        with pytest.raises(error):
            restore(tmp_path / copy, database, "before-now")
    assert database.read_bytes() == before
    assert list(tmp_path.glob("*before-now*")) == []


def test_a_backup_of_a_newer_release_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(the_file(sqlite_url))) as raw:
        raw.execute("UPDATE watcher_schema SET version_num = '9999'")
        raw.commit()
    with pytest.raises(StoreNewer, match="written by a newer Watcher"):
        verify(the_file(sqlite_url))
