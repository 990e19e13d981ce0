"""Stories, and where items stand to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.model.items import Item
from watcher.model.names import FeedId, ItemId, StoryId


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
    leads: bool = False  # a copy that takes the lead of its story when it joins it; not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An item that was told before, with the story it belongs to: a candidate to compare with."""

    item: Item
    story: StoryId
    lead: bool  # whether it is the item that its story leads with
    by_hand: bool = False  # a person put it into its story
    versions: tuple[Item, ...] = ()  # the item as it was before it was edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is kept in memory of a text, to find copies of it by."""

    words: tuple[int, ...]  # 32-bit keys of its most telling words
    text: tuple[int, ...] = ()  # 16 bits of each of its words, in order; () when not known


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
