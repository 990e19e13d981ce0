"""The configuration of a replay: the recorded feeds, the rules to try, and nothing that sends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from watcher.cadence import Pace
from watcher.config import Config, load_rules
from watcher.errors import ConfigError
from watcher.fetch import FetchSettings
from watcher.model import ChannelName, Fault, Feed, FeedId, Route, RouteName
from watcher.recording import Survey
from watcher.rules import RuleSet
from watcher.stories import Windows

OUT = ChannelName("replay")  # all routes lead to it
ALERTS = RouteName("alerts")  # the route of rules that name none, where no configuration has one


def set_up(config: Config | None, rules: Path | None, survey: Survey, state: str) -> Config:
    """Make the configuration; raises ConfigError where the rules have faults.

    Without `rules` they are the configuration's. A feed that the configuration knows by the name
    is as it says there.
    """
    assert config is not None or rules is not None, "rules come from somewhere"
    everybody = (config.notify if config else ()) or (ALERTS,)
    rule_set = load_rules(rules, notify=everybody)[0] if rules else None
    base = config or _by_itself(rule_set)
    rule_set = rule_set or base.rules
    known = {feed.id: feed for feed in base.feeds}
    return replace(
        base,
        state=state,
        feeds=tuple(_known(feed, known) for feed in survey.feeds),
        rules=rule_set,
        channels=(),
        routes=_routes(base, rule_set),
        operator=None,
    )


@contextmanager
def own_database(state: str | None, config: Config | None) -> Iterator[str]:
    """Name the database to use: the given one, else one that is gone afterwards.

    Raises ConfigError where it is the configuration's own: a replay has other feeds in service.
    """
    if state is None:
        with TemporaryDirectory(prefix="watcher-replay-") as folder:
            yield str(Path(folder, "replay.db"))
        return
    if config is not None and _place(state) == _place(config.state):
        message = "this is the daemon's own database; name another one for the replay"
        raise ConfigError([Fault(code="R005", message=message)])
    yield state


def _place(state: str) -> str:
    path = state.removeprefix("sqlite:///")
    return path if "://" in path else str(Path(path).resolve())


def _by_itself(rules: RuleSet | None) -> Config:
    """Give what a replay goes by where there are rules and nothing else."""
    assert rules is not None
    return Config(
        path=Path(),
        state="",
        feeds=(),
        rules=rules,
        written=(),
        channels=(),
        routes={},
        operator=None,
        notify=(),
        pace=Pace(),
        fetch=FetchSettings(),
        windows=Windows(),
        warnings=(),
    )


def _known(feed: Feed, known: Mapping[FeedId, Feed]) -> Feed:
    return known.get(feed.id, feed)


def _routes(base: Config, rules: RuleSet) -> Mapping[RouteName, Route]:
    """Let every route that there is, or that a rule names, lead to the one way out."""
    named = {name for info in rules.infos for name in info.notify}
    fresh = {name: Route(name=name, channel=OUT) for name in named}
    known = {name: replace(route, channel=OUT) for name, route in base.routes.items()}
    return {**fresh, **known}
