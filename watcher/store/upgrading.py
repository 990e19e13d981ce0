"""Runs the migrations that a database lacks, in one transaction, on a connection of ours.

Alembic is needed here alone, and takes ten megabytes with what it brings along: a program that
finds its database up to date never loads it.
"""

from threading import Lock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from watcher.store.dialect import SCHEMA_LOCK, changing_tables, wait_to_be_alone
from watcher.store.tables import VERSION_TABLE

ONE_AT_A_TIME = Lock()  # Alembic's `op` is the same for all threads


def upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    """Run the migrations that are missing, all or none."""

    def missing(revision: object, _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type]

    with (
        ONE_AT_A_TIME,
        EnvironmentContext(Config(), scripts, fn=missing) as environment,
        changing_tables(connection),
    ):
        wait_to_be_alone(connection, SCHEMA_LOCK)  # two that start at once: one does it
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def known_migrations() -> ScriptDirectory:
    """Find the migrations that this release brings along."""
    config = Config()
    config.set_main_option("script_location", "watcher.store:migrations")
    return ScriptDirectory.from_config(config)
