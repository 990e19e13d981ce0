"""How long a promised alert is held, with which others, and why."""

from dataclasses import replace
from datetime import datetime, timedelta

from watcher.alerts.timing import next_digest, wait_for_quiet
from watcher.model import Alert, AlertState, Occasion, Route, Severity

_HOUR = timedelta(hours=1)


def timed(alert: Alert, route: Route, occasion: Occasion, now: datetime) -> Alert:
    """Say when an alert leaves and with which others: its `because` tells why it is held.

    The first that applies holds it: too many new items at once, the route's digest, its cap an
    hour, its group wait. Quiet hours come on top. What leaves together has the same `bundle`.
    """
    severity = alert.message.severity
    wait = timedelta(0) if severity is Severity.CRITICAL else route.group_wait
    if occasion.flood:
        bundle = f"flood {occasion.feed.id} {_clock(now)}: {occasion.flood}"
        held = _held(alert, now + wait, bundle, f"feed {occasion.feed.id} {occasion.flood}")
    elif route.digest is not None and severity not in route.digest.besides:
        due = next_digest(route.digest, now)
        local = due.astimezone(route.digest.zone)
        held = _held(
            alert, due, f"digest {_clock(local)}", f"held for the digest of {_clock(local)}"
        )
    elif _is_over_the_cap(route, occasion):
        due = now + wait + _HOUR
        due = due.replace(minute=0, second=0, microsecond=0)
        reason = f"the route sent {route.most_per_hour} within the last hour, its most: held"
        held = _held(alert, due, f"cap {_clock(due)}", f"{reason} until {_clock(due)}")
    elif wait:
        reason = f"held {wait.total_seconds():g} s for copies and the original to gather"
        held = _held(alert, now + wait, "", reason)
    else:
        held = replace(alert, due_at=now)
    return quietened(held, route)


def quietened(alert: Alert, route: Route) -> Alert:
    """Hold an alert that would leave in quiet hours until their end, together with the others."""
    due = wait_for_quiet(route.quiet, alert.message.severity, alert.due_at)
    if route.quiet is None or due == alert.due_at:
        return alert
    end = _clock(due.astimezone(route.quiet.zone))
    return _held(alert, due, alert.bundle or f"quiet {end}", f"quiet hours until {end}")


def let_rest(alert: Alert, route: Route | None) -> Alert:
    """Let an alert that is tried again wait for the end of quiet hours; it goes alone then."""
    if route is None or alert.state not in (AlertState.PENDING, AlertState.DOUBTFUL):
        return alert
    due = wait_for_quiet(route.quiet, alert.message.severity, alert.due_at)
    return replace(alert, due_at=due)


def _held(alert: Alert, due: datetime, bundle: str, reason: str) -> Alert:
    return replace(
        alert,
        state=AlertState.HELD,
        due_at=due,
        bundle=bundle,
        because=f"{alert.because}; {reason}",
    )


def _is_over_the_cap(route: Route, occasion: Occasion) -> bool:
    sent = occasion.last_hour.get(route.name, 0)
    return route.most_per_hour is not None and sent >= route.most_per_hour


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}"
