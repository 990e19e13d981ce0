"""What became of items' pages."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from watcher.model import ItemId, PageNote
from watcher.store.part import Part
from watcher.store.tables import page


class Pages(Part):
    """What a transaction can do with notes about pages."""

    def note_pages(self, notes: Iterable[PageNote]) -> None:
        """Write down what became of items' pages; the latest word about an item counts."""
        rows = [
            {
                "item": note.item,
                "used": note.used,
                "outcome": note.outcome,
                "url": note.url,
                "mark": note.mark,
            }
            for note in notes
        ]
        if rows:
            self._connection.execute(self._insert_or_replace(page), rows)

    def page_twins(self, mark: str, item: ItemId) -> tuple[str, ...]:
        """Tell where other items' pages with this mark came from, in order."""
        found = select(page.c.url).where(page.c.mark == mark, page.c.item != item)
        return tuple(self._connection.execute(found.distinct().order_by(page.c.url)).scalars())


def page_note_from(row: Row[Any]) -> PageNote:
    """Make a note of a row that has all columns of its table."""
    return PageNote(
        item=ItemId(row.item), used=row.used, outcome=row.outcome, url=row.url, mark=row.mark
    )
