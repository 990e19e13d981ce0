"""When an alert may leave: by the clocks of a zone, across changes of daylight-saving time.

A time that a day has twice counts once, the first time; one that it does not have is as much later
as the clocks jump (PEP 495, `fold=0`). So a digest at 02:30 goes out once on every day.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from watcher.model import Digest, QuietHours, Severity

_DAY = timedelta(days=1)
_A_WEEK = 8  # days within which a digest's next day comes, today's hours being over


def wait_for_quiet(quiet: QuietHours | None, severity: Severity, then: datetime) -> datetime:
    """Give when something may leave that would leave then: then, or at the end of quiet hours."""
    if quiet is None or severity in quiet.besides:
        return then
    local = then.astimezone(quiet.zone)
    for day in (local.date() - _DAY, local.date()):
        begin, end = _quiet_on(quiet, day)
        if begin <= then < end:
            return end
    return then


def _quiet_on(quiet: QuietHours, day: date) -> tuple[datetime, datetime]:
    """Give the beginning and end of the quiet hours that begin on a day."""
    until = day if quiet.begin < quiet.end else day + _DAY
    return _at(day, quiet.begin, quiet.zone), _at(until, quiet.end, quiet.zone)


def next_digest(digest: Digest, after: datetime) -> datetime:
    """Give when a route's next digest is told: later than that, within a week or a little more."""
    return next(moment for moment in _digests(digest, after) if moment > after)


def _digests(digest: Digest, after: datetime) -> Iterator[datetime]:
    """Yield the times of a digest, from the day before on: far east, a day may have begun."""
    first = after.astimezone(digest.zone).date()
    for days in range(2 * _A_WEEK):
        day = first + days * _DAY
        if day.weekday() in digest.days:
            yield from sorted(_at(day, at, digest.zone) for at in digest.at)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
