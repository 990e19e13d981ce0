"""One channel's alerts on their way out: claimed, sent, settled; no transaction is open meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from watcher import alerts
from watcher.model import Delivery, TryLater
from watcher.pipeline.watch import Watch
from watcher.ports import Channel, Clock, Store

ALERT_LEASE = timedelta(minutes=2)  # longer than any channel's deadline
ALERTS_AT_ONCE = 100


class Outgoing:
    """What is due in one channel."""

    def __init__(
        self, store: Store, channel: Channel, watch: Watch, clock: Clock, rng: Random
    ) -> None:
        self.store, self.channel, self.watch = store, channel, watch
        self.clock, self.rng = clock, rng

    def deliver(self, stopping: Callable[[], bool]) -> tuple[Delivery, ...]:
        """Try the promises that are due, one after the other."""
        deliveries: list[Delivery] = []
        while len(deliveries) < ALERTS_AT_ONCE and not stopping():
            delivery = self._deliver_one()
            if delivery is None:
                break
            deliveries.append(delivery)
            if isinstance(delivery.outcome, TryLater) and delivery.outcome.throttled:
                break
        return tuple(deliveries)

    def _deliver_one(self) -> Delivery | None:
        with self.store.transaction() as tx:
            claimed = tx.claim_alerts(self.channel.name, self.clock.now(), ALERT_LEASE, 1)
        if not claimed:
            return None
        outcome = self.channel.send(claimed[0])  # no transaction is open here
        now = self.clock.now()
        settled = alerts.settle(claimed[0], outcome, now, self.rng)
        settled = alerts.let_rest(settled, self.watch.routes.get(settled.route))
        with self.store.transaction() as tx:
            tx.settle(settled, alerts.attempted(claimed[0], outcome, now))
            if isinstance(outcome, TryLater) and outcome.throttled:
                tx.throttle(self.channel.name, settled.due_at)
        return Delivery(alert=settled, outcome=outcome)
