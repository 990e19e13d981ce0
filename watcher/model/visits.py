"""What a visit to a feed came to."""

from dataclasses import dataclass
from datetime import datetime

from watcher.model.alerts import Alert
from watcher.model.feeds import FeedMemory
from watcher.model.names import FeedId
from watcher.model.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a feed that the operator should know; one opens, one closes."""

    feed: FeedId
    topic: str  # a key of `alerts.notices`: failing, recovered, gone, moved, gap, quiet …
    text: str
    number: int  # usually the visit that caused it, so that the same one is never said twice


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
    outcome: str  # read, not modified, same, failed, unreadable, postponed, overtaken
    reason: str = ""
    items: int = 0
    fresh: int = 0
    edited: int = 0
    copies: int = 0
    hits: int = 0
    promised: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one try at an alert came to."""

    alert: Alert
    outcome: Outcome
