"""Routes: what goes out to one channel, and when; silences that keep it in."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from watcher.model.names import ChannelName, RouteName
from watcher.model.rules import Severity

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """What a route takes of what rules send it; what is empty asks for nothing.

    Feeds are ids or globs, languages the first part of BCP 47 tags (`en` for `en-GB`).
    """

    severities: frozenset[Severity] = frozenset()
    feeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Alerts are told together, at these times of the zone's day."""

    at: tuple[time, ...]  # ascending, by the clocks of the zone
    zone: tzinfo
    days: frozenset[int] = frozenset(range(7))  # 0 is Monday
    besides: frozenset[Severity] = frozenset()  # severities that do not wait for it


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Nothing is sent from `begin` to `end` by the clocks of the zone; it is sent at the end."""

    begin: time
    end: time  # earlier than `begin`: of the next day; never equal
    zone: tzinfo
    besides: frozenset[Severity] = frozenset()  # severities that are sent all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What goes out to one channel, and when."""

    name: RouteName
    channel: ChannelName
    group_wait: timedelta = timedelta(minutes=2)  # critical rules do not wait
    takes: Takes = field(default_factory=Takes)
    digest: Digest | None = None
    quiet: QuietHours | None = None
    most_per_hour: int | None = None  # beyond that, what comes is told in one digest
    max_age: timedelta = timedelta(hours=24)  # what could not be sent for longer goes in one digest
    fallback: RouteName | None = None  # where alerts go that this route's channel refuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Keeps in for a while what would go out; what it kept in is recorded and can be sent later.

    `matches` maps a label (`LABELS`) to a glob; all of them must hold.
    """

    id: str
    matches: tuple[tuple[str, str], ...]
    begins_at: datetime
    ends_at: datetime
    author: str = ""
    comment: str = ""
    created_at: datetime


LABELS = ("rule", "route", "feed", "tag", "severity", "language", "story")
