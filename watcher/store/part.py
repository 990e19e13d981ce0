"""What the nouns' modules have in common: the connection that their transaction runs on."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Select,
    Table,
    and_,
    cast,
    select,
)

from watcher.model import ItemId
from watcher.store import dialect
from watcher.store.at_hand import AtHand
from watcher.store.held import Held

Statement = Callable[[str], Executable]  # given the engine's name
LAST = "\U0010ffff"


class Part:
    """A part of what a transaction can do, on one connection with an open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._bare = connection
        self._engine = connection.dialect.name
        self._held = Held(connection)
        self._at_hand = AtHand()

    @property
    def _connection(self) -> Connection:
        """The connection, with nothing held back: whoever looks finds what was decided."""
        self._held.write()
        return self._bare

    def write_held(self) -> None:
        """Write what was held until now."""
        self._held.write()

    def _read_anew(self, changed: Iterable[ItemId] = ()) -> None:
        """Forget what is at hand, because items or stories changed: these, or in what they lead."""
        self._held.write()
        self._at_hand.forget(changed)

    def _ask(self, statement: Statement, **values: object) -> CursorResult[Any]:
        """Execute a statement that was built once for each engine."""
        return self._connection.execute(statement(self._engine), values)

    def _insert_new(self, table: Table) -> dialect.Insert:
        return dialect.insert_new(self._engine, table)

    def _insert_or_replace(self, table: Table, keeping: Collection[str] = ()) -> dialect.Insert:
        return dialect.insert_or_replace(self._engine, table, tuple(keeping))

    def _texts(self, values: Collection[str]) -> Select[Any]:
        """Make a subquery of texts, for `column.in_(...)`."""
        return select(dialect.listed(self._bare, values).c.value)

    def _numbers(self, values: Collection[int]) -> Select[Any]:
        """Make a subquery of numbers, for `column.in_(...)`."""
        listed = dialect.listed(self._bare, values)
        return select(cast(listed.c.value, BigInteger))


def begins_with(name: Column[str], beginning: str) -> ColumnElement[bool]:
    """Tell names that begin like this; names are ordered by code point, so an index helps."""
    return and_(name >= beginning, name < beginning + LAST)
