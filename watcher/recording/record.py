"""One visit's answer, as it is kept: a line of JSON that tells of it, then the body, gzipped.

Where the visit's items have pages fetched, two more records follow: which, and what came of them.

Each record is a gzip member of its own. Its checksum tells a whole record from one that an
interruption tore, and `zcat` shows a file of them to people.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, assert_never

from watcher.model import (
    FeedId,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    PageRead,
    PagesAsked,
)
from watcher.recording.pages import PagesTold, pages_as_bytes, pages_from_bytes

# what reading and cadence go by; no other header is kept: cookies are among the others
HEADERS = (
    "age",
    "cache-control",
    "content-language",
    "content-location",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
)
MOST_BYTES = 64 * 1024 * 1024  # of one record, unpacked; answers have had a smaller cap
_CHUNK = 16 * 1024
_GZIP = 31  # zlib's word for a gzip member

Veil = Callable[[str], str]  # makes a URL fit to be shown
Kept = FetchResult | PagesAsked | PagesTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one visit got, or which pages it asked for, or what came of these."""

    at: datetime
    feed: FeedId
    url: str  # the feed's address, fit to be shown; empty where nobody wrote it down
    answer: Kept


def without_secrets(record: Record, veil: Veil) -> Record:
    """Give the record as it may lie on a disk: URLs veiled, only headers that matter."""
    answer = record.answer
    if isinstance(answer, (Fetched, NotModified)):
        headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
        if "content-location" in headers:
            headers["content-location"] = veil(headers["content-location"])
        answer = replace(answer, url=veil(answer.url), headers=headers)
    elif isinstance(answer, PagesAsked):
        answer = replace(answer, addresses=tuple(veil(one) for one in answer.addresses))
    elif isinstance(answer, PagesTold):
        pages = answer.results.items()
        answer = PagesTold(
            results={
                key: replace(page, url=veil(page.url)) if isinstance(page, PageRead) else page
                for key, page in pages
            }
        )
    return replace(record, url=veil(record.url), answer=answer)


def packed(record: Record, body_at: int | None = None) -> bytes:
    """Write a record; with `body_at`, its body is the one of the record that begins there.

    Empty where it is larger than any record may be.
    """
    told = _told(record)
    if body_at is not None:
        told["body_at"] = body_at
    line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
    body = _body(record.answer) if body_at is None else b""
    if len(line) + len(body) >= MOST_BYTES:
        return b""  # it could not be read again
    return gzip.compress(line + body + b"\n", 6, mtime=0)


def _told(record: Record) -> dict[str, object]:
    told: dict[str, object] = {
        "at": record.at.isoformat(),
        "feed": record.feed,
        "url": record.url,
    }
    match record.answer:
        case Fetched(status=status, url=url, headers=headers):
            return {**told, "status": status, "from": url, "headers": dict(headers)}
        case NotModified(url=url, headers=headers):
            return {**told, "status": 304, "from": url, "headers": dict(headers)}
        case FetchFailed() as failed:
            wait = failed.retry_after
            return {
                **told,
                "status": failed.status,
                "failed": failed.reason,
                "retry_after": None if wait is None else wait.total_seconds(),
                "gone": failed.gone,
                "postponed": failed.postponed,
            }
        case PagesAsked(addresses=addresses):
            return {**told, "asked": list(addresses)}
        case PagesTold(results=results):
            return {**told, "pages": len(results)}
        case _:
            assert_never(record.answer)


def _body(answer: Kept) -> bytes:
    if isinstance(answer, PagesTold):
        return pages_as_bytes(answer)
    return answer.body if isinstance(answer, Fetched) else b""


def read_at(file: BinaryIO, offset: int) -> tuple[Record, int] | None:
    """Read the record that begins at an offset, and tell where the next one does.

    None where no whole record begins: at the end, or at one that was torn.
    """
    found = _unpacked(file, offset)
    if found is None:
        return None
    content, end = found
    line, body = _divided(content)
    try:
        told = json.loads(line)
        if "body_at" in told:
            body = _body_at(file, int(told["body_at"]))
        return _record(told, body), end
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _body_at(file: BinaryIO, offset: int) -> bytes:
    found = _unpacked(file, offset)
    if found is None:
        raise ValueError("the record with the body is not there")
    return _divided(found[0])[1]


def _divided(content: bytes) -> tuple[bytes, bytes]:
    """Take the line and the body apart; a line end behind the body is ours."""
    line, _, body = content.partition(b"\n")
    return line, body.removesuffix(b"\n")


def _unpacked(file: BinaryIO, offset: int) -> tuple[bytes, int] | None:
    file.seek(offset)
    unpacking, content, taken = zlib.decompressobj(_GZIP), bytearray(), 0
    while not unpacking.eof and (chunk := file.read(_CHUNK)):
        taken += len(chunk)
        try:
            content += unpacking.decompress(chunk, MOST_BYTES - len(content) + 1)
        except zlib.error:
            return None
        if len(content) > MOST_BYTES:
            return None
    if not unpacking.eof:
        return None
    return bytes(content), offset + taken - len(unpacking.unused_data)


def _record(told: Mapping[str, Any], body: bytes) -> Record:
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        raise ValueError("a record's time has a zone")
    feed = FeedId(str(told["feed"]))
    return Record(at=at, feed=feed, url=str(told["url"]), answer=_kept(feed, told, body))


def _kept(feed: FeedId, told: Mapping[str, Any], body: bytes) -> Kept:
    if "asked" in told:
        return PagesAsked(feed=feed, addresses=tuple(str(one) for one in told["asked"]))
    if "pages" in told:
        return pages_from_bytes(body)
    return _answer(told, body)


def _answer(told: Mapping[str, Any], body: bytes) -> FetchResult:
    status = int(told["status"])
    if "failed" in told:
        wait = told["retry_after"]
        return FetchFailed(
            reason=str(told["failed"]),
            status=status,
            retry_after=None if wait is None else timedelta(seconds=float(wait)),
            gone=bool(told["gone"]),
            postponed=bool(told["postponed"]),
        )
    headers = {str(name): str(value) for name, value in told["headers"].items()}
    if status == 304:
        return NotModified(url=str(told["from"]), headers=headers)
    return Fetched(status=status, url=str(told["from"]), body=body, headers=headers)
