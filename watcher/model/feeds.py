"""Feeds, what we remember of them, and what their servers answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

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
    postponed: bool = False  # not asked at all: its host wants to be left alone for `retry_after`


FetchResult = Fetched | NotModified | FetchFailed
