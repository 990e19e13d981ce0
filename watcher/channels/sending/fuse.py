"""A deadline for a whole conversation: timeouts of sockets count each read anew, this does not."""

import contextlib
import socket
from contextvars import ContextVar
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Self

_burning: ContextVar["Fuse | None"] = ContextVar("burning", default=None)

_LONGEST = timedelta(seconds=100)  # the outbox thinks a sender dead after two minutes


def timeout_faults(timeout: timedelta, *, conversations: int = 1) -> tuple[str, ...]:
    """Tell whether a channel's `timeout` is one that the outbox can wait for."""
    longest = _LONGEST / conversations
    if timedelta(0) < timeout <= longest:
        return ()
    return (f"`timeout` must be more than 0 s and at most {longest.total_seconds():g} s",)


class Fuse:
    """Within `with Fuse(...)`, the watched connection is cut when the time is up.

    Whoever waits on the connection then sees it closed by the other side. `blown` tells that it
    was us. Looking up a name cannot be cut; the resolver has a deadline of its own.
    """

    def __init__(self, deadline: timedelta) -> None:
        self.blown = False
        self._allowed = deadline.total_seconds()
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._out = False

    def __enter__(self) -> Self:
        self._token = _burning.set(self)
        _WATCHMAN.watch(self, monotonic() + self._allowed)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _burning.reset(self._token)
        with self._lock:
            self._out, self._socket = True, None

    def watch(self, connection: socket.socket | None) -> None:
        """Cut this connection when the time is up; at once if it is."""
        with self._lock:
            self._socket = connection
            if self.blown:
                self._cut()

    def blow(self) -> None:
        """Cut what is watched; nothing where the conversation is over."""
        with self._lock:
            if not self._out:
                self.blown = True
                self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it may be closed already
                # not SSLSocket.shutdown: that would pull the TLS state from under the reader
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Watchman:
    """One thread that blows every fuse whose time is up: a timer for each would be a thread each.

    A fuse that is out stays listed until its time; deadlines are alike, so the thread is seldom
    woken.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._listed: list[tuple[float, int, Fuse]] = []
        self._numbers = count()
        self._thread: Thread | None = None

    def watch(self, fuse: Fuse, ends_at: float) -> None:
        """Blow this fuse at a time of the monotonic clock."""
        with self._changed:
            heappush(self._listed, (ends_at, next(self._numbers), fuse))
            if self._thread is None or not self._thread.is_alive():  # a fork has no threads
                self._thread = Thread(target=self._run, name="fuses", daemon=True)
                self._thread.start()
            elif self._listed[0][2] is fuse:
                self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while True:
                now = monotonic()
                while self._listed and self._listed[0][0] <= now:
                    heappop(self._listed)[2].blow()
                self._changed.wait(self._listed[0][0] - now if self._listed else None)


_WATCHMAN = _Watchman()


def watch(connection: socket.socket | None) -> None:
    """Let the fuse that burns in this thread, if any, watch a connection."""
    if fuse := _burning.get():
        fuse.watch(connection)
