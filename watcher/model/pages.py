"""Pages of items: what is asked for, what comes, and what is written down about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.model.items import Item, Source
from watcher.model.names import FeedId, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesAsked:
    """The pages that one visit to a feed asks for."""

    feed: FeedId
    addresses: tuple[str, ...]  # of items, each once, the most wanted first


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What a page says."""

    url: str  # where it came from, after redirects
    text: str  # of the article on it; a paragraph a line
    sources: tuple[Source, ...] = ()  # where the page itself says that it belongs; absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMissed:
    """There is no text; the reason is fit to be shown."""

    reason: str


PageResult = PageRead | PageMissed
PagesGot = Mapping[str, PageResult]  # by the address that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNote:
    """What became of the wish to read an item's page."""

    item: ItemId
    used: bool  # whether the item's text is the page's now
    outcome: str  # a sentence for people
    url: str = ""  # where the page came from
    mark: str = ""  # of its host and its text: two items do not have the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """Which pages a visit would like to see, and why not those of its other items."""

    addresses: tuple[str, ...] = ()
    unwished: Mapping[ItemId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """An item with its page's text, or as it was, and what is to be noted about that."""

    item: Item
    note: PageNote
