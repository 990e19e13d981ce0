"""What the nouns' modules have in common: the connection that their transaction runs on."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    cast,
    select,
)

from watcher.store import dialect

LAST = "\U0010ffff"


class Part:
    """A part of what a transaction can do, on one connection with an open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _insert_new(self, table: Table) -> dialect.Insert:
        return dialect.insert_new(self._connection, table)

    def _insert_or_replace(self, table: Table, keeping: Collection[str] = ()) -> dialect.Insert:
        return dialect.insert_or_replace(self._connection, table, keeping)

    def _texts(self, values: Collection[str]) -> Select[Any]:
        """Make a subquery of texts, for `column.in_(...)`."""
        return select(dialect.listed(self._connection, values).c.value)

    def _numbers(self, values: Collection[int]) -> Select[Any]:
        """Make a subquery of numbers, for `column.in_(...)`."""
        listed = dialect.listed(self._connection, values)
        return select(cast(listed.c.value, BigInteger))


def begins_with(name: Column[str], beginning: str) -> ColumnElement[bool]:
    """Tell names that begin like this; names are ordered by code point, so an index helps."""
    return and_(name >= beginning, name < beginning + LAST)
