"""Alerts: promises to routes, what they say, and how they are planned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.model.feeds import Feed
from watcher.model.items import Item
from watcher.model.names import AlertKey, ChannelName, FeedId, ItemId, RouteName, RuleId, StoryId
from watcher.model.routes import Silence
from watcher.model.rules import Hit, Severity
from watcher.model.stories import Placement


class AlertKind(StrEnum):
    """What an alert is about."""

    STORY = "story"
    UPDATE = "update"
    DIGEST = "digest"  # many alerts told at once
    FEED = "feed"
    RULE = "rule"
    CHANNEL = "channel"
    SERVICE = "service"  # about Watcher itself
    TEST = "test"


class AlertState(StrEnum):
    """Where a promise stands; `held -> pending -> sending -> sent` when all goes well."""

    HELD = "held"  # waits for its group, quiet hours …
    PENDING = "pending"
    SENDING = "sending"  # claimed under a lease
    SENT = "sent"
    DOUBTFUL = "doubtful"  # may have arrived; resent where the receiver can tell a repeat
    DEAD = "dead"  # refused, or tried for too long: a dead letter
    SUPPRESSED = "suppressed"
    DIGESTED = "digested"  # told in a digest, which is an alert of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A piece of an item's text around the words that made a rule match."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]  # offsets in `text` of the matched words


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRule:
    """A rule that an alert names."""

    id: RuleId
    title: str
    severity: Severity
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An item as an alert cites it."""

    item: ItemId
    title: str
    link: str
    feed: FeedId
    feed_title: str
    published: datetime | None
    seen_at: datetime
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One alert as a digest tells of it."""

    alert: AlertKey
    headline: str
    severity: Severity
    lead: Cited | None = None
    rules: tuple[RuleId, ...] = ()
    copies: int = 0  # how many other sources the alert knew of


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What an alert says, as data: each channel gives it its form."""

    headline: str
    severity: Severity = Severity.INFO
    lead: Cited | None = None  # None in notices about feeds and channels
    rules: tuple[MatchedRule, ...] = ()
    copies: tuple[Cited, ...] = ()
    original: str = ""  # address of the original, where the item names one we have never seen
    evidence: tuple[str, ...] = ()  # why the copies are held to be copies
    body: str = ""  # the text of a notice, or what a digest is about
    subject: str = ""  # what all messages about the story are called; empty: the headline
    entries: tuple[Entry, ...] = ()  # of a digest, the most severe first and then the oldest
    entries_left_out: int = 0  # alerts that the digest counts and does not list
    links: tuple[str, ...] = ()  # addresses in `body` that may be links; of a template's words only


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One promise to one route about one story."""

    key: AlertKey
    kind: AlertKind
    route: RouteName
    channel: ChannelName
    story: StoryId | None
    item: ItemId | None  # the item that caused it
    revision: int = 0  # 0 for the first alert of a story, 1 … for its updates
    message: Message
    because: str  # why it was promised
    state: AlertState = AlertState.PENDING
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    last_outcome: str = ""
    settled_at: datetime | None = None
    in_thread: bool = False  # of an update: where the receiver can, a reply to the first message
    bundle: str = ""  # with which others it waits to be told in one digest; empty: alone
    digest: AlertKey | None = None  # the digest that told of it
    reference: str = ""  # what the receiver calls it, once it was sent
    doubtful: bool = False  # an earlier try may have arrived
    progress: str = ""  # how far the channel got at the last try, in its own words
    parent: "Alert | None" = None  # the story's first sent alert on this route, to be replied to

    @property
    def rule_ids(self) -> frozenset[RuleId]:
        """The rules that it names."""
        return frozenset(rule.id for rule in self.message.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An item that hit rules, with all that planning its alerts depends on."""

    item: Item
    feed: Feed
    placement: Placement
    hits: tuple[Hit, ...]
    lead: Item  # the item that the story leads with; the item itself in a new story
    lead_feed: Feed
    alerts: tuple[Alert, ...] = ()  # what was promised about this story before
    original: str = ""  # the address that the item names as its original, if any
    facts: tuple[str, ...] = ()  # names and numbers that no item of the story had before
    edited: bool = False
    hit_before: frozenset[RuleId] = frozenset()  # rules that earlier versions of the item hit
    baseline: str = ""  # why nothing of this item may alert; empty when it may
    flood: str = ""  # why this is one of too many at once, that must be told together; empty: no
    silences: tuple[Silence, ...] = ()  # those in force
    last_hour: Mapping[RouteName, int] = field(default_factory=dict)  # alerts promised, by route


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was decided for one route: an alert, or none, and always why."""

    item: ItemId
    route: RouteName
    decision: str  # promised, folded, silenced, not taken, baseline
    because: str
    alert: Alert | None = None  # new, or an unsent one with more in it
