"""What the pages are given: the store, and what is in service, which others know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.model import ChannelName, Feed, FeedId, Route, RouteName, RuleId
from watcher.ports import Clock, Store
from watcher.rules import RuleSpec
from watcher.web.counters import Counters
from watcher.web.settings import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """A rule as it is written, and where."""

    spec: RuleSpec
    place: str  # file and line


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCard:
    """A way out: what it is, and where it leads, without any secret."""

    name: ChannelName
    kind: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together, without any secret."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InService:
    """What the configuration put into service."""

    rules: Mapping[RuleId, RuleCard] = field(default_factory=dict)
    routes: Mapping[RouteName, Route] = field(default_factory=dict)
    feeds: Mapping[FeedId, Feed] = field(default_factory=dict)
    channels: Mapping[ChannelName, ChannelCard] = field(default_factory=dict)
    settings: tuple[Section, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """How the configuration was loaded the last time."""

    at: datetime
    refused: str = ""  # all faults; empty: it is in service


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """All that the pages know the program by; each callable tells how it is now."""

    settings: WebSettings
    store: Store
    clock: Clock
    in_service: Callable[[], InService]
    loading: Callable[[], Loading]
    broken: Callable[[], Mapping[str, str]]  # jobs whose last run failed, and why
    running: Callable[[], bool]  # whether jobs are run at all
    prove_writable: Callable[[timedelta], object]  # raises StoreError where nothing can be written
    database_size: Callable[[], int]  # in bytes
    silent: Callable[[], Mapping[str, float]]  # jobs without a sign of life for too long: seconds
    ages: Callable[[], Mapping[str, float]]  # seconds since each job's last sign of life
    counters: Counters
    redacted: Callable[[str], str]  # makes an address fit to be shown
    versions: tuple[tuple[str, str], ...] = ()
    cautions: tuple[str, ...] = ()  # about what this runs on
