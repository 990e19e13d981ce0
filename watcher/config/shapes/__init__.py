"""What each kind of file may hold: pydantic models, also the source of the JSON Schemas."""

from watcher.config.shapes.base import Shape
from watcher.config.shapes.channels import (
    CHANNEL_SHAPES,
    AppriseShape,
    ChannelShape,
    ConsoleShape,
    EmailShape,
    FileShape,
    SlackShape,
    WebhookShape,
)
from watcher.config.shapes.feeds import FeedsFile, FeedShape
from watcher.config.shapes.main import (
    BackupShape,
    DailyShape,
    FetchShape,
    PingShape,
    PollShape,
    StoriesShape,
    WatcherFile,
)
from watcher.config.shapes.routes import DigestShape, QuietHoursShape, RouteShape
from watcher.config.shapes.rules import RulesFile, RuleShape
from watcher.config.shapes.web import WebShape

__all__ = [
    "CHANNEL_SHAPES",
    "AppriseShape",
    "BackupShape",
    "ChannelShape",
    "ConsoleShape",
    "DailyShape",
    "DigestShape",
    "EmailShape",
    "FeedShape",
    "FeedsFile",
    "FetchShape",
    "FileShape",
    "PingShape",
    "PollShape",
    "QuietHoursShape",
    "RouteShape",
    "RuleShape",
    "RulesFile",
    "Shape",
    "SlackShape",
    "StoriesShape",
    "WatcherFile",
    "WebShape",
    "WebhookShape",
]
