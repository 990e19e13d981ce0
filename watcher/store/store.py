"""The store itself: transactions on an opened database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from sqlalchemy import Engine

from watcher.errors import StoreLocked
from watcher.store.browsing import Browsing
from watcher.store.channels import Channels
from watcher.store.corrections import Corrections
from watcher.store.dialect import is_postgresql, size_of, write_what_is_there
from watcher.store.feeds import Feeds
from watcher.store.holding import Holding
from watcher.store.housekeeping import Housekeeping
from watcher.store.items import Items
from watcher.store.looking import Looking
from watcher.store.opening import Opened, open_database
from watcher.store.pages import Pages
from watcher.store.recalled import Recalled
from watcher.store.rules import Rules
from watcher.store.schema import bring_up_to_date
from watcher.store.trouble import told_plainly

PATIENCE = timedelta(seconds=5)
PATIENCE_WITH_US = timedelta(minutes=10)  # a large first visit is taken in within that


class _Busy(StoreLocked):
    """One of our own threads writes for longer than we wait."""


class SqlTransaction(
    Corrections, Feeds, Rules, Items, Pages, Holding, Channels, Browsing, Looking, Housekeeping
):
    """All of it, or none of it: fulfils `ports.Transaction`, a noun a module."""


class SqlStore:
    """Keeps everything in SQLite or PostgreSQL: fulfils `ports.Store`, safe between threads."""

    def __init__(self, database: Opened, patience: timedelta) -> None:
        self._database = database
        self._patience = patience
        self._turn = Lock()
        self._recalled = Recalled()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Open a writing transaction: committed at the end, rolled back by any exception.

        On SQLite our own threads take turns, for as long as it takes: its lock alone would let one
        give up on a send that it cannot write down because another takes in a long document.
        """
        writing = self._database.writing
        patience = self._patience if self._database.shared else PATIENCE_WITH_US
        with (
            self._turn_for(patience, needed=not is_postgresql(writing)),
            self._on(writing) as transaction,
        ):
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        """Open a transaction that only looks, at one moment's state; waits for no writer.

        In memory there is one connection, so there it takes its turn like all others.
        """
        shared = self._database.shared
        turn = self._turn_for(self._patience, needed=shared)
        with turn, self._on(self._database.reading) as transaction:
            yield transaction

    def size(self) -> int:
        """Tell how many bytes the database has, free pages included and its log not."""
        with (
            self._turn_for(self._patience, needed=self._database.shared),
            told_plainly(self._database.where),
            self._database.reading.begin() as connection,
        ):
            return size_of(connection)

    def prove_writable(self, patience: timedelta) -> bool:
        """Prove that something can be written and committed; nothing is changed by it.

        False where nothing was tried, since one of our own threads wrote all the while. Raises
        `StoreError` where it cannot be.
        """
        writing = self._database.writing
        try:
            with (
                self._turn_for(patience, needed=not is_postgresql(writing)),
                told_plainly(self._database.where),
                writing.begin() as connection,
            ):
                write_what_is_there(connection)
        except _Busy:
            return False
        return True

    @contextmanager
    def nobody_writing(self, patience: timedelta) -> Iterator[None]:
        """Keep all our own threads from writing for a while, so that another process may.

        On PostgreSQL, where any number of processes write, it does nothing.
        """
        with self._turn_for(patience, needed=not is_postgresql(self._database.writing)):
            yield

    @contextmanager
    def _on(self, engine: Engine) -> Iterator[SqlTransaction]:
        begun: SqlTransaction | None = None
        try:
            with told_plainly(self._database.where), engine.begin() as connection:
                begun = SqlTransaction(connection, self._recalled)
                yield begun
                begun.write_held()
        except BaseException:
            if begun:
                begun.rolled_back()
            raise
        begun.committed()

    @contextmanager
    def _turn_for(self, patience: timedelta, *, needed: bool) -> Iterator[None]:
        if not needed:
            yield
            return
        if not self._turn.acquire(timeout=patience.total_seconds()):
            raise _Busy(f"another thread has held {self._database.where} for too long")
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def open_store(url: str, *, patience: timedelta = PATIENCE, create: bool = True) -> SqlStore:
    """Open the database that a path or URL names, and bring its tables up to date.

    A path or `sqlite:///PATH` is a file, made when missing unless `create` is false; `sqlite://` is
    in memory and gone when closed; `postgresql://…` is a database that must exist. `patience` is
    how long to wait for others that hold it. Raises `StoreError`, and leaves a file alone that is
    not ours.
    """
    with told_plainly(url if "://" not in url else "the database"):
        database = open_database(url, patience, create=create)
    try:
        with told_plainly(database.where):
            bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, patience)
