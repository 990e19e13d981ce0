"""Moments, as programs read them."""

from datetime import UTC, datetime
from typing import overload


@overload
def iso(time: datetime) -> str: ...
@overload
def iso(time: None) -> None: ...
@overload
def iso(time: datetime | None) -> str | None: ...
def iso(time: datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC, to the second: `2026-03-02T08:00:00Z`; None stays None."""
    if time is None:
        return None
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
