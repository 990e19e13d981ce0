"""What dates mean, and which of them make sense."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)  # what is older is a clock that was never set


def clamped(moment: datetime | None, now: datetime) -> datetime | None:
    """Give a date of publication that makes sense: never after `now`, none before 1971."""
    if moment is None or moment < _EARLIEST:
        return None
    return min(moment, now)


def instant(text: str) -> datetime | None:
    """Read an ISO 8601 (RFC 3339) or RFC 2822 date; without an offset it is UTC, in UTC always."""
    text = text.strip()
    if not text.isascii():  # other scripts' digits are no date
        return None
    try:
        return in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    try:
        return in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def in_utc(moment: datetime) -> datetime:
    """Give the same instant in UTC; a time without an offset is held to be UTC.

    Raises OverflowError at the very ends of the calendar.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
