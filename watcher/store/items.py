"""Items: their texts, and under which names a feed showed them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, select, update

from watcher.model import FeedId, FeedMemory, Item, ItemId, Remembered, Shown
from watcher.store import dialect
from watcher.store.at_hand import Fresh
from watcher.store.coding import (
    read_links,
    read_sources,
    texts,
    write_links,
    write_sources,
    written,
)
from watcher.store.part import Part
from watcher.store.tables import feed as visited
from watcher.store.tables import item as kept
from watcher.store.tables import item_version, known_by, story
from watcher.store.types import key_of, storable

REMEMBERED = (
    kept.c.id,
    kept.c.guid,
    kept.c.normal_link,
    kept.c.title,
    kept.c.text_hash,
    kept.c.seen_at,
)
_TO_EDIT = select(kept).where(kept.c.id == bindparam("own")).with_for_update()


class Items(Part):
    """What a transaction can do with items."""

    def take_in_alone(self) -> None:
        """Wait until no other transaction takes in a visit; then be the one."""
        dialect.wait_to_be_alone(self._connection, dialect.INTAKE_LOCK)

    def still_shown(self, memory: FeedMemory, items: Collection[ItemId]) -> bool:
        """Tell whether all is as this visit left it; see `ports.Transaction`."""
        visits = self._connection.execute(
            select(visited.c.visits).where(visited.c.id == memory.feed)
        ).scalar_one_or_none()
        if visits != memory.visits:
            return False
        there = self._connection.execute(
            select(func.count()).select_from(kept).where(kept.c.id.in_(self._texts(items)))
        )
        return there.scalar_one() == len(items)

    def remembered(self, feed: FeedId, items: Sequence[Item | Shown]) -> tuple[Remembered, ...]:
        """Find what this feed showed before; see `ports.Transaction`.

        An item that is known under several guids, links or titles is told once for each that was
        asked for. Of titles only keys are kept, so a forgotten one is told in the asked-for words.
        """
        asked = {key: name for one in items for key, name in _names(one).items()}
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self._ask(_owners, of=feed, keys=dialect.listing(asked)):
            found.setdefault(row.id, []).append(asked[row.key])
        wanted = found.keys() | {one.id for one in items}
        rows = self._ask(_known, of=feed, ids=dialect.listing(wanted))
        return tuple(told for row in rows for told in _remembered(row, found.get(row.id, ())))

    def shown(self, feed: FeedId, at: datetime) -> frozenset[ItemId]:
        """Tell which items a feed showed last at this very moment; see `ports.Transaction`."""
        found = self._connection.execute(
            select(kept.c.id).where(kept.c.last_seen_at == at, kept.c.feed == feed)
        )
        return frozenset(ItemId(row.id) for row in found)

    def keep(self, items: Iterable[Item]) -> None:
        """Keep unseen items; one that is there already is left as it is."""
        named: dict[str, Item] = {}
        for one in items:
            named.setdefault(storable(one.id), one)
        if not named:
            return
        rows = self._connection.execute(
            _keep(self._engine), [_columns(one) for one in named.values()]
        )
        new = {row.id: row.number for row in rows}
        self._know_by((number, named[own]) for own, number in new.items())
        taken = self._ask(_stories_named, ids=dialect.listing(new)).scalars().all()
        self._at_hand.keep(
            Fresh(number=number, item=named[own], links=_link_keys(named[own]))
            for own, number in new.items()
            if own not in taken and _comes_back(named[own])
        )

    def keep_edits(self, items: Iterable[Item], now: datetime) -> None:
        """Add a version to known items: the item then shows the new text, first-seen stays."""
        for one in items:
            before = self._connection.execute(_TO_EDIT, {"own": one.id}).one_or_none()
            if before is None:
                continue
            if before.text_hash != one.text_hash and before.has_text:
                self._keep_version(before, now)
            later = {k: v for k, v in _columns(one).items() if k not in ("id", "feed", "seen_at")}
            self._connection.execute(
                update(kept).where(kept.c.id == one.id).values({**later, "last_seen_at": now})
            )
            self._know_by([(before.number, one)])
            self._read_anew([one.id])

    def _keep_version(self, before: Row[Any], now: datetime) -> None:
        self._connection.execute(
            self._insert_new(item_version).values(
                item=before.id,
                text_hash=before.text_hash,
                title=before.title,
                summary=before.summary,
                content=before.content,
                until=now,
            )
        )

    def rekey(self, known: ItemId, item: Item) -> None:
        """Let a known item be found under another guid, link and title as well as its old ones."""
        number = self._connection.execute(
            select(kept.c.number).where(kept.c.id == known)
        ).scalar_one_or_none()
        if number is not None:
            self._know_by([(number, item)])
            self._read_anew([known])

    def _know_by(self, items: Iterable[tuple[int, Item]]) -> None:
        rows = [{"key": key, "item": number} for number, one in items for key in _keys(one)]
        if rows:
            self._connection.execute(self._insert_new(known_by), rows)

    def touch(self, items: Collection[ItemId], now: datetime) -> None:
        """Note that these are still shown by their feed."""
        if items:
            self._ask(_touch, ids=dialect.listing(items), then=now)


# --- statements, built once for each engine: building one costs as much as running it


@cache
def _keep(engine: str) -> Executable:
    return dialect.insert_new(engine, kept).returning(kept.c.id, kept.c.number)


@cache
def _owners(engine: str) -> Executable:
    return (
        select(kept.c.id, known_by.c.key)
        .join(known_by, known_by.c.item == kept.c.number)
        .where(kept.c.feed == bindparam("of"), known_by.c.key.in_(dialect.numbers(engine, "keys")))
    )


@cache
def _known(engine: str) -> Executable:
    return (
        select(*REMEMBERED)
        .where(kept.c.feed == bindparam("of"), kept.c.id.in_(dialect.texts(engine, "ids")))
        .order_by(kept.c.seen_at, kept.c.id)
    )


@cache
def _touch(engine: str) -> Executable:
    named = kept.c.id.in_(dialect.texts(engine, "ids"))
    return update(kept).where(named).values(last_seen_at=bindparam("then"))


@cache
def _stories_named(engine: str) -> Executable:
    return select(story.c.id).where(story.c.id.in_(dialect.texts(engine, "ids")))


# --- rows


def item_from(row: Row[Any]) -> Item:
    """Make an item of a row that has all columns of its table."""
    return Item(
        id=ItemId(row.id),
        feed=FeedId(row.feed),
        guid=row.guid,
        link=row.link,
        normal_link=row.normal_link,
        title=row.title,
        summary=row.summary,
        content=row.content,
        authors=texts(row.authors),
        tags=texts(row.tags),
        language=row.language,
        published=row.published,
        seen_at=row.seen_at,
        sources=read_sources(row.sources),
        links=read_links(row.links),
    )


def link_key(normal_link: str) -> int:
    """Make the key under which an item with this normal link is known."""
    return key_of("link", normal_link)


def search_keys(text: str) -> tuple[int, ...]:
    """Make the keys of items that have this text as guid, link or normal link."""
    return tuple(key_of(kind, text) for kind in ("guid", "address", "link"))


def _names(one: Item | Shown) -> dict[int, tuple[str, str]]:
    """Give what an item may be known by: key to kind and text."""
    named = (("guid", one.guid), ("link", one.normal_link), ("title", one.title))
    return {key_of(kind, text): (kind, text) for kind, text in named if text}


def _keys(one: Item) -> list[int]:
    """Give the keys that an item is known by, its very address among them."""
    keys = set(_names(one))
    if one.link:
        keys.add(key_of("address", one.link))
    return sorted(keys)


def _link_keys(one: Item) -> tuple[int, ...]:
    return (link_key(one.normal_link),) if one.normal_link else ()


def _comes_back(one: Item) -> bool:
    """Whether an item is the same when it is read again: nothing in it has to be replaced."""
    told = (one.id, one.feed, one.guid, one.link, one.normal_link, one.title, one.summary)
    listed = (one.content, one.language, *one.authors, *one.tags)
    named = (source.url for source in one.sources)
    return all(
        storable(text) is text for text in (*told, *listed, *named, *(x.url for x in one.links))
    )


def _remembered(
    row: Row[*tuple[Any, ...]], found: Sequence[tuple[str, str]]
) -> tuple[Remembered, ...]:
    guids, links, titles = (
        [text for kind, text in sorted(found) if kind == wanted]
        for wanted in ("guid", "link", "title")
    )
    together = list(zip_longest(guids, links, titles)) or [(None, None, None)]
    return tuple(
        Remembered(
            id=ItemId(row.id),
            guid=row.guid if guid is None else guid,
            normal_link=row.normal_link if link is None else link,
            title=row.title if title is None else title,
            text_hash=row.text_hash,
            seen_at=row.seen_at,
        )
        for guid, link, title in together
    )


def _columns(one: Item) -> dict[str, object]:
    return {
        "id": one.id,
        "feed": one.feed,
        "guid": one.guid,
        "link": one.link,
        "normal_link": one.normal_link,
        "title": one.title,
        "summary": one.summary,
        "content": one.content,
        "authors": written(one.authors),
        "tags": written(one.tags),
        "language": one.language,
        "published": one.published,
        "seen_at": one.seen_at,
        "sources": write_sources(one.sources),
        "links": write_links(one.links),
        "text_hash": one.text_hash,
        "last_seen_at": one.seen_at,
        "has_text": True,
    }
