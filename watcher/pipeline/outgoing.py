"""One channel's alerts on their way out.

    the channel may be sent to -> what is due is claimed -> sent -> settled

The claim is committed before anything is sent, and what came of it after the answer; what is
settled and what is claimed next are one transaction, and none is open while the network is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from watcher import alerts
from watcher.model import (
    Alert,
    AlertState,
    ChannelHealth,
    ChannelName,
    Delivery,
    Manners,
    Repeats,
)
from watcher.pipeline.gathering import gather
from watcher.pipeline.senders import Answer, sender
from watcher.pipeline.watch import Watch
from watcher.ports import Channel, Clock, Store, Transaction

ALERT_LEASE = timedelta(minutes=2)  # longer than any channel's deadline
ALERTS_IN_A_RUN = 100  # then others have their turn, and the log is written


@dataclass(slots=True)
class Gaps:
    """When each channel that must be sent to slowly may be sent to again."""

    free_at: dict[ChannelName, datetime] = field(default_factory=dict)

    def wait(self, name: ChannelName, gap: timedelta, now: datetime) -> timedelta:
        """Tell how long to wait; never longer than the gap, whatever became of the clock."""
        free = self.free_at.get(name, now)
        return max(timedelta(0), min(free - now, gap))


class Outgoing:
    """What is due in one channel."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        watch: Watch,
        clock: Clock,
        rng: Random,
        gaps: Gaps,
    ) -> None:
        self.store, self.channel, self.watch = store, channel, watch
        self.clock, self.rng, self.gaps = clock, rng, gaps
        self._name = channel.name
        self._manners: Manners = watch.manners.get(channel.name, Manners())
        self._probing = False

    def deliver(self, stopping: Callable[[], bool]) -> tuple[Delivery, ...]:
        """Try what is due: stories beside each other, the alerts of one story one by one."""
        delivered: list[Delivery] = []
        answers: Sequence[Answer] = ()
        with sender(self.channel, self._manners.at_once) as carrier:
            while True:
                enough = stopping() or len(delivered) >= ALERTS_IN_A_RUN
                settled, claimed = self._turn(answers, 0 if enough else carrier.room)
                delivered += settled
                carrier.send(claimed)
                if not carrier.busy:
                    return tuple(delivered)
                answers = carrier.answers()  # no transaction is open here

    def _turn(
        self, answers: Sequence[Answer], room: int
    ) -> tuple[Sequence[Delivery], Sequence[Alert]]:
        """Settle what was answered, and claim what there is room for."""
        now = self.clock.now()
        if not answers and not (room and self._anything_to_do(now)):
            return (), ()
        with self.store.transaction() as tx:
            before = health = tx.health_to_change(self._name)
            settled = self._settle(tx, answers, now)
            for delivery in settled:
                health = self._told(tx, delivery, health, now)
            recovered = bool(before.failures and not health.failures)
            claimed: Sequence[Alert] = ()
            if not recovered:
                health, claimed = self._claim(tx, health, room, now)
            if health != before:
                tx.keep_health(health)
        if recovered:  # what grew too old meanwhile is told together, before it goes out alone
            gather(self.store, self.watch, now)
            with self.store.transaction() as tx:
                _, claimed = self._claim(tx, health, room, now)
        return settled, claimed

    def _anything_to_do(self, now: datetime) -> bool:
        with self.store.reading() as tx:
            return alerts.may_send(tx.health(self._name), now) and tx.anything_due(self._name, now)

    # --- claiming

    def _claim(
        self, tx: Transaction, health: ChannelHealth, room: int, now: datetime
    ) -> tuple[ChannelHealth, Sequence[Alert]]:
        """Claim what may be sent now; through an open breaker that is one alert, as a probe."""
        probe = alerts.is_open(health)
        room = self._allowed(room, now, probe=probe)
        if not room or not alerts.may_send(health, now):
            return health, ()
        if self._manners.repeats is Repeats.HOLD:
            tx.hold_doubtful(self._name, now)
        claimed = tx.claim_alerts(self._name, now, ALERT_LEASE, room)
        if claimed and self._manners.gap:
            self.gaps.free_at[self._name] = now + self._manners.gap
        if claimed and probe:
            self._probing = True
            health = alerts.probing(health, now + ALERT_LEASE)
        return health, claimed

    def _allowed(self, room: int, now: datetime, *, probe: bool) -> int:
        """Tell how many may be claimed: a probe goes alone, and what needs a gap one by one."""
        if probe and room < self._manners.at_once:
            return 0
        if self._manners.gap:
            return 0 if self.gaps.wait(self._name, self._manners.gap, now) else min(room, 1)
        return min(room, 1) if probe else room

    # --- settling

    def _settle(
        self, tx: Transaction, answers: Sequence[Answer], now: datetime
    ) -> Sequence[Delivery]:
        """Write down what became of alerts, all at once, and what came of each try."""
        settled, ended = [], []
        for claimed, outcome in answers:
            alert = alerts.settle(claimed, outcome, now, self.rng, self._manners.repeats)
            alert = alerts.let_rest(alert, self.watch.routes.get(alert.route))
            settled.append(Delivery(alert=alert, outcome=outcome))
            ended.append((alert, alerts.attempted(claimed, outcome, now)))
        tx.settle(ended)
        return settled

    def _told(
        self, tx: Transaction, delivery: Delivery, health: ChannelHealth, now: datetime
    ) -> ChannelHealth:
        """Send a dead letter round, tell of the channel's turns, and give its health by now."""
        if delivery.alert.state is AlertState.DEAD:
            self._go_round(tx, delivery.alert, now)
        after = alerts.health_after(health, delivery.outcome, now, self.rng, probe=self._probing)
        after = alerts.turned(health, after)
        self._probing = False
        if after != health:
            self._tell(tx, health, after, now)
        return after

    def _go_round(self, tx: Transaction, dead: Alert, now: datetime) -> None:
        """Promise a dead letter on its route's fallback, where it has one."""
        told = tx.alerts_of(dead.story) if dead.story is not None else ()
        instead = alerts.detour(dead, told, self.watch.routes, now)
        if instead is not None:
            tx.promise(instead)

    def _tell(
        self, tx: Transaction, before: ChannelHealth, after: ChannelHealth, now: datetime
    ) -> None:
        """Tell people that the channel began to fail, or works again."""
        for route in alerts.told_of_channel(self._name, self.watch.routes, self.watch.operator):
            notice = alerts.notify_of_channel(before, after, route, now)
            if notice is not None:
                tx.promise(notice)
