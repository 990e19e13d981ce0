"""Alerts that nobody wants any more: their rule was taken away, or a person says so."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from watcher.model import Alert, AlertState, RuleId

DROPPABLE = (AlertState.HELD, AlertState.PENDING, AlertState.DOUBTFUL, AlertState.DEAD)


def drop_for_rules(alert: Alert, in_service: Collection[RuleId], now: datetime) -> Alert | None:
    """Suppress a held alert none of whose rules is in service any more; None: it stays."""
    if not alert.rule_ids or alert.rule_ids.intersection(in_service):
        return None
    names = ", ".join(sorted(alert.rule_ids))
    gone = f"rule {names} was" if len(alert.rule_ids) == 1 else f"rules {names} were"
    return _dropped(alert, f"{gone} taken away while it was held", now)


def drop_by_hand(alert: Alert, now: datetime) -> Alert | None:
    """Suppress an alert that has not arrived; None where it is on its way or has."""
    if alert.state not in DROPPABLE:
        return None
    return _dropped(alert, f"dropped by hand (it was {alert.state.value})", now)


def _dropped(alert: Alert, reason: str, now: datetime) -> Alert:
    return replace(
        alert,
        state=AlertState.SUPPRESSED,
        last_outcome=reason,
        lease_until=None,
        settled_at=now,
        bundle="",
    )
