"""The shape of watcher.yaml."""

import re
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from watcher.config.shapes.base import Shape
from watcher.config.shapes.channels import ChannelShape
from watcher.config.shapes.routes import RouteShape
from watcher.config.shapes.web import WebShape
from watcher.config.values import (
    Clock,
    Duration,
    Name,
    Names,
    Networks,
    PositiveDuration,
    PositiveNumber,
    SecretText,
    Text,
    Texts,
    Version,
    YesOrNo,
    Zone,
    wrong,
)


class IncludeShape(Shape):
    """The other files of the configuration."""

    feeds: Texts = Field(description="Files of feeds, relative to this one; globs are allowed.")
    rules: Texts = Field(description="Files of rules, relative to this one; globs are allowed.")


class PollShape(Shape):
    """How often feeds are visited."""

    default: PositiveDuration | None = Field(None, description="Of a feed that says nothing.")
    min: PositiveDuration | None = Field(None, description="Never more often than this.")
    max: PositiveDuration | None = Field(None, description="Never less often than this.")


class StoriesShape(Shape):
    """How long after an item its copies are still recognised as such."""

    across_sources: PositiveDuration | None = Field(
        None, description="A copy in another source (14d)."
    )
    within_source: PositiveDuration | None = Field(
        None, description="A copy in the same source, where series repeat themselves (3d)."
    )


def _header_text(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"[\x20-\x7e]*", text):
        raise wrong("this goes into a header of each request: ASCII only, in one line")
    return text


class PagesShape(Shape):
    """How much is spent on the pages of items, where feeds say `full_text`."""

    at_once: PositiveNumber | None = Field(None, description="Pages fetched at a time (8).")
    per_visit: PositiveNumber | None = Field(
        None, description="Pages fetched for one visit to a feed, at most (20)."
    )
    deadline: PositiveDuration | None = Field(None, description="For all pages of one visit (60s).")
    max_megabytes: PositiveNumber | None = Field(None, description="Largest page (5).")


class FetchShape(Shape):
    """How feeds are fetched."""

    contact: Annotated[Text, BeforeValidator(_header_text)] | None = Field(
        None, description="Your address or page, for the people whose servers you visit."
    )
    subscribers: PositiveNumber | None = Field(
        None, description="How many people your feeds' servers may count you for (1)."
    )
    concurrency: PositiveNumber | None = Field(None, description="Feeds visited at a time (16).")
    per_host: PositiveNumber | None = Field(None, description="Of these, to one host (2).")
    per_host_gap: Duration | None = Field(None, description="Least time between two of them (1s).")
    connect_timeout: PositiveDuration | None = Field(None, description="To be connected (10s).")
    read_timeout: PositiveDuration | None = Field(
        None, description="Longest silence in an answer (30s)."
    )
    deadline: PositiveDuration | None = Field(None, description="For a whole visit (60s).")
    max_megabytes: PositiveNumber | None = Field(None, description="Largest feed document (10).")
    allow_networks: Networks | None = Field(
        None, description="Private networks that feeds may live in (10.0.0.0/8); else none."
    )
    ca_file: Text | None = Field(None, description="File of certificates to trust as well.")
    hold_host: YesOrNo | None = Field(
        None, description="Whether Retry-After of a feed holds its host's other feeds (true)."
    )
    pages: PagesShape = Field(
        default_factory=PagesShape.empty, description="The pages of feeds with `full_text`."
    )


class PingShape(Shape):
    """An address that is called while all is well, so that somebody else notices when it is not."""

    url: SecretText = Field(description="What to post to, as your dead man's switch tells you.")
    every: PositiveDuration | None = Field(None, description="How often (5m).")


class DailyShape(Shape):
    """A line a day to the operator, that tells how the last day was."""

    at: Clock = Field(description="When, by the clocks of the zone: 08:00.")
    timezone: Zone = Field(description="The zone of the IANA database: Europe/Berlin.")


class BackupShape(Shape):
    """A verified copy of a SQLite database, that the daemon makes once a day."""

    enabled: YesOrNo | None = Field(None, description="false: none is made (true).")
    folder: Text | None = Field(
        None, description="Where they go, relative to this file (`backups` beside the database)."
    )
    at: Clock | None = Field(None, description="When, by the clocks of the zone (03:30).")
    timezone: Zone | None = Field(None, description="The zone of the IANA database (UTC).")
    keep: PositiveNumber | None = Field(None, description="How many are kept (7).")


class WatcherFile(Shape):
    """The main file: where things are, and where alerts go."""

    not_yet: ClassVar = {"reload": "call `watcher reload`, or send SIGHUP to the daemon"}

    version: Version = Field(description="Version of this form: 1.")
    state: Text = Field("watcher.db", description="Database: a file, or a postgresql:// address.")
    include: IncludeShape
    poll: PollShape = Field(default_factory=PollShape.empty)
    fetch: FetchShape = Field(default_factory=FetchShape.empty)
    stories: StoriesShape = Field(default_factory=StoriesShape.empty)
    channels: dict[Name, ChannelShape] = Field(description="Ways out: how each is reached.")
    routes: dict[Name, RouteShape] = Field(
        default_factory=dict, description="What goes out through a channel, and when."
    )
    operator: Name | None = Field(None, description="Route for notices about feeds and rules.")
    notify: Names | None = Field(None, description="Routes of rules that name none.")
    ping: PingShape | None = Field(None, description="Called while all is well.")
    daily: DailyShape | None = Field(None, description="A line a day to the operator.")
    backup: BackupShape = Field(
        default_factory=BackupShape.empty, description="A verified copy of the database, daily."
    )
    web: WebShape | None = Field(None, description="The status page; without this, there is none.")
