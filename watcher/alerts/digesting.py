"""Many alerts told at once: a digest is one alert of its own, and its members stay on record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watcher.alerts.itemless import itemless
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    Entry,
    Message,
    Route,
    content_id,
)

LISTED = 200  # members that a digest lists; the others are counted
LATE = "late"  # what could not be sent for longer than the route's `max_age`


def digest_of(
    route: Route, bundle: str, members: Sequence[Alert], now: datetime
) -> tuple[Alert, tuple[Alert, ...]]:
    """Make the digest of these alerts, and the alerts as they are once it is promised.

    The bundle's name and the members make the key: the same ones are never told twice.
    """
    oldest = sorted(members, key=lambda one: (one.created_at, one.key))
    telling = sorted(oldest, key=lambda one: -one.message.severity)
    key = content_id("digest", route.name, bundle, *(one.key for one in oldest))
    because = f"digest of {len(members)} alerts on route {route.name}: {bundle}"
    message = Message(
        headline=f"{_counted(len(members))}: {telling[0].message.headline}",
        severity=telling[0].message.severity,
        body=_about(bundle),
        entries=tuple(_entry(one) for one in telling[:LISTED]),
        entries_left_out=max(0, len(members) - LISTED),
    )
    digest = itemless(key, AlertKind.DIGEST, route, message, because, now)
    told = f"told in digest {digest.key}"
    return digest, tuple(
        replace(
            one,
            state=AlertState.DIGESTED,
            digest=digest.key,
            last_outcome=told,
            lease_until=None,
            settled_at=now,
        )
        for one in oldest
    )


def is_digest_of_the_day(bundle: str) -> bool:
    """Whether a bundle is a route's own digest, which is told even if only one alert is in it."""
    return bundle.startswith("digest ")


def alone(alert: Alert, now: datetime) -> Alert:
    """Let an alert that waited for others, and is alone, go by itself."""
    return replace(alert, bundle="", state=AlertState.PENDING, due_at=now)


def _entry(alert: Alert) -> Entry:
    message = alert.message
    return Entry(
        alert=alert.key,
        headline=message.headline,
        severity=message.severity,
        lead=message.lead,
        rules=tuple(rule.id for rule in message.rules),
        copies=len(message.copies),
    )


def _counted(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"


def _about(bundle: str) -> str:
    kind, _, rest = bundle.partition(" ")
    match kind:
        case "digest":
            return f"Digest {rest}"
        case "quiet":
            return f"Came in quiet hours, which ended {rest}"
        case "cap":
            return f"More than the route sends in an hour; told together {rest}"
        case "flood":
            return f"Many items were new at once: {rest}"
        case _:
            return "These could not be sent for a long time"
