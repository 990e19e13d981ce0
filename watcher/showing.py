"""The status page of a running Watcher: what it is told, and when it is there."""

import logging
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from watcher import __version__
from watcher.config import Config, WrittenRule
from watcher.errors import ConfigError
from watcher.fetch import redacted
from watcher.model import ChannelName, Secret, Severity
from watcher.ports import Clock
from watcher.store import SqlStore, engine_version
from watcher.text.spans import spoken
from watcher.web import (
    ChannelCard,
    Counters,
    Given,
    InService,
    Loading,
    RuleCard,
    Section,
    WebSettings,
)

if TYPE_CHECKING:
    from watcher.web.server import WebServer

log = logging.getLogger(__name__)
_LIBRARIES = ("feedparser", "SQLAlchemy", "APScheduler", "starlette", "uvicorn")
_WHERE = ("url", "host", "path", "channel")  # settings of channels that say where they lead


class Showing:
    """Shows the configuration that it took last; the page is there where that wants it."""

    def __init__(
        self,
        state: str,
        store: SqlStore,
        clock: Clock,
        *,
        broken: Callable[[], Mapping[str, str]],
        running: Callable[[], bool],
        silent: Callable[[], Mapping[str, float]],
        ages: Callable[[], Mapping[str, float]],
    ) -> None:
        self.counters = Counters()
        self._store, self._clock = store, clock
        self._broken, self._running = broken, running
        self._silent, self._ages = silent, ages
        self._state = state
        self._server: WebServer | None = None
        self._settings: WebSettings | None = None

    def take(self, config: Config) -> None:
        """Show this configuration from now on; it was taken into service."""
        self._service = in_service(config)
        self._loading = Loading(at=self._clock.now())

    def stay(self, settings: WebSettings | None, reason: str) -> None:
        """Be there as these settings, which were in force, want it; say what was refused, and why.

        Whoever took our address in the moment that we were elsewhere keeps it; the log says so.
        """
        self._loading = Loading(at=self._clock.now(), refused=reason)
        try:
            self.serve(settings)
        except ConfigError as gone:
            log.error("the status page is gone: %s", gone)

    def serve(self, settings: WebSettings | None) -> None:
        """Be there as the settings want it; raises ConfigError where that cannot be.

        What is served already under the same settings stays, with everybody who is logged in.
        """
        if settings == self._settings:
            return
        self.close()
        if settings is not None:
            from watcher.web.server import WebServer  # noqa: PLC0415 - 0.4 s that only this needs
            from watcher.web.site import site  # noqa: PLC0415

            self._server = WebServer(site(self._given(settings)), settings)
            self._settings = settings
            log.info("status page at %s", settings.told)

    def close(self) -> None:
        """Be there no more."""
        if self._server is not None:
            self._server.close()
        self._server = self._settings = None

    def _given(self, settings: WebSettings) -> Given:
        engine, caution = engine_version(self._state)
        versions = (
            ("Watcher", __version__),
            ("Python", platform.python_version()),
            ("Database", engine),
            *((name, version(name)) for name in _LIBRARIES),
        )
        return Given(
            settings=settings,
            store=self._store,
            clock=self._clock,
            in_service=lambda: self._service,
            loading=lambda: self._loading,
            broken=self._broken,
            running=self._running,
            prove_writable=self._store.prove_writable,
            database_size=self._store.size,
            silent=self._silent,
            ages=self._ages,
            counters=self.counters,
            redacted=redacted,
            versions=versions,
            cautions=(caution,) if caution else (),
        )


def in_service(config: Config) -> InService:
    """Make of a configuration what pages may show: no secret is in it."""
    return InService(
        rules={rule.spec.info.id: _rule(rule) for rule in config.written},
        routes=config.routes,
        feeds={feed.id: feed for feed in config.feeds},
        channels={settings.name: _channel(settings.name, settings) for settings in config.channels},
        settings=tuple(_sections(config)),
        warnings=tuple(warning.told() for warning in config.warnings),
    )


def _rule(rule: WrittenRule) -> RuleCard:
    return RuleCard(spec=rule.spec, place=f"{rule.file}:{rule.line}")


def _channel(name: str, settings: object) -> ChannelCard:
    kind = type(settings).__name__.removesuffix("Settings").lower()
    where = [getattr(settings, word, "") for word in _WHERE]
    told = [redacted(str(place)) for place in where if place and not isinstance(place, Secret)]
    return ChannelCard(name=ChannelName(name), kind=kind, where=", ".join(told))


def _sections(config: Config) -> Iterator[Section]:
    pace, fetch, web = config.pace, config.fetch, config.web
    yield Section(
        title="In general",
        rows=(
            ("File", str(config.path)),
            ("Database", redacted(config.state)),
            ("Feeds", str(len(config.feeds))),
            ("Rules", str(len(config.rules.infos))),
            ("Operator’s route", config.operator or "nobody is told of feeds that fail"),
            ("Rules notify", ", ".join(config.notify) or "–"),
            ("Visits", f"every {spoken(pace.default)}, at least {spoken(pace.least)} and at most "
                       f"{spoken(pace.most)} apart"),
            ("This page", "–" if web is None else web.told),
        ),
    )  # fmt: skip
    yield Section(title="Fetching", rows=tuple(_plain(fetch)))
    for settings in config.channels:
        yield Section(title=f"Channel {settings.name}", rows=tuple(_plain(settings)))
    for name, route in sorted(config.routes.items()):
        yield Section(title=f"Route {name}", rows=tuple(_plain(route)))


def _plain(settings: object) -> Iterator[tuple[str, str]]:
    """Say what settings hold, in the order in which they are; secrets print as stars."""
    for each in fields(settings):  # type: ignore[arg-type]
        told = getattr(settings, each.name)
        if each.name != "name" and told not in (None, "", (), frozenset()):
            yield each.name.replace("_", " "), redacted(_written(told))


def _written(told: object) -> str:
    match told:
        case tuple():
            return ", ".join(_written(one) for one in told)
        case frozenset():
            return ", ".join(sorted(_written(one) for one in told))
        case Severity():
            return told.word
        case timedelta():
            minutes = told >= timedelta(minutes=1)
            return spoken(told) if minutes else f"{told.total_seconds():g} s"
        case _ if is_dataclass(told):
            return "; ".join(f"{name} {value}" for name, value in _plain(told))
        case _:
            return str(told)
