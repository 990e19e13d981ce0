"""Hosts that asked to be left alone for a while (Retry-After)."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from watcher.model import FetchFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Until when a host wants no request, and with which status it said so."""

    until: datetime
    status: int


class Holds:
    """Remembers such hosts for as long as the process lives; any number of threads may use it.

    Without it the next feed of the same host would hammer at a door that was just closed.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._lock = Lock()
        self._holds: dict[str, Hold] = {}

    def note(self, host: str, failed: FetchFailed, now: datetime) -> None:
        """Remember what a host asked for in its answer, if it did."""
        if self._wanted and failed.retry_after:
            with self._lock:
                self._holds[host] = Hold(until=now + failed.retry_after, status=failed.status)

    def answer(self, host: str, now: datetime) -> FetchFailed | None:
        """Answer in place of a host that is not to be asked; None lets the request go."""
        with self._lock:
            hold = self._holds.get(host)
            if hold is None:
                return None
            if hold.until <= now:
                del self._holds[host]
                return None
        reason = f"not asked: {host} answered {hold.status} before and wants to be left alone"
        wait = hold.until - now
        return FetchFailed(reason=reason, status=hold.status, retry_after=wait, postponed=True)
