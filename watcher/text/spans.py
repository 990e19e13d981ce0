"""Lengths of time, as one says them."""

from datetime import timedelta


def spoken(length: timedelta) -> str:
    """Say a length of time in whole days, hours or minutes, rounded down: `30 days`, `1 hour`."""
    if length >= timedelta(days=2):
        name, number = "day", length // timedelta(days=1)
    elif length >= timedelta(hours=1):
        name, number = "hour", length // timedelta(hours=1)
    else:
        name, number = "minute", length // timedelta(minutes=1)
    return f"{number} {name}{'' if number == 1 else 's'}"


def roughly(length: timedelta) -> str:
    """Say the same, but in whole months or years where it is longer than two of them."""
    for days, name in ((365.25, "years"), (30.44, "months")):
        if length >= timedelta(days=2 * days):
            return f"{length / timedelta(days=days):.0f} {name}"
    return spoken(length)
