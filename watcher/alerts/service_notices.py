"""What the operator is told of the service itself."""

from datetime import datetime

from watcher.alerts.itemless import itemless
from watcher.model import (
    Alert,
    AlertKind,
    Message,
    Route,
    ServiceNotice,
    Severity,
    Topic,
    content_id,
)

_HEADLINES = {
    (Topic.CONFIG, True): "Configuration refused; the one before stays in service",
    (Topic.CONFIG, False): "The configuration is good again, and in service",
    (Topic.STORE, True): "The database does not do its work; no feed is visited meanwhile",
    (Topic.STORE, False): "The database works again, and feeds are visited",
    (Topic.WORK, True): "A step of Watcher fails again and again",
    (Topic.WORK, False): "All steps of Watcher work again",
    (Topic.BACKUP, True): "No backup of the database can be made",
    (Topic.BACKUP, False): "Backups of the database are made again",
    (Topic.DAMAGE, True): "The database was damaged or gone; its last good backup is in its place",
}


def notify_of_service(notice: ServiceNotice, route: Route, now: datetime) -> Alert:
    """Make the alert that tells the operator how the service does."""
    turn = "opened" if notice.opens else "closed"
    began = notice.opened_at.isoformat()
    severity = Severity.HIGH if notice.opens else Severity.INFO
    headline = _HEADLINES[notice.topic, notice.opens]
    return itemless(
        content_id("service notice", route.name, notice.topic, began, turn),
        AlertKind.SERVICE,
        route,
        Message(headline=headline, severity=severity, body=notice.text),
        f"operator's notice: {notice.topic.value}, {turn}",
        now,
    )


def daily_line(text: str, day: str, route: Route, now: datetime) -> Alert:
    """Make the alert that tells the operator, once a day, that all is well or what is not."""
    key = content_id("daily line", route.name, day)
    because = f"the daily line of {day}"
    return itemless(key, AlertKind.SERVICE, route, Message(headline=text), because, now)
