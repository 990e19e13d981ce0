"""When to visit a feed again, how to ask it, and what a visit says about its health.

    visiting     the story: what a visit leaves behind, from its answer
    good_visit   the same, where the feed could be read or had not changed
    pace         how often feeds are visited, as the configuration wants it
    interval     how long until the next visit, and why: learned, wished, backed off
    moment       the very moment: jitter, and hours and days to leave out
    freshness    what HTTP headers say about when an answer is old
    validators   how to ask whether anything has changed, where servers get it wrong
    coverage     what visits teach of a feed: its window, its rate, its pauses; gaps
    day          the last 24 hours by the half hour
    looking_back older pages, gone through after a gap
    flooding     nearly everything new at once
    moving       addresses that changed for good
    telling      what the operator is told of feeds
    rush         many feeds due at once; clocks that were set back

Polling never stops but for a 410: it backs off. Nothing here rolls dice: jitter comes from a hash,
so that feeds spread over time and the same visit always gives the same answer.
"""

from watcher.cadence.coverage import half_a_window
from watcher.cadence.flooding import flood
from watcher.cadence.freshness import freshness
from watcher.cadence.interval import held
from watcher.cadence.looking_back import older_than_the_gap
from watcher.cadence.pace import Harvest, Pace
from watcher.cadence.rush import AT_ONCE, set_back, spread
from watcher.cadence.telling import FAILING_AFTER, is_quiet
from watcher.cadence.validators import Conditions, conditions
from watcher.cadence.visiting import after, noted

__all__ = [
    "AT_ONCE",
    "FAILING_AFTER",
    "Conditions",
    "Harvest",
    "Pace",
    "after",
    "conditions",
    "flood",
    "freshness",
    "half_a_window",
    "held",
    "is_quiet",
    "noted",
    "older_than_the_gap",
    "set_back",
    "spread",
]
