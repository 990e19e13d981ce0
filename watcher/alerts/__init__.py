"""What to promise to whom, what to do with the answer, and how an alert reads. Pure."""

from watcher.alerts.notices import notify, notify_of_rule
from watcher.alerts.plan import NO_BASELINE, baseline, plan
from watcher.alerts.settle import attempted, settle

__all__ = [
    "NO_BASELINE",
    "attempted",
    "baseline",
    "notify",
    "notify_of_rule",
    "plan",
    "settle",
]
