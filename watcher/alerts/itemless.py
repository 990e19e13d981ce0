"""Alerts that no item caused: notices, and digests of others."""

from datetime import datetime

from watcher.alerts.timing import wait_for_quiet
from watcher.model import Alert, AlertKey, AlertKind, Message, Route


def itemless(
    key: str, kind: AlertKind, route: Route, message: Message, because: str, now: datetime
) -> Alert:
    """Make an alert that leaves now, or at the end of the route's quiet hours."""
    return Alert(
        key=AlertKey(key),
        kind=kind,
        route=route.name,
        channel=route.channel,
        story=None,
        item=None,
        message=message,
        because=because,
        created_at=now,
        due_at=wait_for_quiet(route.quiet, message.severity, now),
    )
