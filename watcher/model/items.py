"""Items, the documents they come in, and how known ones are told from unseen ones."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.model.names import FeedId, ItemId, content_id

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
    feed_hash: str = ""  # `text_hash` of what the feed says, where the texts are not all from it

    @property
    def text_hash(self) -> str:
        """Fingerprint of what the feed says of the item; another one means that it was edited.

        It is blind to numbers: points and counts of comments change all day and say nothing.
        """
        if self.feed_hash:
            return self.feed_hash
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
