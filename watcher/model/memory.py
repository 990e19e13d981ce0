"""What we remember of a feed besides its last visit: wishes, habits, moves, gaps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Asking(StrEnum):
    """How a server is asked whether anything has changed."""

    BOTH = "both"  # by all that it gave us, byte for byte
    DATE = "date"  # by Last-Modified alone: it does not know its own ETag again
    BARE_TAG = "bare tag"  # by the ETag without the `-gzip` that its compression has put on
    HOPELESS = "hopeless"  # by all again, since none of these has worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How often server and document want us to come, as they said it the last time."""

    fresh_for: timedelta = timedelta(0)  # HTTP: Cache-Control, Expires
    interval: timedelta | None = None  # ttl, sy:update*
    skip_hours: frozenset[int] = frozenset()  # 0 to 23, in UTC
    skip_days: frozenset[int] = frozenset()  # Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What we learned of a feed by visiting it."""

    window: int = 0  # items that its document shows
    overlap: int = 0  # how many of these we knew already, the last time
    rate: float | None = None  # new items a day, smoothed
    longest_pause: timedelta | None = None  # without a new item
    arrivals: int = 0  # how many times it brought something, as far as pauses are known by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a feed says it has moved for good (301, 308)."""

    to: str = ""  # visited instead of the configured address; empty: not moved
    said: str = ""  # where it has sent us the last times
    times: int = 0  # in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """Older pages that we go through because a feed rolled over between two visits."""

    page: str  # the next one to get
    since: datetime  # what we saw before then is what we look for
    resume_at: datetime  # when the feed itself is due again
    pages: int = 0  # that we got
    found: int = 0  # missed items that they held


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """What one of the last visits came to, in short."""

    at: datetime
    outcome: str
    reason: str = ""
    items: int = 0
    fresh: int = 0


class HalfHour(NamedTuple):
    """What the visits of half an hour came to; a tuple, as each feed has up to 48 of them."""

    number: int  # half hours since 1970
    visits: int = 0
    failed: int = 0
    fresh: int = 0  # items that were new
    gaps: int = 0  # visits at which items may have been missed

    @staticmethod
    def number_of(time: datetime) -> int:
        """Tell in which half hour a time is."""
        return int(time.timestamp()) // 1800

    @property
    def begins_at(self) -> datetime:
        """When it begins."""
        return datetime.fromtimestamp(self.number * 1800, UTC)
