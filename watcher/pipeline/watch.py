"""What is in service."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher import stories
from watcher.cadence import Pace
from watcher.model import ChannelName, Feed, FeedId, Manners, Route, RouteName
from watcher.rules import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the configuration puts into service; replaced whole at a reload."""

    rules: RuleSet
    routes: Mapping[RouteName, Route]
    feeds: Mapping[FeedId, Feed] = field(default_factory=dict)
    operator: RouteName | None = None
    manners: Mapping[ChannelName, Manners] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    windows: stories.Windows = field(default_factory=stories.Windows)
    pages_per_visit: int = 20  # of items, for their full text
