"""Keeping in what was held already when a silence began: planning sees only what comes later."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from watcher import alerts
from watcher.model import Alert, Feed, Silence
from watcher.pipeline.watch import Watch
from watcher.ports import Store, Transaction


def hush(store: Store, watch: Watch, known: AbstractSet[str], now: datetime) -> frozenset[str]:
    """Suppress held alerts that a silence keeps in which is not known yet; give all in force.

    A silence is asked once what it keeps in: alerts that come later are asked as they are planned.
    Held alerts only: what was sent again by hand is not held, and goes out.
    """
    with store.reading() as tx:  # nearly always there is nothing
        in_force = tx.silences(now)
    new = [silence for silence in in_force if silence.id not in known]
    if new:
        with store.transaction() as tx:
            asked = (_hushed(tx, watch, alert, new, now) for alert in tx.held())
            tx.resettle([alert for alert in asked if alert is not None])
    return frozenset(silence.id for silence in in_force)


def _hushed(
    tx: Transaction, watch: Watch, alert: Alert, silences: list[Silence], now: datetime
) -> Alert | None:
    trail = None if alert.item is None else tx.trail(alert.item)
    if trail is None:
        return None
    item = trail.item
    feed = watch.feeds.get(item.feed) or Feed(id=item.feed, url="")  # it may be gone by now
    return alerts.hushed(alert, silences, item, feed, now)
