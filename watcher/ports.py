"""What the pipeline asks of the world. Each port has a real thing (an edge) and a fake (tests).

A fake must keep the promises that are written here: the tests rest on them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

from watcher.model import (
    Alert,
    AlertState,
    Attempt,
    ChannelName,
    Counts,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    FetchResult,
    Hit,
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
    RuleActivity,
    RuleId,
    RuleInfo,
    RuleNotice,
    Sketch,
    Story,
    StoryId,
    Told,
    Trail,
)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        ...


class Fetcher(Protocol):
    """Gets feeds over the network."""

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake: whatever goes wrong out there is a `FetchFailed`. One
        slow feed delays no other by more than its own deadline. Closing the iterator early gives
        up what has not come yet.
        """
        ...


class Pages(Protocol):
    """Gets the pages of items over the network, and finds the articles on them."""

    def fetch_all(self, asked: Sequence[PagesAsked]) -> Iterator[tuple[FeedId, PagesGot]]:
        """Fetch what visits ask for and yield each visit's pages once, in no order.

        Every address asked for has its result. Never raises for the world's sake: whatever goes
        wrong out there is a `PageMissed`. One visit delays no other by more than its own deadline.
        No page is asked for that its site's robots.txt forbids. Closing the iterator early gives
        up what has not come yet.
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
        """Take up to `limit` due feeds, longest due first; nobody else gets them for `lease`."""
        ...

    def make_all_due(self, now: datetime) -> None:
        """Make every configured feed that is not gone due now."""
        ...

    def feeds(self) -> tuple[DueFeed, ...]:
        """List the configured feeds with what is remembered of them, by id."""
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

    def remembered(self, feed: FeedId, items: Sequence[Item]) -> tuple[Remembered, ...]:
        """Find what this feed showed before under the id, guid, normal link or title of these.

        Empty guids, links and titles find nothing.
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

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find the placed items, seen since then, that share the most with this text.

        Words that many items have are worth little: rare ones decide. Best first; among equals the
        newest, then the one that was placed first. Items that share hardly a word are left out.
        """
        ...

    def told(self, items: Collection[ItemId]) -> tuple[Told, ...]:
        """Find these items with their stories, in no order; unplaced ones are left out.

        What an item said before it was edited comes with it (`Told.versions`).
        """
        ...

    def place(
        self, item: Item, placement: Placement, sketch: Sketch, sources: Collection[str]
    ) -> None:
        """Write down where an item belongs, and index it by its text and claimed source links.

        A new or related item opens a story with the item's id; a copy joins `placement.story`.
        Placing an item again (after an edit) adds its new text and changes nothing else.
        """
        ...

    def placement(self, item: ItemId) -> Placement | None:
        """Tell where an item was placed."""
        ...

    def split(self, item: ItemId, because: str) -> None:
        """Let a copy lead a story of its own from now on, by hand.

        `ValueError` if it is not placed, or leads its story already.
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
    def record_visit(self, memory: FeedMemory) -> None:
        """Remember the feed like this and give back its lease. Always a visit's last step."""
        ...

    # --- delivering
    def claim_alerts(
        self, channel: ChannelName, now: datetime, lease: timedelta, limit: int
    ) -> tuple[Alert, ...]:
        """Take due alerts of a channel, oldest first, as `sending` with `attempts` counted up.

        Due are the held, pending and doubtful ones whose time has come, and those that are
        `sending` under a lease that ran out: their sender died, and `last_outcome` then says so.
        At most one alert of a story at a time, the earliest.
        """
        ...

    def settle(self, alert: Alert, attempt: Attempt) -> None:
        """Write down how an attempt ended; gives back the lease."""
        ...

    def throttle(self, channel: ChannelName, until: datetime) -> None:
        """Let no held, pending or doubtful alert of this channel be due before then."""
        ...

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

    def alerts(self, states: Collection[AlertState], limit: int) -> tuple[Alert, ...]:
        """List alerts in these states (all, when empty), newest first."""
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

    # --- housekeeping
    def forget(self, *, texts_before: datetime, everything_before: datetime) -> int:
        """Drop the texts of items not shown since the one time, and all trace of those not shown
        since the other, with settled alerts of that age; return how many items lost their text.

        Identity (guid, links, title hash) outlives the text, so that nothing old comes back as new.
        """  # noqa: D205 - two times, one sentence
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
