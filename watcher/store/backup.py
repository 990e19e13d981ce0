"""Copies of a SQLite database: made while others write, verified, and put back.

A copy is one file, with its journal turned off, readable by its owner alone. PostgreSQL has tools
of its own for all of this (`pg_dump`, `pg_restore`).
"""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import StoreError, StoreNewer
from watcher.store.opening import refuse_what_is_not_ours
from watcher.store.schema import known_migrations
from watcher.store.tables import VERSION_TABLE
from watcher.store.trouble import told_plainly

SUFFIXES = ("", "-wal", "-shm")  # a database, and what SQLite keeps beside it


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
            f"{self.path}: whole; schema {self.schema}, {self.feeds} feeds, {self.items} items, "
            f"{self.alerts} alerts, {self.waiting} of them still to be sent"
        )


def backup(database: Path, target: Path) -> Verified:
    """Copy a database as it is at one moment, also while a daemon writes into it, and verify that.

    Raises StoreError where the target is there already, or the copy is not whole; then there is no
    file of that name.
    """
    if target.exists():
        raise StoreError(f"{target} is there already; a backup never replaces a file")
    if not database.is_file():
        raise StoreError(f"there is no database {database} to copy")
    refuse_what_is_not_ours(database)
    part = target.with_name(f"{target.name}.part")
    try:
        _copy(database, part)
        found = verify(part)
        os.link(part, target)  # unlike a renaming, this never replaces anything
        _keep_names(target.parent)
    except FileExistsError:
        raise StoreError(f"{target} is there already; a backup never replaces a file") from None
    except OSError as error:
        raise StoreError(f"{target} cannot be made: {error.strerror}") from error
    finally:
        for suffix in (*SUFFIXES, "-journal"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)
    return Verified(
        path=target,
        schema=found.schema,
        feeds=found.feeds,
        items=found.items,
        alerts=found.alerts,
        waiting=found.waiting,
    )


def _copy(database: Path, part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
    with (
        told_plainly(str(database)),
        closing(sqlite3.connect(f"file:{_quoted(database)}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.execute("PRAGMA query_only = ON").close()
        with told_plainly(str(part)):
            source.backup(copy)  # in one step: one moment, for which no writer has to wait
            copy.execute("PRAGMA journal_mode = DELETE").close()
    with part.open("rb") as written:
        os.fsync(written.fileno())


def verify(path: Path) -> Verified:
    """Look at a database from end to end; raises StoreError that says what is wrong with it."""
    if not path.is_file():
        raise StoreError(f"there is no database {path}")
    refuse_what_is_not_ours(path)
    with (
        told_plainly(str(path)),
        closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as raw,
    ):
        damage = [row[0] for row in raw.execute("PRAGMA integrity_check(10)")]
        if damage != ["ok"]:
            raise StoreError(f"{path} is damaged: {'; '.join(damage)}")
        lost = raw.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise StoreError(f"{path} is damaged: a row of {lost[0]} refers to none of {lost[2]}")
        return _held_by(raw, path)


def _held_by(raw: sqlite3.Connection, path: Path) -> Verified:
    names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    if VERSION_TABLE not in names:
        raise StoreError(f"{path} is empty: Watcher has never worked with it")
    (schema,) = raw.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608
    if schema not in known_migrations():
        raise StoreNewer(f"{path} was written by a newer Watcher (schema {schema})")

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


def restore(copy: Path, database: Path, aside: str) -> tuple[Verified, Path | None]:
    """Put a verified copy in a database's place; tells where the old one is now, if there was one.

    The old one, damaged or not, is kept under its name with `aside` behind it. Nobody else may use
    the database meanwhile: see to that before.
    """
    found = verify(copy)
    part = database.with_name(f"{database.name}.part")
    kept = database.with_name(f"{database.name}.{aside}")
    try:
        part.unlink(missing_ok=True)
        _copy(copy, part)
        there = database.exists()
        for suffix in SUFFIXES:
            old = Path(f"{database}{suffix}")
            if old.exists():
                old.rename(f"{kept}{suffix}")
        part.rename(database)
        _keep_names(database.parent)
    except OSError as error:
        raise StoreError(f"{database} cannot be restored: {error.strerror}") from error
    return found, kept if there else None


def _quoted(path: Path) -> str:
    """Write a path into a URI."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _keep_names(folder: Path) -> None:
    """Put a folder's new entries on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def answers(path: Path) -> float:
    """Ask a database something, and tell how many seconds the answer took."""
    begin = time.monotonic()
    with (
        told_plainly(str(path)),
        closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as raw,
    ):
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return time.monotonic() - begin
