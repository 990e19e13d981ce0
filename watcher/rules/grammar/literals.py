"""The literals of comparisons: durations, dates and numbers."""

import re
from datetime import UTC, datetime
from typing import cast

from watcher.rules.spec import BrokenExpression
from watcher.rules.tree import Compare, ComparedField, Comparison

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"([0-9]{1,15})([smhdw])")
_NUMBER = re.compile(r"[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[Tt][0-9:.,+\-Zz]+)?")
_WANTED = {
    "age": "a duration such as 90s, 30m, 24h, 7d or 2w",
    "published": "a date such as 2015-11-30 or 2015-11-30T12:00:00Z",
    "words": "a whole number",
}


def literal_of(field: str, comparison: str, literal: str, written: str, start: int) -> Compare:
    """Read a whole comparison; `written` begins at `start` of the expression."""
    read = {"age": _duration, "published": instant, "words": _number}[field](literal)
    end = start + len(written)
    if read is None:
        message = f"{field} is compared with {_WANTED[field]}"
        raise BrokenExpression("E126", message, end - len(literal), end)
    return Compare(
        field=cast("ComparedField", field),
        comparison=cast("Comparison", comparison),
        literal=read,
        written=written,
        start=start,
        end=end,
    )


def _duration(literal: str) -> int | None:
    duration = _DURATION.fullmatch(literal)
    return int(duration[1]) * _SECONDS[duration[2]] if duration else None


def _number(literal: str) -> int | None:
    return int(literal) if _NUMBER.fullmatch(literal) else None


def instant(literal: str) -> datetime | None:
    """Read an ISO 8601 date (midnight UTC) or date-time (UTC where it has no offset)."""
    if not _DATE.fullmatch(literal):
        return None
    try:
        read = datetime.fromisoformat(literal.upper())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
