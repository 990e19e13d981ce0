"""How many requests may be under way to one host, and how soon after each other.

The gate holds jobs, not threads: whoever has time takes the next job that may start, so that a
host with a thousand feeds keeps nobody waiting but its own.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Job = TypeVar("Job")

LONGEST_QUEUE = 10.0  # seconds that the jobs of one host may have to wait for their pauses


@dataclass(slots=True)
class _Host(Generic[Job]):
    waiting: deque[tuple[Job, float]] = field(default_factory=deque)  # each with its gap
    in_flight: int = 0
    free_at: float = 0.0  # when the next job may start
    booked_until: float = 0.0  # to when those are put off who found its queue too long
    listed: bool = False  # whether it stands in the list of hosts that may start one


class Gate(Generic[Job]):
    """Gives out jobs host by host; times are seconds of any steady clock. Not for two threads."""

    def __init__(self, per_host: int, gap: float) -> None:
        self._per_host = per_host
        self._gap = gap
        self._hosts: dict[str, _Host[Job]] = {}
        self._ready: list[tuple[float, int, str]] = []
        self._numbers = count()

    def add(self, host: str, job: Job, gap: float = 0.0) -> None:
        """Queue a job behind the others of its host; after it, the next waits so long at least."""
        known = self._hosts.setdefault(host, _Host())
        known.waiting.append((job, max(gap, self._gap)))
        self._list(host, known)

    def put_off(self, host: str, now: float) -> float:
        """Tell for how long a job had better stay away, because its host's queue is long enough.

        Zero lets it in. Those who are put off are spread, so that each comes back to its turn.
        """
        known = self._hosts.get(host)
        if known is None or len(known.waiting) * self._gap < LONGEST_QUEUE:
            return 0.0
        known.booked_until = max(known.booked_until, now + LONGEST_QUEUE) + self._gap
        return known.booked_until - now

    def crowd(self) -> int:
        """Count the jobs under way and those that wait for nothing but a free hand.

        Of those that wait for a pause between two requests to their host, one a host counts.
        """
        paced = self._gap > 0
        return sum(
            known.in_flight + (bool(known.waiting) if paced else len(known.waiting))
            for known in self._hosts.values()
        )

    def load(self) -> int:
        """Count the jobs under way and those that wait, for whatever."""
        return sum(known.in_flight + len(known.waiting) for known in self._hosts.values())

    def take(self, now: float) -> tuple[str, Job] | None:
        """Give the next job that may start now, with its host; give it back with `done`."""
        while self._ready and self._ready[0][0] <= now:
            host = heappop(self._ready)[2]
            known = self._hosts[host]
            known.listed = False
            if known.waiting:
                job, gap = known.waiting.popleft()
                known.in_flight += 1
                known.free_at = now + gap
                self._list(host, known)
                return host, job
        return None

    def opens_at(self) -> float | None:
        """Tell when `take` may next have something; None: not before an `add` or a `done`."""
        return self._ready[0][0] if self._ready else None

    def done(self, host: str) -> None:
        """Note that a job taken for this host has ended."""
        known = self._hosts[host]
        known.in_flight -= 1
        self._list(host, known)

    def withdraw(self, unwanted: Callable[[Job], bool]) -> None:
        """Drop the waiting jobs that nobody wants any more."""
        for known in self._hosts.values():
            known.waiting = deque(one for one in known.waiting if not unwanted(one[0]))

    def forget_idle(self, now: float) -> None:
        """Drop the hosts that have nothing to do and whose pause is over."""
        self._hosts = {
            host: known
            for host, known in self._hosts.items()
            if known.waiting or known.in_flight or known.listed or known.free_at > now
        }

    def _list(self, host: str, known: _Host[Job]) -> None:
        if known.waiting and not known.listed and known.in_flight < self._per_host:
            known.listed = True
            heappush(self._ready, (known.free_at, next(self._numbers), host))
