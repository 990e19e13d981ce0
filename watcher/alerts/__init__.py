"""What to promise to whom and when, what to do with the answer, and how an alert reads. Pure.

plan             the story: from an item's hits to promises, each with its reason
taking           which routes take a hit, and which silences keep it in
holding          how long a promise is held, and with which others
timing           clocks of zones: digests, quiet hours
digesting        many alerts told at once
settle           what becomes of an alert after an attempt
health           what becomes of its channel: the circuit breaker
detours          where refused alerts go, and who hears of a channel that fails
dropping         alerts that nobody wants any more
waits            how long to wait before the next try
set_back         what waits when the clock was set back
itemless         alerts that no item caused
notices          what the operator is told of feeds and rules
service_notices  what the operator is told of the service itself
render           how an alert reads
"""

from watcher.alerts.detours import detour, notify_of_channel, told_of_channel, turned
from watcher.alerts.digesting import LATE, alone, digest_of, is_digest_of_the_day
from watcher.alerts.dropping import drop_by_hand, drop_for_rules
from watcher.alerts.health import (
    health_after,
    is_gone,
    is_open,
    may_send,
    probing,
    revived,
)
from watcher.alerts.holding import let_rest
from watcher.alerts.notices import notify, notify_of_rule
from watcher.alerts.plan import NO_BASELINE, baseline, plan
from watcher.alerts.service_notices import daily_line, notify_of_service
from watcher.alerts.set_back import health_set_back, set_back
from watcher.alerts.settle import attempted, outcome_told, settle
from watcher.alerts.taking import hushed

__all__ = [
    "LATE",
    "NO_BASELINE",
    "alone",
    "attempted",
    "baseline",
    "daily_line",
    "detour",
    "digest_of",
    "drop_by_hand",
    "drop_for_rules",
    "health_after",
    "health_set_back",
    "hushed",
    "is_digest_of_the_day",
    "is_gone",
    "is_open",
    "let_rest",
    "may_send",
    "notify",
    "notify_of_channel",
    "notify_of_rule",
    "notify_of_service",
    "outcome_told",
    "plan",
    "probing",
    "revived",
    "set_back",
    "settle",
    "told_of_channel",
    "turned",
]
