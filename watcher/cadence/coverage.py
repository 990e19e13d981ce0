"""What visits teach of a feed: its window, its rate, its pauses; and whether it rolled over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp

from watcher.cadence.pace import Harvest
from watcher.model import Document, DueFeed, FeedMemory, Fetched, Habits

DAY = timedelta(days=1)
# The rate follows a busy hour quickly and forgets it slowly: another one will come.
RISES_WITHIN = timedelta(hours=6)
FALLS_WITHIN = timedelta(days=4)
DELTA = 226  # HTTP status: only what is new, so that nothing known in it means nothing
# Dates of the first document are believed as a beginning, if they are more than a stamp of now.
SHORTEST_SPAN = timedelta(hours=1)
TELLING_SPAN = timedelta(days=2)
ENOUGH_ARRIVALS = 5  # pauses between fewer say nothing


def rolled_over(due: DueFeed, answer: Fetched, document: Document, harvest: Harvest) -> bool:
    """Tell whether the feed may have rolled over since the last visit: a gap.

    A feed that has shown nothing so far cannot have: what it shows now is its beginning.
    """
    known = due.memory.last_fresh_at is not None
    return known and answer.status != DELTA and bool(document.items) and not harvest.overlaps


def habits_after(
    before: FeedMemory, document: Document | None, harvest: Harvest, now: datetime
) -> Habits:
    """Learn from a good visit; `document` is None where nothing had changed."""
    habits = before.habits
    if before.last_read_at is None:
        return _first_impression(document, now)
    if document is None:
        habits = replace(habits, overlap=habits.window)
    elif document.items:
        habits = replace(habits, window=len(document.items), overlap=harvest.known)
    rate = _smoothed(habits.rate, harvest.fresh, now - before.last_read_at)
    habits = replace(habits, rate=rate)
    return _with_pause(habits, before) if harvest.fresh else habits


def half_a_window(habits: Habits) -> timedelta | None:
    """Give the time in which half of what the feed shows is replaced; None: not known."""
    if not habits.window or not habits.rate:
        return None
    days = habits.window / habits.rate / 2
    return timedelta(days=min(days, 3650))


def silence_told(habits: Habits) -> timedelta | None:
    """Give how long a silence must be to be told: one that the feed never had before."""
    if habits.arrivals < ENOUGH_ARRIVALS or habits.longest_pause is None:
        return None
    return max(3 * habits.longest_pause, 2 * DAY)


def _first_impression(document: Document | None, now: datetime) -> Habits:
    """Guess from the dates of the first document, until visits have taught better."""
    if document is None or not document.items:
        return Habits()
    dates = sorted({item.published for item in document.items if item.published})
    habits = Habits(window=len(document.items))
    if len(dates) < 2:
        return habits
    span = max(SHORTEST_SPAN, now - dates[0])
    habits = replace(habits, rate=len(document.items) * DAY / span)
    if len(dates) < ENOUGH_ARRIVALS or dates[-1] - dates[0] < TELLING_SPAN:
        return habits
    return replace(habits, longest_pause=_longest(dates), arrivals=len(dates))


def _longest(dates: Sequence[datetime]) -> timedelta:
    return max(later - earlier for earlier, later in pairwise(dates))


def _smoothed(rate: float | None, fresh: int, elapsed: timedelta) -> float | None:
    """Bring the rate nearer to what came in this time; a clock set back teaches nothing."""
    if elapsed <= timedelta(0):
        return rate
    seen = fresh * DAY / elapsed
    if rate is None:
        return seen or None
    within = RISES_WITHIN if seen > rate else FALLS_WITHIN
    return rate + (seen - rate) * (1 - exp(-(elapsed / within)))


def _with_pause(habits: Habits, before: FeedMemory) -> Habits:
    """Count an arrival, and the pause before it as far as we were there to see it."""
    if before.last_fresh_at is None or before.last_read_at is None:
        return replace(habits, arrivals=habits.arrivals + 1)
    pause = max(timedelta(0), before.last_read_at - before.last_fresh_at)
    longest = max(habits.longest_pause or timedelta(0), pause)
    return replace(habits, arrivals=habits.arrivals + 1, longest_pause=longest)
