"""Items, the documents they come in, and how known ones are told from unseen ones."""

import re
from dataclasses import dataclass, field
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
class Shown:
    """An entry that its feed showed before in the very same words: its names, without its texts."""

    id: ItemId
    guid: str = ""
    normal_link: str = ""
    title: str = ""
    text_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What is remembered of one entry, to know it again by its bytes and not to read it twice."""

    digest: str  # of its bytes, without what changes all day
    guid: str
    page: str  # its normal link
    place: str  # its normal link with the place in the page
    normal_link: str  # the one of the two that it was compared by
    title: str
    told: str  # the title, or a fingerprint of the text
    dated: str  # in the document's own words, where nothing better tells it from others
    text_hash: str
    id: ItemId | None = None  # None: it is known to us under another id than its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What is remembered of a document, so that of the next one only what is new need be read."""

    key: str  # of all that the reading of an entry depends on, but its own bytes and the channel's
    envelope: str  # fingerprint of what is around the entries
    channel: str  # fingerprint of what entries take over from the channel
    title: str
    kind: str
    language: str
    home: str
    suggested_interval: timedelta | None
    prints: tuple[Print, ...]
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    older_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one feed document says.

    Of a document that was read incrementally, `items` are the entries that were not in the one
    before; the others are in `shown`, with their places. `entries` are all, in their order.
    """

    title: str
    kind: str  # "rss20", "atom10", "json11" …
    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()  # what was wrong with it, though it could be read
    language: str = ""
    home: str = ""
    suggested_interval: timedelta | None = None  # ttl, sy:update*, as the feed puts it
    skip_hours: frozenset[int] = frozenset()  # when it wants no visits: 0 to 23, in UTC
    skip_days: frozenset[int] = frozenset()  # Monday is 0
    older_page: str = ""  # where older items stand: prev-archive, next, next_url
    shown: tuple[tuple[int, Shown], ...] = ()
    settled: bool = False  # nothing but entries that we know under these very ids and links
    # None: the next document must be read whole. It is not part of what this one says.
    imprint: Imprint | None = field(default=None, compare=False)

    def is_as(self, before: Imprint | None) -> bool:
        """Whether it says nothing that is not remembered of the document before."""
        return self.settled and self.imprint == before

    @property
    def entries(self) -> tuple[Item | Shown, ...]:
        """Give the read and the unread entries in the document's order."""
        if not self.shown:
            return self.items
        entries: list[Item | Shown] = list(self.items)
        for place, one in self.shown:
            entries.insert(place, one)
        return tuple(entries)


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
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldApart:
    """A document's items, told apart by what was seen before. Each keeps the id it had."""

    fresh: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    again: tuple[ItemId, ...] = ()  # seen before and unchanged
    rekeyed: tuple[tuple[ItemId, Item], ...] = ()  # known under another guid or link: (id, as now)
    unclear: tuple[Shown, ...] = ()  # not as we know them: the document must be read whole
