"""Feeds, what we remember of them, and what their servers answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.model.memory import Asking, Habits, HalfHour, LookBack, Move, PastVisit, Wishes
from watcher.model.names import FeedId


class FullText(StrEnum):
    """Whether the pages of a feed's items are fetched for their text."""

    NO = "no"
    YES = "yes"
    AUTO = "auto"  # where what the feed says is short


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
    full_text: FullText = FullText.NO


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
    validators_url: str = ""  # the address that was asked when they came
    body_hash: str = ""
    failures: int = 0  # in a row
    trouble: str = ""  # why the last visit failed; empty when it did not
    gone: bool = False  # 410: no more visits
    visits: int = 0
    interval: timedelta | None = None  # what cadence chose last, before the server's wishes
    last_fresh_at: datetime | None = None  # when it last brought an unseen item
    because: str = ""  # why it is due when it is
    last_body_at: datetime | None = None  # last 200: a 304 cannot be believed for ever
    asking: Asking = Asking.BOTH
    same_bodies: int = 0  # in a row, sent though we asked whether anything had changed
    wishes: Wishes = field(default_factory=Wishes)
    habits: Habits = field(default_factory=Habits)
    move: Move = field(default_factory=Move)
    gaps: int = 0  # how often it rolled over between two visits
    gap_at: datetime | None = None  # since when items may be missing; None: none that we know of
    look_back: LookBack | None = None  # under way
    quiet_at: datetime | None = None  # when we told that it is quiet; None: it is not
    recent: tuple[PastVisit, ...] = ()  # the last visits, newest first
    day: tuple[HalfHour, ...] = ()  # the last 24 hours, oldest first, without those of no visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed whose time has come, with what we remember of it."""

    feed: Feed
    memory: FeedMemory
    leased_until: datetime | None = field(default=None, compare=False)  # ours alone until then

    @property
    def looks_back(self) -> bool:
        """Whether this visit is to an older page, after a gap."""
        return self.memory.look_back is not None

    @property
    def address(self) -> str:
        """What is asked for at this visit: an older page, where it moved to, or where it lives."""
        look_back = self.memory.look_back
        return look_back.page if look_back else self.home

    @property
    def state(self) -> str:
        """Say in a word how it does."""
        if self.memory.gone:
            return "gone"
        if self.memory.failures:
            return "failing"
        if self.memory.quiet_at:
            return "quiet"
        return "ok" if self.memory.first_read_at else "not visited yet"

    @property
    def home(self) -> str:
        """Where the feed lives, as far as we know."""
        return self.memory.move.to or self.feed.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The server sent a body. Header names are lower case."""

    status: int
    url: str  # where the body came from, after redirects
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""  # where permanent redirects led; empty where there were none
    conditional: bool = False  # whether it was asked if anything had changed


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said that nothing has changed."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""  # where permanent redirects led; empty where there were none


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """There is nothing to read; the reason is fit to be shown."""

    reason: str
    retry_after: timedelta | None = None
    gone: bool = False
    status: int = 0  # 0 where there was no answer
    postponed: bool = False  # not asked at all: its host wants to be left alone for `retry_after`


FetchResult = Fetched | NotModified | FetchFailed
