"""What the database engine complains of, told as one of our errors; the only such place."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from watcher.errors import (
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
)

# By the beginning of SQLite's name for the error (https://sqlite.org/rescode.html), or of
# PostgreSQL's code (https://www.postgresql.org/docs/current/errcodes-appendix.html).
KINDS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("SQLITE_BUSY", StoreLocked, "another process has held {where} for too long; try again"),
    ("SQLITE_LOCKED", StoreLocked, "another process has held {where} for too long; try again"),
    ("SQLITE_READONLY", StoreReadOnly, "{where} cannot be written: check its owner and mode"),
    ("SQLITE_NOTADB", StoreForeign, "{where} is not a database; it was left untouched"),
    ("SQLITE_CORRUPT", StoreDamaged, "{where} is damaged; put a backup in its place"),
    ("SQLITE_FULL", StoreFull, "there is no room left on the disk that holds {where}"),
    ("SQLITE_IOERR", StoreError, "the disk that holds {where} fails"),
    ("SQLITE_CANTOPEN", StoreError, "{where} cannot be opened: check its folder and mode"),
    ("55P03", StoreLocked, "another process has held {where} for too long; try again"),
    ("40P01", StoreLocked, "another process was in the way in {where}; try again"),
    ("40001", StoreLocked, "another process was in the way in {where}; try again"),
    ("25006", StoreReadOnly, "{where} cannot be written: it is a read-only server"),
    ("42501", StoreReadOnly, "{where} does not let this user do its work; check its privileges"),
    ("28", StoreError, "{where} refuses this user"),
    ("3D", StoreError, "{where} does not exist; create it first"),
    ("53100", StoreFull, "there is no room left on the disk of the server of {where}"),
    ("53", StoreError, "the server of {where} has run out of room, memory or connections"),
    ("57", StoreError, "the server of {where} broke off"),
    ("XX", StoreError, "{where} is damaged; see the server's log"),
)


@contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Raise trouble with the database as a `StoreError`; anything else is a bug, and flies."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreLocked(f"all connections to {where} are in use") from error
    except (DBAPIError, sqlite3.Error) as error:
        plain = _plain(error, where)
        if plain is None:
            raise
        raise plain from error


def _plain(error: DBAPIError | sqlite3.Error, where: str) -> StoreError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    for beginning, kind, sentence in KINDS:
        if code.startswith(beginning):
            return kind(f"{sentence.format(where=where)} ({_first_line(cause)})")
    if isinstance(cause, sqlite3.OperationalError) and "decode to UTF-8" in str(cause):
        return StoreDamaged(f"{where} is damaged; put a backup in its place (its texts)")
    if not code and type(cause).__name__ == "OperationalError":  # psycopg: no answer, so no code
        return StoreError(f"{where} cannot be reached ({_first_line(cause)})")
    return None


def _first_line(cause: BaseException | None) -> str:
    return str(cause).strip().partition("\n")[0]
