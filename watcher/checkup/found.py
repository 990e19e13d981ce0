"""What a checkup finds out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.model import (
    Asking,
    Document,
    Feed,
    FeedMemory,
    Fetched,
    Finding,
    Look,
    Offer,
    ReadResult,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A feed asked for once more, in one way, and what that brought."""

    way: Asking
    look: Look
    read: ReadResult | None  # None: no body came


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """All that a checkup found out."""

    feed: Feed
    at: datetime
    look: Look  # the first
    read: ReadResult | None  # None: no body came
    memory: FeedMemory  # what the daemon would remember after the first visit
    wait: timedelta  # until the second
    idle: timedelta  # the same, after many visits that brought nothing
    again: tuple[Asked, ...] = ()
    findings: tuple[Finding, ...] = ()
    offers: tuple[Offer, ...] = ()  # feeds that it names, where it is a web page

    @property
    def document(self) -> Document | None:
        """What the feed says; None where it is none, or could not be had."""
        return self.read if isinstance(self.read, Document) else None

    @property
    def body(self) -> Fetched | None:
        """The first answer, if it had a body."""
        return self.look.answer if isinstance(self.look.answer, Fetched) else None
