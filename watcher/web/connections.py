"""Connections that nobody can hold on to: so long to ask, so long to take the answer, so many.

uvicorn waits for a request for as long as a byte comes now and then. A few hundred such clients
would keep everybody else out, even from a page on loopback.
"""

from asyncio import TimerHandle, Transport
from dataclasses import dataclass
from enum import Enum

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one client and all of them together may take."""

    asking: float = 15.0  # seconds from a connection or the first byte until all of a request
    answering: float = 120.0  # from there until the whole answer was taken: a bad line takes long
    at_once: int = 64  # connections; for one more, the one goes that asked for nothing the longest


class Phase(Enum):
    """What a connection waits for."""

    ASKING = "a request, or the rest of one"
    ANSWERING = "the answer to be made and taken"
    RESTING = "another request; uvicorn ends that soon"


class Connection(H11Protocol):
    """One client's connection, ended when it takes too long."""

    limits = Limits()
    phase = Phase.ASKING
    since = 0.0  # by the loop's clock, when the phase began
    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; make room for it, if all places are taken."""
        super().connection_made(transport)
        self._begin(Phase.ASKING)
        if len(self.connections) > self.limits.at_once:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; the time to ask runs on, however often something comes."""
        if self.phase is Phase.RESTING:
            self._begin(Phase.ASKING)
        super().data_received(data)
        if self.phase is Phase.ASKING and self._is_asked:
            self._begin(Phase.ANSWERING)

    def on_response_complete(self) -> None:
        """Wait for what comes next: that the answer is taken, the rest of the request, or another.

        An answer that was given before all of a request had come (it is too long) ends no waiting.
        """
        super().on_response_complete()
        if self.phase is not Phase.ANSWERING or self.transport.is_closing():
            return
        if self.conn.their_state is not h11.IDLE:  # it sent another one without waiting
            self._begin(Phase.ANSWERING if self._is_asked else Phase.ASKING)
        elif not self.transport.get_write_buffer_size():
            self._begin(Phase.RESTING)

    @property
    def _is_asked(self) -> bool:
        return self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)

    def _begin(self, phase: Phase) -> None:
        self._stop()
        self.phase, self.since = phase, self.loop.time()
        if phase is not Phase.RESTING:
            length = self.limits.asking if phase is Phase.ASKING else self.limits.answering
            self._timer = self.loop.call_later(length, self._end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        """Let go of a client that takes too long; of one that took all and rests, uvicorn does."""
        taken = self.conn.their_state is h11.IDLE and not self.transport.get_write_buffer_size()
        if self.phase is Phase.ANSWERING and taken:
            self._begin(Phase.RESTING)
        else:
            self.transport.abort()

    def _make_room(self) -> None:
        """End the connection that has waited longest for a request; one that is answered stays."""
        idle = [
            one
            for one in self.connections
            if isinstance(one, Connection) and one.phase is not Phase.ANSWERING and one is not self
        ]
        if idle:
            oldest = min(idle, key=lambda one: one.since)
            self.connections.discard(oldest)
            oldest.transport.abort()


def connection_within(limits: Limits) -> type[Connection]:
    """Make the kind of connection that keeps to these limits."""
    return type("Connection", (Connection,), {"limits": limits})
