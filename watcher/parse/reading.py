"""A fetched body becomes a document, or the reason why it is none.

As little of it is read as can be: nothing of the same bytes; of a document that can be cut into its
items (`slices`), only those that were not in the one before; else the whole.
"""

from datetime import datetime
from hashlib import sha256

from watcher.model import (
    Document,
    DueFeed,
    Fetched,
    Imprint,
    ReadResult,
    Unchanged,
    Unreadable,
)
from watcher.parse.drafts import Where, document_of, drafted
from watcher.parse.entry import NotAFeedError, RawDocument
from watcher.parse.incremental import Sliced, imprinted, read_unseen, sliced
from watcher.parse.jsonfeed import looks_like_json, read_json
from watcher.parse.strangers import looks_like_html, what_it_is
from watcher.parse.xmlfeed import prepared, read_xml


def body_hash(body: bytes) -> str:
    """Give the fingerprint by which the same body is known again: SHA-256 in hex digits."""
    return sha256(body).hexdigest()


def is_same(due: DueFeed, answer: Fetched) -> bool:
    """Tell whether a server sent the same bytes as last time."""
    before = due.memory.body_hash
    return bool(before) and body_hash(answer.body) == before


def read(due: DueFeed, answer: Fetched, now: datetime, before: Imprint | None = None) -> ReadResult:
    """Read what a server sent; never raises, whatever it sent.

    The same bytes as last time are Unchanged and are not looked at. What can be read is read, and
    what was wrong with it is told in `faults`. Dates are clamped to `now`, which is also when each
    item was first seen, as far as this document goes. With what is remembered of the document
    `before`, entries that were in it are not read again where that makes no difference.
    """
    if is_same(due, answer):
        return Unchanged()
    where = Where(feed=due.feed, base=answer.url or due.feed.url, now=now)
    try:
        if looks_like_json(answer.body):
            return _whole(read_json(answer.body), where, None)
        return _read_xml(answer, where, before)
    except NotAFeedError as stranger:
        return Unreadable(reason=str(stranger) or what_it_is(answer.body))


def _read_xml(answer: Fetched, where: Where, before: Imprint | None) -> Document:
    ready = prepared(answer.body, answer.headers)
    parts = sliced(ready, where)
    if parts and before and (document := read_unseen(parts, where, before)):
        return document
    raw = read_xml(ready)
    if not (raw.entries and raw.kind != "unknown") and looks_like_html(answer.body):
        raise NotAFeedError  # a page may contain an element or two that feeds have as well
    return _whole(raw, where, parts)


def _whole(raw: RawDocument, where: Where, parts: Sliced | None) -> Document:
    drafts = drafted(raw, where)
    document = document_of(raw, drafts, where)
    return imprinted(document, raw, drafts, parts) if parts else document
