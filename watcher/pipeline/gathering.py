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
    with store.reading() as tx:
        waiting = bool(tx.due_bundles(now)) or any(_late(tx, one, now) for one in _routes(watch))
    if not waiting:
        return ()
    with store.transaction() as tx:
        bundles = [_tell_bundle(tx, watch, *named, now) for named in tx.due_bundles(now)]
        late = [_tell_late(tx, route, now) for route in _routes(watch)]
    return tuple(alert for alert in (*bundles, *late) if alert is not None)


def _routes(watch: Watch) -> tuple[Route, ...]:
    return tuple(route for _, route in sorted(watch.routes.items()))


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
    members = _late(tx, route, now)
    return _tell(tx, route, alerts.LATE, members, now) if len(members) > 1 else None


def _late(tx: Transaction, route: Route, now: datetime) -> tuple[Alert, ...]:
    return tx.late(route.name, now, now - route.max_age)


def _tell(
    tx: Transaction, route: Route, bundle: str, members: tuple[Alert, ...], now: datetime
) -> Alert:
    digest, told = alerts.digest_of(route, bundle, members, now)
    tx.promise(digest)
    tx.resettle(told)
    return digest
