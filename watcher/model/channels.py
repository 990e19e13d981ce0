"""Channels as the outbox sees them: how they may be spoken to, and how they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.model.alerts import AlertState
from watcher.model.names import ChannelName
from watcher.model.outcomes import Repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a channel may be spoken to."""

    gap: timedelta = timedelta(0)  # least time between two alerts
    at_once: int = 1  # alerts, of different stories, that may be under way at a time
    repeats: Repeats = Repeats.TOLD_APART


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """How a channel does. Nothing is sent before `next_try_at`."""

    name: ChannelName
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    trouble: str = ""
    told: int = 0  # how often people were told that it fails
    last_sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many alerts of a channel are in a state, and since when the oldest of them."""

    channel: ChannelName
    state: AlertState
    number: int
    oldest: datetime
