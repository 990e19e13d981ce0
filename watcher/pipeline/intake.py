"""One visit's items on their way in, inside one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from watcher import alerts, cadence, parse, stories
from watcher.cadence import Harvest
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedMemory,
    Fetched,
    FetchFailed,
    FetchResult,
    Hit,
    Item,
    ItemId,
    Notice,
    NotModified,
    Occasion,
    Placement,
    ReadResult,
    Remembered,
    RouteName,
    Shown,
    Silence,
    ToldApart,
    Unchanged,
    Unreadable,
    Verdict,
    Visit,
)
from watcher.pipeline.pages import FullTexts
from watcher.pipeline.placing import look_ahead, place
from watcher.pipeline.watch import Watch
from watcher.ports import Transaction

AN_HOUR = timedelta(hours=1)


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

    @property
    def entries(self) -> tuple[Item | Shown, ...]:
        """All entries, read or not."""
        return self.read.entries if isinstance(self.read, Document) else ()


class Intake:
    """One visit's items on their way, inside one transaction."""

    def __init__(
        self,
        tx: Transaction,
        watch: Watch,
        due: DueFeed,
        now: datetime,
        living: Callable[[], None] = lambda: None,
    ) -> None:
        self.tx, self.watch, self.due, self.now = tx, watch, due, now
        self._living = living
        self.copies = self.hits = self.promised = 0
        self._flood = ""

    @cached_property
    def _silences(self) -> tuple[Silence, ...]:
        return self.tx.silences(self.now)

    def items_of(self, found: Sorted, texts: FullTexts | None = None) -> Harvest:
        """Keep what is unseen, and consider it and what was edited, oldest first.

        Items are kept with what their pages say, where there are `texts`.
        """
        if not isinstance(found.read, Document):
            return Harvest()
        apart = found.apart
        fresh, edited = list(reversed(apart.fresh)), list(apart.edited)  # oldest first
        if texts is not None:
            fresh, edited = texts.put_into(fresh), texts.put_into(edited)
        self.tx.keep(fresh)
        self.tx.keep_edits(edited, self.now)
        for known, item in apart.rekeyed:
            self.tx.rekey(known, item)
        self.tx.touch([*apart.again, *(known for known, _ in apart.rekeyed)], self.now)
        look_ahead(self.tx, (*fresh, *edited), self.now, self.watch.windows)
        if texts is not None:
            self.tx.note_pages(texts.notes)
        quiet = silent(self.due, found, self.now)
        self._flood = self._flooded(len(fresh), len(found.entries))
        for item in fresh:
            self._consider(item, baseline=quiet.get(item.id, ""))
        for item in edited:
            self._consider(item, edited=True)
        old = _older_than_the_gap(self.due, found)
        return Harvest(
            fresh=len(fresh),
            edited=len(edited),
            again=len(apart.again) + len(apart.rekeyed),
            missed=sum(item.id not in old for item in fresh),
            reaches=bool(_seen_before_the_gap(self.due, found)),
            returned=_returned(apart, found.shown),
        )

    def _consider(self, item: Item, *, baseline: str = "", edited: bool = False) -> None:
        """Place an item, match it, and promise what follows."""
        self._living()
        placement = place(self.tx, item, self.now, self.watch.windows)
        self.copies += placement.verdict is Verdict.COPY and not edited
        found = self.watch.rules.match(item, self.now)
        if not found:
            return
        self.hits += 1
        lead = self.tx.lead_of(placement.story)
        promised = self.tx.alerts_of(placement.story)
        occasion = Occasion(
            item=item,
            feed=self.due.feed,
            placement=placement,
            hits=found,
            lead=lead,
            lead_feed=self.watch.feeds.get(lead.feed) or Feed(id=lead.feed, url=""),
            alerts=promised,
            facts=self._new_facts(item, placement, found) if promised and not edited else (),
            original=next((source.url for source in stories.claims(item)), ""),
            edited=edited,
            hit_before=self.tx.rules_hit(item.id) if edited else frozenset(),
            baseline=baseline,
            flood=self._flood,
            silences=self._silences,
            last_hour=self._sent_within_an_hour(),
        )
        self.tx.keep_hits(found, self.now)
        for planned in alerts.plan(occasion, self.watch.routes, self.now):
            self.promised += self.tx.write_plan(planned, self.now)

    def _new_facts(self, item: Item, placement: Placement, found: Sequence[Hit]) -> tuple[str, ...]:
        """Tell what a copy adds to its story, where a rule wants to know."""
        if not any(hit.rule.facts for hit in found):
            return ()
        others = (other for other, _ in self.tx.story_items(placement.story))
        return stories.new_facts(item, [other for other in others if other.id != item.id])

    def _sent_within_an_hour(self) -> Mapping[RouteName, int]:
        """Count what routes sent lately, if any has a cap."""
        if all(route.most_per_hour is None for route in self.watch.routes.values()):
            return {}
        return self.tx.promised_since(self.now - AN_HOUR)

    def _flooded(self, fresh: int, shown: int) -> str:
        """Say that a known feed made nearly everything new, and tell the operator."""
        told = cadence.flood(self.due, fresh, shown, self.now)
        if told is None:
            return ""
        self.tell_operator([told])
        return told.text

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


def silent(due: DueFeed, found: Sorted, now: datetime) -> dict[ItemId, str]:
    """Tell which unseen items alert nobody, and why.

    They are of a feed's first visit, or of an older page and from before the gap.
    """
    old = _older_than_the_gap(due, found)
    if due.memory.first_read_at is not None:
        return dict(old)
    told = {
        item.id: alerts.baseline(due.feed, item, position, now)
        for position, item in enumerate(found.apart.fresh)
    }
    return {**old, **{item: why for item, why in told.items() if why}}


def _older_than_the_gap(due: DueFeed, found: Sorted) -> Mapping[ItemId, str]:
    look_back = due.memory.look_back
    if look_back is None:
        return {}
    before = _seen_before_the_gap(due, found)
    return cadence.older_than_the_gap(found.items, before, look_back.since)


def _seen_before_the_gap(due: DueFeed, found: Sorted) -> frozenset[ItemId]:
    """Tell which items of an older page we had seen before the feed rolled over."""
    look_back = due.memory.look_back
    if look_back is None:
        return frozenset()
    return frozenset(one.id for one in found.remembered if one.seen_at <= look_back.since)


def _returned(apart: ToldApart, shown: Collection[ItemId]) -> int:
    """Count the known items that the document before did not show.

    None, where the visit before brought no document: then we cannot tell.
    """
    rekeyed = (known for known, _ in apart.rekeyed)
    known = {*apart.again, *rekeyed, *(item.id for item in apart.edited)}
    return len(known.difference(shown)) if shown else 0


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
