"""All files of a configuration, read, checked and put together; or all their faults."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from watcher.cadence import Pace
from watcher.channels import ChannelSettings
from watcher.config.channels import channels_of, hide_secrets
from watcher.config.checking import check
from watcher.config.feeds import Feeds
from watcher.config.files import included, read_file
from watcher.config.findings import Findings
from watcher.config.main_file import (
    DEFAULT_STATE,
    Backup,
    Daily,
    Ping,
    backup_of,
    daily_of,
    fetch_of,
    pace_of,
    ping_of,
    state_of,
    windows_of,
)
from watcher.config.nodes import Many, Scalar, child
from watcher.config.routes import Ways, ways_of
from watcher.config.rule_files import RuleFiles, Surroundings
from watcher.config.secrets import Vault
from watcher.config.shapes import WatcherFile
from watcher.config.sheet import Sheet
from watcher.config.web import web_of
from watcher.config.written import WrittenRule
from watcher.fetch import FetchSettings
from watcher.model import Fault, Feed, Route, RouteName
from watcher.rules import RuleSet
from watcher.stories import Windows
from watcher.web import WebSettings

_STATE = re.compile(r"^state:[ \t]*([^\s#]+)", re.MULTILINE)
_PARTS = ("poll", "fetch", "channels", "routes", "web")  # checked one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration without faults, fit for service."""

    path: Path
    state: str = field(repr=False)  # path or URL of the database; may hold a password
    feeds: tuple[Feed, ...]
    rules: RuleSet
    written: tuple[WrittenRule, ...]  # all rules, in service or not, in the order of the files
    channels: tuple[ChannelSettings, ...]
    routes: Mapping[RouteName, Route]
    operator: RouteName | None
    notify: tuple[RouteName, ...]  # routes of rules that name none
    pace: Pace
    fetch: FetchSettings
    windows: Windows
    ping: Ping | None = None
    daily: Daily | None = None
    backup: Backup | None = None  # None: the daemon makes none
    web: WebSettings | None = None  # None: no status page
    warnings: tuple[Fault, ...]


def load(path: Path, environment: Mapping[str, str], *, check_tests: bool = False) -> Config:
    """Read a configuration from its main file; raises ConfigError with all faults of all files.

    With `check_tests`, a rule that fails one of its own tests is a fault too.
    """
    findings = Findings()
    sheet = read_file(path, findings, secretive=True)
    config = None
    if sheet is not None:
        hide_secrets(sheet)
        loader = _Loader(path, sheet, environment, findings)
        config = loader.config(check_tests=check_tests)
    findings.stop_if_any()
    assert config is not None
    return config


def state_in(path: Path, environment: Mapping[str, str]) -> str:
    """Tell which `state` a main file names, be it faulty or not, to find its daemon by."""
    findings = Findings()
    sheet = read_file(path, findings, secretive=True)
    if sheet is None:
        return str(path.parent / _state_in_bad_yaml(path))
    vault = Vault(folder=path.parent, environment=environment, sheet=sheet, findings=findings)
    return state_of(sheet, vault)


def _state_in_bad_yaml(path: Path) -> str:
    try:
        found = _STATE.search(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    return found[1].strip("\"'") if found else DEFAULT_STATE


def load_rules(
    path: Path, *, check_tests: bool = False, notify: tuple[RouteName, ...] = ()
) -> tuple[RuleSet, tuple[Fault, ...]]:
    """Read rules by themselves, with their warnings; raises ConfigError with all faults.

    `path` is one file, or a folder: then all YAML files in it are read, by name.

    The names of routes and feeds are not checked: they are in other files. `notify` is for rules
    that name no route.
    """
    findings = Findings()
    files = RuleFiles(findings, notify=notify)
    for file in _rule_files_in(path) or (path,):
        files.read(file)
    rules = files.compiled(check_tests=check_tests)
    findings.stop_if_any()
    assert rules is not None
    return rules, findings.warnings


def _rule_files_in(folder: Path) -> tuple[Path, ...]:
    """List the YAML files of a folder; none where it is no folder."""
    try:
        within = tuple(folder.rglob("*")) if folder.is_dir() else ()
    except OSError:
        return ()  # whoever reads it as a file says what is wrong
    return tuple(sorted(path for path in within if path.suffix in (".yaml", ".yml")))


class _Loader:
    """Goes through the files in the order in which one depends on the other."""

    def __init__(
        self, path: Path, sheet: Sheet, environment: Mapping[str, str], findings: Findings
    ) -> None:
        self.path, self.sheet, self.findings = path, sheet, findings
        self.unread = False  # whether there are feeds of which we know nothing
        self.vault = Vault(
            folder=path.parent, environment=environment, sheet=sheet, findings=findings
        )

    def config(self, *, check_tests: bool) -> Config | None:
        """Read everything; None where there are faults."""
        sheet, findings = self.sheet, self.findings
        check(sheet, WatcherFile, findings, apart=_PARTS)
        state = state_of(sheet, self.vault)
        pace = pace_of(sheet, findings)
        fetch = fetch_of(sheet, self.path.parent, findings)
        windows = windows_of(sheet, findings)
        ping, daily = ping_of(sheet, self.vault), daily_of(sheet, findings)
        backup = backup_of(sheet, self.path.parent, state, findings)
        web = web_of(sheet, self.vault)
        ways = ways_of(sheet, channels_of(sheet, self.vault), findings)
        operator, notify = self._operator(ways), self._notify(ways)
        feeds = self._feeds(pace)
        everybody = notify or ((operator,) if operator else ())
        known = None if self.unread else frozenset(feeds.ids)
        around = Surroundings(feeds=known, ways=ways, notify=everybody)
        files = self._rules(around)
        rules = files.compiled(check_tests=check_tests)
        if findings.faults or rules is None:
            return None
        self._warn(feeds, rules, operator)
        return Config(
            path=self.path,
            state=state,
            feeds=tuple(feeds.feeds),
            rules=rules,
            written=files.written(),
            channels=tuple(ways.channels.values()),
            routes=ways.routes,
            operator=operator,
            notify=everybody,
            pace=pace,
            fetch=fetch,
            windows=windows,
            ping=ping,
            daily=daily,
            backup=backup,
            web=web,
            warnings=findings.warnings,
        )

    def _operator(self, ways: Ways) -> RouteName | None:
        """Find the operator's route: the named one, else the only one there is."""
        node = child(self.sheet.root, "operator")
        self.findings.add(*ways.misnamed(self.sheet, node))
        if isinstance(node, Scalar) and node.value:
            return RouteName(node.value)
        return ways.only

    def _notify(self, ways: Ways) -> tuple[RouteName, ...]:
        node = child(self.sheet.root, "notify")
        self.findings.add(*ways.misnamed(self.sheet, node))
        names = node.items if isinstance(node, Many) else (node,)
        return tuple(RouteName(name.value) for name in names if isinstance(name, Scalar))

    def _rules(self, around: Surroundings) -> RuleFiles:
        files = RuleFiles(self.findings, around)
        paths = tuple(included(self.sheet, "rules", self.path.parent, self.findings))
        files.unread = not paths
        for path in paths:
            files.read(path)
        return files

    def _feeds(self, pace: Pace) -> Feeds:
        feeds = Feeds(self.findings, pace)
        paths = tuple(included(self.sheet, "feeds", self.path.parent, self.findings))
        self.unread = not paths
        for path in paths:
            if (sheet := read_file(path, self.findings)) is not None:
                feeds.add(sheet)
            else:
                self.unread = True
        return feeds

    def _warn(self, feeds: Feeds, rules: RuleSet, operator: RouteName | None) -> None:
        """Say what is allowed and yet hardly meant."""
        doubts: Iterable[tuple[bool, str, str]] = (
            (not feeds.feeds, "C104", "there are no feeds: nothing is watched"),
            (not rules.infos, "C105", "there are no rules: nothing alerts"),
            (operator is None, "C106", "no `operator`: nobody is told of feeds that fail"),
        )
        for doubtful, code, message in doubts:
            if doubtful:
                fault = Fault(code=code, message=message, file=self.sheet.name, warning=True)
                self.findings.add(fault)
