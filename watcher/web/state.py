"""How everything is at one moment, and what of it is wrong: what the overview and programs ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.model import (
    Ailment,
    AlertState,
    ChannelHealth,
    ChannelName,
    Counts,
    DueFeed,
    FeedMemory,
    RuleActivity,
    Silence,
    Waiting,
)
from watcher.rules import LATELY
from watcher.text.spans import spoken
from watcher.web.given import Given

DAY = timedelta(hours=24)
LATE = timedelta(minutes=15)  # an alert that has been due for longer is late
UNSETTLED = (AlertState.PENDING, AlertState.SENDING, AlertState.DOUBTFUL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is not as it should be."""

    text: str
    link: str
    grave: bool = True  # whether alerts may not arrive, or items be missed
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How everything is."""

    now: datetime
    feeds: tuple[DueFeed, ...]
    counts: Counts
    waiting: tuple[Waiting, ...]
    channels: Mapping[ChannelName, ChannelHealth]
    activity: tuple[RuleActivity, ...]
    hours: Mapping[datetime, int]  # hits
    silences: tuple[Silence, ...]
    refused: str
    broken: Mapping[str, str]
    silent: Mapping[str, float]

    @property
    def oldest_undelivered(self) -> datetime | None:
        """Since when the oldest alert waits that is to go out by itself."""
        return min((one.oldest for one in self.waiting if one.state in UNSETTLED), default=None)

    @property
    def pending(self) -> int:
        """How many alerts are on their way or will be."""
        states = (*UNSETTLED, AlertState.HELD)
        return sum(self.counts.alerts.get(state, 0) for state in states)

    @property
    def dead(self) -> int:
        """How many alerts will not be sent unless somebody says so."""
        return self.counts.alerts.get(AlertState.DEAD, 0)

    def feeds_in(self, *states: str) -> tuple[DueFeed, ...]:
        """Find the feeds that do like this."""
        return tuple(feed for feed in self.feeds if feed.state in states)

    def failures_of(self, channel: ChannelName) -> int:
        """Count the failures of a channel in a row."""
        return self.channels[channel].failures if channel in self.channels else 0

    def hits_in(self, hour: datetime) -> int:
        """Count the hits in an hour of the last day."""
        return self.hours.get(hour, 0)

    @property
    def next_visits(self) -> tuple[DueFeed, ...]:
        """Give the feeds that are visited next."""
        visited = (feed for feed in self.feeds if not feed.memory.gone)
        return tuple(sorted(visited, key=lambda feed: feed.memory.due_at)[:5])

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """List what is wrong, what is grave first."""
        return tuple(sorted(_troubles(self), key=lambda trouble: not trouble.grave))


def state_of(given: Given) -> State:
    """Look how everything is, at one moment."""
    now = given.clock.now()
    with given.store.reading() as tx:
        return State(
            now=now,
            feeds=tx.feeds(),
            counts=tx.counts(),
            waiting=tx.waiting(),
            channels=tx.channels(),
            activity=tuple(one for one in tx.rule_activity(now - LATELY) if one.in_service),
            hours=tx.hits_per_hour(now - DAY),
            silences=tx.silences(now),
            refused=given.loading().refused,
            broken=given.broken(),
            silent=given.silent(),
        )


def _troubles(state: State) -> Iterator[Trouble]:
    yield from _of_delivery(state)
    yield from _of_feeds(state)
    if state.refused:
        told = "The last change of the configuration was refused; the old one is in service"
        yield Trouble(text=told, link="/config", detail=state.refused.splitlines()[0])
    for job, why in state.broken.items():
        yield Trouble(text=f"The job “{job}” fails", link="/about", detail=why)
    for job, seconds in state.silent.items():
        since = f"for {spoken(timedelta(seconds=seconds))}"
        told = f"The job “{job}” shows no sign of life"
        yield Trouble(text=told, link="/about", detail=since)
    for rule in state.activity:
        if Ailment.QUIET in rule.told:
            told = f"Rule {rule.rule} has matched nothing for longer than it should"
            yield Trouble(text=told, link=f"/rules/{rule.rule}", grave=False)
        if Ailment.NOISY in rule.told:
            told = f"Rule {rule.rule} matches nearly everything"
            yield Trouble(text=told, link=f"/rules/{rule.rule}", grave=False)


def _of_delivery(state: State) -> Iterator[Trouble]:
    for name, health in state.channels.items():
        if health.failures:
            times = "once" if health.failures == 1 else f"{health.failures} times in a row"
            told = f"Channel {name} has failed {times}"
            yield Trouble(text=told, link="/channels", detail=health.trouble)
    for one in state.waiting:
        if one.state is AlertState.DEAD:
            told = _many(one.number, "alert", "alerts")
            was = "was" if one.number == 1 else "were"
            since = f"the oldest is of {one.oldest:%Y-%m-%d %H:%M} UTC"
            text = f"{told} for {one.channel} {was} given up"
            yield Trouble(text=text, link="/outbox", detail=since)
    late = [one for one in state.waiting if one.state in UNSETTLED]
    for one in late:
        if one.state is AlertState.DOUBTFUL:
            told = _many(one.number, "alert", "alerts")
            text = f"{told} for {one.channel} may or may not have arrived"
            yield Trouble(text=text, link="/outbox")
        elif state.now - one.oldest > LATE:
            told = f"Alerts for {one.channel} are not getting out"
            yield Trouble(text=told, link="/outbox")


def _of_feeds(state: State) -> Iterator[Trouble]:
    for feed in state.feeds:
        name, link, memory = feed.feed.title or feed.feed.id, f"/feeds/{feed.feed.id}", feed.memory
        if memory.gone:
            yield Trouble(text=f"{name} is gone", link=link, detail=memory.trouble)
        elif memory.failures:
            told = f"{name} is failing"
            grave = memory.failures > 1
            yield Trouble(text=told, link=link, grave=grave, detail=_failing(memory))
        if memory.gap_at:
            told = f"{name} may have items that we missed"
            yield Trouble(text=told, link=link, detail=f"since {memory.gap_at:%Y-%m-%d %H:%M} UTC")
        if memory.quiet_at:
            yield Trouble(text=f"{name} has gone quiet", link=link, grave=False)


def _failing(memory: FeedMemory) -> str:
    times = f", {memory.failures} times in a row" if memory.failures > 1 else ""
    read = memory.last_read_at
    last = f"last read {read:%Y-%m-%d %H:%M} UTC" if read else "never read"
    return f"{memory.trouble}{times}; {last}"


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
