"""The verbs, gathered; and what every one of them ends with.

Exit codes: 0 done, 1 something did not hold, 2 the operator's mistake.
"""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from watcher import __version__
from watcher.cli import (
    alerting,
    channelling,
    checking,
    correcting,
    explaining,
    history,
    keeping,
    looking,
    protecting,
    replaying,
    routing,
    rulebook,
    running,
    serving,
    silencing,
    status,
    subscribing,
    trying,
)
from watcher.errors import (
    ConfigError,
    StoreForeign,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    WatcherError,
)

SHORT = 2  # `watcher`, `watcher --help`
OPERATORS_MISTAKE = (ConfigError, StoreForeign, StoreMissing, StoreNewer, StoreReadOnly)

app = typer.Typer(
    name="watcher",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"watcher {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=lambda wanted: _version(wanted=wanted), is_eager=True),
    ] = False,
) -> None:
    pass


VERBS: tuple[Callable[..., None], ...] = (
    running.run,
    running.once,
    replaying.replay,
    running.demo,
    running.check,
    running.init,
    trying.match,
    explaining.explain,
    trying.dedupe,
    trying.parse,
    looking.why,
    status.status,
    serving.reload,
    serving.doctor,
    keeping.backup,
    keeping.restore,
    keeping.verify,
)
for verb in VERBS:
    app.command()(verb)
rules = typer.Typer(
    help="The rules: how they do, and how they would have done.", no_args_is_help=True
)
rules.command("list")(rulebook.list_rules)
rules.command("show")(rulebook.show_rule)
rules.command("try")(history.try_rule)
rules.command("diff")(history.diff_rules)
looking.feeds.command("check")(checking.check_feed)
looking.feeds.command("add")(subscribing.add_feed)
looking.feeds.command("import")(subscribing.import_feeds)
looking.feeds.command("export")(subscribing.export_feeds)
app.add_typer(looking.feeds, name="feeds")
looking.stories.command("split")(correcting.split_story)
looking.stories.command("join")(correcting.join_stories)
app.add_typer(looking.stories, name="stories")
app.add_typer(alerting.alerts, name="alerts")
app.add_typer(channelling.channels, name="channels")
app.add_typer(routing.routes, name="routes")
app.add_typer(silencing.silences, name="silence")
app.add_typer(rules, name="rules")
app.add_typer(serving.service, name="service")
app.add_typer(protecting.web, name="web")


def main() -> None:
    """Run the command line; what we raise on purpose becomes a message and an exit code."""
    if len(sys.argv) <= SHORT:
        app.rich_markup_mode = None  # the list of verbs is plain, and there at once
    try:
        app()
    except WatcherError as trouble:
        typer.echo(str(trouble), err=True)
        sys.exit(2 if isinstance(trouble, OPERATORS_MISTAKE) else 1)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone: nothing to say, nobody to say it to
        sys.exit(0)
