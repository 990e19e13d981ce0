"""RSS, RDF, Atom and CDF documents, by way of feedparser.

feedparser runs bare: it neither sanitises (quadratic on hostile markup) nor rewrites links inside
texts, and it is not told the document's address, because it would make relative guids absolute
with it: a guid must not change when the feed moves. It is only ever given a stream, since it would
take a string for a file's name or an address to fetch.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax import SAXParseException

from watcher.parse.bounded import parsed as parsed_by_feedparser
from watcher.parse.encodings import (
    declares,
    is_utf8,
    is_wide,
    line_breaks,
    readable,
    with_known_references,
)
from watcher.parse.entry import NOTHING, Entry, NotAFeedError, RawDocument, Said
from watcher.parse.wishes import older_page, skip_days, skip_hours

_Found = dict[str, Any]  # feedparser's own kind of dict, read by `_value` only

_FEED_ELEMENT = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel|item|entry)\b", re.IGNORECASE
)
_EXTENSIONS = re.compile(rb"</?(?:admin|cc|geo|georss|gml|itunes|media|psc):[^<>]*>")
_PERSON = re.compile(r"\S+@\S+\s+\((.+)\)")
_ORIGINAL_LINKS = {
    "feedburner_origlink": "feedburner:origLink",
    "pheedo_origlink": "pheedo:origLink",
    "dc_source": "dc:source",
}
_ORIGINAL_RELATIONS = {"canonical": "rel=canonical", "via": "rel=via"}
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_INTERVAL = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A body as feedparser is to get it, and what was wrong with it before."""

    body: bytes
    content_type: str
    utf8: bool  # plainly: no UTF-16, and nothing contradicts it
    faults: tuple[str, ...]
    missing: int = 0  # lines at its beginning that are not in it any more


def prepared(body: bytes, headers: Mapping[str, str]) -> Prepared:
    """Make a body such that feedparser reads what is meant; raises NotAFeedError for no feed."""
    wide, lines = is_wide(body), line_breaks(body)
    body, content_type, odd = readable(body, headers.get("content-type", ""))
    if not _FEED_ELEMENT.search(body):
        raise NotAFeedError  # a large page would keep feedparser busy for nothing
    body, unknown = with_known_references(body)
    return Prepared(
        body=body,
        content_type=content_type,
        utf8=not wide and is_utf8(body),
        faults=tuple(fault for fault in (odd, unknown) if fault),
        missing=lines - line_breaks(body),
    )


def read_xml(prepared: Prepared) -> RawDocument:
    """Read a feed in XML, well-formed or not; raises NotAFeedError when it is something else."""
    content_type = prepared.content_type
    parsed, stumbled = _parsed(
        prepared.body, {"content-type": content_type} if content_type else {}
    )
    version, entries = _text(parsed, "version"), _list(parsed, "entries")
    if not version and not entries:
        raise NotAFeedError
    channel = _detail(parsed, "feed")
    found = (stumbled, _fault(parsed, prepared))
    return RawDocument(
        kind=version or "unknown",
        title=_title(channel),
        home=_text(channel, "link"),
        language=_text(channel, "language"),
        entries=tuple(_entry(entry, version, channel) for entry in entries),
        faults=(*prepared.faults, *(fault for fault in found if fault)),
        suggested_interval=_suggested_interval(channel),
        skip_hours=skip_hours(prepared.body),
        skip_days=skip_days(prepared.body),
        older_page=older_page(
            (_text(link, "rel"), _text(link, "href")) for link in _list(channel, "links")
        ),
        encoding=_text(parsed, "encoding"),
        authors=_authors(channel),
    )


def _parsed(body: bytes, headers: dict[str, str]) -> tuple[_Found, str]:
    """Let feedparser read; if it stumbles over an extension, let it read what is left without."""
    try:
        return parsed_by_feedparser(body, headers), ""
    except Exception as trouble:  # noqa: BLE001 - whatever a strange document does to feedparser
        stumbled = f"{type(trouble).__name__}: {trouble}"
    try:
        bare = parsed_by_feedparser(_EXTENSIONS.sub(b"", body), headers)
    except Exception as trouble:
        raise NotAFeedError(f"feedparser cannot read it: {stumbled}") from trouble
    return bare, f"read without media, geography and the like, which are broken: {stumbled}"


def _fault(parsed: _Found, prepared: Prepared) -> str:
    """Tell what is wrong with the XML; what else feedparser notes (media types) does no harm."""
    trouble = _value(parsed, "bozo_exception")
    if not isinstance(trouble, SAXParseException):
        return ""
    # feedparser puts a declaration of its own before it, on a line of its own where there was none
    added = not declares(prepared.body)
    line = (trouble.getLineNumber() or 1) + prepared.missing - added
    return f"not well-formed: line {line}: {trouble.getMessage()}"


# --- entries ------------------------------------------------------------------------------------


def _entry(entry: _Found, version: str, channel: _Found) -> Entry:
    atom = version.startswith("atom")
    content = [_said(one, typed=atom) for one in _list(entry, "content") if _is_text(one)]
    summary = _said(
        {**_detail(entry, "summary_detail"), "value": _text(entry, "summary")},
        typed=atom and bool(_detail(entry, "summary_detail")),
    )
    # feedparser shows the content once more as the summary of an entry that has none
    copied = any(summary.text == one.text for one in content)
    return Entry(
        guid=_text(entry, "id"),
        link=_link(entry),
        title=_title(entry),
        summary=() if copied or not summary.text else (summary,),
        content=tuple(content),
        authors=_authors(entry) or (_authors(channel) if atom else ()),
        tags=tuple(_tags(entry)),
        language=_language(entry),
        dated=_text(entry, "published") or _text(entry, "updated") or _text(entry, "created"),
        published=_published(entry),
        sources=tuple(_sources(entry)),
    )


def _title(thing: _Found) -> Said:
    """Give a title as what it is; RSS does not say, so there feedparser looks at the text."""
    text = _text(thing, "title")
    if not text:
        return NOTHING
    detail = _detail(thing, "title_detail")
    html = _text(detail, "type") != "text/plain"
    return Said(text=text, html=html, base=_text(detail, "base"))


def _said(detail: _Found, *, typed: bool) -> Said:
    """Give a text; only Atom says reliably when one is not HTML."""
    return Said(
        text=_text(detail, "value"),
        html=not (typed and _text(detail, "type") == "text/plain"),
        base=_text(detail, "base"),
    )


def _is_text(content: _Found) -> bool:
    """Tell a text from a picture or sound in base64."""
    kind = _text(content, "type") or "text/html"
    return kind.startswith("text/") or kind.endswith(("xml", "html"))


def _link(entry: _Found) -> str:
    link = _text(entry, "link")
    if link and link != _text(entry, "id"):
        return link
    for other in _list(entry, "links"):
        if _text(other, "rel") == "alternate" and _text(other, "href"):
            return _text(other, "href")
    # a guid is a link only if it looks like one, whatever isPermaLink says by default
    return link if link.lower().startswith(("http://", "https://")) else ""


def _authors(thing: _Found) -> tuple[str, ...]:
    people, told = _list(thing, "authors"), _text(thing, "author")
    # feedparser spoils "ann@press.example (Ann)": it knows no top-level domain of five letters
    if len(people) <= 1 and (person := _PERSON.fullmatch(told)):
        return (person[1],)
    names = [_text(person, "name") or _text(person, "email") for person in people]
    return tuple(filter(None, names)) or tuple(filter(None, (told,)))


def _tags(entry: _Found) -> Iterator[str]:
    for tag in _list(entry, "tags"):
        yield from dict.fromkeys(filter(None, (_text(tag, "term"), _text(tag, "label"))))


def _language(entry: _Found) -> str:
    """Give the entry's own language, be it said of the entry or of its texts."""
    details = (_detail(entry, "title_detail"), _detail(entry, "summary_detail"))
    of_texts = [_text(one, "language") for one in (*details, *_list(entry, "content"))]
    said = (_text(entry, "language"), *of_texts)
    return next(filter(None, said), "")


def _published(entry: _Found) -> datetime | None:
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        moment = _value(entry, key)
        if moment is None:
            continue
        try:
            year, month, day, hour, minute, second = moment[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:  # feedparser knows the years 0 and 10000
            continue
    return None


def _sources(entry: _Found) -> Iterator[tuple[str, str]]:
    """Give the other addresses that the entry names as where its text comes from."""
    source = _detail(entry, "source")
    if address := _text(source, "href"):
        yield address, "<source url>"
    pages = [_text(one, "href") for one in _list(source, "links")]
    for address in dict.fromkeys(filter(None, pages)):
        yield address, "atom:source"
    for key, how in _ORIGINAL_LINKS.items():
        if address := _text(entry, key):
            yield address, how
    for link in _list(entry, "links"):
        how = _ORIGINAL_RELATIONS.get(_text(link, "rel"), "")
        if how and _text(link, "href"):
            yield _text(link, "href"), how


# --- values -------------------------------------------------------------------------------------


def _value(thing: _Found, key: str) -> Any:  # noqa: ANN401 - unknown elements may be anything
    """Give what stands under the very key; feedparser's `get` would guess, and warn."""
    return dict.get(thing, key)


def _text(thing: _Found, key: str) -> str:
    value = _value(thing, key)
    return value.strip() if isinstance(value, str) else ""


def _detail(thing: _Found, key: str) -> _Found:
    value = _value(thing, key)
    return value if isinstance(value, dict) else {}


def _list(thing: _Found, key: str) -> list[_Found]:
    value = _value(thing, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _suggested_interval(channel: _Found) -> timedelta | None:
    """Give the longer of what `ttl` and `sy:update*` ask for, a day at most; None for nonsense."""
    asked = [_minutes(_text(channel, "ttl"))]
    if period := _PERIODS.get(_text(channel, "sy_updateperiod").lower()):
        asked.append(period / max(1, _number(_text(channel, "sy_updatefrequency") or "1")))
    sane = [min(interval, _LONGEST_INTERVAL) for interval in asked if interval]
    return max(sane, default=None)


def _minutes(text: str) -> timedelta | None:
    minutes = _number(text)
    return timedelta(minutes=min(minutes, 10_000)) if minutes > 0 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
