"""Which configuration a verb uses."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.printing import say

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.ports import Store

CONFIG = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="watcher.yaml; else ./config/watcher.yaml, ./watcher.yaml, /etc/watcher/watcher.yaml.",
    ),
]
PLACES = (Path("config/watcher.yaml"), Path("watcher.yaml"), Path("/etc/watcher/watcher.yaml"))


def loaded(path: Path | None, *, check_tests: bool = False, quiet: bool = False) -> "Config":
    """Load the configuration, or raise ConfigError with all its faults; warnings are said."""
    from watcher.config import environment, load

    config = load(path or found(), environment(), check_tests=check_tests)
    if not quiet:
        for warning in config.warnings:
            say(warning.told())
    return config


class Opened:
    """The configured store, open for a while; verbs that look use nothing else.

    What a verb writes while a daemon runs, it writes in the daemon's turn.
    """

    def __init__(self, path: Path | None, *, create: bool = True) -> None:
        from watcher.config import environment
        from watcher.service.mending import refuse_to_begin_anew
        from watcher.service.pen import Lent
        from watcher.service.places import places_of
        from watcher.store import open_store

        self.config = loaded(path, quiet=True)
        refuse_to_begin_anew(self.config)
        socket = places_of(self.config.state, environment()).socket
        self.store: Store = Lent(open_store(self.config.state, create=create), socket)

    def __enter__(self) -> "Store":
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()


def found() -> Path:
    """Find the configuration where nobody names one."""
    return next((place for place in PLACES if place.exists()), PLACES[0])
