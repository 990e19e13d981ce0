"""Brings a database to the schema that this release knows, forward only.

The migrations lie beside this file and are run by `upgrading`, on a connection of ours, in one
transaction: a migration that fails half-way leaves nothing behind, on both engines.
"""

from collections.abc import Collection
from importlib import resources

from sqlalchemy import Connection, Select, column, func, inspect, select, table

from watcher.errors import StoreError, StoreForeign, StoreNewer
from watcher.store import migrations
from watcher.store.dialect import is_postgresql
from watcher.store.opening import Opened
from watcher.store.tables import VERSION_TABLE, metadata

_VERSION: Select[str] = select(column("version_num")).select_from(table(VERSION_TABLE))


def bring_up_to_date(database: Opened) -> None:
    """Make the database have today's tables, or refuse it and leave it as it is.

    Waits for other writers only where there is something to do.
    """
    known, where = known_migrations(), database.where
    with database.reading.connect() as connection:
        refuse_wrong_encoding(connection, where)
        found = version(connection)
        refuse_unknown(connection, known, found, where)
    if found == known[-1]:
        return
    from watcher.store import upgrading  # noqa: PLC0415 - large, and seldom needed

    with database.writing.connect() as connection:
        upgrading.upgrade(connection, upgrading.known_migrations())


def version(connection: Connection) -> str | None:
    """Tell at which migration a database is; None when it has no tables of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(_VERSION)


def refuse_unknown(
    connection: Connection, known: Collection[str], found: str | None, where: str
) -> None:
    """Refuse a database of a newer release, and one that has another program's tables."""
    if found is None:
        theirs = set(inspect(connection).get_table_names()) & metadata.tables.keys()
        if theirs:
            named = ", ".join(sorted(theirs))
            raise StoreForeign(
                f"{where} holds another program's tables ({named}); it was left untouched"
            )
    elif found not in known:
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


def known_migrations() -> tuple[str, ...]:
    """Name the migrations that this release brings along, oldest first: by their files."""
    files = resources.files(migrations).joinpath("versions").iterdir()
    return tuple(sorted(file.name[:4] for file in files if file.name[:4].isdigit()))
