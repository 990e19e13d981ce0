"""From a URL to a database that is ours, whole and writable; or a refusal that says why.

SQLite's settings, and why: WAL lets readers look while one process writes; `synchronous=FULL` makes
a commit survive a power cut; `BEGIN IMMEDIATE` waits at the start of a writing transaction rather
than failing in its middle; `application_id` tells our file from another program's.
"""

import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from watcher.errors import (
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreMissing,
    StoreReadOnly,
)

APPLICATION_ID = 0x57544348  # "WTCH", in bytes 68 to 71 of the file
MAGIC = b"SQLite format 3\0"
HEADER = 100
LOOK_OVER = 0.3  # seconds that we spend at most to find damage before we start
STEPS = 100_000  # of SQLite's machine between two looks at the clock
JOURNAL_LIMIT = 64 * 1024 * 1024

EVERY_CONNECTION = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",  # a file's own schema may not call functions with effects
    "PRAGMA cell_size_check = ON",
    f"PRAGMA journal_size_limit = {JOURNAL_LIMIT}",
    "PRAGMA cache_size = -16384",  # KiB
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A database with a way to write and a way to look; the same way where there is only one."""

    writing: Engine
    reading: Engine
    where: str  # what messages call it; never with a password

    @property
    def shared(self) -> bool:
        """Whether writers and readers share one connection and have to take turns."""
        return self.writing is self.reading

    def close(self) -> None:
        """Let go of all connections."""
        self.writing.dispose()
        self.reading.dispose()


def open_database(url: str, patience: timedelta, *, create: bool = True) -> Opened:
    """Open what a path or URL names: SQLite (made when missing) or PostgreSQL (must be there)."""
    if "://" not in url:
        return _open_file(Path(url), patience, create=create)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("the database's URL cannot be read") from None  # it may hold a password
    if parsed.drivername.partition("+")[0] == "postgresql":
        return _open_server(parsed, patience)
    if parsed.drivername != "sqlite" or parsed.query or parsed.host:
        shown = parsed.render_as_string(hide_password=True)
        raise StoreError(
            f"{shown} is no database that Watcher can use: write a path, sqlite:///PATH or "
            "postgresql://USER@HOST/DATABASE"
        )
    if parsed.database in (None, "", ":memory:"):
        return _open_memory()
    return _open_file(Path(parsed.database or ""), patience, create=create)


# --- PostgreSQL ---------------------------------------------------------------------------------


def _open_server(url: URL, patience: timedelta) -> Opened:
    where = f"the database {url.render_as_string(hide_password=True)}"
    try:
        writing, reading = (_server_engine(url, patience) for _ in range(2))
    except ModuleNotFoundError:
        raise StoreError(
            f"{where} needs a driver that is not installed: pip install 'watcher[postgres]'"
        ) from None
    wait = f"SET LOCAL lock_timeout = {max(1, patience // timedelta(milliseconds=1))}"
    _begin_with(writing, wait)
    _begin_with(reading, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return Opened(writing=writing, reading=reading, where=where)


def _server_engine(url: URL, patience: timedelta) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,  # a server that was restarted is no reason to fail
        pool_timeout=patience.total_seconds(),
        connect_args={"connect_timeout": 10, "application_name": "watcher"},
    )


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


# --- SQLite -------------------------------------------------------------------------------------


def _open_memory() -> Opened:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    _set_up(engine, EVERY_CONNECTION, "BEGIN")
    return Opened(writing=engine, reading=engine, where="the database in memory")


def _open_file(path: Path, patience: timedelta, *, create: bool) -> Opened:
    if not create and not path.exists():
        raise StoreMissing(f"there is no database {path} yet: `watcher run` makes it")
    refuse_what_is_not_ours(path)
    _refuse_what_is_half_restored(path)
    _create(path)
    _refuse_what_cannot_be_written(path)
    _prepare(path, patience)
    writing, reading = (_file_engine(path, patience) for _ in range(2))
    _set_up(writing, EVERY_CONNECTION, "BEGIN IMMEDIATE")
    _set_up(reading, (*EVERY_CONNECTION, "PRAGMA query_only = ON"), "BEGIN")
    return Opened(writing=writing, reading=reading, where=str(path))


def _file_engine(path: Path, patience: timedelta) -> Engine:
    return create_engine(
        URL.create("sqlite", database=str(path)),
        pool_timeout=patience.total_seconds(),
        connect_args={"timeout": patience.total_seconds(), "check_same_thread": False},
    )


def _set_up(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Let us, not the driver, say when a transaction begins, and how."""
    _begin_with(engine, begin)

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        for pragma in pragmas:
            raw.execute(pragma).close()


def refuse_what_is_not_ours(path: Path) -> None:
    """Look at the file's first bytes without SQLite, which might write beside or into it."""
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder; the database is a file in it")
        header = _first_bytes(path) if path.exists() else b""
    except PermissionError as error:
        raise StoreError(f"{path} may not be read by this user") from error
    if not header:
        return  # not there, or whoever made it got no further than its name
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise StoreForeign(f"{path} is not a database; it was left untouched")
    (found,) = struct.unpack(">I", header[68:72])
    if found != APPLICATION_ID:
        raise StoreForeign(f"{path} is another program's database; it was left untouched")


def _refuse_what_is_half_restored(path: Path) -> None:
    """Touch nothing where a restore was cut short: the journal may be the other database's."""
    if restoring_mark(path).is_symlink():
        raise StoreError(
            f"{path} is being restored, or a restore was cut short: "
            "`watcher run` brings it to its end, and so does `watcher restore`"
        )


def restoring_mark(path: Path) -> Path:
    """Name the mark that is beside a database while a copy is being put in its place."""
    path = path.resolve()
    return path.with_name(f"{path.name}.restoring")


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER)


def _create(path: Path) -> None:
    """Make the file when it is missing, readable by its owner alone; its WAL inherits that."""
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} of the database does not exist")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreReadOnly(f"{path} cannot be made: {error.strerror}") from error


def _refuse_what_cannot_be_written(path: Path) -> None:
    for place in (path, path.parent):  # the WAL is made in the folder
        if not os.access(place, os.W_OK):
            raise StoreReadOnly(f"{path} cannot be written: {place} is read-only for this user")


def _prepare(path: Path, patience: timedelta) -> None:
    wait = patience.total_seconds()
    with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as raw:
        if not path.stat().st_size:
            # Before WAL is on, so that this reaches the file itself, where we look for it.
            raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.text_factory = forgiving_text
        _look_over(raw, path)
        (mode,) = raw.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(f"{path} is on a disk that does not allow SQLite's WAL mode; move it")


@contextmanager
def known_as_ours(path: Path) -> Iterator[None]:
    """Take for damage what SQLite says of a file whose first bytes say that it is ours."""
    told = f"{path} is damaged; put a backup in its place"
    try:
        yield
    except UnicodeDecodeError as error:  # of SQLite's own words, which quote what it found there
        raise StoreDamaged(f"{told} (its texts cannot be read)") from error
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise StoreDamaged(f"{told} ({error})") from error
        raise


def forgiving_text(stored: bytes) -> str:
    """Read a text that may be damaged: SQLite quotes what it finds, whatever that is."""
    return stored.decode("utf-8", "backslashreplace")


def _look_over(raw: sqlite3.Connection, path: Path) -> None:
    """Refuse a damaged file, as far as that shows in a short time."""
    give_up = time.monotonic() + LOOK_OVER
    raw.set_progress_handler(lambda: time.monotonic() > give_up, STEPS)
    try:
        with known_as_ours(path):
            (found,) = raw.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return  # large; what was seen of it is whole
        raise
    finally:
        raw.set_progress_handler(None, 0)
    if found != "ok":
        raise StoreDamaged(f"{path} is damaged; put a backup in its place ({found})")
