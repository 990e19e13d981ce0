"""Items as JSON objects: the contract with other programs.

    {"id": str, "feed": str, "link": str, "title": str, "summary": str, "content": str,
     "author": [str], "tag": [str], "lang": str, "published": str|null, "seen": str}

Going in, everything may be missing but one of title, summary and content; these may hold HTML; a
list may be a single text; a time may be a number of seconds since 1970; unknown keys are ignored.
Going out, texts are plain and times are ISO 8601.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from watcher.model import FeedId, Item, ItemId, content_id
from watcher.parse.dates import in_utc
from watcher.parse.entry import Entry, Said
from watcher.parse.fields import (
    TEXT_AT_MOST,
    Prose,
    guid_of,
    links_of,
    names,
    prose,
    sources_of,
)
from watcher.text.links import normal_link
from watcher.text.markup import door_clean

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def item_from_json(record: Mapping[str, object], now: datetime, number: int) -> Item:
    """Make an item of a JSON object; raises ValueError with a sentence about what is wrong.

    Dates are taken as they are, even from the future. An item without `seen` was seen `now`; one
    without an id gets one from its content and its `number` in the stream.
    """
    title, summary, content = (_prose(record, key) for key in ("title", "summary", "content"))
    if all(record.get(key) is None for key in ("title", "summary", "content")):
        raise ValueError("an item needs a title, a summary or a content")
    # link, feed and lang as they are: rules look at the very text
    link = door_clean(_text(record, "link"))
    feed = door_clean(_text(record, "feed"))
    made = content_id(feed, link, title.text, summary.text, content.text, str(number))
    return Item(
        id=ItemId(door_clean(_name(record, "id")) or made),
        feed=FeedId(feed),
        guid=guid_of(_name(record, "guid")),
        link=link,
        normal_link=normal_link(link),
        title=title.text,
        summary=summary.text,
        content=content.text,
        authors=names(_texts(record, "author")),
        tags=names(_texts(record, "tag")),
        language=door_clean(_text(record, "lang")),
        published=_instant(record, "published"),
        seen_at=_instant(record, "seen") or now,
        sources=sources_of(Entry(), (summary, content), link),
        links=links_of(summary, content),
    )


def item_to_json(item: Item) -> dict[str, object]:
    """Give an item as a JSON object of the contract, its keys in the contract's order."""
    return {
        "id": item.id,
        "feed": item.feed,
        "link": item.link,
        "title": item.title,
        "summary": item.summary,
        "content": item.content,
        "author": list(item.authors),
        "tag": list(item.tags),
        "lang": item.language,
        "published": item.published.isoformat() if item.published else None,
        "seen": item.seen_at.isoformat(),
    }


def _prose(record: Mapping[str, object], key: str) -> Prose:
    return prose([Said(text=_text(record, key))], _text(record, "link"), TEXT_AT_MOST)


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text, not {_kind(value)}")
    return value.strip()


def _name(record: Mapping[str, object], key: str) -> str:
    """Give an id, which may be a number."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:d}"
    return _text(record, key)


def _texts(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = record.get(key)
    if not isinstance(value, list | tuple):
        return (_text(record, key),)
    for one in value:
        if not isinstance(one, str):
            raise ValueError(f"{key} must be a text or a list of texts; it has {_kind(one)} in it")
    return tuple(value)


def _instant(record: Mapping[str, object], key: str) -> datetime | None:
    """Read a time: ISO 8601, in UTC where it has no offset, or seconds since 1970."""
    value = record.get(key)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(seconds=value)
        text = _text(record, key)
        return in_utc(datetime.fromisoformat(text)) if text else None
    except OverflowError:
        raise ValueError(f"{key} is out of the calendar: {value!r:.60}") from None
    except ValueError as trouble:
        if "must be a text" in str(trouble):
            raise
        raise ValueError(f"{key} is no ISO 8601 time: {value!r:.60}") from None


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), "something else")
