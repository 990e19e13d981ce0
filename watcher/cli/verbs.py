"""The verbs, and where each is: who asks for one, or for the list, does not load the others."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup


class Verb(NamedTuple):
    """Where a verb is, and what the list of all says of it.

    `place` is module:name of a function, or of a group of verbs; the verbs of a group that are
    elsewhere are in `others`.
    """

    place: str
    summary: str
    others: Mapping[str, str] = {}


VERBS: Mapping[str, Verb] = {
    "run": Verb("running:run", "Be the daemon; systemd runs this."),
    "once": Verb("running:once", "Visit what is due, send what is due, and end."),
    "replay": Verb("replaying:replay", "Run recorded visits through the whole pipeline."),
    "demo": Verb("running:demo", "Show the main job on the shipped example."),
    "check": Verb("running:check", "Check configuration, rules and their tests."),
    "init": Verb("running:init", "Copy the commented example to a folder of yours."),
    "match": Verb("trying:match", "Tell which rules match which items, and where."),
    "explain": Verb("explaining:explain", "Tell why a rule matches an item, or why not."),
    "dedupe": Verb("trying:dedupe", "Tell which items of a stream are copies."),
    "parse": Verb("trying:parse", "Print what is read in a feed's document."),
    "why": Verb("looking:why", "Tell all that was decided about an item, and why."),
    "status": Verb("status:status", "Tell how the daemon does, and what is in trouble."),
    "reload": Verb("serving:reload", "Load the configuration anew, whole or not at all."),
    "doctor": Verb("serving:doctor", "Look for what is wrong; say what to do."),
    "backup": Verb("keeping:backup", "Copy the database, also while the daemon works."),
    "restore": Verb("keeping:restore", "Put a backup in the database's place."),
    "verify": Verb("keeping:verify", "Look at a database or a backup from end to end."),
    "feeds": Verb(
        "looking:feeds",
        "The feeds and how they do; add, import, export.",
        {
            "check": "checking:check_feed",
            "add": "subscribing:add_feed",
            "import": "subscribing:import_feeds",
            "export": "subscribing:export_feeds",
        },
    ),
    "stories": Verb(
        "looking:stories",
        "The stories, with their copies.",
        {"split": "correcting:split_story", "join": "correcting:join_stories"},
    ),
    "alerts": Verb("alerting:alerts", "What was promised, sent, refused; send again, drop."),
    "channels": Verb("channelling:channels", "The ways out and how they do; test one."),
    "routes": Verb("routing:routes", "What goes out where, and when."),
    "silence": Verb("silencing:silences", "What is kept in for a while."),
    "rules": Verb(
        "rulebook:rules",
        "The rules, how they do, and would have done.",
        {"try": "history:try_rule", "diff": "history:diff_rules"},
    ),
    "service": Verb("serving:service", "Watcher as a service of systemd."),
    "web": Verb("protecting:web", "The status page's password."),
}


class _Loaded(MutableMapping[str, Any]):
    """The verbs as click wants them: each is loaded when somebody asks for it."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a command of click's
        if name not in self._found:
            self._found[name] = _command(name, VERBS[name])
        return self._found[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


class Verbs(TyperGroup):
    """The group of all verbs."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as click has it
        super().__init__(**options)
        self.commands = _Loaded()

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """List the verbs, none of which is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


def _command(name: str, verb: Verb) -> Any:  # noqa: ANN401
    """Make a command of a verb, as it would be one of the whole."""
    around = typer.Typer(rich_markup_mode="markdown", pretty_exceptions_enable=False)
    around.callback()(lambda: None)
    found = _at(verb.place)
    if isinstance(found, typer.Typer):
        for below, place in verb.others.items():
            found.command(below)(_at(place))
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    return typer.main.get_group(around).commands[name]


def _at(place: str) -> Callable[..., None] | Any:  # noqa: ANN401
    module, _, name = place.partition(":")
    return getattr(import_module(f"watcher.cli.{module}"), name)
