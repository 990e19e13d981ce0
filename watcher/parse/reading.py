"""A fetched body becomes a document, or the reason why it is none."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from watcher.model import (
    Document,
    DueFeed,
    Feed,
    Fetched,
    Item,
    ItemId,
    ReadResult,
    Unchanged,
    Unreadable,
)
from watcher.parse.dates import clamped
from watcher.parse.entry import Entry, NotAFeedError, RawDocument
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
from watcher.parse.identity import Draft, identified
from watcher.parse.jsonfeed import looks_like_json, read_json
from watcher.parse.strangers import looks_like_html, what_it_is
from watcher.parse.xmlfeed import read_xml
from watcher.text.links import normal_link, resolve
from watcher.text.markup import door_clean

ITEMS_AT_MOST = 2_000


def body_hash(body: bytes) -> str:
    """Give the fingerprint by which the same body is known again: SHA-256 in hex digits."""
    return sha256(body).hexdigest()


def is_the_same(due: DueFeed, answer: Fetched) -> bool:
    """Tell whether a server sent the same bytes as last time."""
    return bool(due.memory.body_hash) and body_hash(answer.body) == due.memory.body_hash


def read(due: DueFeed, answer: Fetched, now: datetime) -> ReadResult:
    """Read what a server sent; never raises, whatever it sent.

    The same bytes as last time are Unchanged and are not looked at. What can be read is read, and
    what was wrong with it is told in `faults`. Dates are clamped to `now`, which is also when each
    item was first seen, as far as this document goes.
    """
    if is_the_same(due, answer):
        return Unchanged()
    try:
        raw = _raw(answer)
    except NotAFeedError as stranger:
        return Unreadable(reason=str(stranger) or what_it_is(answer.body))
    return _document(raw, due.feed, answer.url or due.feed.url, now)


def _raw(answer: Fetched) -> RawDocument:
    if looks_like_json(answer.body):
        return read_json(answer.body)
    raw = read_xml(answer.body, answer.headers)
    if not (raw.entries and raw.kind != "unknown") and looks_like_html(answer.body):
        raise NotAFeedError  # a page may contain an element or two that feeds have as well
    return raw


def _document(raw: RawDocument, feed: Feed, base: str, now: datetime) -> Document:
    spoken = language(raw.language, feed.language)
    entries = _newest(raw.entries)
    faults = list(raw.faults)
    if len(entries) < len(raw.entries):
        faults.append(f"{len(raw.entries)} items, of which the newest {len(entries)} were read")
    drafts: list[Draft] = []
    for number, entry in enumerate(entries, 1):
        item, cut = _item(entry, feed, base, spoken, now)
        faults.extend(
            f"item {number}: {what} was cut to {length:,} characters" for what, length in cut
        )
        drafts.append(Draft(item=item, dated=entry.dated))
    return Document(
        title=prose([raw.title], base, TITLE_AT_MOST).text,
        kind=raw.kind,
        items=identified(drafts),
        faults=tuple(door_clean(fault) for fault in faults),
        language=spoken,
        home=resolve(base, door_clean(raw.home)),
        suggested_interval=raw.suggested_interval,
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        older_page=resolve(base, door_clean(raw.older_page)),
    )


def _newest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Give the newest 2,000: the first ones, unless the dates say that the last ones are newer."""
    if len(entries) <= ITEMS_AT_MOST:
        return entries
    dates = [entry.published for entry in entries if entry.published]
    oldest_first = len(dates) > 1 and dates[0] < dates[-1]
    return entries[-ITEMS_AT_MOST:] if oldest_first else entries[:ITEMS_AT_MOST]


def _item(
    entry: Entry, feed: Feed, base: str, spoken: str, now: datetime
) -> tuple[Item, tuple[tuple[str, int], ...]]:
    """Make an item, without its id, and tell which of its texts were cut, and to what length."""
    title = prose([entry.title], base, TITLE_AT_MOST)
    summary = prose(entry.summary, base, TEXT_AT_MOST)
    content = prose(entry.content, base, TEXT_AT_MOST)
    if summary.text == content.text:
        summary = Prose()  # nothing is counted, compared or shown twice
    link = resolve(base, door_clean(entry.link))
    item = Item(
        id=ItemId(""),
        feed=feed.id,
        guid=guid_of(entry.guid),
        link=link,
        normal_link=normal_link(link),
        title=title.text,
        summary=summary.text,
        content=content.text,
        authors=names(entry.authors),
        tags=names(entry.tags),
        language=language(entry.language, spoken),
        published=clamped(entry.published, now),
        seen_at=now,
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
