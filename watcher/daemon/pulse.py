"""When each job last showed that it lives: what the watchdog is told rests on it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Lock
from time import monotonic


class Pulse:
    """The last sign of life of each job, by the steady clock; safe between threads.

    A job is silent when its last sign is older than it may be. While a job runs that others have to
    wait for (`alone`), the others are excused for as long as that one may take.
    """

    def __init__(self, steady: Callable[[], float] = monotonic) -> None:
        self._steady = steady
        self._lock = Lock()
        self._limits: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._alone: dict[str, float] = {}  # until when those that run alone excuse the others

    def expect(self, limits: Mapping[str, timedelta]) -> None:
        """From now on, expect signs of these jobs, and of no others."""
        with self._lock:
            self._limits = {name: limit.total_seconds() for name, limit in limits.items()}
            self._last = dict.fromkeys(self._limits, self._steady())
            self._alone.clear()

    def beat(self, name: str) -> None:
        """Note that a job lives."""
        with self._lock:
            self._last[name] = self._steady()

    def begin_alone(self, name: str, limit: timedelta) -> None:
        """Note that a job began that others may have to wait for."""
        with self._lock:
            self._alone[name] = self._steady() + limit.total_seconds()

    def end_alone(self, name: str) -> None:
        """Note that it has ended; the others are expected from now on."""
        with self._lock:
            if self._alone.pop(name, None) is not None:
                self._last = dict.fromkeys(self._last, self._steady())

    def silent(self) -> Mapping[str, float]:
        """Tell which jobs should have shown a sign by now, and how many seconds ago they did."""
        with self._lock:
            now = self._steady()
            if any(until > now for until in self._alone.values()):
                return {}
            since = {name: now - self._last[name] for name in self._limits}
            return {name: age for name, age in since.items() if age > self._limits[name]}

    def ages(self) -> Mapping[str, float]:
        """Tell for each job how many seconds ago it last showed a sign."""
        with self._lock:
            now = self._steady()
            return {name: now - self._last[name] for name in self._limits}
