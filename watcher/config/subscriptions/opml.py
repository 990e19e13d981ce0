"""OPML to feeds, and feeds to OPML 2.0.

The parser is expat, which reads as it goes: an outline may stand ten thousand deep. No entity is
ever expanded but XML's own five: a document that declares one is refused where it does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.entities import html5
from itertools import groupby
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from watcher.config.sheet import speakable
from watcher.config.subscriptions.listed import Listed
from watcher.config.subscriptions.mending import mended
from watcher.errors import ConfigError
from watcher.model import Fault, Feed

OUTER_GROUPS = 5  # of the outlines around a feed, the nearest; more are no order any more
NAMESPACE = "https://watcher.example/opml"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_AMPERSAND = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]*);|(?!#[0-9]+;|#x[0-9A-Fa-f]+;))")
_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FEEDS = ("rss", "atom", "feed")
_UNITS = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


# --- in


def read_opml(name: str, text: str) -> tuple[tuple[Listed, ...], tuple[Fault, ...]]:
    """Give the feeds, and outlines that should be feeds and are none; warnings are among those.

    Raises ConfigError, with line and column, where it is not OPML, or broken beyond mending.
    """
    bare = _without_declaration(text)
    try:
        return _read(name, bare)
    except _BrokenError as broken:
        first = broken.fault
    try:
        listed, faults = _read(name, mended(bare))
    except _BrokenError:
        raise ConfigError([first]) from None
    return listed, (
        replace(first, message=f"{first.message}; it was mended", warning=True),
        *faults,
    )


def _read(name: str, text: str) -> tuple[tuple[Listed, ...], tuple[Fault, ...]]:
    reader = _Reader(name)
    reader.read(_with_characters(text))
    return tuple(reader.listed), tuple(reader.faults)


class _BrokenError(Exception):
    """This is no XML; the fault says where."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def _without_declaration(text: str) -> str:
    """Put blanks in the declaration's place: the text is decoded, and no line moves."""
    found = _DECLARATION.match(text)
    if found is None:
        return text
    return re.sub(r"[^\r\n]", " ", found[0]) + text[found.end() :]


def _with_characters(text: str) -> str:
    """Put characters in the place of HTML's entities, which XML does not know.

    Many programs forget to write `&amp;` in addresses and titles: an ampersand that begins no
    reference stands for itself.
    """
    return _AMPERSAND.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    known = "&" if found[1] is None else html5.get(f"{found[1]};")
    if known is None or found[1] in _XML:
        return found[0]
    return escape(known, {'"': "&quot;", "'": "&apos;"})


@dataclass(slots=True)
class _Reader:
    """Hears of outlines as they begin and end."""

    name: str
    listed: list[Listed] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # names of the outlines around; empty for feeds
    depth: int = 0
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def read(self, text: str) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._refuse_entity
        try:
            self.parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as trouble:
            why = expat.errors.messages.get(trouble.code, str(trouble))
            fault = self._fault(f"broken XML: {why}", trouble.lineno, trouble.offset)
            raise _BrokenError(fault) from trouble

    def _start(self, tag: str, written: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and tag.lower() != "opml":
            self._stop(f"this is not OPML: it begins with <{speakable(tag[:40])}>")
        if tag.lower() != "outline":
            return
        attributes = {key.lower(): value.strip() for key, value in written.items()}
        title = attributes.get("title", "")
        if not title and "watcher:id" not in attributes:  # else we wrote an id in place of a title
            title = attributes.get("text", "")
        if url := _address(attributes):
            self.listed.append(self._listed(url, title, attributes))
        elif attributes.get("type", "").lower() in _FEEDS:
            self.faults.append(self._fault(f'"{speakable(title[:80])}" has no xmlUrl'))
        self.open.append("" if url else title)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if tag.lower() == "outline":
            self.open.pop()

    def _listed(self, url: str, title: str, attributes: Mapping[str, str]) -> Listed:
        around = (name for name in reversed(self.open[-OUTER_GROUPS:]) if name)
        language = attributes.get("language", "")
        return Listed(
            url=url,
            title=title,
            groups=tuple(around),
            tags=tuple(_categories(attributes.get("category", ""))),
            language="" if language == "unknown" else language,
            id=attributes.get("watcher:id", ""),
            poll=attributes.get("watcher:poll", ""),
            backfill=attributes.get("watcher:backfill", ""),
            file=self.name,
            line=self.parser.CurrentLineNumber,
        )

    def _refuse_entity(self, *_declared: object) -> None:
        self._stop("entities are declared here: such a document is not read")

    def _fault(self, message: str, line: int = 0, column: int | None = None) -> Fault:
        """Make a fault at a place, by default where the parser is."""
        return Fault(
            code="O002",
            message=message,
            file=self.name,
            line=line or self.parser.CurrentLineNumber,
            column=1 + (self.parser.CurrentColumnNumber if column is None else column),
        )

    def _stop(self, message: str) -> NoReturn:
        raise ConfigError([self._fault(message)])


def _address(attributes: Mapping[str, str]) -> str:
    url = attributes.get("xmlurl", "")
    if not url and attributes.get("type", "").lower() in _FEEDS:
        url = attributes.get("url", "")  # as some programs have it
    return url


def _categories(written: str) -> Iterator[str]:
    """Read OPML's list of categories, each of which may be a path."""
    for category in written.split(","):
        if name := category.strip().strip("/"):
            yield name


# --- out


def write_opml(feeds: Sequence[Feed]) -> str:
    """Write feeds as OPML 2.0, their first tag as the outline around them; all of it in ASCII.

    Importing it gives the same feeds: what OPML has no word for is in attributes of our own.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:watcher="{NAMESPACE}">',
        "  <head><title>Feeds of Watcher</title></head>",
        "  <body>",
        *_outlines(feeds),
        "  </body>",
        "</opml>",
    ]
    text = "\n".join(lines) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _outlines(feeds: Sequence[Feed]) -> Iterator[str]:
    """Write the groups in the order of their first feeds, those without a group first."""
    order: dict[str, int] = {"": 0}
    for feed in feeds:
        order.setdefault(_group(feed), len(order))
    for group, members in groupby(sorted(feeds, key=lambda feed: order[_group(feed)]), _group):
        if group:
            yield f"    <outline text={_quoted(group)} title={_quoted(group)}>"
        yield from (f"{'      ' if group else '    '}{_outline(feed)}" for feed in members)
        if group:
            yield "    </outline>"


def _group(feed: Feed) -> str:
    return feed.tags[0] if feed.tags else ""


def _outline(feed: Feed) -> str:
    told = {
        "type": "rss",
        "text": feed.title or feed.id,
        "title": feed.title,
        "xmlUrl": feed.url,
        "language": feed.language,
        "category": ",".join(f"/{tag}" for tag in feed.tags[1:]),
        "watcher:id": feed.id,
        "watcher:poll": _span(feed.every) if feed.every else "",
        "watcher:backfill": _backfill(feed.backfill),
    }
    written = " ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)
    return f"<outline {written}/>"


def _backfill(backfill: int | timedelta) -> str:
    if isinstance(backfill, timedelta):
        return _span(backfill)
    return str(backfill) if backfill else ""


def _span(length: timedelta) -> str:
    seconds = length // timedelta(seconds=1)
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))
