"""Whether it lives, and whether it does its work: for those who watch the watcher."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from watcher.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly
from watcher.web.desk import Desk
from watcher.web.given import Given

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


def healthz(desk: Desk, request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Says whether the work is done; strangers get no details."""

    def __init__(self, given: Given) -> None:
        self._probe = Probe(given.prove_writable)

    def show(self, desk: Desk, request: Request) -> Response:
        """Say it, and in a word what is not as it should be."""
        troubles = dict(self._checks(desk))
        good = not any(troubles.values())
        told = {
            "status": "ok" if good else "failing",
            "checks": {name: "failing" if why else "ok" for name, why in troubles.items()},
            "because": [f"{name}: {why}" for name, why in troubles.items() if why],
        }
        return JSONResponse(told, 200 if good else 503)

    def _checks(self, desk: Desk) -> Iterator[tuple[str, str]]:
        """Yield each thing that must be, and why it is not."""
        given = desk.given
        yield "database", self._probe.trouble()
        yield "configuration", "" if given.in_service().settings else "none is in service"
        running = given.running()
        yield "jobs", "" if running else "they do not run yet"
        yield "poll", "no sign of life for too long" if "poll" in given.silent() else ""
        yield "work", "a job fails; the page About tells which" if given.broken() else ""
