"""Feed documents that the tests write themselves, and short ways to read them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    Item,
    ReadResult,
    Unreadable,
)
from watcher.parse import read

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADDRESS = "http://press.example/news/feed.xml"


def look(
    body: bytes | str,
    *,
    headers: Mapping[str, str] | None = None,
    url: str = ADDRESS,
    language: str = "",
    body_hash: str = "",
) -> ReadResult:
    feed = Feed(id=FeedId("press"), url=ADDRESS, language=language)
    due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=NOW, body_hash=body_hash))
    sent = body.encode() if isinstance(body, str) else body
    return read(due, Fetched(status=200, url=url, body=sent, headers=headers or {}), NOW)


def document(body: bytes | str, **how: str) -> Document:
    found = look(body, **how)  # type: ignore[arg-type]  # tests name only texts here
    assert isinstance(found, Document), found
    return found


def reason(body: bytes | str) -> str:
    found = look(body)
    assert isinstance(found, Unreadable), found
    return found.reason


def item_of(body: bytes | str, **how: str) -> Item:
    [item] = document(body, **how).items
    return item


def rss(*items: str, channel: str = "") -> str:
    """Write RSS 2.0 with these contents of items; the common prefixes are declared."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel><title>The Press</title>{channel}{inside}</channel></rss>"
    )


def atom(*entries: str, feed: str = "", attributes: str = "") -> str:
    """Write Atom 1.0 with these contents of entries."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>'
        f"<title>The Press</title>{feed}{inside}</feed>"
    )
