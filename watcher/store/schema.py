"""Brings a database to the schema that this release knows, forward only.

The migrations lie beside this file and are run from here, on a connection of ours, in one
transaction: a migration that fails half-way leaves nothing behind, on both engines.
"""

from threading import Lock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select

from watcher.errors import StoreError, StoreForeign, StoreNewer
from watcher.store.dialect import (
    SCHEMA_LOCK,
    changing_tables,
    is_postgresql,
    wait_to_be_alone,
)
from watcher.store.opening import Opened
from watcher.store.tables import metadata

ONE_AT_A_TIME = Lock()  # Alembic's `op` is the same for all threads
VERSION_TABLE = "watcher_schema"  # not Alembic's own name: another program may share the server


def bring_up_to_date(database: Opened) -> None:
    """Make the database have today's tables, or refuse it and leave it as it is.

    Waits for other writers only where there is something to do.
    """
    scripts, where = known_migrations(), database.where
    with database.reading.connect() as connection:
        refuse_wrong_encoding(connection, where)
        found = version(connection)
        refuse_unknown(connection, scripts, found, where)
    if found == scripts.get_current_head():
        return
    with database.writing.connect() as connection:
        upgrade(connection, scripts)


def version(connection: Connection) -> str | None:
    """Tell at which migration a database is; None when it has no tables of ours."""
    return _context(connection).get_current_revision()


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


def refuse_unknown(
    connection: Connection, scripts: ScriptDirectory, found: str | None, where: str
) -> None:
    """Refuse a database of a newer release, and one that has another program's tables."""
    if found is None:
        theirs = set(inspect(connection).get_table_names()) & metadata.tables.keys()
        if theirs:
            named = ", ".join(sorted(theirs))
            raise StoreForeign(
                f"{where} holds another program's tables ({named}); it was left untouched"
            )
    elif found not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreNewer(
            f"{where} was written by a newer Watcher (schema {found}); it was left untouched: "
            "install that release, or restore a backup made by this one"
        )


def refuse_wrong_encoding(connection: Connection, where: str) -> None:
    """Refuse a PostgreSQL database that cannot hold every text."""
    if is_postgresql(connection):
        encoding = connection.execute(select(func.current_setting("server_encoding"))).scalar_one()
        if encoding != "UTF8":
            raise StoreError(f"{where} has the encoding {encoding}; Watcher needs UTF8")


def known_migrations() -> ScriptDirectory:
    """Find the migrations that this release brings along."""
    config = Config()
    config.set_main_option("script_location", "watcher.store:migrations")
    return ScriptDirectory.from_config(config)


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
