"""The command line as a whole, and what every verb ends with.

Exit codes: 0 done, 1 something did not hold, 2 the operator's mistake.
"""

import sys
from typing import Annotated

import typer

from watcher import __version__
from watcher.cli.verbs import Verbs
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
    cls=Verbs,
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
