"""Whether the database can be written: tried seldom, whoever asks, and waited for only so long."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from watcher.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly

log = logging.getLogger(__name__)

Write = Callable[[timedelta], object]  # waits so long for its turn, or raises StoreError
FRESH = 1.0  # seconds for which an answer of the database stands: whoever asks costs it nothing
DEADLINE = 2.0  # seconds that it has for an answer
_TURN = timedelta(seconds=1)  # for which we wait for our own threads
# strangers are told what is wrong, and not where
_WORDS: tuple[tuple[type[StoreError], str], ...] = (
    (StoreFull, "there is no room left on its disk"),
    (StoreReadOnly, "it cannot be written"),
    (StoreLocked, "another process holds it"),
    (StoreError, "it cannot be used"),
)


class _Try:
    """One try to write, in a thread of its own: it may hang for longer than somebody waits."""

    def __init__(self, write: Write, began: float) -> None:
        self.began = began
        self.done = Event()
        self.trouble = "a bug was in the way; the log has more"
        self._write = write
        Thread(target=self._run, name="watcher-ready", daemon=True).start()

    def _run(self) -> None:
        try:
            self._write(_TURN)  # whoever keeps us from it, writes
            self.trouble = ""
        except StoreError as error:
            self.trouble = next(words for kind, words in _WORDS if isinstance(error, kind))
        except Exception:  # nobody else is there in this thread to catch a bug
            log.exception("whether the database can be written was not found out")
        self.done.set()


class Probe:
    """Finds out whether the database can be written: once a second at most, whoever asks."""

    def __init__(self, write: Write, steady: Callable[[], float] = monotonic) -> None:
        self._write, self._steady = write, steady
        self._lock = Lock()
        self._last: _Try | None = None

    def trouble(self) -> str:
        """Tell what keeps the database from being written; empty: nothing does."""
        with self._lock:
            now = self._steady()
            if self._last is None or (self._last.done.is_set() and now - self._last.began >= FRESH):
                self._last = _Try(self._write, now)
            tried = self._last
        in_time = tried.done.wait(max(0.0, tried.began + DEADLINE - now))
        return tried.trouble if in_time else "it does not answer"
