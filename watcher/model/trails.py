"""Answers to "why?" and "how much?"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.model.alerts import AlertState, Planned
from watcher.model.items import Item
from watcher.model.outcomes import Attempt
from watcher.model.pages import PageNote
from watcher.model.rules import Hit
from watcher.model.stories import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """All that was decided about one item, in order, with the reasons."""

    item: Item
    versions: int  # how many texts of it we have seen
    last_seen_at: datetime
    page: PageNote | None = None  # what became of its page, where one was wished for
    placement: Placement | None
    lead: Item | None  # of its story
    hits: tuple[Hit, ...]
    plans: tuple[Planned, ...]  # `alert` is filled where one was promised
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastItem:
    """An item that is kept, as it is now."""

    number: int  # items are numbered in the order in which they were first kept
    item: Item
    placement: Placement | None
    has_text: bool  # False: forgotten, only its identity is left
    backlog: bool  # it was in the first document of its feed that we read: old news


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds."""

    feeds: int
    items: int
    stories: int
    copies: int
    hits: int
    alerts: Mapping[AlertState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a page of a list, newest first, ended: the next one begins behind it."""

    at: datetime
    id: str
