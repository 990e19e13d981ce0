"""What a document says becomes items, cleaned, but still without their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.model import Document, Feed, Item, ItemId
from watcher.parse.dates import clamped
from watcher.parse.entry import Entry, RawDocument
from watcher.parse.fields import (
    TEXT_AT_MOST,
    TITLE_AT_MOST,
    Prose,
    guid_of,
    language,
    links_of,
    names,
    prose,
    sources_of,
)
from watcher.parse.identity import Named, identified, named
from watcher.text.links import normal_link, resolve
from watcher.text.markup import door_clean

ITEMS_AT_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whose document it is, where it came from, and when."""

    feed: Feed
    base: str  # the address that links in it are relative to
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The entries of a document as items without ids, and what they are known by."""

    items: tuple[Item, ...]
    names: tuple[Named, ...]
    faults: tuple[str, ...]


def drafted(raw: RawDocument, where: Where) -> Drafts:
    """Make items of a document's entries: of its newest 2,000."""
    spoken = spoken_in(raw, where)
    entries = _newest(raw.entries)
    faults = []
    if len(entries) < len(raw.entries):
        faults.append(f"{len(raw.entries)} items, of which the newest {len(entries)} were read")
    items: list[Item] = []
    for number, entry in enumerate(entries, 1):
        item, cut = _item(entry, where, spoken)
        faults.extend(
            f"item {number}: {what} was cut to {length:,} characters" for what, length in cut
        )
        items.append(item)
    return Drafts(
        items=tuple(items),
        names=tuple(named(item, one.dated) for item, one in zip(items, entries, strict=True)),
        faults=tuple(faults),
    )


def document_of(raw: RawDocument, drafts: Drafts, where: Where) -> Document:
    """Put together what a document says that was read whole."""
    names = identified(where.feed.id, drafts.names)
    return Document(
        title=prose([raw.title], where.base, TITLE_AT_MOST).text,
        kind=raw.kind,
        items=tuple(
            replace(item, id=own, normal_link=link)
            for item, (own, link) in zip(drafts.items, names, strict=True)
        ),
        faults=tuple(door_clean(fault) for fault in (*raw.faults, *drafts.faults)),
        language=spoken_in(raw, where),
        home=resolve(where.base, door_clean(raw.home)),
        suggested_interval=raw.suggested_interval,
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        older_page=resolve(where.base, door_clean(raw.older_page)),
    )


def spoken_in(raw: RawDocument, where: Where) -> str:
    """Give the language of the document: what it says itself, else what we were told of it."""
    return language(raw.language, where.feed.language)


def _newest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Give the newest 2,000: the first ones, unless the dates say that the last ones are newer."""
    if len(entries) <= ITEMS_AT_MOST:
        return entries
    dates = [entry.published for entry in entries if entry.published]
    oldest_first = len(dates) > 1 and dates[0] < dates[-1]
    return entries[-ITEMS_AT_MOST:] if oldest_first else entries[:ITEMS_AT_MOST]


def _item(entry: Entry, where: Where, spoken: str) -> tuple[Item, tuple[tuple[str, int], ...]]:
    """Make an item, without its id, and tell which of its texts were cut, and to what length."""
    base = where.base
    title = prose([entry.title], base, TITLE_AT_MOST)
    summary = prose(entry.summary, base, TEXT_AT_MOST)
    content = prose(entry.content, base, TEXT_AT_MOST)
    if summary.text == content.text:
        summary = Prose()  # nothing is counted, compared or shown twice
    link = resolve(base, door_clean(entry.link))
    item = Item(
        id=ItemId(""),
        feed=where.feed.id,
        guid=guid_of(entry.guid),
        link=link,
        normal_link=normal_link(link),
        title=title.text,
        summary=summary.text,
        content=content.text,
        authors=names(entry.authors),
        tags=names(entry.tags),
        language=language(entry.language, spoken),
        published=clamped(entry.published, where.now),
        seen_at=where.now,
        sources=sources_of(entry, (summary, content), base),
        links=links_of(summary, content),
    )
    return item, tuple(_cut(title, summary, content))


def _cut(title: Prose, summary: Prose, content: Prose) -> Iterator[tuple[str, int]]:
    if title.cut:
        yield "title", TITLE_AT_MOST
    if summary.cut:
        yield "summary", TEXT_AT_MOST
    if content.cut:
        yield "content", TEXT_AT_MOST
