"""A deadline for a whole conversation: timeouts of sockets count each read anew, this does not."""

import contextlib
import socket
import threading
from contextvars import ContextVar
from datetime import timedelta
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
        self._timer = threading.Timer(deadline.total_seconds(), self._blow)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self._token = _burning.set(self)
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _burning.reset(self._token)
        self._timer.cancel()
        self._timer.join()

    def watch(self, connection: socket.socket | None) -> None:
        """Cut this connection when the time is up; at once if it is."""
        with self._lock:
            self._socket = connection
            if self.blown:
                self._cut()

    def _blow(self) -> None:
        with self._lock:
            self.blown = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it may be closed already
                # not SSLSocket.shutdown: that would pull the TLS state from under the reader
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def watch(connection: socket.socket | None) -> None:
    """Let the fuse that burns in this thread, if any, watch a connection."""
    if fuse := _burning.get():
        fuse.watch(connection)
