"""An item's day, in order.

    due feeds -> fetch -> read -> keep unseen -> place -> match -> promise        poll()
    promises due -> claim -> send -> settle                                       deliver()

The two halves meet only in the store: either can stop, crash or lag without the other knowing.
This file holds order and transactions, and no policy: each decision is made in the room it names.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from watcher import alerts, cadence, parse, stories
from watcher.cadence import Harvest, Pace
from watcher.errors import StoreError
from watcher.model import (
    ChannelName,
    Delivery,
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    FetchFailed,
    FetchResult,
    Imprint,
    Item,
    ItemId,
    Notice,
    NotModified,
    Occasion,
    Placement,
    ReadResult,
    Remembered,
    Route,
    RouteName,
    RuleNotice,
    Told,
    ToldApart,
    TryLater,
    Unchanged,
    Unreadable,
    Verdict,
    Visit,
)
from watcher.ports import Answered, Channel, Clock, Fetcher, Placing, Store, Transaction
from watcher.rules import LATELY, RuleSet, judge

FEED_LEASE = timedelta(minutes=10)  # longer than any visit
AFTER_A_BUG = 2  # leases until the feed that we met it in is looked at again; more are not believed
FEEDS_AT_ONCE = 200
ALERT_LEASE = timedelta(minutes=2)  # longer than any channel's deadline
ALERTS_AT_ONCE = 100
CANDIDATES = 12
WINDOWS = stories.Windows()
SKEW = timedelta(minutes=1)  # clocks of daemons that share a database may differ so much
BEHIND = timedelta(hours=1)  # a feed due for so long: we have not looked, whatever we missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the configuration puts into service; replaced whole at a reload."""

    rules: RuleSet
    routes: Mapping[RouteName, Route]
    feeds: Mapping[FeedId, Feed] = field(default_factory=dict)
    operator: RouteName | None = None
    pace: Pace = field(default_factory=Pace)
    windows: stories.Windows = field(default_factory=stories.Windows)


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
        feed_lease: timedelta = FEED_LEASE,
    ) -> None:
        self.store = store
        self.fetcher = fetcher
        self.channels = channels
        self.watch = watch
        self.clock = clock
        self.rng = rng
        self.feed_lease = feed_lease
        self.stopping = False
        self.resting = False
        self._last_poll_at: datetime | None = None

    # --- in

    def poll(self, *, spread: bool = True) -> tuple[Visit, ...]:
        """Visit the feeds whose time has come; what each visit promised is in the store."""
        return tuple(self.visits(spread=spread))

    def visits(self, *, spread: bool = True) -> Iterator[Visit]:
        """Visit feeds as their time comes, until none is due; yield each visit when it is in.

        Where too many are due in one moment, the later ones are put off a little, unless `spread`
        is false.
        A bug met in one feed flies only after those under way were taken in; nothing more is begun
        after it. The leases of what is not taken in are given back.
        """
        held: dict[FeedId, DueFeed] = {}
        bugs: list[tuple[DueFeed, Exception]] = []

        def more(room: int) -> Sequence[DueFeed]:
            due = () if bugs or self.resting or self.stopping else self._claim(room, spread=spread)
            held.update((one.feed.id, one) for one in due)
            return due

        try:
            for answers in self.fetcher.keep_fetching(more):
                for visit in self._take_in_all(answers, bugs):
                    held.pop(visit.feed, None)
                    yield visit
                if self.stopping:  # an answer cut short by stopping says nothing about its feed
                    break
        finally:
            self._release(held, bugs)
        if bugs:
            raise ExceptionGroup("some feeds could not be taken in", [bug for _, bug in bugs])

    def _claim(self, room: int, *, spread: bool) -> Sequence[DueFeed]:
        now = self.clock.now()
        with self.store.transaction() as tx:
            self._trust_the_clock(tx, now)
            if spread:
                rush = tx.overdue(now, self.feed_lease, cadence.AT_ONCE)
                tx.put_off(cadence.spread(rush, now, self.watch.pace.default))
            return tx.claim_due_feeds(now, self.feed_lease, min(room, FEEDS_AT_ONCE))

    def _trust_the_clock(self, tx: Transaction, now: datetime) -> None:
        """Let no feed wait for a time that a clock set back will reach in days only."""
        before, self._last_poll_at = self._last_poll_at, now
        if before is None or now < before:
            for ahead in tx.visited_after(now + SKEW):
                tx.wait_anew(cadence.set_back(ahead, now))

    def _release(
        self, held: dict[FeedId, DueFeed], bugs: Sequence[tuple[DueFeed, Exception]]
    ) -> None:
        """Let others have the feeds that we took and did not take in; a bug's feed later."""
        ill = [due for due, _ in bugs]
        for due in ill:
            held.pop(due.feed.id, None)
        if held or ill:
            with self.store.transaction() as tx:
                tx.release(list(held.values()))
                tx.release(ill, self.clock.now() + AFTER_A_BUG * self.feed_lease)

    def _take_in_all(
        self, answers: Sequence[Answered], bugs: list[tuple[DueFeed, Exception]]
    ) -> Iterator[Visit]:
        """Take in a handful of answers: those that bring nothing new at once, then each other."""
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
            try:
                yield self.take_in(due, answer)
            except Exception as bug:  # noqa: BLE001 - one bad feed must not delay the others
                bug.add_note(f"while taking in feed {due.feed.id}")
                bugs.append((due, bug))

    def take_in(self, due: DueFeed, answer: FetchResult) -> Visit:
        """Take in one visit: all of it, or none of it. The feed's validators are written last."""
        now, watch = self.clock.now(), self.watch
        before, read = self._read(due, answer, now)
        with self.store.transaction() as tx:
            tx.take_in_alone()
            if not tx.leased([due]):
                return _overtaken(due, now)
            intake = _Intake(tx, watch, due, now)
            found = told_apart(tx, due, answer, read, now)
            read, harvest = found.read, intake.items_of(found)
            visit, memory = intake.sum_up(answer, read, harvest)
            if isinstance(read, Document) and not due.looks_back and not read.is_as(before):
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
                intake = _Intake(tx, self.watch, due, now)
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

    # --- out

    def deliver(self, name: ChannelName) -> tuple[Delivery, ...]:
        """Try the promises of a channel that are due, one after the other."""
        deliveries: list[Delivery] = []
        while len(deliveries) < ALERTS_AT_ONCE and not self.stopping:
            delivery = self._deliver_one(name)
            if delivery is None:
                break
            deliveries.append(delivery)
            if isinstance(delivery.outcome, TryLater) and delivery.outcome.throttled:
                break
        return tuple(deliveries)

    def _deliver_one(self, name: ChannelName) -> Delivery | None:
        with self.store.transaction() as tx:
            claimed = tx.claim_alerts(name, self.clock.now(), ALERT_LEASE, 1)
        if not claimed:
            return None
        outcome = self.channels[name].send(claimed[0])  # no transaction is open here
        now = self.clock.now()
        settled = alerts.settle(claimed[0], outcome, now, self.rng)
        with self.store.transaction() as tx:
            tx.settle(settled, alerts.attempted(claimed[0], outcome, now))
            if isinstance(outcome, TryLater) and outcome.throttled:
                tx.throttle(name, settled.due_at)
        return Delivery(alert=settled, outcome=outcome)

    def deliver_all(self) -> tuple[Delivery, ...]:
        """Try the due promises of every channel, one channel after the other."""
        return tuple(delivery for name in sorted(self.channels) for delivery in self.deliver(name))

    def rest(self, *, resting: bool) -> None:
        """Visit no more feeds but those under way, or go on again."""
        self.resting = resting

    def stop(self) -> None:
        """End what is going on after its current step; what was not done is done next time."""
        self.stopping = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A document with its entries told apart, and what that was told by."""

    read: ReadResult | None
    apart: ToldApart
    remembered: tuple[Remembered, ...] = ()
    shown: frozenset[ItemId] = frozenset()  # by the document before

    @property
    def items(self) -> tuple[Item, ...]:
        """The entries that were read."""
        return self.read.items if isinstance(self.read, Document) else ()


class _Intake:
    """One visit's items on their way, inside one transaction."""

    def __init__(self, tx: Transaction, watch: Watch, due: DueFeed, now: datetime) -> None:
        self.tx, self.watch, self.due, self.now = tx, watch, due, now
        self.copies = self.hits = self.promised = 0

    def items_of(self, found: Sorted) -> Harvest:
        """Keep what is unseen, and consider it and what was edited, oldest first."""
        if not isinstance(found.read, Document):
            return Harvest()
        apart = found.apart
        self.tx.keep(reversed(apart.fresh))  # oldest first, as they are considered
        self.tx.keep_edits(apart.edited, self.now)
        for known, item in apart.rekeyed:
            self.tx.rekey(known, item)
        self.tx.touch([*apart.again, *(known for known, _ in apart.rekeyed)], self.now)
        first_visit = self.due.memory.first_read_at is None
        before = self._seen_before_the_gap(found.remembered)
        old = self._older_than_the_gap(found.items, before)
        for position, item in reversed(tuple(enumerate(apart.fresh))):
            silent = alerts.baseline(self.due.feed, item, position, self.now) if first_visit else ""
            self._consider(item, baseline=silent or old.get(item.id, ""))
        for item in apart.edited:
            self._consider(item, edited=True)
        return Harvest(
            fresh=len(apart.fresh),
            edited=len(apart.edited),
            again=len(apart.again) + len(apart.rekeyed),
            missed=sum(item.id not in old for item in apart.fresh),
            reaches=bool(before),
            returned=_returned(apart, found.shown),
        )

    def _seen_before_the_gap(self, remembered: Sequence[Remembered]) -> frozenset[ItemId]:
        """Tell which items of an older page we had seen before the feed rolled over."""
        look_back = self.due.memory.look_back
        if look_back is None:
            return frozenset()
        return frozenset(one.id for one in remembered if one.seen_at <= look_back.since)

    def _older_than_the_gap(
        self, items: Sequence[Item], before: frozenset[ItemId]
    ) -> Mapping[ItemId, str]:
        look_back = self.due.memory.look_back
        return cadence.older_than_the_gap(items, before, look_back.since) if look_back else {}

    def _consider(self, item: Item, *, baseline: str = "", edited: bool = False) -> None:
        """Place an item, match it, and promise what follows."""
        placement = place(self.tx, item, self.now, self.watch.windows)
        self.copies += placement.verdict is Verdict.COPY and not edited
        found = self.watch.rules.match(item, self.now)
        if not found:
            return
        self.hits += 1
        lead = self.tx.lead_of(placement.story)
        occasion = Occasion(
            item=item,
            feed=self.due.feed,
            placement=placement,
            hits=found,
            lead=lead,
            lead_feed=self.watch.feeds.get(lead.feed) or Feed(id=lead.feed, url=""),
            alerts=self.tx.alerts_of(placement.story),
            original=next((source.url for source in stories.claims(item)), ""),
            edited=edited,
            hit_before=self.tx.rules_hit(item.id) if edited else frozenset(),
            baseline=baseline,
        )
        self.tx.keep_hits(found, self.now)
        for planned in alerts.plan(occasion, self.watch.routes, self.now):
            self.promised += self.tx.write_plan(planned, self.now)

    def sum_up(
        self, answer: FetchResult, read: ReadResult | None, harvest: Harvest
    ) -> tuple[Visit, FeedMemory]:
        """Tell the operator what the visit brought to light; sum it up for us and for the feed."""
        then = cadence.after(self.due, answer, read, harvest, self.now, self.watch.pace)
        self.tell_operator(then.notices)
        memory = then.memory
        if isinstance(answer, Fetched) and isinstance(read, Document) and not self.due.looks_back:
            memory = replace(memory, body_hash=parse.body_hash(answer.body))
        visit = self.visit(harvest, _outcome(answer, read), then.notices)
        return visit, cadence.noted(memory, visit)

    def tell_operator(self, notices: Sequence[Notice]) -> None:
        """Promise the operator what a visit brought to light, where a route leads to them."""
        if self.watch.operator is None:
            return
        route = self.watch.routes[self.watch.operator]
        for notice in notices:
            self.promised += self.tx.promise(alerts.notify(notice, self.due.feed, route, self.now))

    def visit(
        self, harvest: Harvest, outcome: tuple[str, str], notices: tuple[Notice, ...] = ()
    ) -> Visit:
        """Sum the visit up."""
        return Visit(
            feed=self.due.feed.id,
            at=self.now,
            outcome=outcome[0],
            reason=outcome[1],
            items=harvest.fresh + harvest.edited + harvest.again,
            fresh=harvest.fresh,
            edited=harvest.edited,
            copies=self.copies,
            hits=self.hits,
            promised=self.promised,
            notices=notices,
        )


def told_apart(
    tx: Transaction, due: DueFeed, answer: FetchResult, read: ReadResult | None, now: datetime
) -> Sorted:
    """Tell a document's entries apart; one that is not as it was left is read whole after all."""
    if not isinstance(read, Document):
        return Sorted(read=read, apart=ToldApart())
    if read.settled:
        apart = parse.settled(read)
        if tx.still_shown(due.memory, apart.again):
            return Sorted(read=read, apart=apart)
        read = replace(read, settled=False)
    read_at = due.memory.last_read_at
    shown = tx.shown(due.feed.id, read_at) if read_at else frozenset()
    remembered = tx.remembered(due.feed.id, read.entries)
    apart = parse.tell_apart(read.entries, remembered, shown)
    if apart.unclear and isinstance(answer, Fetched):
        return told_apart(tx, due, answer, parse.read(due, answer, now), now)
    return Sorted(read=read, apart=apart, remembered=remembered, shown=shown)


def place(tx: Placing, item: Item, now: datetime, windows: stories.Windows = WINDOWS) -> Placement:
    """Put an item where it belongs, and write it down; an item placed before stays there."""
    sketch = stories.sketch(item)
    claimed = [source.url for source in stories.claims(item)]
    placement = tx.placement(item.id)
    if placement is None:
        since = windows.begin(now)
        placement = stories.place(
            item,
            _by_its_link(tx, item, since),
            tx.told_by_link(claimed, since),
            _with_leads(tx, tx.told_like(sketch, since, CANDIDATES)),
            windows=windows,
        )
    tx.place(item, placement, sketch, claimed)
    return placement


def place_stream(tx: Placing, items: Iterable[Item]) -> Iterator[tuple[Item, Placement]]:
    """Place items one after the other, each at the time it was seen, exactly as a poll would.

    An item whose id came before is an edited version of that item.
    """
    for item in items:
        known = tx.placement(item.id)
        if known is not None:
            tx.keep_edits([item], item.seen_at)
            place(tx, item, item.seen_at)
            yield item, stories.edited(known)
            continue
        tx.keep([item])
        yield item, place(tx, item, item.seen_at)


def _by_its_link(tx: Placing, item: Item, since: datetime) -> tuple[Told, ...]:
    """Find who has an item's link or names it, the leads of their stories, and who names those."""
    found = _with_leads(tx, tx.told_by_link([item.normal_link], since))
    leads = [told.item.normal_link for told in found if told.lead]
    return (*tx.told_by_link(leads, since), *found)


def _with_leads(tx: Placing, found: tuple[Told, ...]) -> tuple[Told, ...]:
    """Add the leads of the stories that candidates are in: they decide about copies of copies."""
    led = {told.story for told in found if told.lead}
    return (*found, *tx.leads({told.story for told in found} - led))


def _returned(apart: ToldApart, shown: Collection[ItemId]) -> int:
    """Count the known items that the document before did not show.

    None, where the visit before brought no document: then we cannot tell.
    """
    rekeyed = (known for known, _ in apart.rekeyed)
    known = {*apart.again, *rekeyed, *(item.id for item in apart.edited)}
    return len(known.difference(shown)) if shown else 0


def _brings_a_document(due: DueFeed, answer: FetchResult) -> bool:
    return isinstance(answer, Fetched) and not parse.is_same(due, answer)


def _overtaken(due: DueFeed, now: datetime) -> Visit:
    """Drop an answer: our lease has ended, and what we know of the feed may be out of date."""
    reason = "its lease had ended, and the feed is somebody else's now"
    return Visit(feed=due.feed.id, at=now, outcome="overtaken", reason=reason)


def _outcome(answer: FetchResult, read: ReadResult | None) -> tuple[str, str]:
    match answer, read:
        case FetchFailed(), _:
            return "postponed" if answer.postponed else "failed", answer.reason
        case NotModified(), _:
            return "not modified", ""
        case _, Unreadable():
            return "unreadable", read.reason
        case _, Unchanged():
            return "same", ""
        case _, Document():
            return "read", "; ".join(read.faults)
        case _:
            raise AssertionError("a fetched body is always read")
