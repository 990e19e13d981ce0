"""Alerts that nobody wants any more: a person says so."""

from dataclasses import replace
from datetime import datetime

from watcher.model import Alert, AlertState

DROPPABLE = (AlertState.HELD, AlertState.PENDING, AlertState.DOUBTFUL, AlertState.DEAD)


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
