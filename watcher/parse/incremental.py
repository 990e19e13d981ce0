"""Of a document that is mostly known, only what is new is read; feedparser reads it.

What is remembered of a document is its imprint: of each entry the fingerprint of its bytes, and the
names by which it is told from others, but not its texts. Of the next document, feedparser gets the
envelope with the entries that are not in the imprint, or nothing where the envelope is the same
too. All entries together, read or not, are then given their ids and told apart exactly as if all
had been read. Wherever that could come out differently, the answer is None: read the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import feedparser

from watcher.model import (
    Document,
    Imprint,
    Item,
    ItemId,
    Print,
    Shown,
    ToldApart,
    content_id,
)
from watcher.parse.drafts import ITEMS_AT_MOST, Drafts, Where, document_of, drafted
from watcher.parse.entry import NotAFeedError, RawDocument
from watcher.parse.identity import Named, identified
from watcher.parse.slices import Cut, Slice, cut
from watcher.parse.xmlfeed import Prepared, read_xml

READING = "1"  # to be changed with any change to what is read of an entry: old imprints are void


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliced:
    """A document that could be cut into its items."""

    ready: Prepared
    cut: Cut
    key: str  # of all that the reading of an item depends on, but its bytes and the channel's words


def sliced(ready: Prepared, where: Where) -> Sliced | None:
    """Cut a document into its items; None where that would be a guess."""
    if not ready.utf8 or ready.faults:
        return None
    parts = cut(ready.body, ITEMS_AT_MOST)
    if parts is None:
        return None
    key = content_id(
        READING,
        feedparser.__version__,
        where.base,
        where.feed.language,
        ready.content_type,
        str(ready.body.isascii()),  # feedparser guesses by it
        parts.within.decode("utf-8"),
    )
    return Sliced(ready=ready, cut=parts, key=key)


# --- what to remember ---------------------------------------------------------------------------


def imprinted(document: Document, raw: RawDocument, drafts: Drafts, parts: Sliced) -> Document:
    """Put its imprint to a document that was read whole, if nothing about it is in doubt."""
    slices = parts.cut.slices
    if document.faults or raw.kind == "unknown" or len(raw.entries) != len(slices):
        return document
    if _in_doubt(slices, document.items):
        return document
    prints = tuple(map(_print, slices, document.items, drafts.names))
    return _with_imprint(document, _channel(raw, document), parts, prints)


def remember(document: Document, apart: ToldApart) -> Imprint | None:
    """Give what to remember of a document whose entries were told apart; None is nothing."""
    if document.imprint is None or document.settled:
        return document.imprint
    known = {*apart.again, *(known for known, _ in apart.rekeyed)}
    known.update(item.id for item in (*apart.fresh, *apart.edited))
    prints = tuple(
        replace(one, id=entry.id if entry.id in known else None)
        for one, entry in zip(document.imprint.prints, document.entries, strict=True)
    )
    return replace(document.imprint, prints=prints)


def _in_doubt(slices: Sequence[Slice], items: Sequence[Item]) -> bool:
    """Tell whether the numbers that a fingerprint leaves out may be what tells an item apart."""
    return any(part.counted and not item.title for part, item in zip(slices, items, strict=True))


def _channel(raw: RawDocument, document: Document) -> str:
    return content_id(raw.kind, raw.encoding, document.language, *raw.authors)


def _print(part: Slice, item: Item, name: Named) -> Print:
    return Print(
        digest=part.digest,
        guid=name.guid,
        page=name.page,
        place=name.place,
        normal_link=item.normal_link,
        title=item.title,
        told=name.told,
        dated="" if name.guid or name.page else name.dated,
        text_hash=item.text_hash,
    )


def _with_imprint(
    document: Document, channel: str, parts: Sliced, prints: tuple[Print, ...]
) -> Document:
    imprint = Imprint(
        key=parts.key,
        envelope=parts.cut.envelope,
        channel=channel,
        title=document.title,
        kind=document.kind,
        language=document.language,
        home=document.home,
        suggested_interval=document.suggested_interval,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
        older_page=document.older_page,
        prints=prints,
    )
    return replace(document, imprint=imprint)


# --- reading what is new ------------------------------------------------------------------------


def read_unseen(parts: Sliced, where: Where, before: Imprint) -> Document | None:
    """Read the entries that were not in the document before; None: it must be read whole."""
    if before.key != parts.key:
        return None
    seen = {one.digest for one in before.prints}
    unseen = [place for place, part in enumerate(parts.cut.slices) if part.digest not in seen]
    if not unseen and parts.cut.envelope == before.envelope:
        return _put_together(_channel_of(before), [], [], parts, where, before)
    read = _read_only(unseen, parts, where, before)
    if read is None:
        return None
    document, names = read
    return _put_together(document, unseen, names, parts, where, before)


def _channel_of(before: Imprint) -> Document:
    return Document(
        title=before.title,
        kind=before.kind,
        items=(),
        language=before.language,
        home=before.home,
        suggested_interval=before.suggested_interval,
        skip_hours=before.skip_hours,
        skip_days=before.skip_days,
        older_page=before.older_page,
    )


def _read_only(
    places: Sequence[int], parts: Sliced, where: Where, before: Imprint
) -> tuple[Document, tuple[Named, ...]] | None:
    """Let feedparser read the envelope with the entries at these places."""
    try:
        raw = read_xml(replace(parts.ready, body=parts.cut.with_only(places)))
    except NotAFeedError:
        return None
    drafts = drafted(raw, where)
    document = document_of(raw, drafts, where)
    if document.faults or len(raw.entries) != len(places):
        return None
    if _channel(raw, document) != before.channel:
        return None  # what was not read would come out differently too
    if _in_doubt([parts.cut.slices[place] for place in places], document.items):
        return None
    return document, drafts.names


def _put_together(
    read: Document,
    unseen: Sequence[int],
    names: Sequence[Named],
    parts: Sliced,
    where: Where,
    before: Imprint,
) -> Document:
    """Put the entries that were read to their places among the others, and give all their ids."""
    slices = parts.cut.slices
    known = {one.digest: one for one in before.prints}
    known |= {
        slices[place].digest: _print(slices[place], item, name)
        for place, item, name in zip(unseen, read.items, names, strict=True)
    }
    prints = tuple(known[part.digest] for part in slices)
    own = _own(prints, where, before)
    document = replace(
        read,
        items=tuple(
            replace(item, id=own[place][0], normal_link=own[place][1])
            for place, item in zip(unseen, read.items, strict=True)
        ),
        shown=tuple(
            (place, _shown(prints[place], *own[place]))
            for place in sorted(set(range(len(prints))) - set(unseen))
        ),
        settled=not unseen
        and all((one.id, one.normal_link) == name for one, name in zip(prints, own, strict=True)),
    )
    return _with_imprint(document, before.channel, parts, _linked(prints, own))


def _own(prints: tuple[Print, ...], where: Where, before: Imprint) -> Sequence[tuple[ItemId, str]]:
    """Give each entry's id and link: those it had, if the document is the same in all of them."""
    if prints == before.prints:
        had = [(one.id, one.normal_link) for one in prints if one.id is not None]
        if len(had) == len(prints):
            return had
    return identified(where.feed.id, prints)


def _shown(one: Print, own: ItemId, link: str) -> Shown:
    return Shown(id=own, guid=one.guid, normal_link=link, title=one.title, text_hash=one.text_hash)


def _linked(prints: tuple[Print, ...], own: Sequence[tuple[ItemId, str]]) -> tuple[Print, ...]:
    return tuple(
        one if one.normal_link == link else replace(one, normal_link=link)
        for one, (_, link) in zip(prints, own, strict=True)
    )
