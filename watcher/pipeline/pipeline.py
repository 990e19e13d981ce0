"""An item's day, in order.

    due feeds -> fetch -> read -> pages -> keep unseen -> place -> match -> promise    poll()
    promises due -> claim -> send -> settle                                            deliver()

The two halves meet only in the store: either can stop, crash or lag without the other knowing.
This file holds order and transactions, and no policy: each decision is made in the room it names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from watcher import alerts, parse
from watcher.cadence import Harvest
from watcher.errors import StoreError
from watcher.model import (
    Alert,
    ChannelName,
    Delivery,
    Document,
    DueFeed,
    FeedMemory,
    Fetched,
    FetchResult,
    FullText,
    Imprint,
    Manners,
    ReadResult,
    RuleNotice,
    Unchanged,
    Visit,
)
from watcher.pipeline.gathering import gather
from watcher.pipeline.hushing import hush
from watcher.pipeline.intake import Intake, silent, told_apart
from watcher.pipeline.outgoing import Gaps, Outgoing
from watcher.pipeline.pages import FullTexts, NoPages, Seen, Waiting
from watcher.pipeline.turns import Tour, Turns, give_back
from watcher.pipeline.watch import Watch
from watcher.ports import Answered, Channel, Clock, Fetcher, Pages, Store, Transaction
from watcher.rules import LATELY, judge

FEED_LEASE = timedelta(minutes=10)  # longer than any visit
AFTER_A_BUG = 2  # leases until the feed that we met it in is looked at again; more are not believed
FEEDS_AT_ONCE = 200
PAGES_PATIENCE = 1.0  # seconds to wait for pages before feeds are looked for again
BEHIND = timedelta(hours=1)  # a feed due for so long: we have not looked, whatever we missed


class Pipeline:
    """Does the whole job, one step after the other; safe to cut anywhere."""

    def __init__(
        self,
        *,
        store: Store,
        fetcher: Fetcher,
        channels: Mapping[ChannelName, Channel],
        watch: Watch,
        clock: Clock,
        rng: Random,
        pages: Pages | None = None,
        feed_lease: timedelta = FEED_LEASE,
        living: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.fetcher = fetcher
        self.pages = pages or NoPages()
        self.channels = channels
        self.watch = watch
        self.clock = clock
        self.rng = rng
        self.feed_lease = feed_lease
        self.living = living  # called between any two steps of visiting: none of them hangs
        self.stopping = False
        self.resting = False
        self._turns = Turns()
        self._gaps = Gaps()
        self._silences: frozenset[str] = frozenset()  # that have taken what was held

    # --- in

    def poll(self, *, spread: bool = True) -> tuple[Visit, ...]:
        """Visit the feeds whose time has come; what each visit promised is in the store."""
        return tuple(self.visits(spread=spread))

    def visits(self, *, spread: bool = True) -> Iterator[Visit]:
        """Visit feeds as their time comes, until none is due; yield each visit when it is in.

        Where too many are due in one moment, the later ones are put off a little, unless `spread`
        is false. A visit whose items' pages are wanted waits for these, and no other waits for it.
        A bug met in one feed flies only after those under way were taken in; nothing more is begun
        after it. The leases of what is not taken in are given back.
        """
        tour = Tour(spread=spread, waiting=Waiting(self.pages))
        try:
            for answers in self._answers(tour):
                self.living()
                yield from tour.told(self._take_in_all(answers, tour))
                yield from tour.told_early()
                if self.stopping:  # an answer cut short by stopping says nothing about its feed
                    break
        finally:
            self._give_back(tour)
        if tour.bugs:
            raise ExceptionGroup("some feeds could not be taken in", [bug for _, bug in tour.bugs])

    def _answers(self, tour: Tour) -> Iterator[Sequence[Answered]]:
        """Fetch what is due, again and again while visits wait for pages."""
        while True:
            yield from self.fetcher.keep_fetching(partial(self._more, tour))
            yield ()  # those that were taken in meanwhile are told
            if not tour.waiting or self.stopping:
                return
            tour.waiting.wait(PAGES_PATIENCE)

    def _more(self, tour: Tour, room: int) -> Sequence[DueFeed]:
        """Claim what there is room for; first take in whose pages have come meanwhile."""
        tour.early.extend(self._take_in_each(tour.waiting.come(), tour))
        if tour.bugs or self.resting or self.stopping:
            return ()
        now, pace = self.clock.now(), self.watch.pace if tour.spread else None
        with self.store.transaction() as tx:
            due = self._turns.claim(tx, now, self.feed_lease, min(room, FEEDS_AT_ONCE), pace)
        tour.held.update((one.feed.id, one) for one in due)
        return due

    def _give_back(self, tour: Tour) -> None:
        if tour.held or tour.bugs:
            with self.store.transaction() as tx:
                give_back(tx, tour, self.clock.now() + AFTER_A_BUG * self.feed_lease)

    def _take_in_all(self, answers: Sequence[Answered], tour: Tour) -> Iterator[Visit]:
        """Take in a handful of answers: those that bring nothing new at once, then each other.

        Those whose items' pages are wanted wait for them.
        """
        quiet = [one for one in answers if not _brings_a_document(*one)]
        try:
            yield from self.take_in_quiet(quiet)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one of them; found out below
            quiet = []
        settled = {due.feed.id for due, _ in quiet}
        for due, answer in answers:
            if due.feed.id in settled:
                continue
            if self.stopping:
                return
            with tour.keeping_bugs(due):
                self.living()
                seen = self.look_at(due, answer)
                if seen.wished.addresses:
                    tour.waiting.add(seen)
                else:
                    yield self.take_in(seen)

    def _take_in_each(self, visits: Iterable[Seen], tour: Tour) -> Iterator[Visit]:
        """Take in the visits whose pages have come."""
        for seen in visits:
            if self.stopping:
                return
            with tour.keeping_bugs(seen.due):
                yield self.take_in(seen)

    def look_at(self, due: DueFeed, answer: FetchResult) -> Seen:
        """Read an answer, and tell which pages it makes us wish for; writes nothing."""
        now = self.clock.now()
        before, read = self._read(due, answer, now)
        seen = Seen(due=due, answer=answer, before=before, read=read, now=now)
        if due.feed.full_text is FullText.NO or not isinstance(read, Document):
            return seen
        with self.store.reading() as tx:
            found = told_apart(tx, due, answer, read, now)
        quiet, most = silent(due, found, now), self.watch.pages_per_visit
        wished = parse.wished(due.feed, found.entries, found.apart, quiet, most)
        return replace(seen, read=found.read, wished=wished)

    def take_in(self, seen: Seen) -> Visit:
        """Take in one visit: all of it, or none of it. The feed's validators are written last."""
        due, answer, now = seen.due, seen.answer, seen.now
        with self.store.transaction() as tx:
            tx.take_in_alone()
            if not tx.leased([due]):
                return _overtaken(due, now)
            intake = Intake(tx, self.watch, due, now, self.living)
            found = told_apart(tx, due, answer, seen.read, now)
            texts = FullTexts(tx, seen.wished, seen.got)
            read, harvest = found.read, intake.items_of(found, texts)
            visit, memory = intake.sum_up(answer, read, harvest)
            if isinstance(read, Document) and not due.looks_back and not read.is_as(seen.before):
                tx.keep_imprint(due.feed.id, parse.remember(read, found.apart))
            tx.record_visit(memory)  # last: only now may the server say "not modified"
        return visit

    def take_in_quiet(self, answers: Sequence[Answered]) -> tuple[Visit, ...]:
        """Take in visits that brought no document, in one transaction; as `take_in` else.

        They need not be alone: none of them has an item to place.
        """
        if not answers:
            return ()
        now, visits, memories = self.clock.now(), list[Visit](), list[FeedMemory]()
        with self.store.transaction() as tx:
            ours = tx.leased([due for due, _ in answers])
            for due, answer in answers:
                if due.feed.id not in ours:
                    visits.append(_overtaken(due, now))
                    continue
                read = Unchanged() if isinstance(answer, Fetched) else None
                intake = Intake(tx, self.watch, due, now)
                visit, memory = intake.sum_up(answer, read, Harvest())
                visits.append(visit)
                memories.append(memory)
            tx.record_visits(memories)
        return tuple(visits)

    def _read(
        self, due: DueFeed, answer: FetchResult, now: datetime
    ) -> tuple[Imprint | None, ReadResult | None]:
        """Read a body, but not again what was in the one before."""
        if not isinstance(answer, Fetched):
            return None, None
        if parse.is_same(due, answer):
            return None, Unchanged()
        with self.store.reading() as tx:
            before = tx.imprint(due.feed.id)
        return before, parse.read(due, answer, now, before)

    # --- about

    def judge_rules(self) -> tuple[RuleNotice, ...]:
        """Tell the operator of rules that fell quiet or match nearly everything, each once.

        Not while feeds have waited for long, as after a rest: the rules have seen nothing then.
        """
        now, watch = self.clock.now(), self.watch
        with self.store.transaction() as tx:
            due_at = tx.next_due_at()
            if due_at is not None and due_at < now - BEHIND:
                return ()
            judged = judge(tx.rule_activity(now - LATELY), watch.rules.infos, now)
            notices = tuple(notice for notice in judged if tx.note_rule(notice))
            if watch.operator is not None:
                route = watch.routes[watch.operator]
                for notice in notices:
                    tx.promise(alerts.notify_of_rule(notice, route, now))
        return notices

    def put_into_service(self, watch: Watch, tx: Transaction, now: datetime) -> None:
        """Let a new configuration count for what is promised.

        Held alerts of rules that are no more are dropped; channels that are gone get a chance.
        """
        rules = frozenset(rule.id for rule in watch.rules.infos)
        dropped = (alerts.drop_for_rules(alert, rules, now) for alert in tx.held())
        tx.resettle([alert for alert in dropped if alert is not None])
        for health in tx.channels().values():
            if alerts.is_gone(health):
                tx.keep_health(alerts.revived(health, now))

    # --- out

    def gather(self) -> tuple[Alert, ...]:
        """Put together what is to be told together, now that its time has come.

        What a new silence keeps in is taken out before.
        """
        now = self.clock.now()
        self._silences = hush(self.store, self.watch, self._silences, now)
        return gather(self.store, self.watch, now)

    def deliver(self, name: ChannelName) -> tuple[Delivery, ...]:
        """Try the promises of a channel that are due."""
        out = Outgoing(
            self.store, self.channels[name], self.watch, self.clock, self.rng, self._gaps
        )
        return out.deliver(lambda: self.stopping)

    def gap(self, name: ChannelName) -> timedelta:
        """Tell how long to wait until a channel that must be sent to slowly may be sent to."""
        manners = self.watch.manners.get(name, Manners())
        return self._gaps.wait(name, manners.gap, self.clock.now())

    def deliver_all(self) -> tuple[Delivery, ...]:
        """Tell of what is due: gather it, and try every channel, one after the other."""
        self.gather()
        return tuple(delivery for name in sorted(self.channels) for delivery in self.deliver(name))

    def rest(self, *, resting: bool) -> None:
        """Visit no more feeds but those under way, or go on again."""
        self.resting = resting

    def stop(self) -> None:
        """End what is going on after its current step; what was not done is done next time."""
        self.stopping = True


def _brings_a_document(due: DueFeed, answer: FetchResult) -> bool:
    return isinstance(answer, Fetched) and not parse.is_same(due, answer)


def _overtaken(due: DueFeed, now: datetime) -> Visit:
    """Drop an answer: our lease has ended, and what we know of the feed may be out of date."""
    reason = "its lease had ended, and the feed is somebody else's now"
    return Visit(feed=due.feed.id, at=now, outcome="overtaken", reason=reason)
