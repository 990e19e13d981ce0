"""How long until the next visit, and why.

A feed is visited at the configured interval (`poll.default`), sooner where half of what it shows
passes more quickly than that, and later by a tenth each time it brings nothing, up to four times
the interval. An interval of the feed's own (`poll`) is obeyed. Over all of this goes what servers
and documents ask for.
"""

from dataclasses import dataclass
from datetime import timedelta

from watcher.cadence.coverage import half_a_window
from watcher.cadence.pace import Pace
from watcher.model import Feed, FetchFailed, Habits, Wishes
from watcher.text.spans import spoken

LONGER = 1.1  # after a visit that brought nothing
SHORTER = 2  # after a gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long to wait, and why."""

    length: timedelta
    because: str


def usual(
    feed: Feed,
    before: timedelta | None,
    habits: Habits,
    pace: Pace,
    *,
    news: bool,
    gap: bool,
) -> Wait:
    """Choose the interval after a good visit; `before` is the one chosen at the last."""
    if feed.every is not None:
        return Wait(length=pace.clamp(feed.every), because="its `poll` setting")
    half = half_a_window(habits)
    prompt = pace.clamp(pace.default if half is None else min(pace.default, half))
    if gap:
        halved = min(prompt, (before or prompt) / SHORTER)
        return Wait(length=pace.clamp(halved), because="halved after a gap")
    if news:
        rising = prompt if before is None else pace.clamp(min(prompt, before * LONGER))
        return Wait(length=rising, because=_why_prompt(rising, habits, half, pace))
    idle = max(prompt, pace.idle if half is None else min(pace.idle, pace.clamp(half)))
    longer = min(idle, pace.clamp((before or prompt) * LONGER))
    grown = f"nothing new: a tenth longer each time, up to {spoken(idle)}"
    return Wait(length=longer, because=grown if idle > prompt else _why_quick(habits, half, pace))


def held(feed: Feed, wishes: Wishes, pace: Pace) -> Wait:
    """Tell how long server and document want to be left alone; never longer than `poll.max`.

    An interval that the operator set for the feed wins over ttl and sy:update*, which are hints,
    and often a template's; it does not win over what HTTP says.
    """
    fresh = Wait(
        length=min(wishes.fresh_for, pace.most),
        because="the server says how long its answer stays fresh (Cache-Control, Expires)",
    )
    hint = timedelta(0) if feed.every is not None else wishes.interval or timedelta(0)
    asked = Wait(
        length=min(hint, pace.most),
        because="the feed asks to be visited no more often (ttl, sy:updatePeriod)",
    )
    return longest(fresh, asked)


def backed_off(feed: Feed, failed: FetchFailed, failures: int, pace: Pace) -> Wait:
    """Tell how long to wait after so many failures in a row: twice as long each time."""
    first = pace.clamp(feed.every or pace.default)
    doubled = min(pace.most, first * (1 << min(failures - 1, 16)))
    times = "once" if failures == 1 else f"{failures} times in a row"
    return longest(
        Wait(length=doubled, because=f"it failed {times}: twice as long each time"),
        Wait(
            length=failed.retry_after or timedelta(0),
            because="the server asks to be left alone (Retry-After)",
        ),
    )


def longest(*waits: Wait) -> Wait:
    """Give the longest of these, the first one where several are as long."""
    return max(waits, key=lambda wait: wait.length)


def _why_prompt(chosen: timedelta, habits: Habits, half: timedelta | None, pace: Pace) -> str:
    if half is not None and half < pace.default:
        return _why_quick(habits, half, pace)
    return "the usual interval" if chosen >= pace.default else "growing back after a gap"


def _why_quick(habits: Habits, half: timedelta | None, pace: Pace) -> str:
    if half is None:
        return "the usual interval"
    least = f", but never less than {spoken(pace.least)}" if half < pace.least else ""
    return f"half of the {habits.window} items that it shows pass in {spoken(half)}{least}"
