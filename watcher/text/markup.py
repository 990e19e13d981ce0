"""Markup becomes plain text: steps 2.1 to 2.4 of the watch language's text preparation.

Every function here takes time in proportion to the length of its input, whatever the input is:
no pattern is tried twice on the same characters, and whatever is never closed ends the search.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import category, combining, normalize

Anchor = tuple[str, int, int]

_BLOCK_NAMES = """
    address article aside blockquote dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_OPENING = re.compile(r"<(?:!--|[!?][a-zA-Z\[]|(/?)([a-zA-Z][^ \t\n\f\r/>]*))")
_COMMENT_END = re.compile(r"--!?>")
_TAG_STOP = re.compile(r">|=[ \t\n\f\r]*([\"'])")
_ATTRIBUTE = re.compile(  # possessive, and begun only at a border: linear on any tag
    r"(?<![^\s\"'/])([^\s\"'>/=]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++))"
)
_CUT_OFF = re.compile(r"<!--|</?[a-zA-Z][^\s<>/]*+\s++[a-zA-Z-]++\s*+=")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}
_CDATA_MARKS = re.compile(r"<!\[CDATA\[|\]\]>")
_LONG_REFERENCE = re.compile(r"&#[0-9]{100,};?")  # more digits than int() takes
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_JAMO = frozenset(map(chr, range(0x1160, 0x1200)))  # vowels and finals of Korean syllables
# NFKC sorts a run of marks in quadratic time; Unicode's stream-safe text has at most 30 in a row
_MARKS_AT_MOST = 30
_MANY_MARKS = re.compile(rf"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f]){{{_MARKS_AT_MOST + 1}}}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROL_SPACE = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNCLEAN = re.compile(  # any of these: most texts have none, and are looked through once
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Tag(NamedTuple):
    """A start or end tag, as written."""

    name: str  # lower case
    closing: bool
    source: str  # the whole tag, from `<` to `>`


def plain(html_text: str) -> str:
    """Give the plain text of HTML (or of text that may be HTML); breaks are line feeds.

    Comments, scripts and styles are gone with what they contain, character references are decoded
    once, and a `<` that starts no tag is text.
    """
    return plain_with_links(html_text)[0]


def plain_with_links(html_text: str) -> tuple[str, tuple[Anchor, ...]]:
    """Give the same plain text, with (address, start, end) of each link's text in it.

    The address is as written; a link around a picture has an empty text (start equals end).
    """
    if "<" not in html_text:  # as most titles and names are
        return unmarked(_decoded(html_text)), ()
    layout = _laid_out(html_text)
    return "".join(layout.written), tuple(layout.anchors)


def unmarked(text: str) -> str:
    """Give the plain text of a text that is no HTML: one line, since it can have no breaks."""
    return " ".join(_normal(text).split())


def door_clean(text: str) -> str:
    """Drop what is never part of a text: control characters, bidi overrides, lone surrogates.

    Tab, line feed and carriage return stay; the other controls that are white space become a
    space, so that no two words grow together. A surrogate without its half becomes U+FFFD.
    """
    if _UNCLEAN.search(text) is None:
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", _CONTROL_SPACE.sub(" ", text)))


def text_clean(text: str) -> str:
    """Replace the same characters, each by a space: in the watch language they separate words."""
    if _UNCLEAN.search(text) is None:
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", _CONTROL_SPACE.sub(" ", text)))


def tags(html_text: str) -> Iterator[Tag]:
    """Go through the tags of HTML, leaving out comments and what scripts and styles contain."""
    return (token for token in _tokens(html_text) if isinstance(token, Tag))


def attributes(tag: Tag) -> dict[str, str]:
    """Read a tag's attributes: names in lower case, references decoded; the first one counts."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(tag.source):
        found.setdefault(name.lower(), door_clean(_unescaped("".join(values))).strip())
    return found


# --- reading markup -----------------------------------------------------------------------------


def _tokens(source: str) -> Iterator[str | Tag]:
    """Cut HTML into texts (references decoded) and tags, as the HTML standard's tokenizer does.

    It differs where that would lose text: what is never closed is text, unless it is plainly the
    beginning of a tag that was cut off; CDATA marks are taken away and what they hold is read.
    """
    if "<![CDATA[" in source:
        source = _CDATA_MARKS.sub("", source)
    last_end = source.rfind(">")
    at = 0
    while (opening := _OPENING.search(source, at)) and opening.start() < last_end:
        if opening.start() > at:
            yield _decoded(source[at : opening.start()])
        end = _end_of(source, opening)
        if opening[2] and end is not None:
            tag = Tag(opening[2].lower(), bool(opening[1]), source[opening.start() : end])
            yield tag
            end = _after_raw_text(source, tag, end)
        if end is None:
            return
        at = end
    yield from _rest(source, at)


def _end_of(source: str, opening: re.Match[str]) -> int | None:
    """Find where a comment, declaration or tag ends; None when the rest of the text is in it."""
    if opening[0] == "<!--":
        # `<!-->` and `<!--->` are whole comments, so the end may use the dashes of the beginning
        ended = _COMMENT_END.search(source, opening.end() - 2)
        return ended.end() if ended else None
    if not opening[2]:
        return source.find(">", opening.end()) + 1
    at = opening.end()
    while stop := _TAG_STOP.search(source, at):
        if stop[0] == ">":
            return stop.end()
        closed = source.find(stop[1], stop.end())
        # a quote that is never closed quotes nothing
        at = closed + 1 if closed >= 0 else stop.end()
    return None


def _after_raw_text(source: str, tag: Tag, at: int) -> int | None:
    """Skip what a script or style contains; None when it is never closed."""
    ending = _RAW_END.get(tag.name)
    if ending is None or tag.closing or tag.source.endswith("/>"):
        return at
    closed = ending.search(source, at)
    return closed.start() if closed else None


def _rest(source: str, at: int) -> Iterator[str]:
    """Give what follows the last tag, without a comment or tag that was cut off."""
    cut = _CUT_OFF.search(source, at)
    end = cut.start() if cut else len(source)
    if end > at:
        yield _decoded(source[at:end])


def _decoded(text: str) -> str:
    # what is kept out at the door does not come in by reference either
    return text_clean(_unescaped(text)) if "&" in text else text


def _unescaped(text: str) -> str:
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text))


# --- laying out ---------------------------------------------------------------------------------


class _LinkStart(NamedTuple):
    address: str


class _LinkEnd(NamedTuple):
    pass


_LinkEdge = _LinkStart | _LinkEnd


@dataclass(slots=True)
class _Layout:
    """Plain text as it grows: one space for white space, one line feed for breaks."""

    written: list[str] = field(default_factory=list)
    length: int = 0
    gap: str = ""  # what stands before the next word
    anchors: list[Anchor] = field(default_factory=list)
    address: str | None = None  # of the link that is open
    start: int | None = None  # of its text, once there is any

    def add_line(self, line: list[str | _LinkEdge]) -> None:
        """Write what stands between two breaks; texts that touch are normalized in one go."""
        run: list[str] = []
        edges: list[_LinkEdge] = []
        for piece in line:
            if not isinstance(piece, str):
                edges.append(piece)
                continue
            joining = _joining(piece) if edges else len(piece)
            run.append(piece[:joining])
            if joining < len(piece):
                self._write(run, edges)
                run, edges = [piece[joining:]], []
        self._write(run, edges)
        self.gap = "\n"

    def end(self) -> None:
        """Close a link that nothing closed."""
        self._cross(_LinkEnd())

    def _write(self, run: list[str], edges: list[_LinkEdge]) -> None:
        text = _normal("".join(run))
        if text[:1].isspace():
            self.gap = self.gap or " "
        if words := " ".join(text.split()):
            lead = self.gap if self.length else ""
            if self.start is None:
                self.start = self.length + len(lead)
            self.written.append(lead + words)
            self.length += len(lead) + len(words)
            self.gap = " " if text[-1].isspace() else ""
        for edge in edges:
            self._cross(edge)

    def _cross(self, edge: _LinkEdge) -> None:
        if self.address is not None:  # a link inside a link ends it
            start = self.length if self.start is None else self.start
            self.anchors.append((self.address, start, self.length))
        self.address = edge.address if isinstance(edge, _LinkStart) else None
        self.start = None


def _laid_out(html_text: str) -> _Layout:
    layout = _Layout()
    line: list[str | _LinkEdge] = []
    for token in _tokens(html_text):
        if isinstance(token, str):
            line.append(token)
        elif token.name in _BLOCKS:
            layout.add_line(line)
            line.clear()
        elif token.name == "br":
            line.append(" ")
        elif token.name == "a":
            line.append(_edge(token))
    layout.add_line(line)
    layout.end()
    return layout


def _edge(tag: Tag) -> _LinkEdge:
    """Tell what an `a` tag does; one without an address only ends the link before it."""
    address = "" if tag.closing else attributes(tag).get("href", "")
    return _LinkStart(address) if address else _LinkEnd()


def _normal(text: str) -> str:
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    if _MANY_MARKS.search(text):
        text = "".join(_without_heaps(text))
    return normalize("NFKC", text)


def _without_heaps(text: str) -> Iterator[str]:
    """Drop the marks that stand on more than 30 others on one letter; no language has them."""
    height = 0
    for character in text:
        height = height + 1 if combining(normalize("NFKC", character)[0]) else 0
        if height <= _MARKS_AT_MOST:
            yield character


def _joining(text: str) -> int:
    """Count the leading characters that may melt into a letter before them: marks, jamo."""
    for count, character in enumerate(text):
        first = normalize("NFKC", character)[0]
        if not (combining(first) or category(first).startswith("M") or first in _JAMO):
            return count
    return len(text)
