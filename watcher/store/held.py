"""What a transaction has decided and not yet written: rows that go in together.

An item's placing makes three or four rows; one by one, each costs more than all else that is kept
of it. They are held until the transaction ends or looks at anything else in the database.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, insert, update

from watcher.model import StoryId
from watcher.store import dialect
from watcher.store.tables import placement, story, story_claim, story_text
from watcher.store.types import Moment

_NEW = (story, placement, story_claim)  # in this order: one refers to the other
_THEN = bindparam("then", type_=Moment())
_STRETCH = (
    update(story)
    .where(story.c.id == bindparam("of"))
    .values(
        first_seen_at=case((story.c.first_seen_at > _THEN, _THEN), else_=story.c.first_seen_at),
        last_seen_at=case((story.c.last_seen_at < _THEN, _THEN), else_=story.c.last_seen_at),
    )
)
_NEW_TEXTS = insert(story_text)


class Held:
    """Rows about stories that a transaction will write; never beyond its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._empty = True
        self._rows: dict[str, list[Mapping[str, object]]] = {table.name: [] for table in _NEW}
        self._texts: list[Mapping[str, object]] = []
        self._stretches: list[Mapping[str, object]] = []

    def story(self, **row: object) -> None:
        """Hold a new story."""
        self._hold(story.name, row)

    def placement(self, **row: object) -> None:
        """Hold where an item was placed."""
        self._hold(placement.name, row)

    def claim(self, **row: object) -> None:
        """Hold an original that an item names."""
        self._hold(story_claim.name, row)

    def text(self, **row: object) -> None:
        """Hold the text of an item; with its number, which others may already refer to."""
        self._texts.append(row)
        self._empty = False

    def stretch(self, of: StoryId, then: datetime) -> None:
        """Hold that a story had an item at this time."""
        self._stretches.append({"of": of, "then": then})
        self._empty = False

    def _hold(self, table: str, row: Mapping[str, object]) -> None:
        self._rows[table].append(row)
        self._empty = False

    def write(self) -> None:
        """Write all that is held."""
        if self._empty:
            return
        self._empty = True
        engine = self._connection.dialect.name
        for table in _NEW:
            if rows := self._rows[table.name]:
                self._connection.execute(dialect.insert_new(engine, table), rows)
                rows.clear()
        for statement, rows in ((_NEW_TEXTS, self._texts), (_STRETCH, self._stretches)):
            if rows:
                self._connection.execute(statement, rows)
                rows.clear()
