"""Who may write: one process at a time, and while a daemon runs it is the daemon.

A command that writes asks the daemon for its turn. While it holds that, no thread of the daemon
writes or checkpoints, and the command writes with a connection of its own; so it can do whatever it
could do alone, and SQLite never has two writers at once (sqlite.org/wal.html, "the WAL-reset bug").
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from watcher.daemon.control import asking
from watcher.daemon.lock import locked
from watcher.errors import ServiceError
from watcher.ports import Store, Transaction
from watcher.service.places import places_of

PATIENCE = 30.0  # seconds to wait for the daemon's turn


class Lent:
    """A store whose writing is done in the daemon's turn, where a daemon runs."""

    def __init__(self, store: Store, socket: Path | None) -> None:
        self._store = store
        self._socket = socket

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only looks: nobody has to be asked."""
        return self._store.reading()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a writing transaction, with the daemon's turn if there is one."""
        with _turn(self._socket), self._store.transaction() as tx:
            yield tx

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


@contextmanager
def _turn(socket: Path | None) -> Iterator[None]:
    if socket is None:
        yield
        return
    with asking(socket, {"ask": "pen"}, PATIENCE) as answer:
        if answer is not None and "error" in answer:
            raise ServiceError(f"the daemon does not let others write: {answer['error']}")
        yield


@contextmanager
def alone(state: str, environment: Mapping[str, str], what: str, now: datetime) -> Iterator[None]:
    """Be the only process that works on a state; raises AlreadyRunning where one does already."""
    lock = places_of(state, environment).lock
    if lock is None or not lock.parent.is_dir():  # the store says what is wrong with the folder
        yield
        return
    with locked(lock, what, now):
        yield
