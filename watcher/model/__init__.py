"""The nouns: what the rooms hand to each other.

Everything here is frozen; changing a thing is `dataclasses.replace`. Times are aware and in UTC.
Ids are made from content, so that doing a thing again does nothing.
"""

from watcher.model.alerts import (
    Alert,
    AlertKind,
    AlertState,
    Cited,
    MatchedRule,
    Message,
    Occasion,
    Planned,
    Quote,
    Route,
)
from watcher.model.faults import Fault
from watcher.model.feeds import (
    DueFeed,
    Feed,
    FeedMemory,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
)
from watcher.model.health import Ailment, PastHit, RuleActivity, RuleNotice
from watcher.model.items import (
    Document,
    Item,
    Link,
    ReadResult,
    Remembered,
    Source,
    ToldApart,
    Unchanged,
    Unreadable,
)
from watcher.model.memory import Asking, Habits, LookBack, Move, PastVisit, Wishes
from watcher.model.names import (
    AlertKey,
    ChannelName,
    FeedId,
    ItemId,
    RouteName,
    RuleId,
    Secret,
    StoryId,
    content_id,
)
from watcher.model.outcomes import Attempt, Doubtful, Outcome, Refused, Sent, TryLater
from watcher.model.rules import Hit, Occurrence, RuleInfo, Severity, Updates
from watcher.model.stories import Placement, Sketch, Story, Told, Verdict
from watcher.model.trails import Counts, PastItem, Trail
from watcher.model.visits import Afterwards, Delivery, Notice, Visit

__all__ = [
    "Afterwards",
    "Ailment",
    "Alert",
    "AlertKey",
    "AlertKind",
    "AlertState",
    "Asking",
    "Attempt",
    "ChannelName",
    "Cited",
    "Counts",
    "Delivery",
    "Document",
    "Doubtful",
    "DueFeed",
    "Fault",
    "Feed",
    "FeedId",
    "FeedMemory",
    "FetchFailed",
    "FetchResult",
    "Fetched",
    "Habits",
    "Hit",
    "Item",
    "ItemId",
    "Link",
    "LookBack",
    "MatchedRule",
    "Message",
    "Move",
    "NotModified",
    "Notice",
    "Occasion",
    "Occurrence",
    "Outcome",
    "PastHit",
    "PastItem",
    "PastVisit",
    "Placement",
    "Planned",
    "Quote",
    "ReadResult",
    "Refused",
    "Remembered",
    "Route",
    "RouteName",
    "RuleActivity",
    "RuleId",
    "RuleInfo",
    "RuleNotice",
    "Secret",
    "Sent",
    "Severity",
    "Sketch",
    "Source",
    "Story",
    "StoryId",
    "Told",
    "ToldApart",
    "Trail",
    "TryLater",
    "Unchanged",
    "Unreadable",
    "Updates",
    "Verdict",
    "Visit",
    "Wishes",
    "content_id",
]
