"""A copy in a database's place: cut short at any step, there is the old one or the new one."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.model import Feed, FeedId
from watcher.store import open_store
from watcher.store.backup import backup, verify
from watcher.store.restoring import finish, restore, restoring

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
COPIED, LATE = 0, 7
STEPS = ["copied", "marked", "linked", "moved -wal", "moved -shm", "in place", "done"]


def configure(url: str, *names: str) -> None:
    store = open_store(url)
    try:
        with store.transaction() as tx:
            tx.configure_feeds(
                [Feed(id=FeedId(name), url=f"http://{name}.example/") for name in names], NOW
            )
    finally:
        store.close()


@pytest.fixture
def killed(sqlite_url: str, tmp_path: Path) -> tuple[Path, Path]:
    """A copy, and a database whose last change is in its journal alone."""
    database, copy = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy"
    configure(sqlite_url, "a")
    backup(database, copy)
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0").close()
        raw.execute(f"PRAGMA user_version = {LATE}").close()
        kept = {
            path: path.read_bytes()
            for path in (database, Path(f"{database}-wal"), Path(f"{database}-shm"))
        }
    for path, content in kept.items():
        path.write_bytes(content)
    return copy, database


def version(database: Path) -> int:
    with closing(sqlite3.connect(database)) as raw:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])


def test_the_steps_are_these(killed: tuple[Path, Path]) -> None:
    assert list(restoring(*killed, "aside")) == STEPS


@pytest.mark.parametrize("cut", range(len(STEPS) + 1))
def test_cut_short_after_any_step_it_is_brought_to_its_end_and_nothing_is_lost(
    killed: tuple[Path, Path], cut: int
) -> None:
    copy, database = killed
    steps = restoring(copy, database, "aside")
    for _ in range(cut):
        next(steps)
    assert database.exists(), "at every moment there is one"
    if 2 <= cut < len(STEPS):
        with pytest.raises(StoreError, match="is being restored, or a restore was cut short"):
            open_store(str(database))
    finish(database)
    finish(database)
    begun = cut >= 2
    assert version(database) == (COPIED if begun else LATE)
    assert verify(database).feeds == 1
    kept = database.with_name(f"{database.name}.aside")
    assert kept.exists() is begun
    if begun:
        assert version(kept) == LATE, "with its journal"
    assert [path.name for path in database.parent.glob("*.part")] == []
    assert [path.name for path in database.parent.glob("*.restoring")] == []
    open_store(str(database)).close()


@pytest.mark.parametrize("cut", range(2, len(STEPS)))
def test_one_that_is_cut_short_twice_comes_to_its_end(killed: tuple[Path, Path], cut: int) -> None:
    copy, database = killed
    steps = restoring(copy, database, "aside")
    for _ in range(cut):
        next(steps)
    restore(copy, database, "later")
    assert version(database) == COPIED
    assert version(database.with_name(f"{database.name}.aside")) == LATE
    assert version(database.with_name(f"{database.name}.later")) == COPIED


def test_what_is_kept_is_never_replaced(killed: tuple[Path, Path]) -> None:
    copy, database = killed
    database.with_name(f"{database.name}.aside").write_text("kept before")
    with pytest.raises(StoreError, match="is there already: what is kept is never replaced"):
        restore(copy, database, "aside")
    assert version(database) == LATE


def test_a_disk_without_room_for_the_copy_leaves_all_as_it_was(
    killed: tuple[Path, Path], tmp_path: Path
) -> None:
    copy, database = killed
    (tmp_path / "watcher.db.part").mkdir()  # where the copy would be written
    with pytest.raises(StoreError, match="cannot be restored"):
        restore(copy, database, "aside")
    assert version(database) == LATE


def test_a_database_behind_a_link_is_replaced_where_it_is(
    killed: tuple[Path, Path], tmp_path: Path
) -> None:
    copy, database = killed
    link = tmp_path / "link.db"
    link.symlink_to(database)
    restore(copy, link, "aside")
    assert link.is_symlink()
    assert version(database) == COPIED


def test_where_there_was_none_the_copy_is_put(killed: tuple[Path, Path], tmp_path: Path) -> None:
    copy, _ = killed
    assert restore(copy, tmp_path / "new.db", "aside")[1] is None
    assert version(tmp_path / "new.db") == COPIED
