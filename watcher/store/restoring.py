"""A verified copy in a database's place; cut short at any step, it is brought to its end later.

SQLite would play an old journal into a new file, so the two must never stand beside each other; and
no two names change at once on a disk. A mark (a link that says what the old one will be called) is
set before the first name changes and taken away after the last: while it is there nobody opens the
database, and whoever finds it goes on from wherever things stand. At every moment there is a
database of that name.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from watcher.errors import StoreError
from watcher.store.backup import SUFFIXES, Verified, copy_file, keep_names, verify
from watcher.store.opening import restoring_mark


def restore(copy: Path, database: Path, aside: str) -> tuple[Verified, Path | None]:
    """Put a verified copy in a database's place; tells where the old one is now, if there was one.

    The old one, damaged or not, is kept under its name with `aside` behind it. Nobody else may use
    the database meanwhile: see to that before.
    """
    finish(database)
    found = verify(copy)
    kept = _beside(database, aside)
    there = database.exists()
    try:
        for _ in restoring(copy, database, aside):
            pass
    except OSError as error:
        raise StoreError(f"{database} cannot be restored: {error.strerror}") from error
    return found, kept if there else None


def restoring(copy: Path, database: Path, aside: str) -> Iterator[str]:
    """Restore step by step; tells each step when it is done."""
    database, kept = database.resolve(), _beside(database, aside)
    if kept.exists():
        raise StoreError(f"{kept} is there already: what is kept is never replaced")
    part = _part(database)
    try:
        copy_file(copy, part)
        keep_names(database.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    yield "copied"
    restoring_mark(database).symlink_to(kept.name)
    keep_names(database.parent)
    yield "marked"
    yield from _changing_names(database, kept)


def finish(database: Path) -> None:
    """Bring a restore that was cut short to its end, if there is one."""
    mark = restoring_mark(database)
    try:
        if not mark.is_symlink():
            _part(database).unlink(missing_ok=True)  # of one that had changed nothing yet
            return
        database = database.resolve()
        for _ in _changing_names(database, database.with_name(mark.readlink().name)):
            pass
    except OSError as error:
        raise StoreError(f"{database} cannot be restored: {error.strerror}") from error


def _changing_names(database: Path, kept: Path) -> Iterator[str]:
    part = _part(database)
    if part.exists():  # else it is in its place already, and what is beside it is its own
        if database.exists() and not kept.exists():
            os.link(database, kept)
            yield "linked"
        for suffix in SUFFIXES[1:]:
            old = Path(f"{database}{suffix}")
            if old.exists():
                old.rename(f"{kept}{suffix}")
                yield f"moved {suffix}"
        keep_names(database.parent)
        part.rename(database)
        keep_names(database.parent)
        yield "in place"
    restoring_mark(database).unlink()
    keep_names(database.parent)
    yield "done"


def _part(database: Path) -> Path:
    database = database.resolve()
    return database.with_name(f"{database.name}.part")


def _beside(database: Path, aside: str) -> Path:
    database = database.resolve()
    return database.with_name(f"{database.name}.{aside}")
