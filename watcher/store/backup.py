"""Copies of a SQLite database: made while others write, and verified.

A copy is one file, with its journal turned off, readable by its owner alone. PostgreSQL has tools
of its own for all of this (`pg_dump`, `pg_restore`).
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from watcher.errors import BrokenOff, StoreDamaged, StoreError, StoreForeign, StoreNewer
from watcher.store.opening import (
    APPLICATION_ID,
    STEPS,
    forgiving_text,
    known_as_ours,
    refuse_what_is_not_ours,
)
from watcher.store.schema import known_migrations
from watcher.store.tables import VERSION_TABLE
from watcher.store.trouble import told_plainly
from watcher.text.numbers import several

SUFFIXES = ("", "-wal", "-shm")  # a database, and what SQLite keeps beside it
PAGES = 2048  # copied between two looks whether somebody waits for us

Wished = Callable[[], bool]


def always() -> bool:
    """Wish what is going on to come to its end, however long that takes."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a database holds that was looked at from end to end and found whole."""

    path: Path
    schema: str
    feeds: int
    items: int
    alerts: int
    waiting: int  # alerts that were promised and not yet sent

    def told(self) -> str:
        """Say it in one line."""
        return (
            f"{self.path}: whole; schema {self.schema}, {several(self.feeds, 'feed')}, "
            f"{several(self.items, 'item')}, {several(self.alerts, 'alert')}, "
            f"{self.waiting} of them still to be sent"
        )


def backup(database: Path, target: Path, wished: Wished = always) -> Verified:
    """Copy a database as it is at one moment, also while a daemon writes into it, and verify that.

    Raises StoreError where the target is there already, or the copy is not whole, and BrokenOff
    when it is no longer wished; then there is no file of that name. The daemon may copy its own
    database: its file is opened by SQLite alone. To open and close it otherwise would take away the
    locks that the process has on it (sqlite.org/howtocorrupt.html, 2.2).
    """
    if target.exists():
        raise StoreError(f"{target} is there already; a backup never replaces a file")
    if not database.is_file():
        raise StoreError(f"there is no database {database} to copy")
    part = target.with_name(f"{target.name}.part")
    try:
        copy_file(database, part, wished)
        found = verify(part, wished)
        os.link(part, target)  # unlike a renaming, this never replaces anything
        keep_names(target.parent)
    except FileExistsError:
        raise StoreError(f"{target} is there already; a backup never replaces a file") from None
    except OSError as error:
        raise StoreError(f"{target} cannot be made: {error.strerror}") from error
    finally:
        for suffix in (*SUFFIXES, "-journal"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)
    return replace(found, path=target)


def copy_file(database: Path, part: Path, wished: Wished = always) -> None:
    """Copy a database of ours to a file that only its owner may read, and onto the disk."""
    os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600))

    def look(*_: int) -> None:
        if not wished():
            raise BrokenOff(f"the copy {part} was left off")

    with (
        told_plainly(str(database)),
        known_as_ours(database),
        closing(_opened(database)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.execute("PRAGMA query_only = ON").close()
        (owner,) = source.execute("PRAGMA application_id").fetchone()
        if owner != APPLICATION_ID:
            raise StoreForeign(f"{database} is another program's database; it was left untouched")
        # It stays in this transaction from the first page to the last: the copy is of one moment.
        source.execute("BEGIN").close()
        source.execute("SELECT count(*) FROM sqlite_master").close()
        with told_plainly(str(part)):
            source.backup(copy, pages=PAGES, progress=look, sleep=0.01)
            copy.execute("PRAGMA journal_mode = DELETE").close()
    with part.open("rb") as written:
        os.fsync(written.fileno())


def verify(path: Path, wished: Wished = always) -> Verified:
    """Look at a database from end to end; raises StoreError that says what is wrong with it.

    Not for one that this process has open: see `backup`.
    """
    if not path.is_file():
        raise StoreError(f"there is no database {path}")
    refuse_what_is_not_ours(path)
    try:
        with told_plainly(str(path)), known_as_ours(path), closing(_opened(path)) as raw:
            raw.set_progress_handler(lambda: not wished(), STEPS)
            return _verified(raw, path)
    except StoreError:
        if not wished():
            raise BrokenOff(f"the look at {path} was left off") from None
        raise


def _verified(raw: sqlite3.Connection, path: Path) -> Verified:
    schema = _schema_of(raw, path)
    damage = [row[0] for row in raw.execute("PRAGMA integrity_check(10)")]
    if damage != ["ok"]:
        raise StoreDamaged(f"{path} is damaged: {'; '.join(damage)}")
    lost = raw.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise StoreDamaged(f"{path} is damaged: a row of {lost[0]} refers to none of {lost[2]}")

    def count(what: str) -> int:
        return int(raw.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608

    return Verified(
        path=path,
        schema=schema,
        feeds=count("feed WHERE configured"),
        items=count("item"),
        alerts=count("alert"),
        waiting=count("alert WHERE state IN ('held', 'pending', 'sending', 'doubtful')"),
    )


def _schema_of(raw: sqlite3.Connection, path: Path) -> str:
    """Tell the schema, before anything is said of damage: what is newer is not ours to judge."""
    names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    if VERSION_TABLE not in names:
        raise StoreError(f"{path} is empty: Watcher has never worked with it")
    row = raw.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608
    if row is None:
        raise StoreDamaged(f"{path} is damaged: it does not say its schema")
    if row[0] not in known_migrations():
        raise StoreNewer(f"{path} was written by a newer Watcher (schema {row[0]})")
    return str(row[0])


def refuse_newer(path: Path) -> None:
    """Raise StoreNewer where a database, damaged or not, says that a newer Watcher wrote it."""
    try:
        with told_plainly(str(path)), known_as_ours(path), closing(_opened(path)) as raw:
            _schema_of(raw, path)
    except StoreNewer:
        raise
    except StoreError:
        return  # so damaged that it cannot say


def _opened(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True, isolation_level=None)
    raw.text_factory = forgiving_text
    return raw


def _quoted(path: Path) -> str:
    """Write a path into a URI."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def keep_names(folder: Path) -> None:
    """Put a folder's new entries on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
