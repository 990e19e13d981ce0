"""The only place that knows which engine is underneath."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    update,
)
from sqlalchemy.dialects import sqlite

from watcher.errors import StoreError
from watcher.store.opening import APPLICATION_ID
from watcher.store.tables import VERSION_TABLE
from watcher.store.types import storable

if TYPE_CHECKING:  # two megabytes, for whom it is not underneath
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"

INTAKE_LOCK = 0x57415443_494E  # "WATCIN", any number that other programs are unlikely to take
SCHEMA_LOCK = 0x57415443_5343  # "WATCSC"


def is_postgresql(connection: Connection | Engine) -> bool:
    """Tell whether PostgreSQL is underneath; otherwise it is SQLite."""
    return connection.dialect.name == "postgresql"


@cache  # building it, and the key that its compiled form is found by, costs as much as running it
def insert_new(engine: str, table: Table) -> Insert:
    """Begin an insert that leaves rows alone that are there; ask for newness with `returning`."""
    return _insert(engine, table).on_conflict_do_nothing()


@cache
def insert_or_replace(engine: str, table: Table, keeping: tuple[str, ...] = ()) -> Insert:
    """Begin an insert that overwrites a row with the same primary key, but for some columns."""
    insert = _insert(engine, table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if not column.primary_key]
    others = {name: insert.excluded[name] for name in names if name not in keeping}
    return insert.on_conflict_do_update(index_elements=keys, set_=others)


def _insert(engine: str, table: Table) -> Insert:
    if engine != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - loaded where it is underneath

    return postgresql.insert(table)


def listed(connection: Connection, values: Collection[str] | Collection[int]) -> TableValuedAlias:
    """Make a one-column table (`value`) of a list: one parameter, however long the list."""
    return _of_json(connection.dialect.name, literal(listing(values)))


def texts(engine: str, name: str) -> Select[Any]:
    """Make a subquery of texts, for a statement that is built once: a `listing` by this name."""
    return select(_of_json(engine, bindparam(name, type_=Text())).c.value)


def numbers(engine: str, name: str) -> Select[Any]:
    """Make a subquery of numbers, for a statement that is built once: a `listing` by this name."""
    return select(cast(_of_json(engine, bindparam(name, type_=Text())).c.value, BigInteger))


def listing(values: Collection[str] | Collection[int]) -> str:
    """Write a list as one parameter."""
    return json.dumps([storable(one) if isinstance(one, str) else one for one in values])


def _of_json(engine: str, document: ColumnElement[str]) -> TableValuedAlias:
    if engine == "postgresql":
        made: Any = func.json_array_elements_text(cast(document, JSON))
    else:
        made = func.json_each(document)
    values: TableValuedAlias = made.table_valued("value")
    return values


def next_numbers(connection: Connection, column: Column[int], count: int) -> range | list[int]:
    """Reserve numbers for new rows of a table that nobody else adds rows to meanwhile."""
    if not is_postgresql(connection):
        last = connection.execute(_last_number(column)).scalar_one()
        return range(last + 1, last + 1 + count)
    named = func.pg_get_serial_sequence(column.table.name, column.name)
    rows = func.generate_series(1, count).table_valued("value")
    taken = select(func.nextval(named)).select_from(rows)
    return list(connection.execute(taken).scalars())


@cache
def _last_number(column: Column[int]) -> Select[Any]:
    return select(func.coalesce(func.max(column), 0))


def wait_to_be_alone(connection: Connection, lock: int) -> None:
    """Hold one of the locks above until the transaction ends, on any machine.

    SQLite has one writer at a time anyway: `BEGIN IMMEDIATE` has done the waiting.
    """
    if is_postgresql(connection):
        connection.execute(func.pg_advisory_xact_lock(lock).select())


def size_of(connection: Connection) -> int:
    """Tell how many bytes the database has."""
    if is_postgresql(connection):
        asked = "SELECT pg_database_size(current_database())"
    else:
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    return int(connection.exec_driver_sql(asked).scalar_one())


def write_what_is_there(connection: Connection) -> None:
    """Write what is written already, so that a commit has something to do and nothing grows.

    On SQLite the mark of our file, which is a page of its log; on PostgreSQL the one row that
    tells the version, whose former copy is cleared away when the next one is made.
    """
    if is_postgresql(connection):
        connection.exec_driver_sql("SET LOCAL statement_timeout = '5s'")
        row = table(VERSION_TABLE, column("version_num"))
        connection.execute(update(row).values(version_num=row.c.version_num))
    else:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


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
