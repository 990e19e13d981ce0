"""What to promise to whom and when, what to do with the answer, and how an alert reads. Pure.

plan        the story: from an item's hits to promises, each with its reason
taking      which routes take a hit, and which silences keep it in
holding     how long a promise is held, and with which others
timing      clocks of zones: digests, quiet hours
digesting   many alerts told at once
settle      what becomes of an alert after an attempt
dropping    alerts that nobody wants any more
notices     what the operator is told
render      how an alert reads
"""

from watcher.alerts.digesting import LATE, alone, digest_of, is_digest_of_the_day
from watcher.alerts.dropping import drop_by_hand
from watcher.alerts.holding import let_rest
from watcher.alerts.notices import notify, notify_of_rule
from watcher.alerts.plan import NO_BASELINE, baseline, plan
from watcher.alerts.settle import attempted, settle

__all__ = [
    "LATE",
    "NO_BASELINE",
    "alone",
    "attempted",
    "baseline",
    "digest_of",
    "drop_by_hand",
    "is_digest_of_the_day",
    "let_rest",
    "notify",
    "notify_of_rule",
    "plan",
    "settle",
]
