"""The deadline of a whole visit.

Socket timeouts measure silence, so that a server which sends a byte now and then holds a reader
for ever. A lifeline measures the visit: when it is cut, by the watchdog or because nobody waits
for the answer any more, its connection is shut down and the reader wakes up at once.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Lock, Thread
from time import monotonic

from watcher.fetch.trouble import Trouble

JOIN_WAIT = 5.0  # seconds; a thread inside the system's resolver cannot be woken


class Lifeline:
    """What a visit hangs on: whoever cuts it ends the visit, and says why."""

    def __init__(self, deadline: timedelta) -> None:
        self._allowed = deadline.total_seconds()
        self.ends_at = monotonic() + self._allowed
        self._lock = Lock()
        self._held: list[socket.socket] = []
        self._why = ""
        self._over = False

    @property
    def why(self) -> str:
        """Why it was cut; empty while it holds.

        A step that was given all the time there was left may end before the watchdog comes by.
        """
        if not self._why and monotonic() >= self.ends_at:
            self.expire()
        return self._why

    @property
    def over(self) -> bool:
        """Whether the visit has ended, one way or another."""
        return self._over

    def check(self) -> None:
        """Raise `Trouble` if it was cut or its time is up."""
        if not self._why and monotonic() >= self.ends_at:
            self.expire()
        if self._why:
            raise Trouble(self._why)

    def patience(self, longest: float | None) -> float:
        """Tell how many seconds one step of the visit may take."""
        self.check()
        left = max(0.01, self.ends_at - monotonic())
        return left if longest is None else min(longest, left)

    def hold(self, connection: socket.socket) -> None:
        """Let this connection die with the lifeline.

        What is held is a second handle on it: TLS takes the first one apart, and a closed handle's
        number may belong to somebody else by the time we shut it down.
        """
        with self._lock:
            if not self._why:
                self._held.append(connection.dup())
        self.check()

    def expire(self) -> None:
        """Cut it because its time is up."""
        self.cut(f"no complete answer within {self._allowed:g} seconds")

    def cut(self, why: str) -> None:
        """End the visit; the first reason given stays."""
        with self._lock:
            if self._over or self._why:
                return
            self._why = why
            for connection in self._held:
                with suppress(OSError):  # it was not connected yet, or is closed already
                    connection.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Let go of the connections; a cut no longer does anything."""
        with self._lock:
            self._over = True
            held, self._held = self._held, []
        for connection in held:
            connection.close()


class Watchdog:
    """One thread that cuts every lifeline whose time is up."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._watched: list[tuple[float, int, Lifeline]] = []
        self._numbers = count()
        self._thread: Thread | None = None
        self._closed = False

    @contextmanager
    def lifeline(self, deadline: timedelta) -> Iterator[Lifeline]:
        """Give a lifeline that is watched for as long as the block runs."""
        line = Lifeline(deadline)
        self._watch(line)
        try:
            yield line
        finally:
            line.end()

    def close(self) -> None:
        """Stop watching."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(JOIN_WAIT)

    def _watch(self, line: Lifeline) -> None:
        with self._changed:
            heappush(self._watched, (line.ends_at, next(self._numbers), line))
            if self._thread is None and not self._closed:
                self._thread = started(self._run, "watcher-fetch-watchdog")
            if self._watched[0][2] is line:
                self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                while self._watched and (self._watched[0][2].over or self._watched[0][0] <= now):
                    heappop(self._watched)[2].expire()  # does nothing to one that is over
                self._changed.wait(self._watched[0][0] - now if self._watched else None)


def started(work: Callable[[], None], name: str) -> Thread:
    """Start a thread that does not keep the process from ending."""
    thread = Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread
