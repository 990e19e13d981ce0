"""Verbs that keep the database: backup, restore, verify."""

from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.printing import say
from watcher.cli.settings import CONFIG, found
from watcher.clock import SystemClock


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes; it must not be there yet.")],
    config: CONFIG = None,
) -> None:
    """Copy the database as it is at this moment, also while the daemon works, and verify the copy.

    - `watcher backup /srv/backup/watcher-2026-11-26.db`
    """
    from watcher.store import backup as keeping

    typer.echo(keeping.backup(_database(config), file).told())


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `watcher backup` made.")],
    config: CONFIG = None,
) -> None:
    """Put a backup in the database's place; the old one is kept beside it. No daemon may run.

    What was promised after the backup is not in it: alerts that went out since then may come again,
    and nothing is left out.

    - `watcher restore /srv/backup/watcher-2026-11-26.db`
    """
    from watcher.config import environment
    from watcher.service.pen import alone
    from watcher.store import restoring

    now = SystemClock().now()
    database = _database(config)
    with alone(str(database), environment(), "watcher restore", now):
        done, kept = restoring.restore(file, database, f"before-{now:%Y%m%dT%H%M%SZ}")
    if kept:
        say(f"the database that was here is {kept} now")
    say("alerts that went out since the backup was made may come again; nothing is left out")
    typer.echo(f"restored: {done.told()}")


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A backup; else the configured database.")
    ] = None,
    config: CONFIG = None,
) -> None:
    """Look at a database, or a backup, from end to end. Exit code 1 where it is not whole.

    - `watcher verify /srv/backup/watcher-2026-11-26.db`
    """
    from watcher.store import backup as keeping

    typer.echo(keeping.verify(file or _database(config)).told())


def _database(config: Path | None) -> Path:
    """Find the file of the database, also where the rest of the configuration is faulty."""
    from watcher.config import environment, state_in
    from watcher.errors import StoreError
    from watcher.service.places import file_of

    file = file_of(state_in(config or found(), environment()))
    if file is None:
        raise StoreError("this is for SQLite: of PostgreSQL, make backups with pg_dump")
    return file
