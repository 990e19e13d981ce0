"""An item's day, in order.

    due feeds -> fetch -> read -> pages -> keep unseen -> place -> match -> promise    poll()
    promises due -> claim -> send -> settle                                            deliver()

The two halves meet only in the store: either can stop, crash or lag without the other knowing.
This file holds order and transactions, and no policy: each decision is made in the room it names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from watcher import alerts, cadence, parse, stories
from watcher.cadence import Harvest, Pace
from watcher.model import (
    ChannelName,
    Delivery,
    Document,
    DueFeed,
    Feed,
    FeedId,
    Fetched,
    FetchFailed,
    FetchResult,
    FullText,
    Item,
    ItemId,
    Notice,
    NotModified,
    Occasion,
    PageMissed,
    PageNote,
    PageResult,
    PagesAsked,
    PagesGot,
    Placement,
    ReadResult,
    Route,
    RouteName,
    RuleNotice,
    Sketch,
    Told,
    TryLater,
    Unchanged,
    Unreadable,
    Verdict,
    Visit,
    Wished,
)
from watcher.ports import Channel, Clock, Fetcher, Pages, Store, Transaction
from watcher.rules import LATELY, RuleSet, judge

FEED_LEASE = timedelta(minutes=10)
FEEDS_AT_ONCE = 200
ALERT_LEASE = timedelta(minutes=2)  # longer than any channel's deadline
ALERTS_AT_ONCE = 100
CANDIDATES = 12
WINDOWS = stories.Windows()
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
    pages_per_visit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a visit has in hand before anything of it is written down."""

    due: DueFeed
    answer: FetchResult
    read: ReadResult | None  # None: there was nothing to read
    now: datetime
    wished: Wished
    got: PagesGot = field(default_factory=dict)


class NoPages:
    """In place of `ports.Pages` where no page is to be fetched."""

    def fetch_all(self, asked: Sequence[PagesAsked]) -> Iterator[tuple[FeedId, PagesGot]]:
        """Answer at once that nothing was asked for."""
        missed = PageMissed(reason="not asked for: no pages are fetched here")
        for one in asked:
            yield one.feed, dict.fromkeys(one.addresses, missed)


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
    ) -> None:
        self.store = store
        self.fetcher = fetcher
        self.pages = pages or NoPages()
        self.channels = channels
        self.watch = watch
        self.clock = clock
        self.rng = rng
        self.stopping = False

    # --- in

    def poll(self) -> tuple[Visit, ...]:
        """Visit the feeds whose time has come; what each visit promised is in the store.

        A bug met in one feed flies only after the other feeds were taken in.
        """
        with self.store.transaction() as tx:
            due = tx.claim_due_feeds(self.clock.now(), FEED_LEASE, FEEDS_AT_ONCE)
        visits: list[Visit] = []
        waiting: list[Seen] = []
        bugs: list[Exception] = []
        for feed, answer in self._answers(due):
            with _kept(bugs, feed):
                seen = self.look_at(feed, answer)
                if seen.wished.addresses:
                    waiting.append(seen)
                else:
                    visits.append(self.take_in(seen))
        for seen in self._with_pages(waiting):
            with _kept(bugs, seen.due):
                visits.append(self.take_in(seen))
        if bugs:
            raise ExceptionGroup("some feeds could not be taken in", bugs)
        return tuple(visits)

    def _answers(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        for answered in self.fetcher.fetch_all(due):
            if self.stopping:  # an answer cut short by stopping says nothing about its feed
                return
            yield answered

    def _with_pages(self, waiting: Sequence[Seen]) -> Iterator[Seen]:
        """Fetch pages for the visits that wait for them, when all other feeds are taken in.

        A cut here loses nothing: these visits were not written down, and are made again.
        """
        by_feed = {seen.due.feed.id: seen for seen in waiting}
        asked = [
            PagesAsked(feed=feed, addresses=seen.wished.addresses) for feed, seen in by_feed.items()
        ]
        for feed, got in self.pages.fetch_all(asked) if asked else ():
            if self.stopping:
                return
            yield replace(by_feed[feed], got=got)

    def look_at(self, due: DueFeed, answer: FetchResult) -> Seen:
        """Read an answer, and tell which pages it makes us wish for; writes nothing."""
        now = self.clock.now()
        read = parse.read(due, answer, now) if isinstance(answer, Fetched) else None
        wished = self._wished(due, read, now)
        return Seen(due=due, answer=answer, read=read, now=now, wished=wished)

    def _wished(self, due: DueFeed, read: ReadResult | None, now: datetime) -> Wished:
        if due.feed.full_text is FullText.NO or not isinstance(read, Document):
            return Wished(unwished={})
        with self.store.reading() as tx:
            apart = parse.tell_apart(read.items, tx.remembered(due.feed.id, read.items))
        silent = _silent(due, apart.fresh, now)
        return parse.wished(due.feed, read.items, apart, silent, self.watch.pages_per_visit)

    def take_in(self, seen: Seen) -> Visit:
        """Take in one visit: all of it, or none of it. The feed's validators are written last."""
        due, answer, read, now, watch = seen.due, seen.answer, seen.read, seen.now, self.watch
        pages = parse.clean_pages(seen.got)
        with self.store.transaction() as tx:
            tx.take_in_alone()
            intake = _Intake(tx, watch, due, now, seen.wished, pages)
            harvest = intake.items_of(read)
            then = cadence.after(due, answer, read, harvest, now, watch.pace)
            intake.tell_operator(then.notices)
            memory = then.memory
            if isinstance(answer, Fetched) and isinstance(read, Document):
                memory = replace(memory, body_hash=parse.body_hash(answer.body))
            tx.record_visit(memory)  # last: only now may the server say "not modified"
        return intake.visit(harvest, _outcome(answer, read))

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

    def stop(self) -> None:
        """End what is going on after its current step; what was not done is done next time."""
        self.stopping = True


class _Intake:
    """One visit's items on their way, inside one transaction."""

    def __init__(
        self,
        tx: Transaction,
        watch: Watch,
        due: DueFeed,
        now: datetime,
        wished: Wished,
        pages: Mapping[str, PageResult],
    ) -> None:
        self.tx, self.watch, self.due, self.now = tx, watch, due, now
        self.wished, self.pages = wished, pages
        self.page_notes: list[PageNote] = []
        self.copies = self.hits = self.promised = 0

    def items_of(self, read: ReadResult | None) -> Harvest:
        """Keep what is unseen, and consider it and what was edited, oldest first."""
        if not isinstance(read, Document):
            return Harvest()
        apart = parse.tell_apart(read.items, self.tx.remembered(self.due.feed.id, read.items))
        fresh = [self._with_page(item) for item in reversed(apart.fresh)]  # oldest first
        edited = [self._with_page(item) for item in apart.edited]
        self.tx.keep(fresh)
        self.tx.keep_edits(edited, self.now)
        self.tx.note_pages(self.page_notes)
        for known, item in apart.rekeyed:
            self.tx.rekey(known, item)
        self.tx.touch([*apart.again, *(known for known, _ in apart.rekeyed)], self.now)
        silent = _silent(self.due, apart.fresh, self.now)
        for item in fresh:
            self._consider(item, baseline=silent.get(item.id, ""))
        for item in edited:
            self._consider(item, edited=True)
        again = len(apart.again) + len(apart.rekeyed)
        return Harvest(fresh=len(apart.fresh), edited=len(apart.edited), again=again)

    def _with_page(self, item: Item) -> Item:
        """Let an item say what its page says, and note what became of that wish."""
        page = self.pages.get(item.link)
        why_not = self.wished.unwished.get(item.id, "")
        if why_not:
            self.page_notes.append(PageNote(item=item.id, used=False, outcome=why_not))
        if why_not or page is None:
            return item
        mark = parse.page_mark(page)
        here = [one.url for one in self.page_notes if mark and one.mark == mark]
        filled = parse.filled(item, page, [*self.tx.page_twins(mark, item.id), *here])
        self.page_notes.append(filled.note)
        return filled.item

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

    def tell_operator(self, notices: Sequence[Notice]) -> None:
        """Promise the operator what a visit brought to light, where a route leads to them."""
        if self.watch.operator is None:
            return
        route = self.watch.routes[self.watch.operator]
        for notice in notices:
            self.promised += self.tx.promise(alerts.notify(notice, self.due.feed, route, self.now))

    def visit(self, harvest: Harvest, outcome: tuple[str, str]) -> Visit:
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
        )


def _silent(due: DueFeed, fresh: Sequence[Item], now: datetime) -> dict[ItemId, str]:
    """Tell which unseen items may not alert because this is their feed's first visit, and why."""
    if due.memory.first_read_at is not None:
        return {}
    told = {
        item.id: alerts.baseline(due.feed, item, position, now)
        for position, item in enumerate(fresh)
    }
    return {item: why for item, why in told.items() if why}


@contextmanager
def _kept(bugs: list[Exception], due: DueFeed) -> Iterator[None]:
    """Keep a bug for later: one bad feed must not delay the others."""
    try:
        yield
    except Exception as bug:  # noqa: BLE001 - it flies when all feeds were looked at
        bug.add_note(f"while taking in feed {due.feed.id}")
        bugs.append(bug)


def place(
    tx: Transaction, item: Item, now: datetime, windows: stories.Windows = WINDOWS
) -> Placement:
    """Put an item where it belongs, and write it down; an item placed before stays there."""
    sketch = stories.sketch(item)
    claimed = [source.url for source in stories.claims(item)]
    placement = tx.placement(item.id)
    if placement is None:
        since = now - windows.across
        links = [item.normal_link] if item.normal_link else []
        placement = stories.place(
            item,
            tx.told_by_link(links, since),
            tx.told_by_link(claimed, since),
            _with_leads(tx, item, sketch, since),
            windows=windows,
        )
    tx.place(item, placement, sketch, claimed)
    return placement


def place_stream(store: Store, items: Iterable[Item]) -> Iterator[tuple[Item, Placement]]:
    """Place items one after the other, each at the time it was seen, exactly as a poll would.

    An item whose id came before is an edited version of that item.
    """
    with store.transaction() as tx:
        for item in items:
            known = tx.placement(item.id)
            if known is not None:
                tx.keep_edits([item], item.seen_at)
                place(tx, item, item.seen_at)
                yield item, stories.edited(known)
                continue
            tx.keep([item])
            yield item, place(tx, item, item.seen_at)


def _with_leads(tx: Transaction, item: Item, sketch: Sketch, since: datetime) -> tuple[Told, ...]:
    """Find what an item may be a copy of, each copy among it together with its story's lead."""
    near = tx.told_like(sketch, since, CANDIDATES)
    there = {told.item.id for told in near}
    leads = {ItemId(told.story) for told in near} - there
    return tuple(told for told in (*near, *tx.told(leads)) if told.item.id != item.id)


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
