"""The nouns: what the rooms hand to each other.

Everything here is frozen; changing a thing is `dataclasses.replace`. Times are aware and in UTC.
Ids are made from content, so that doing a thing again does nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import Literal, NewType

FeedId = NewType("FeedId", str)
ItemId = NewType("ItemId", str)
StoryId = NewType("StoryId", str)
RuleId = NewType("RuleId", str)
AlertKey = NewType("AlertKey", str)
RouteName = NewType("RouteName", str)
ChannelName = NewType("ChannelName", str)


def content_id(*parts: str) -> str:
    """Make an id from content: 16 hex digits of SHA-256 over the length-prefixed parts."""
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()[:16]


class Secret:
    """A text that must never be shown: it prints as `***` wherever it is printed by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, at the very place where it is used."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


# --- the operator's mistakes --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a configuration file, with its place and what to write instead."""

    code: str
    message: str
    file: str = ""
    line: int = 0  # 1-based; 0 where the whole file is meant
    column: int = 0  # 1-based, in characters of the line
    rule: str = ""  # id of the rule, where the fault is in one
    excerpt: str = ""  # the faulty line or expression
    caret: int = 0  # 1-based column of the fault in `excerpt`
    width: int = 1  # how many characters of `excerpt` it covers
    suggestions: tuple[str, ...] = ()
    warning: bool = False

    def told(self) -> str:
        """Tell it as a compiler would: place, message, excerpt with caret, suggestions."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        kind = "warning" if self.warning else "error"
        where = f' in rule "{self.rule}"' if self.rule else ""
        lines = [f"{place + ': ' if place else ''}{kind} {self.code}{where}: {self.message}"]
        if self.excerpt:
            lines.append(f"    {self.excerpt}")
            if self.caret:
                lines.append("    " + " " * (self.caret - 1) + "^" * max(1, self.width))
        for n, suggestion in enumerate(self.suggestions):
            lines.append(f"    {'write' if n == 0 else '   or'} {suggestion}")
        return "\n".join(lines)


# --- feeds --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A place to look at, as the configuration names it."""

    id: FeedId
    url: str
    title: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    every: timedelta | None = None  # asked-for interval; None leaves it to cadence
    backfill: int | timedelta = 0  # how many items, or how old, of the first visit may alert


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What we remember of a feed from visits before."""

    feed: FeedId
    due_at: datetime
    first_read_at: datetime | None = None  # when it was first read; None: the next is a baseline
    last_visit_at: datetime | None = None
    last_read_at: datetime | None = None  # last 200 that could be read, or 304
    etag: str = ""  # byte for byte as it was sent
    last_modified: str = ""
    validators_url: str = ""  # the address the validators belong to
    body_hash: str = ""
    failures: int = 0  # in a row
    trouble: str = ""  # why the last visit failed; empty when it did not
    gone: bool = False  # 410: no more visits
    visits: int = 0
    interval: timedelta | None = None  # what cadence chose last
    last_fresh_at: datetime | None = None  # when it last brought an unseen item


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed whose time has come, with what we remember of it."""

    feed: Feed
    memory: FeedMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The server sent a body. Header names are lower case."""

    status: int
    url: str  # where the body came from, after redirects
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said that nothing has changed."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """There is nothing to read; the reason is fit to be shown."""

    reason: str
    retry_after: timedelta | None = None
    gone: bool = False
    status: int = 0  # 0 where there was no answer


FetchResult = Fetched | NotModified | FetchFailed


# --- items --------------------------------------------------------------------------------------

_COUNTS = re.compile(r"\d+(?:[.,]\d+)*(?: (?:comment|like|point|share|view|vote)s?\b)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An outgoing link of an item's text: `start` and `end` are offsets in that field's text."""

    url: str
    field: Literal["summary", "content"]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Another address that the item's own markup names as where its text comes from."""

    url: str
    how: str  # "<source url>", "atom:source", "rel=canonical", "feedburner:origLink" …


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed. Texts are plain text as `text.markup.plain` makes it."""

    id: ItemId
    feed: FeedId
    guid: str = ""  # as the feed gave it; empty when it gave none
    link: str = ""  # absolute, as the feed gave it
    normal_link: str = ""  # for comparison only, see `parse.identity.normal_link`
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None  # what the feed says, clamped to sense; advice only
    seen_at: datetime  # when we first saw it: the clock that counts
    sources: tuple[Source, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text_hash(self) -> str:
        """Fingerprint of what the item says; another one means that it was edited.

        It is blind to numbers: points and counts of comments change all day and say nothing.
        """
        texts = (self.title, self.summary, self.content)
        return content_id(*(_COUNTS.sub("0", text) for text in texts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one feed document says."""

    title: str
    kind: str  # "rss20", "atom10", "json11" …
    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()  # what was wrong with it, though it could be read
    language: str = ""
    home: str = ""
    suggested_interval: timedelta | None = None  # ttl, sy:update*, as the feed puts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The body is not a feed; the reason says what it is instead."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server sent the same bytes as last time: there is nothing to read."""


ReadResult = Document | Unreadable | Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What we remember of an item to know it again, even when its guid or link has changed."""

    id: ItemId
    guid: str
    normal_link: str
    title: str
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldApart:
    """A document's items, told apart by what was seen before. Each keeps the id it had."""

    fresh: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    again: tuple[ItemId, ...] = ()  # seen before and unchanged
    rekeyed: tuple[tuple[ItemId, Item], ...] = ()  # known under another guid or link: (id, as now)


# --- rules --------------------------------------------------------------------------------------


class Severity(IntEnum):
    """How much a rule's hit matters."""

    LOW = 10
    INFO = 20
    HIGH = 30
    CRITICAL = 40

    @property
    def word(self) -> str:
        """The word that rule files use."""
        return self.name.lower()


class Updates(StrEnum):
    """What a later item of a story does that brings a rule hit the story did not have."""

    IGNORE = "ignore"
    THREAD = "thread"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Where a term of a rule stands in an item."""

    field: str
    value: int  # which value of a field that has several
    start: int  # offsets in the plain text of that value
    end: int
    text: str  # the matched characters
    term: str  # the term as the rule writes it
    how: str  # plain, joined, divided, plural, wildcard, fuzzy:1, stem, exact, regex, list:name


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """What the rest of the program needs to know of a rule besides its meaning."""

    id: RuleId
    title: str = ""
    severity: Severity = Severity.INFO
    notify: tuple[RouteName, ...] = ()
    updates: Updates = Updates.ALERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule's yes to an item, with the words that made it."""

    rule: RuleInfo
    item: ItemId
    occurrences: tuple[Occurrence, ...]


# --- stories ------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """How an item stands to what was told before."""

    NEW = "new"
    COPY = "copy"
    RELATED = "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an item belongs, and on what evidence."""

    item: ItemId
    story: StoryId
    verdict: Verdict
    of: ItemId | None = None  # the item that it copies or relates to
    score: float = 0.0
    because: tuple[str, ...]  # sentences for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An item that was told before, with the story it belongs to: a candidate to compare with."""

    item: Item
    story: StoryId
    lead: bool  # whether it is the item that its story leads with


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Near-copies told as one."""

    id: StoryId
    lead: ItemId
    title: str
    link: str
    feed: FeedId
    first_seen_at: datetime
    last_seen_at: datetime
    items: int


# --- alerts -------------------------------------------------------------------------------------


class AlertKind(StrEnum):
    """What an alert is about."""

    STORY = "story"
    UPDATE = "update"
    FEED = "feed"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What goes out to one channel, and when."""

    name: RouteName
    channel: ChannelName
    group_wait: timedelta = timedelta(minutes=2)  # critical rules do not wait


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
class Message:
    """What an alert says, as data: each channel gives it its form."""

    headline: str
    severity: Severity = Severity.INFO
    lead: Cited | None = None  # None in notices about feeds and channels
    rules: tuple[MatchedRule, ...] = ()
    copies: tuple[Cited, ...] = ()
    original: str = ""  # address of the original, where the item names one we have never seen
    evidence: tuple[str, ...] = ()  # why the copies are held to be copies
    body: str = ""  # the text of a notice


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
    edited: bool = False
    hit_before: frozenset[RuleId] = frozenset()  # rules that earlier versions of the item hit
    baseline: str = ""  # why nothing of this item may alert; empty when it may


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was decided for one route: an alert, or none, and always why."""

    item: ItemId
    route: RouteName
    decision: str  # promised, folded, suppressed, baseline
    because: str
    alert: Alert | None = None  # new, or an unsent one with more in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The receiver took it."""

    reference: str = ""  # what the receiver calls it: a message id, a ts


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLater:
    """Nothing was accepted; the same may work later."""

    reason: str
    retry_after: timedelta | None = None
    throttled: bool = False  # the whole channel must wait, and it does not count as an attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """The answer was lost after the request was written: it may have arrived."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will never be accepted like this."""

    reason: str
    gone: bool = False  # the receiver itself is no more


Outcome = Sent | TryLater | Doubtful | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver an alert."""

    alert: AlertKey
    number: int
    at: datetime
    outcome: str  # sent, try later, doubtful, refused
    detail: str


# --- visits -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a feed that the operator should know; one opens, one closes."""

    feed: FeedId
    topic: str  # failing, recovered, gone, gap
    text: str
    number: int  # the visit that caused it, so that the same one is never said twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """What a visit leaves behind: what to remember of the feed, and what to tell the operator."""

    memory: FeedMemory
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one look at a feed came to, for the log and the summary."""

    feed: FeedId
    at: datetime
    outcome: str  # read, not modified, same, failed, unreadable
    reason: str = ""
    items: int = 0
    fresh: int = 0
    edited: int = 0
    copies: int = 0
    hits: int = 0
    promised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one try at an alert came to."""

    alert: Alert
    outcome: Outcome


# --- answers to "why?" --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """All that was decided about one item, in order, with the reasons."""

    item: Item
    versions: int  # how many texts of it we have seen
    last_seen_at: datetime
    placement: Placement | None
    lead: Item | None  # of its story
    hits: tuple[Hit, ...]
    plans: tuple[Planned, ...]  # `alert` is filled where one was promised
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds."""

    feeds: int
    items: int
    stories: int
    copies: int
    hits: int
    alerts: Mapping[AlertState, int]
