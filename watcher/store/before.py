"""What was told before: the items that a new one is compared with, and the stories they are in."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, bindparam, exists, select, union_all

from watcher.model import Item, Sketch, StoryId, Told
from watcher.store import dialect
from watcher.store.items import item_from, link_key
from watcher.store.part import Part
from watcher.store.recalled import Reader, Recalled
from watcher.store.tables import item as kept
from watcher.store.tables import item_version, known_by, story_claim
from watcher.store.tables import placement as placed
from watcher.store.tables import story as stories
from watcher.store.types import Moment


class Before(Part):
    """How a transaction finds what was told before."""

    def __init__(self, connection: Connection, recalled: Recalled) -> None:
        super().__init__(connection)
        self._recalled = recalled
        self._reader = Reader(lambda: self._connection)

    def committed(self) -> None:
        """Take note that all was written."""
        self._recalled.committed(self._reader)

    def rolled_back(self) -> None:
        """Take note that nothing was written."""
        self._recalled.rolled_back(self._reader)

    def look_ahead(self, links: Collection[str], since: datetime) -> None:
        """Look these links up at once, for `told_by_link`; see `ports.Transaction`."""
        keys = {link_key(link) for link in links if link}
        if not keys:
            return
        pairs = self._ask(_having_links, keys=dialect.listing(keys)).all()
        others = {pair.item for pair in pairs if not self._at_hand.is_fresh(pair.item)}
        rows = self._ask(_numbered, numbers=dialect.listing(others)) if others else ()
        told = {row.number: _told_from(row) for row in rows}
        found = ((pair.key, pair.item, told[pair.item]) for pair in pairs if pair.item in told)
        self._at_hand.note_links(keys, since, found)

    def told_by_link(self, links: Collection[str], since: datetime) -> tuple[Told, ...]:
        """Find placed items with, or claiming, one of these normal links; oldest first."""
        keys = {link_key(link) for link in links if link}
        if not keys:
            return ()
        known = self._at_hand.by_link(keys, since)
        if known is not None:
            return known
        rows = self._ask(_with_links, keys=dialect.listing(keys), since=since)
        return tuple(_told_from(row) for row in rows)

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find the placed items that share the most with this text; see `ports.Transaction`."""
        numbers = self._recalled.like(self._reader, sketch, since, limit)
        missing = self._at_hand.missing(numbers)
        if missing:
            # not what is held: that is at hand
            told = {"numbers": dialect.listing(missing)}
            rows = self._bare.execute(_with_text(self._engine), told).all()
            found = zip((row.number for row in rows), self._with_versions(rows), strict=True)
            self._at_hand.note(missing, dict(found))
        return self._at_hand.told(numbers)

    def leads(self, of: Collection[StoryId]) -> tuple[Told, ...]:
        """Find the items that lead these stories, in no order; unknown ones are left out."""
        missing = self._at_hand.not_led(of)
        if missing:
            rows = self._bare.execute(_leading(self._engine), {"ids": dialect.listing(missing)})
            self._at_hand.note_leads(self._with_versions(rows.all()))
        return self._at_hand.leads(of)

    def lead_of(self, story: StoryId) -> Item:
        """Tell the item that a story leads with; `LookupError` if there is no such story."""
        for told in self.leads([story]):
            return told.item
        raise LookupError(f"there is no story {story}")

    def _with_versions(self, rows: Sequence[Row[Any]]) -> tuple[Told, ...]:
        """Add what the items said before they were edited."""
        edited = [row.id for row in rows if row.edited]
        texts_of: dict[str, list[Row[Any]]] = {}
        if edited:
            told = {"ids": dialect.listing(edited)}
            for version in self._bare.execute(_versions(self._engine), told):
                texts_of.setdefault(version.item, []).append(version)
        return tuple(_told_from(row, texts_of.get(row.id, ())) for row in rows)


# --- statements, built once for each engine


@cache
def _having_links(engine: str) -> Executable:
    keys = dialect.numbers(engine, "keys")
    return union_all(
        select(known_by.c.key, known_by.c.item).where(known_by.c.key.in_(keys)),
        select(story_claim.c.link, story_claim.c.item).where(story_claim.c.link.in_(keys)),
    )


@cache
def _with_links(engine: str) -> Executable:
    keys = dialect.numbers(engine, "keys")
    having = select(known_by.c.item).where(known_by.c.key.in_(keys))
    claiming = select(story_claim.c.item).where(story_claim.c.link.in_(keys))
    since = bindparam("since", type_=Moment())
    wanted = kept.c.number.in_(having.union(claiming)), kept.c.seen_at >= since
    return _told().where(*wanted).order_by(kept.c.seen_at, kept.c.id)


@cache
def _numbered(engine: str) -> Select[Any]:
    return _told().where(kept.c.number.in_(dialect.numbers(engine, "numbers")))


@cache
def _with_text(engine: str) -> Executable:
    return _numbered(engine).where(kept.c.has_text)


@cache
def _leading(engine: str) -> Executable:
    named = stories.c.id.in_(dialect.texts(engine, "ids"))
    return _told().where(named, stories.c.lead == kept.c.id)


@cache
def _told() -> Select[Any]:
    edited = exists().where(item_version.c.item == kept.c.id)
    return (
        select(kept, placed.c.story, placed.c.by_hand, stories.c.lead, edited.label("edited"))
        .join(placed, placed.c.item == kept.c.id)
        .join(stories, stories.c.id == placed.c.story)
    )


@cache
def _versions(engine: str) -> Executable:
    return (
        select(item_version)
        .where(item_version.c.item.in_(dialect.texts(engine, "ids")))
        .order_by(item_version.c.until)
    )


# --- rows


def _told_from(row: Row[Any], versions: Sequence[Row[Any]] = ()) -> Told:
    item = item_from(row)
    return Told(
        item=item,
        story=StoryId(row.story),
        lead=row.lead == row.id,
        by_hand=row.by_hand,
        versions=tuple(
            replace(item, title=old.title, summary=old.summary, content=old.content)
            for old in versions
        ),
    )
