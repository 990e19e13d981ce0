"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read forgivingly."""

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import Any

from watcher.parse.dates import instant
from watcher.parse.entry import NOTHING, Entry, NotAFeedError, RawDocument, Said

_KINDS = {"1": "json1", "1.0": "json1", "1.1": "json11"}
_BLANK = b"\x00\xff\xfe \t\r\n"  # what may come before the first brace, in any encoding of Unicode


def looks_like_json(body: bytes) -> bool:
    """Tell whether a body begins as a JSON object or list does."""
    beginning = body[:200].removeprefix(codecs.BOM_UTF8).translate(None, _BLANK)
    return beginning[:1] in (b"{", b"[")


def read_json(body: bytes) -> RawDocument:
    """Read a JSON Feed; raises NotAFeedError, saying why, when it is broken or something else."""
    whole, odd = _loaded(body)
    if not isinstance(whole, dict):
        raise NotAFeedError("JSON, but no JSON Feed: it is a list, not an object")
    items = whole.get("items")
    kind = _kind(_text(whole.get("version")))
    if not kind or not isinstance(items, list):
        raise NotAFeedError(_what_it_is(whole))
    authors = tuple(_authors(whole))
    entries = tuple(_entry(item, authors) for item in items if isinstance(item, dict))
    no_objects = len(items) - len(entries)
    skipped = f"{no_objects} of {len(items)} items are no objects" if no_objects else ""
    return RawDocument(
        kind=kind,
        title=_plain(whole, "title"),
        home=_text(whole.get("home_page_url")),
        language=_text(whole.get("language")),
        entries=entries,
        faults=tuple(fault for fault in (odd, skipped) if fault),
        older_page=_text(whole.get("next_url")),
    )


def _loaded(body: bytes) -> tuple[Any, str]:
    """Load JSON with numbers as their digits, so that ids stay what they are."""
    odd = ""
    try:
        text = body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        text, odd = body.decode("windows-1252", "replace"), "not UTF-8, taken for windows-1252"
    try:
        loaded = json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise NotAFeedError("broken JSON: nested too deeply") from None
    except ValueError as trouble:
        raise NotAFeedError(f"broken JSON: {trouble}") from None
    return loaded, odd


def _kind(version: str) -> str:
    if "jsonfeed.org/version" not in version.lower():
        return ""
    return _KINDS.get(version.rstrip("/").rpartition("/")[2], "json")


def _what_it_is(whole: Mapping[str, Any]) -> str:
    if _kind(_text(whole.get("version"))):
        return "a JSON Feed without a list of items"
    for key in ("error", "message", "detail", "errors", "title", "status"):
        if key in whole:
            told = json.dumps(whole[key], ensure_ascii=False, skipkeys=True)[:120]
            return f"JSON, but no JSON Feed: {key}: {told}"
    return "JSON, but no JSON Feed: it names no version of jsonfeed.org"


def _entry(item: Mapping[str, Any], feed_authors: tuple[str, ...]) -> Entry:
    address, other = _text(item.get("url")), _text(item.get("external_url"))
    html = _text(item.get("content_html"))
    content = Said(text=html) if html else _plain(item, "content_text")
    summary = _plain(item, "summary")
    dated = _text(item.get("date_published")) or _text(item.get("date_modified"))
    return Entry(
        guid=_text(item.get("id")),
        link=address or other,
        title=_plain(item, "title"),
        summary=(summary,) if summary.text else (),
        content=(content,) if content.text else (),
        authors=tuple(_authors(item)) or feed_authors,
        tags=tuple(_texts(item.get("tags"))),
        language=_text(item.get("language")),
        dated=dated,
        published=instant(dated),
        sources=((other, "JSON external_url"),) if other and address else (),
    )


def _authors(thing: Mapping[str, Any]) -> Iterator[str]:
    """Give the names: version 1 has one `author`, version 1.1 a list of `authors`."""
    people = thing.get("authors")
    for person in people if isinstance(people, list) and people else [thing.get("author")]:
        if isinstance(person, dict):
            yield from filter(None, (_text(person.get("name")) or _text(person.get("url")),))
        else:
            yield from filter(None, (_text(person),))


def _plain(thing: Mapping[str, Any], key: str) -> Said:
    text = _text(thing.get(key))
    return Said(text=text, html=False) if text else NOTHING


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        yield from filter(None, (_text(one),))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
