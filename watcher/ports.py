"""What the pipeline asks of the world. Each port has a real thing (an edge) and a fake (tests).

A fake must keep the promises that are written here: the tests rest on them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

from watcher.model import (
    Alert,
    AlertKey,
    AlertState,
    Attempt,
    Bookmark,
    ChannelHealth,
    ChannelName,
    Counts,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    FetchResult,
    Hit,
    Imprint,
    Item,
    ItemId,
    Outcome,
    PageNote,
    PagesAsked,
    PagesGot,
    PastHit,
    PastItem,
    Placement,
    Planned,
    Remembered,
    RouteName,
    RuleActivity,
    RuleId,
    RuleInfo,
    RuleNotice,
    Shown,
    Silence,
    Sketch,
    Story,
    StoryId,
    Told,
    Trail,
    Waiting,
)

Answered = tuple[DueFeed, FetchResult]
PagesCame = tuple[PagesAsked, PagesGot]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        ...


class Fetcher(Protocol):
    """Gets feeds over the network."""

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake: whatever goes wrong out there is a `FetchFailed`. One
        slow feed delays no other by more than its own deadline. Closing the iterator early gives
        up what has not come yet.
        """
        ...

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        """Visit what `more` supplies; yield the answers by handfuls, those there are at a time.

        None may have come for a while; then a handful is empty, and says that we go on.

        `more` is told how many feeds there is room for, and is asked again while visits are under
        way, so that no slow feed keeps others from beginning. Ends when it supplies nothing and
        nothing is under way. A feed whose lease ends too soon, or whose host has a long queue, is
        answered with a postponed `FetchFailed` without being asked. Else as `fetch_all`.
        """
        ...


class Pages(Protocol):
    """Gets the pages of items over the network, and finds the articles on them."""

    def ask(self, asked: PagesAsked) -> None:
        """Begin to fetch what a visit asks for; waits for nothing."""
        ...

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
        """Give what has come of `ask`, each once; waits for the first for so many seconds.

        Each visit's pages come together, and every address has its result. Never raises for the
        world's sake: whatever goes wrong out there is a `PageMissed`. One visit delays no other by
        more than its own deadline. No page is asked for that its site's robots.txt forbids.
        """
        ...


class Channel(Protocol):
    """A way out: one receiver of alerts."""

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        ...

    def send(self, alert: Alert) -> Outcome:
        """Send one alert once, with its key, within the channel's own deadline.

        Never raises for the world's sake and never retries: the outbox does. No secret appears in
        an outcome's text. What feeds wrote never becomes markup, a mention or a header.

        An alert that is `in_thread` answers its `parent`, where the receiver knows threads and the
        parent has a `reference`; the parent's message may be edited. One that is `doubtful` may
        have arrived at an earlier try: a channel that can look whether it did looks first.
        `progress` is what the outcome of the last try carried.
        """
        ...


class Transaction(Protocol):
    """All of it, or none of it. Methods are in the order in which the pipeline needs them."""

    # --- feeds
    def configure_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the known feeds be these: new ones are due now, missing ones are never due again.

        A feed that went missing keeps its history, and has it back when it returns. A feed whose
        URL changed loses its validators and body hash, and is due now.
        """
        ...

    def claim_due_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[DueFeed, ...]:
        """Take up to `limit` due feeds, longest due first; nobody else gets them for `lease`.

        A lease that ends much later than that is from before a clock was set back: it is void.
        """
        ...

    def overdue(self, now: datetime, lease: timedelta, at_once: int) -> tuple[FeedId, ...]:
        """List the feeds that could be claimed now, longest due first, behind the first `at_once`.

        `lease` is the one that feeds are claimed for.
        """
        ...

    def put_off(self, times: Sequence[tuple[FeedId, datetime]]) -> None:
        """Make each of these feeds due then."""
        ...

    def visited_after(self, then: datetime) -> tuple[FeedMemory, ...]:
        """Tell of the feeds whose last visit was after this time."""
        ...

    def wait_anew(self, memory: FeedMemory) -> None:
        """Take over when the feed was visited and is due, and nothing else."""
        ...

    def leased(self, due: Sequence[DueFeed]) -> frozenset[FeedId]:
        """Tell which of these are still ours, and keep them so until the transaction ends.

        A lease is lost when it has ended and somebody else took the feed, or when the feed's
        address was changed. A feed without a lease has none to lose.
        """
        ...

    def release(self, due: Sequence[DueFeed], until: datetime | None = None) -> None:
        """Give back the leases that are still ours, now or at the given time."""
        ...

    def make_all_due(self, now: datetime) -> None:
        """Make every configured feed that is not gone due now."""
        ...

    def feeds(self) -> tuple[DueFeed, ...]:
        """List the configured feeds with what is remembered of them, by id."""
        ...

    def feed(self, feed_id: FeedId) -> DueFeed | None:
        """Find a configured feed with what is remembered of it."""
        ...

    def next_due_at(self) -> datetime | None:
        """Tell when the next feed is due; None when there is none."""
        ...

    # --- rules
    def configure_rules(self, rules: Sequence[RuleInfo], now: datetime) -> None:
        """Make the rules in service be these; new ones are in service from now on.

        One that left keeps its history. When it comes back it is new: in service from then on.
        """
        ...

    def rule_activity(self, since: datetime) -> tuple[RuleActivity, ...]:
        """Tell how rules do, by id: those in service, and those with an open notice.

        `items` and `hits` are about items first seen since then and since the rule came into
        service. The last hit is known for ever, also when the items are forgotten.
        """
        ...

    def hits_per_day(
        self, rules: Collection[RuleId], since: datetime
    ) -> Mapping[RuleId, Mapping[date, int]]:
        """Count the hits of these rules since then by UTC day; days without any are left out.

        An item counts once for a rule, on the day of its first hit. Forgotten ones do not count.
        """
        ...

    def hits_of(self, rule: RuleId, limit: int) -> tuple[PastHit, ...]:
        """List the last hits of a rule with their items, newest first."""
        ...

    def note_rule(self, notice: RuleNotice) -> bool:
        """Write down that a notice about a rule opened or closed.

        False, and nothing is written, where it is open (closed) already: somebody else was first.
        """
        ...

    # --- items
    def take_in_alone(self) -> None:
        """Wait until no other transaction takes in a visit, on any machine; then be the one.

        Two copies of a story that arrive at the same moment would otherwise not see each other.
        """
        ...

    def still_shown(self, memory: FeedMemory, items: Collection[ItemId]) -> bool:
        """Tell whether nobody visited the feed since this was remembered, and all these are kept.

        Then the items are as that visit left them.
        """
        ...

    def remembered(self, feed: FeedId, items: Sequence[Item | Shown]) -> tuple[Remembered, ...]:
        """Find what this feed showed before under the id, guid, normal link or title of these.

        Empty guids, links and titles find nothing.
        """
        ...

    def shown(self, feed: FeedId, at: datetime) -> frozenset[ItemId]:
        """Tell which items a feed showed in the document that was read at this very moment.

        Those that it shows again later are not among them any more.
        """
        ...

    def keep(self, items: Iterable[Item]) -> None:
        """Keep unseen items; one that is there already is left as it is."""
        ...

    def keep_edits(self, items: Iterable[Item], now: datetime) -> None:
        """Add a version to known items: the item then shows the new text, first-seen stays."""
        ...

    def rekey(self, known: ItemId, item: Item) -> None:
        """Let a known item be found under another guid, link and title as well as its old ones."""
        ...

    def touch(self, items: Collection[ItemId], now: datetime) -> None:
        """Note that these are still shown by their feed."""
        ...

    # --- pages
    def note_pages(self, notes: Iterable[PageNote]) -> None:
        """Write down what became of items' pages; the latest word about an item counts."""
        ...

    def page_twins(self, mark: str, item: ItemId) -> tuple[str, ...]:
        """Tell where other items' pages with this mark came from, in order."""
        ...

    # --- stories
    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items, seen since then, with one of these normal links; oldest first.

        Also finds items that themselves name such a link as their source (`claim_sources`), so
        that two copies of an original that we never saw meet.
        """
        ...

    def look_ahead(self, links: Collection[str], since: datetime) -> None:
        """Look up at once what `told_by_link` will be asked; changes no answer."""
        ...

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find the placed items, seen since then, that share the most with this text.

        Words that many items have are worth little: rare ones decide. Best first; among equals the
        newest, then the one that was placed first. Items that share hardly a word are left out.
        """
        ...

    def leads(self, stories: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that lead these stories, in no order; unknown ones are left out.

        What an item said before it was edited comes with it (`Told.versions`).
        """
        ...

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Write down where an item belongs, and index it by its text and claimed source links.

        A new or related item opens a story with the item's id; a copy joins `placement.story`,
        and leads it from now on where `placement.leads`. The story keeps its id. Placing an item
        again (after an edit) adds its new text and changes nothing else.
        """
        ...

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        ...

    def split(self, item: ItemId, because: str) -> None:
        """Let a copy lead a story of its own from now on, by hand.

        Where the story bears the copy's name, the copy keeps it, with the alerts that told of it;
        the others are a story under the name of their lead. `ValueError` if it is not placed, or
        leads its story already.
        """
        ...

    def join(self, story: StoryId, into: StoryId, because: str) -> None:
        """Let all items of a story, and its alerts, belong to another one from now on, by hand.

        `ValueError` if one of them does not exist, or they are one already.
        """
        ...

    def lead_of(self, story: StoryId) -> Item:
        """Tell the item that a story leads with."""
        ...

    # --- hits and alerts
    def rules_hit(self, item: ItemId) -> frozenset[RuleId]:
        """Tell which rules an item has hit so far."""
        ...

    def keep_hits(self, hits: Iterable[Hit], now: datetime) -> None:
        """Write down what matched; a rule's earlier hit on the item is replaced, but for its time.

        So an item counts once for a rule, at its first hit, however often it is edited.
        """
        ...

    def alerts_of(self, story: StoryId) -> tuple[Alert, ...]:
        """List what was promised about a story, oldest first, locked until the transaction ends."""
        ...

    def write_plan(self, plan: Planned, now: datetime) -> bool:
        """Write down what was decided, and promise or amend its alert.

        True if this made a new promise. The same key is never promised twice; an alert that is no
        longer held or pending is not amended.
        """
        ...

    def promise(self, alert: Alert) -> bool:
        """Promise an alert that no item caused; True if its key is new."""
        ...

    # --- the end of a visit
    def imprint(self, feed: FeedId) -> Imprint | None:
        """Give what is remembered of a feed's last document; None: its next must be read whole."""
        ...

    def keep_imprint(self, feed: FeedId, imprint: Imprint | None) -> None:
        """Remember a feed's last document like this, which the entries are that were kept now."""
        ...

    def record_visit(self, memory: FeedMemory) -> None:
        """Remember the feed like this and give back its lease. Always a visit's last step."""
        ...

    def record_visits(self, memories: Sequence[FeedMemory]) -> None:
        """Do so for several feeds."""
        ...

    # --- delivering
    def claim_alerts(
        self, channel: ChannelName, now: datetime, lease: timedelta, limit: int
    ) -> tuple[Alert, ...]:
        """Take due alerts of a channel, oldest first, as `sending` with `attempts` counted up.

        Due are the held, pending and doubtful ones whose time has come, and those that are
        `sending` under a lease that ran out: their sender died, and `last_outcome` then says so.
        At most one alert of a story at a time, the earliest. What waits for its bundle, or for a
        person (doubtful and settled), is not due, and the latter is in nobody's way.
        An update has the story's first sent message there as its `parent`.
        """
        ...

    def settle(self, ended: Sequence[tuple[Alert, Attempt]]) -> None:
        """Write down how attempts ended; gives back the leases."""
        ...

    def hold_doubtful(self, channel: ChannelName, now: datetime) -> None:
        """Let alerts of the channel whose sender died wait for a person."""
        ...

    def anything_due(self, channel: ChannelName, now: datetime) -> bool:
        """Tell whether an alert of the channel may be due; an earlier one may be in its way."""
        ...

    # --- how channels do
    def health(self, name: ChannelName) -> ChannelHealth:
        """Tell how a channel does."""
        ...

    def health_to_change(self, name: ChannelName) -> ChannelHealth:
        """Tell how a channel does, locked until the transaction ends."""
        ...

    def keep_health(self, health: ChannelHealth) -> None:
        """Remember that a channel does like this."""
        ...

    def channels(self) -> Mapping[ChannelName, ChannelHealth]:
        """Tell how the channels do that were ever sent to."""
        ...

    def waiting(self) -> tuple[Waiting, ...]:
        """Count the alerts by channel and state, both in order."""
        ...

    # --- holding
    def due_bundles(self, now: datetime) -> tuple[tuple[RouteName, str], ...]:
        """List the bundles of held alerts whose time has come, by route."""
        ...

    def bundled(self, route: RouteName, bundle: str) -> tuple[Alert, ...]:
        """List the held alerts of a bundle, oldest first, locked until the transaction ends.

        What somebody else has locked is left out: they are telling of it.
        """
        ...

    def oldest_due(self, now: datetime) -> Mapping[RouteName, datetime]:
        """Tell when the oldest alert about a story was promised that is due alone, by route.

        Alerts that may have arrived do not count.
        """
        ...

    def late(self, route: RouteName, now: datetime, before: datetime) -> tuple[Alert, ...]:
        """List alerts as `oldest_due` counts them, promised before then, locked until the end.

        What somebody else has locked is left out.
        """
        ...

    def held(self) -> tuple[Alert, ...]:
        """List all held alerts, oldest first, locked until the end; not what somebody else has."""
        ...

    def unsettled(self) -> tuple[Alert, ...]:
        """List the alerts that somebody will still try, locked; not what somebody else has."""
        ...

    def resettle(self, alerts: Sequence[Alert]) -> None:
        """Write down what became of alerts that were listed, and locked, for that."""
        ...

    def promised_since(self, since: datetime) -> Mapping[RouteName, int]:
        """Count the alerts about stories promised since then to go out alone, by route."""
        ...

    def silence(self, silence: Silence) -> bool:
        """Keep in from now on what this matches; False, and nothing changes, where it is there."""
        ...

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        """List the silences that have not ended then (all, without a time), first to end first."""
        ...

    def expire_silence(self, silence: Silence, now: datetime) -> None:
        """End a silence now; one that has not begun never does."""
        ...

    # --- asking
    def alert(self, key: str) -> Alert | None:
        """Find an alert by its key or an unambiguous beginning of it."""
        ...

    def retry_alert(self, alert: Alert, now: datetime) -> None:
        """Make a dead, doubtful or suppressed alert pending again, due now, same key."""
        ...

    # --- looking
    def find_items(self, text: str, limit: int) -> tuple[Item, ...]:
        """Find items by id, beginning of an id, guid or link, newest first."""
        ...

    def count_items(self, since: datetime) -> int:
        """Count the items first seen since then, forgotten ones too."""
        ...

    def past_items(self, since: datetime, after: int, limit: int) -> tuple[PastItem, ...]:
        """List items first seen since then, in the order in which they were kept: a page of them.

        The page begins behind the item with the number `after`; 0 begins it all.
        """
        ...

    def trail(self, item: ItemId) -> Trail | None:
        """Tell all that was decided about an item."""
        ...

    def alerts(
        self,
        states: Collection[AlertState],
        limit: int,
        *,
        route: RouteName | None = None,
        channel: ChannelName | None = None,
        since: datetime | None = None,
    ) -> tuple[Alert, ...]:
        """List alerts in these states (all, when empty), newest first.

        Only those of a route, of a channel, promised since then, where that is said.
        """
        ...

    def attempts(self, key: AlertKey) -> tuple[Attempt, ...]:
        """List the attempts at an alert, oldest first."""
        ...

    def plans_of(self, key: AlertKey) -> tuple[Planned, ...]:
        """List the decisions that made or amended an alert, oldest first; without the alert."""
        ...

    def members(self, digest: AlertKey) -> tuple[Alert, ...]:
        """List the alerts that a digest told of, oldest first."""
        ...

    def stories(self, since: datetime, limit: int) -> tuple[Story, ...]:
        """List stories that had an item since then, newest first."""
        ...

    def story_items(self, story: StoryId) -> tuple[tuple[Item, Placement], ...]:
        """List a story's items with their placements, lead first, then oldest first."""
        ...

    def counts(self) -> Counts:
        """Count what the store holds."""
        ...

    # --- leafing through, newest first
    def alerts_page(
        self,
        states: Collection[AlertState] = (),
        *,
        limit: int,
        before: Bookmark | None = None,
        rule: RuleId | None = None,
        story: StoryId | None = None,
    ) -> tuple[Alert, ...]:
        """List a page of alerts in these states (all, when empty), the last promised first.

        With a `rule`, those that an item led to which the rule hit; with a `story`, those about it.
        """
        ...

    def stories_page(self, *, limit: int, before: Bookmark | None = None) -> tuple[Story, ...]:
        """List a page of stories, those that had an item last first."""
        ...

    def find_story(self, name: StoryId) -> Story | None:
        """Find a story."""
        ...

    def latest_items(self, limit: int) -> tuple[PastItem, ...]:
        """List the items that were kept last, newest first."""
        ...

    def hits_per_hour(self, since: datetime) -> Mapping[datetime, int]:
        """Count the hits of all rules since then by the hour; hours without any are left out."""
        ...

    # --- housekeeping
    def forget(self, *, texts_before: datetime, everything_before: datetime) -> int:
        """Drop the texts of items not shown since the one time, and all trace of those not shown
        since the other, with settled alerts of that age; return how many items lost their text.

        Identity (guid, links, title hash) outlives the text, so that nothing old comes back as new.
        """  # noqa: D205 - two times, one sentence
        ...

    def is_text_older(self, than: datetime) -> bool:
        """Tell whether there is a text of an item that was last shown before that time."""
        ...


class Placing(Protocol):
    """As much of a `Transaction` as placing a stream needs, with the same promises."""

    def keep(self, items: Iterable[Item]) -> None:
        """Keep unseen items."""
        ...

    def keep_edits(self, items: Iterable[Item], now: datetime, /) -> None:
        """Add a version to known items."""
        ...

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items by their links and claims."""
        ...

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find placed items by their words."""
        ...

    def leads(self, stories: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that lead these stories."""
        ...

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Write down where an item belongs."""
        ...

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        ...


class Store(Protocol):
    """Keeps everything; the only memory there is."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a writing transaction: committed at the end, rolled back by any exception."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only looks, and does not wait for writers."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
