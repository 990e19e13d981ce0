"""An outbox by itself: promises on a real store, channels that answer as a script says, a clock.

    box = Box(store, {"phone": [TryLater(reason="503")]})
    box.promise("first", story="a")
    box.deliver()
    assert box.state("first") is AlertState.PENDING

Every channel has a route of its name; more are given with `routes`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from tests.fakes import FakeChannel, FakeClock, FakeInternet
from tests.store.nouns import make_alert
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    ChannelHealth,
    ChannelName,
    Delivery,
    Manners,
    Outcome,
    Route,
    RouteName,
    StoryId,
)
from watcher.pipeline import Pipeline, Watch
from watcher.ports import Store
from watcher.rules import compile_rules


def route(name: str, **more: Any) -> Route:
    return Route(**({"name": RouteName(name), "channel": ChannelName(name)} | more))


class Box:
    """A pipeline of which only the way out is used."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Sequence[Outcome]],
        *,
        routes: Iterable[Route] = (),
        manners: Mapping[str, Manners] | None = None,
        operator: str | None = None,
    ) -> None:
        self.store, self.clock = store, FakeClock()
        self.channels = {name: FakeChannel(name, script) for name, script in channels.items()}
        ways = {RouteName(name): route(name) for name in channels}
        self.routes = ways | {one.name: one for one in routes}
        self.manners = {ChannelName(n): each for n, each in (manners or {}).items()}
        self.operator = RouteName(operator) if operator else None
        self.start()

    def start(self) -> None:
        """Be as after a restart."""
        rules = compile_rules([]).ruleset
        assert rules is not None
        self.pipeline = Pipeline(
            store=self.store,
            fetcher=FakeInternet(),
            channels={each.name: each for each in self.channels.values()},
            watch=Watch(
                rules=rules, routes=self.routes, operator=self.operator, manners=self.manners
            ),
            clock=self.clock,
            rng=Random(7),
        )

    def promise(self, key: str, *, to: str = "phone", **more: Any) -> Alert:
        way = self.routes[RouteName(to)]
        now = self.clock.now()
        defaults: dict[str, Any] = {
            "story": StoryId(key),
            "route": way.name,
            "channel": way.channel,
            "created_at": now,
            "due_at": now,
        }
        alert = make_alert(key, **(defaults | more))
        with self.store.transaction() as tx:
            assert tx.promise(alert)
        return alert

    def deliver(self, name: str | None = None) -> tuple[Delivery, ...]:
        if name is not None:
            return self.pipeline.deliver(ChannelName(name))
        return self.pipeline.deliver_all()

    def later(self, **how_much: float) -> tuple[Delivery, ...]:
        """Let time pass, and deliver."""
        self.clock.advance(**how_much)
        return self.deliver()

    def until(self, state: AlertState, key: str, *, hours: float = 24, every: int = 1) -> None:
        """Deliver every so many minutes until an alert is in a state."""
        for _ in range(int(hours * 60 / every)):
            if self.state(key) is state:
                return
            self.later(minutes=every)
        raise AssertionError(f"{key} is still {self.state(key)}")

    def alert(self, key: str) -> Alert:
        with self.store.reading() as tx:
            found = tx.alert(key)
        assert found is not None
        return found

    def state(self, key: str) -> AlertState:
        return self.alert(key).state

    def health(self, name: str = "phone") -> ChannelHealth:
        with self.store.reading() as tx:
            return tx.health(ChannelName(name))

    def sent(self, name: str = "phone") -> list[str]:
        return [alert.key for alert in self.channels[name].sent]

    def tried(self, name: str = "phone") -> list[str]:
        return [alert.key for alert in self.channels[name].tried]

    def told(self, name: str) -> list[str]:
        """Give the headlines of the notices about channels that arrived."""
        sent = self.channels[name].sent
        return [one.message.headline for one in sent if one.kind is AlertKind.CHANNEL]

    def kill_its_sender(self, key: str) -> None:
        """Leave an alert as a sender leaves it that died before it knew what came of it."""
        now = self.clock.now()
        with self.store.transaction() as tx:
            (claimed,) = tx.claim_alerts(self.alert(key).channel, now, timedelta(minutes=2), 1)
        assert claimed.key == key
        self.clock.advance(minutes=3)

    def all_states(self) -> dict[str, AlertState]:
        with self.store.reading() as tx:
            return {alert.key: alert.state for alert in tx.alerts((), 1_000)}


def with_fallback(name: str, fallback: str) -> Route:
    return replace(route(name), fallback=RouteName(fallback))
