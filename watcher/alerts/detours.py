"""The other way round: where alerts go that a channel refuses, and who hears that it fails."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from watcher.alerts.health import is_gone, is_open
from watcher.alerts.itemless import itemless
from watcher.alerts.timing import wait_for_quiet
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelHealth,
    ChannelName,
    Message,
    Route,
    RouteName,
    Severity,
    content_id,
)

_INSTEAD = "in place of route"
_STAYS = (AlertKind.CHANNEL, AlertKind.TEST)  # these are about the way itself
_NEVER_ARRIVES = (AlertState.DEAD, AlertState.SUPPRESSED)


def detour(
    dead: Alert, told: Iterable[Alert], routes: Mapping[RouteName, Route], now: datetime
) -> Alert | None:
    """Promise an alert that is a dead letter on its route's fallback, once; None: it stays dead.

    `told` is what was promised about its story: a fallback that tells of it anyway is not told
    again. What came by a detour takes no other, so that two routes cannot hand it to and fro.
    """
    route = routes.get(dead.route)
    way = routes.get(route.fallback) if route is not None and route.fallback else None
    if way is None or way.channel == dead.channel or dead.kind in _STAYS:
        return None
    if dead.because.startswith(_INSTEAD) or _tells_of_it(way, dead, told):
        return None
    return Alert(
        key=AlertKey(content_id("detour", way.name, dead.key)),
        kind=dead.kind,
        route=way.name,
        channel=way.channel,
        story=dead.story,
        item=dead.item,
        revision=dead.revision,
        message=dead.message,
        because=f"{_INSTEAD} {dead.route} ({dead.last_outcome}): {dead.because}",
        created_at=now,
        due_at=wait_for_quiet(way.quiet, dead.message.severity, now),
    )


def _tells_of_it(way: Route, dead: Alert, told: Iterable[Alert]) -> bool:
    there = [one for one in told if one.route == way.name and one.state not in _NEVER_ARRIVES]
    named = frozenset(rule for one in there for rule in one.rule_ids)
    return bool(there) and dead.rule_ids <= named


def told_of_channel(
    name: ChannelName, routes: Mapping[RouteName, Route], operator: RouteName | None
) -> tuple[Route, ...]:
    """Tell which routes hear how a channel does.

    The fallbacks of the routes that use it, else the operator; never one that uses it itself.
    """
    fallbacks = {route.fallback for route in routes.values() if route.channel == name}
    ways = [routes[way] for way in sorted(filter(None, fallbacks)) if way in routes]
    if not any(way.channel != name for way in ways) and operator is not None:
        ways = [routes[operator]]
    return tuple(way for way in ways if way.channel != name)


def turned(before: ChannelHealth, after: ChannelHealth) -> ChannelHealth:
    """Count the times that a channel began to fail."""
    begins = is_open(after) and not is_open(before)
    return replace(after, told=before.told + 1) if begins else after


def notify_of_channel(
    before: ChannelHealth, after: ChannelHealth, route: Route, now: datetime
) -> Alert | None:
    """Make the alert that tells of a channel that began to fail, or works again; None: neither."""
    if is_gone(after) and not is_gone(before):
        turn, told = "is gone", "nothing is sent to it until the configuration is loaded again"
    elif is_open(after) and not is_open(before):
        turn, told = "is failing", "what is for it waits, and is sent when it works again"
    elif is_open(before) and not is_open(after):
        turn, told = "works again", "what waited is being sent"
    else:
        return None
    failing, trouble = is_open(after), (after.trouble or before.trouble)
    since = after.failing_since or before.failing_since or now
    message = Message(
        headline=f"Channel {after.name} {turn}",
        severity=Severity.HIGH if failing else Severity.INFO,
        body=f"{told}. It failed since {since:%Y-%m-%d %H:%M} UTC: {trouble}",
    )
    key = content_id("channel notice", route.name, after.name, str(after.told), turn)
    because = f"notice: channel {after.name} {turn}"
    return itemless(key, AlertKind.CHANNEL, route, message, because, now)
