"""Numbers by day as little pictures made of characters, and the spans of time they are about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import typer

LEVELS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
PLAIN_LEVELS = "12345678"  # where the output cannot write blocks
PLAIN_NOTHING = "."
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> timedelta:
    """Read how far to look back: `12h`, `30d`, `4w`; raises typer.BadParameter."""
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit() and len(number) <= 5 and unit in _UNITS):
        raise typer.BadParameter(f"{text!r} is not a span of time; write 12h, 30d or 4w")
    length = timedelta(**{_UNITS[unit]: int(number)})
    if not timedelta(0) < length <= timedelta(days=3660):
        raise typer.BadParameter(f"{text!r} must be longer than nothing and at most ten years")
    return length


def days_of(length: timedelta, now: datetime) -> tuple[date, ...]:
    """List the UTC days of a span that ends now, today last; a part of a day counts as one."""
    count = max(1, -(-length // timedelta(days=1)))
    return tuple(now.date() - timedelta(days=ago) for ago in reversed(range(count)))


def numbers(by_day: Mapping[date, int], days: Sequence[date]) -> tuple[int, ...]:
    """Give the number of each day; 0 where there is none."""
    return tuple(by_day.get(day, 0) for day in days)


def sparkline(counts: Sequence[int], *, plain: bool = False) -> str:
    """Draw numbers as one character each, the greatest as a whole block: `··▁▄█`."""
    levels, nothing = (PLAIN_LEVELS, PLAIN_NOTHING) if plain else (LEVELS, NOTHING)
    most = max(counts, default=0)
    return "".join(
        levels[(count * len(levels) - 1) // most] if count else nothing for count in counts
    )


def bar(count: int, most: int, width: int, *, plain: bool = False) -> str:
    """Draw a number as a bar, `most` as one of `width` characters; not even 1 is nothing."""
    length = max(1, count * width // most) if count else 0
    return ("#" if plain else "█") * length
