"""What is told together, put together when its time has come."""

from datetime import datetime

from watcher import alerts
from watcher.model import Alert, Route, RouteName
from watcher.pipeline.watch import Watch
from watcher.ports import Store, Transaction


def gather(store: Store, watch: Watch, now: datetime) -> tuple[Alert, ...]:
    """Promise the digests whose time has come, and let go alone what waited for nobody.

    A digest and what it tells of change in one transaction: an alert is told in one of both ways.
    """
    with store.reading() as tx:  # nearly always there is nothing
        bundles, late = tx.due_bundles(now), _late(tx, watch, now)
    if not bundles and not late:
        return ()
    with store.transaction() as tx:
        told = [_tell_bundle(tx, watch, name, bundle, now) for name, bundle in bundles]
        told += [_tell_late(tx, route, now) for route in late]
    return tuple(digest for digest in told if digest is not None)


def _late(tx: Transaction, watch: Watch, now: datetime) -> tuple[Route, ...]:
    """Give the routes that have alerts older than they want them told alone.

    They wait while a channel's breaker is open: else each would be told in a digest with the next.
    """
    oldest = tx.oldest_due(now)
    late = [
        route
        for name, route in sorted(watch.routes.items())
        if name in oldest and oldest[name] < now - route.max_age
    ]
    channels = tx.channels() if late else {}
    failing = {name for name, health in channels.items() if alerts.is_open(health)}
    return tuple(route for route in late if route.channel not in failing)


def _tell_bundle(
    tx: Transaction, watch: Watch, name: RouteName, bundle: str, now: datetime
) -> Alert | None:
    members = tx.bundled(name, bundle)
    if not members:  # somebody else tells of them
        return None
    if len(members) == 1 and not alerts.is_digest_of_the_day(bundle):
        tx.resettle([alerts.alone(members[0], now)])
        return None
    route = watch.routes.get(name) or Route(name=name, channel=members[0].channel)
    return _tell(tx, route, bundle, members, now)


def _tell_late(tx: Transaction, route: Route, now: datetime) -> Alert | None:
    members = tx.late(route.name, now, now - route.max_age)
    return _tell(tx, route, alerts.LATE, members, now) if len(members) > 1 else None


def _tell(
    tx: Transaction, route: Route, bundle: str, members: tuple[Alert, ...], now: datetime
) -> Alert:
    digest, told = alerts.digest_of(route, bundle, members, now)
    tx.promise(digest)
    tx.resettle(told)
    return digest
