"""Where the parts meet: from a checked configuration to a program that runs."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from threading import Event

from watcher.channels import open_channel
from watcher.clock import SystemClock
from watcher.config import Config, manners_of
from watcher.daemon import Alarm, Job, Pulse
from watcher.errors import ConfigError, StoreError
from watcher.fetch import HttpFetcher, redacted
from watcher.model import (
    Alert,
    ChannelName,
    Delivery,
    FullText,
    Outcome,
    Refused,
    RuleNotice,
    Sent,
    Visit,
)
from watcher.pipeline import ALERT_LEASE, Pipeline, Watch
from watcher.pipeline.logged import log_delivery, log_visit
from watcher.ports import Channel, Clock, Fetcher, Pages
from watcher.recording import MEGABYTE, Recorder, RecordingFetcher, RecordingPages
from watcher.showing import Showing
from watcher.store import open_store
from watcher.text.numbers import several

log = logging.getLogger("watcher")

TICK = timedelta(seconds=1)
LEAST_TICK = timedelta(milliseconds=100)
PRUNE_EVERY = timedelta(days=1)
JUDGE_EVERY = timedelta(hours=1)
TEXTS_KEPT = timedelta(days=90)
IDENTITY_KEPT = timedelta(days=365)
PRUNING = timedelta(minutes=30)  # at the most; everything else may have to wait for it
SLACK = timedelta(seconds=10)  # that a busy machine may add to what a step takes at the most
STEP = timedelta(seconds=30)  # the longest step of visiting: one document is read, or one item put
DEADLINES_IN_A_LEASE = 3  # time to wait for one's turn, to be visited, and to be taken in


class App:
    """A Watcher in one piece: its store, its pipeline, and the configuration in service."""

    def __init__(
        self, config: Config, clock: Clock, rng: Random, recorder: Recorder | None = None
    ) -> None:
        self.clock = clock
        self.config = config
        self.recorder = recorder
        self.pulse = Pulse()
        self.store = open_store(config.state)
        self.fetcher = HttpFetcher(config.fetch, clock)
        self.pipeline = Pipeline(
            store=self.store,
            fetcher=self._recording(self.fetcher),
            pages=self._recording_pages(self.fetcher.pages),
            channels={},
            watch=_watch(config),
            clock=clock,
            rng=rng,
            living=partial(self.pulse.beat, "poll"),
        )
        self.alarm: Alarm | None = None
        self.showing = Showing(
            config.state,
            self.store,
            clock,
            broken=lambda: {} if self.alarm is None else dict(self.alarm.broken),
            running=lambda: self.alarm is not None,
            silent=self.pulse.silent,
            ages=self.pulse.ages,
        )
        self.apply(config)

    def apply(self, config: Config) -> None:
        """Put a configuration into service, whole or not at all; while no job is running."""
        channels = _channels(config, self.clock, self.pulse)
        other = config.fetch != self.config.fetch
        fetcher = HttpFetcher(config.fetch, self.clock) if other else self.fetcher
        now, watch = self.clock.now(), _watch(config)
        with self.store.transaction() as tx:
            tx.configure_feeds(config.feeds, now)
            tx.configure_rules(config.rules.infos, now)
            self.pipeline.put_into_service(watch, tx, now)
        if other:
            self.fetcher.close()
            self.fetcher = fetcher
            self.pipeline.fetcher = self._recording(self.fetcher)
            self.pipeline.pages = self._recording_pages(self.fetcher.pages)
        self.pipeline.channels = channels
        self.pipeline.watch = watch
        self.pipeline.feed_lease = _lease(config)
        self.config = config
        self.showing.take(config)

    def _recording(self, fetcher: Fetcher) -> Fetcher:
        """Let what this fetcher gets be recorded, if that is wanted."""
        if self.recorder is None:
            return fetcher
        return RecordingFetcher(fetcher, self.recorder, self.clock)

    def _recording_pages(self, pages: Pages) -> Pages:
        if self.recorder is None:
            return pages
        return RecordingPages(pages, self.recorder, self.clock)

    def visits(self, *, spread: bool = True) -> Iterator[Visit]:
        """Visit feeds as they fall due, until none is, and log each visit."""
        for visit in self.pipeline.visits(spread=spread):
            log_visit(visit)
            self.showing.counters.visit(visit)
            yield visit

    def keep_visiting(self) -> timedelta | None:
        """Visit feeds until none is due; tell when to come back, if the next is due soon.

        What a visit promised is sent at once, where it need not wait. Feeds are visited when they
        are due, and not all of a second's at its end: their alerts would wait for each other.
        """
        self.pulse.beat("visits")
        for visit in self.visits():
            self.pulse.beat("visits")
            if visit.promised:
                self.ring()
        with self.store.reading() as tx:
            due_at = tx.next_due_at()
        if due_at is None or self.pipeline.resting:
            return None
        return max(due_at - self.clock.now(), LEAST_TICK)

    def ring(self) -> None:
        """Let all channels look for what is due."""
        if self.alarm is not None:
            for name in self.pipeline.channels:
                self.alarm.ring(_delivering(name))

    def poll_until_done(self) -> tuple[Visit, ...]:
        """Visit what is due until nothing is; somebody waits for it, so that nothing is spread."""
        return tuple(self.visits(spread=False))

    def gather(self) -> None:
        """Promise the digests whose time has come, and log them."""
        for digest in self.pipeline.gather():
            log.info("digest=%s route=%s %s", digest.key, digest.route, digest.because)

    def deliver(self, name: ChannelName) -> tuple[Delivery, ...]:
        """Try a channel's due alerts, and log each attempt."""
        deliveries = self.pipeline.deliver(name)
        for delivery in deliveries:
            log_delivery(delivery)
            self.showing.counters.delivery(delivery)
        return deliveries

    def keep_delivering(self, name: ChannelName) -> timedelta | None:
        """Try a channel's due alerts; tell when to come back for more, if soon."""
        deliveries, gap = self.deliver(name), self.pipeline.gap(name)
        return gap if deliveries or gap else None

    def deliver_all(self) -> tuple[Delivery, ...]:
        """Gather what is told together, and send every channel's due alerts, however slowly."""
        self.gather()
        return tuple(
            delivery
            for name in sorted(self.pipeline.channels)
            for delivery in self._deliver_patiently(name)
        )

    def _deliver_patiently(self, name: ChannelName) -> Iterator[Delivery]:
        """Send what is due, with the pauses that the channel needs, as long as it takes it."""
        while deliveries := self.deliver(name):
            yield from deliveries
            if not any(isinstance(delivery.outcome, Sent) for delivery in deliveries):
                return
            Event().wait(self.pipeline.gap(name).total_seconds())

    def judge_rules(self) -> tuple[RuleNotice, ...]:
        """Look how the rules do, promise the operator what is new about them, and log it."""
        notices = self.pipeline.judge_rules()
        for notice in notices:
            log.log(logging.WARNING if notice.opens else logging.INFO, "%s", notice.text)
        return notices

    def prune(self) -> int:
        """Forget what is older than we promised to keep."""
        now = self.clock.now()
        with self.store.transaction() as tx:
            return tx.forget(texts_before=now - TEXTS_KEPT, everything_before=now - IDENTITY_KEPT)

    def is_prunable(self) -> bool:
        """Tell whether something is a day older than we promised to keep it."""
        with self.store.reading() as tx:
            return tx.is_text_older(self.clock.now() - TEXTS_KEPT - PRUNE_EVERY)

    def jobs(self) -> tuple[Job, ...]:
        """List what the daemon does again and again: one delivery job for each channel."""
        delivering = (
            Job(
                name=_delivering(name),
                every=TICK,
                do=partial(self.keep_delivering, name),
                limit=ALERT_LEASE + SLACK,
            )
            for name in sorted(self.pipeline.channels)
        )
        return (
            Job(
                name="poll",
                every=TICK,
                do=self.keep_visiting,
                limit=STEP,
                parts=_parts(self.config),
            ),
            *delivering,
            Job(name="gather", every=TICK, do=self.gather),
            Job(name="rules", every=JUDGE_EVERY, do=self.judge_rules),
            Job(name="prune", every=PRUNE_EVERY, do=self.prune, alone=PRUNING),
        )

    def reload(self, load: Callable[[], Config]) -> Refused | None:
        """Swap the configuration, whole or not at all; tells why it was refused, if it was.

        Another `state` is told, and used from the next start on.
        """
        before = self.config
        try:
            fresh = load()
            self.showing.serve(fresh.web)  # before it is in service: an address may be taken
            self.apply(fresh)
        except (ConfigError, StoreError) as refused:
            log.error("configuration refused, the old one stays in service:\n%s", refused)
            self.showing.stay(before.web, str(refused))
            return Refused(reason=str(refused))
        except Exception as bug:
            log.exception("configuration refused, the old one stays in service")
            kind = type(bug).__name__  # its text may hold what no page shows
            self.showing.stay(before.web, f"a bug was in the way ({kind}); the log has more")
            return Refused(reason=f"{kind}: {bug}")
        if fresh.state != before.state:
            log.warning("`state` changed: it is used from the next start on")
        log.info("configuration reloaded; %s", self.extent())
        return None

    def extent(self) -> str:
        """Say how much is watched."""
        feeds, rules = len(self.config.feeds), len(self.config.rules.infos)
        return f"watching {several(feeds, 'feed')} with {several(rules, 'rule')}"

    def stop(self) -> None:
        """Let what is going on end after its current step; wait for no slow feed."""
        self.pipeline.stop()
        self.fetcher.close()

    def close(self) -> None:
        """Let go of the network and of the database."""
        self.showing.close()
        self.fetcher.close()
        self.store.close()


@contextmanager
def opened(
    config: Config,
    clock: Clock | None = None,
    rng: Random | None = None,
    recorder: Recorder | None = None,
) -> Iterator[App]:
    """Build a Watcher from a configuration, and close it at the end."""
    app = App(config, clock or SystemClock(), rng or SystemRandom(), recorder)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def recorder(folder: Path | None, megabytes: int) -> Iterator[Recorder | None]:
    """Record to a folder for a while; to none, nothing is recorded."""
    if folder is None:
        yield None
        return
    with closing(Recorder(folder, redacted, megabytes * MEGABYTE)) as opened_one:
        yield opened_one


def _delivering(name: ChannelName) -> str:
    return f"deliver {name}"


def _parts(config: Config) -> dict[str, timedelta]:
    """Tell for how long no visit may come in, at the most, while all is well."""
    return {"visits": 2 * config.fetch.deadline + config.fetch.pages.longest_wait + STEP}


def _lease(config: Config) -> timedelta:
    """Tell for how long a feed is ours: time for its turn, its visit, its pages, its intake."""
    pages = any(feed.full_text is not FullText.NO for feed in config.feeds)
    wait = config.fetch.pages.longest_wait if pages else timedelta(0)
    return DEADLINES_IN_A_LEASE * config.fetch.deadline + wait


def _watch(config: Config) -> Watch:
    return Watch(
        rules=config.rules,
        routes=config.routes,
        feeds={feed.id: feed for feed in config.feeds},
        operator=config.operator,
        manners={settings.name: manners_of(settings) for settings in config.channels},
        pace=config.pace,
        windows=config.windows,
        pages_per_visit=config.fetch.pages.per_visit,
    )


class _Beating:
    """A channel that shows a sign of life before and after each message."""

    def __init__(self, channel: Channel, pulse: Pulse) -> None:
        self._channel, self._pulse = channel, pulse

    @property
    def name(self) -> ChannelName:
        return self._channel.name

    def send(self, alert: Alert) -> Outcome:
        self._pulse.beat(_delivering(self.name))
        outcome = self._channel.send(alert)
        self._pulse.beat(_delivering(self.name))
        return outcome


def _channels(config: Config, clock: Clock, pulse: Pulse) -> dict[ChannelName, Channel]:
    channels = (open_channel(settings, clock) for settings in config.channels)
    return {channel.name: _Beating(channel, pulse) for channel in channels}
