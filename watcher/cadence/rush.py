"""Many feeds due at once, and clocks that were set back.

After a restart, a sleep, a clock that jumped, or when thousands of feeds are added, all are due in
the same moment. The first hundred are visited at once, so that a small configuration starts when
it is started; the others are spread, each at a moment of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.cadence.moment import share_of
from watcher.model import FeedId, FeedMemory

AT_ONCE = 100  # feeds that may be due in one moment
A_SECOND = 10  # feeds, of those that are spread


def spread(
    overdue: Sequence[FeedId], now: datetime, interval: timedelta
) -> tuple[tuple[FeedId, datetime], ...]:
    """Give each of these feeds a moment: ten a second, and all within the interval."""
    over = min(interval, timedelta(seconds=len(overdue) / A_SECOND))
    return tuple((feed, now + over * share_of(feed, 0)) for feed in overdue)


def set_back(memory: FeedMemory, now: datetime) -> FeedMemory:
    """Wait anew where the last visit lies in the future: the clock was set back since.

    Otherwise a feed would be left alone for as long as the clock was ahead.
    """
    if memory.last_visit_at is None or memory.last_visit_at <= now:
        return memory
    wait = max(timedelta(0), memory.due_at - memory.last_visit_at)
    return replace(memory, due_at=min(memory.due_at, now + wait), last_visit_at=now)
