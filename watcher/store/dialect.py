"""The only place that knows which engine is underneath."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Table, TableValuedAlias, cast, func, literal
from sqlalchemy.dialects import postgresql, sqlite

from watcher.errors import StoreError
from watcher.store.types import storable

Insert = postgresql.Insert | sqlite.Insert

INTAKE_LOCK = 0x57415443_494E  # "WATCIN", any number that other programs are unlikely to take
SCHEMA_LOCK = 0x57415443_5343  # "WATCSC"


def is_postgresql(connection: Connection | Engine) -> bool:
    """Tell whether PostgreSQL is underneath; otherwise it is SQLite."""
    return connection.dialect.name == "postgresql"


def insert_new(connection: Connection, table: Table) -> Insert:
    """Begin an insert that leaves rows alone that are there; ask for newness with `returning`."""
    return _insert_new(connection.dialect.name, table)


@cache  # building it, and the key that its compiled form is found by, costs as much as running it
def _insert_new(engine: str, table: Table) -> Insert:
    insert = postgresql.insert if engine == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def insert_or_replace(
    connection: Connection, table: Table, keeping: Collection[str] = ()
) -> Insert:
    """Begin an insert that overwrites a row with the same primary key, but for some columns."""
    insert = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if not column.primary_key]
    others = {name: insert.excluded[name] for name in names if name not in keeping}
    return insert.on_conflict_do_update(index_elements=keys, set_=others)


def _insert(connection: Connection, table: Table) -> Insert:
    return postgresql.insert(table) if is_postgresql(connection) else sqlite.insert(table)


def listed(connection: Connection, values: Collection[str] | Collection[int]) -> TableValuedAlias:
    """Make a one-column table (`value`) of a list: one parameter, however long the list."""
    told = [storable(value) if isinstance(value, str) else value for value in values]
    return _of_json(connection, "array_elements_text", json.dumps(told), "value")


def _of_json(
    connection: Connection, function: str, document: str, *columns: str
) -> TableValuedAlias:
    if is_postgresql(connection):
        made: Any = getattr(func, f"json_{function}")(cast(literal(document), JSON))
    else:
        made = func.json_each(document)
    table: TableValuedAlias = made.table_valued(*columns)
    return table


def wait_to_be_alone(connection: Connection, lock: int) -> None:
    """Hold one of the locks above until the transaction ends, on any machine.

    SQLite has one writer at a time anyway: `BEGIN IMMEDIATE` has done the waiting.
    """
    if is_postgresql(connection):
        connection.execute(func.pg_advisory_xact_lock(lock).select())


@contextmanager
def changing_tables(connection: Connection) -> Iterator[None]:
    """Open a transaction in which tables may be rebuilt without losing what refers to them.

    SQLite changes a table by dropping the old one, which would delete what refers to its rows; so
    it is told to mind references again only afterwards, and asked whether they still hold.
    """
    if is_postgresql(connection):
        with connection.begin():
            yield
        return
    raw: Any = connection.connection.dbapi_connection  # within a transaction it does not listen
    raw.execute("PRAGMA foreign_keys = OFF").close()
    try:
        with connection.begin():
            yield
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StoreError("a migration would leave references to nothing; nothing was done")
    finally:
        raw.execute("PRAGMA foreign_keys = ON").close()
