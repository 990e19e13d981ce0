"""A document cut into its items, as bytes, so that only those not seen before need be read.

What stands around the items is the envelope: the head, and behind them only end tags and comments.
Where a cut could change what feedparser finds, nothing is cut: with a DOCTYPE, with anything
between the items, with an item inside another, or with tags that do not match; and where feedparser
carries a thing on from one item to the next, which it does with `xml:base`, `lang` and namespaces
that an item declares. What a fingerprint leaves out can neither be in an item of ours nor break the
XML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

_ODD = rb"\x00-\x08\x0b\x0c\x0e-\x1f\xef"  # of these bytes, some characters are not allowed in XML
_ATTRIBUTES = rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_SKIPPED = rb"(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<instruction>\?)"
_ENDS = {"comment": b"-->", "cdata": b"]]>", "instruction": b"?>"}
_IN_HEAD = re.compile(
    rb"<(?:%b|(?P<doctype>!)|(?P<name>/?[^\s<>/!?]++)%b>)" % (_SKIPPED, _ATTRIBUTES)
)
_ITEM = re.compile(rb"(?:[\w.-]+:)?(?:item|entry)")
_COMMENT = re.compile(rb"<!--(?:[^-%b]++|-(?!-))*+-->" % _ODD)
_TAIL = re.compile(rb"\s*+(?:</([^\s<>/]++)\s*+>\s*+)*+")
_END_TAG = re.compile(rb"</([^\s<>/]++)")
_START_TAG = re.compile(rb"<[^\s<>/!?]%b>" % _ATTRIBUTES)
_CARRIED_ON = re.compile(rb"""\s(xmlns(?::[\w.-]++)?|(?:xml:)?(?:base|lang))\s*=\s*["']([^"']*)""")
_HARMLESS = {  # namespaces under their usual names, so that nothing else gets another name by them
    (b"xmlns", b"http://www.w3.org/1999/xhtml"),
    (b"xmlns:content", b"http://purl.org/rss/1.0/modules/content/"),
    (b"xmlns:dc", b"http://purl.org/dc/elements/1.1/"),
    (b"xmlns:feedburner", b"http://rssnamespace.org/feedburner/ext/1.0"),
    (b"xmlns:media", b"http://search.yahoo.com/mrss/"),
    (b"xmlns:thr", b"http://purl.org/syndication/thread/1.0"),
}

# What changes all day and is in no field of ours: numbers of comments, points, views, and what
# comes behind the "?" of a thumbnail's address. Only under a prefix that means what it should.
_VOLATILE = {
    b'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"': (
        rb"slash:(?:comments|hit_parade)>\s*+(\d++)",
    ),
    b'xmlns:thr="http://purl.org/syndication/thread/1.0"': (
        rb"thr:total>\s*+(\d++)",
        rb'link\s[^<>]*?\sthr:count="(\d++)"',
    ),
    b'xmlns:media="http://search.yahoo.com/mrss/"': (
        rb'media:statistics\s[^<>]*?\bviews="(\d++)"',
        rb'media:starRating\s+count="(\d++)"(?:\s+average="([\d.]++)")?',
        rb'media:thumbnail\s[^<>]*?\burl="[^"<>?]*+\?((?:[^"<>&%b]|&amp;)*+)"' % _ODD,
    ),
}
# A number in a paragraph of its own in an item's description; `Item.text_hash` is blind to it too.
_COUNTED = re.compile(
    rb"((?:<|&lt;)p(?:>|&gt;)(?:Points|# Comments): )\d++(?=(?:<|&lt;)/p(?:>|&gt;))"
)
_DATES = re.compile(rb"(<(?:lastBuildDate|pubDate|(?:atom:)?updated|dc:date)>)[\w ,:.+-]*+(?=</)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Where an item stands in the body, and by what it is known again."""

    start: int
    end: int
    digest: str
    counted: bool = False  # whether its text has numbers that the digest leaves out


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A body, and where its items are; no two of them are the same."""

    body: bytes
    slices: tuple[Slice, ...]
    within: bytes  # the start tags of the elements that all items are in

    @property
    def envelope(self) -> str:
        """Give the fingerprint of what is before the items; dates in it do not count."""
        head = self.body[: self.slices[0].start]
        return blake2b(_DATES.sub(rb"\1", head), digest_size=8).hexdigest()

    def with_only(self, places: Iterable[int]) -> bytes:
        """Give the envelope with these items only."""
        kept = (self.slices[place] for place in places)
        middle = b"\n".join(self.body[one.start : one.end] for one in kept)
        head, tail = self.body[: self.slices[0].start], self.body[self.slices[-1].end :]
        # feedparser guesses the encoding from all bytes: what was not ASCII must not become it
        beyond_ascii = b"" if self.body.isascii() else "<!--é-->".encode()
        return head + middle + tail + beyond_ascii


@dataclass(frozen=True, slots=True)
class _Head:
    end: int
    within: tuple[bytes, ...]  # start tags of the elements that are open where the first item is
    names: tuple[bytes, ...]  # their names
    item: bytes  # the name of the items' element


def cut(body: bytes, at_most: int) -> Cut | None:
    """Cut a document in UTF-8 into items; None in any doubt, and for more items than `at_most`."""
    head = _head(body)
    if head is None:
        return None
    found = _found(body, head, at_most)
    if not found or not _alone(body, [span for span, _ in found], head):
        return None
    slices = tuple(_slice(body, span, left_out) for span, left_out in found)
    if len({one.digest for one in slices}) < len(slices):
        return None
    return Cut(body=body, slices=slices, within=b"".join(head.within))


def _head(body: bytes) -> _Head | None:
    """Walk to the first item, keeping the elements that are open."""
    tags: list[bytes] = []
    names: list[bytes] = []
    place = 0
    while token := _IN_HEAD.search(body, place):
        place = token.end()
        kind, name = token.lastgroup or "", token["name"]
        if kind in _ENDS:
            place = _past(body, place, kind)
            if place < 0:
                return None
        elif kind == "doctype":
            return None
        elif name.startswith(b"/"):
            if not names or names.pop() != name[1:]:
                return None
            tags.pop()
        elif _ITEM.fullmatch(name):
            return _Head(token.start(), tuple(tags), tuple(names), name)
        elif not token[0].endswith(b"/>"):
            tags.append(token[0])
            names.append(name)
    return None


def _past(body: bytes, place: int, kind: str) -> int:
    """Give the place behind what began here; -1 where it never ends."""
    end = body.find(_ENDS[kind], place)
    return end if end < 0 else end + len(_ENDS[kind])


def _found(body: bytes, head: _Head, at_most: int) -> list[tuple[Span, list[Span]]]:
    """Find the items, each with the spans that change all day; nothing in any doubt."""
    tokens = _tokens(head.item, _prefixes(head.within))
    found: list[tuple[Span, list[Span]]] = []
    outside: list[bytes] = []  # what is neither comment nor CDATA
    left_out: list[Span] = []
    start, place, read = -1, head.end, head.end
    while token := tokens.search(body, place):
        place = token.end()
        kind = token.lastgroup or ""
        if kind in _ENDS:
            outside.append(body[read : token.start()])
            place = read = _past(body, place, kind)
            if place < 0:
                return []
        elif kind == "begin":
            if start >= 0 or len(found) == at_most or token[0].endswith(b"/>"):
                return []
            start, left_out = token.start(), []
        elif kind == "end":
            if start < 0:
                return []
            found.append(((start, place), left_out))
            start = -1
        else:
            left_out.extend(span for span in token.regs[1:] if span[0] >= 0)
    outside.append(body[read:])
    return [] if start >= 0 or _carries_on(outside) else found


def _prefixes(within: Iterable[bytes]) -> tuple[bytes, ...]:
    tags = b"".join(within)
    return tuple(declared for declared in _VOLATILE if declared in tags)


@lru_cache(maxsize=64)
def _tokens(item: bytes, prefixes: tuple[bytes, ...]) -> re.Pattern[bytes]:
    name = re.escape(item)
    volatile = (one for declared in prefixes for one in _VOLATILE[declared])
    kinds = (
        _SKIPPED,
        rb"(?P<begin>%b(?=[\s/>])%b>)" % (name, _ATTRIBUTES),
        rb"(?P<end>/%b\s*+>)" % name,
        *volatile,
    )
    return re.compile(rb"<(?:%b)" % b"|".join(kinds))


def _carries_on(pieces: Sequence[bytes]) -> bool:
    """Tell whether an element in an item says what feedparser remembers for the next ones."""
    markup = b"".join(pieces)
    if not (b"xmlns" in markup or b"lang" in markup or b"base" in markup):
        return False
    tags = b"".join(_START_TAG.findall(markup))
    return any(tuple(said) not in _HARMLESS for said in _CARRIED_ON.findall(tags))


def _alone(body: bytes, spans: Sequence[Span], head: _Head) -> bool:
    """Tell whether there is nothing between the items, and only end tags behind them."""
    if any(body[before[1] : after[0]].strip() for before, after in pairwise(spans)):
        return False
    tail = _COMMENT.sub(b"", body[spans[-1][1] :])
    return bool(_TAIL.fullmatch(tail)) and _END_TAG.findall(tail) == [*reversed(head.names)]


def _slice(body: bytes, span: Span, left_out: Sequence[Span]) -> Slice:
    text, counted = _without_counts(b"\0".join(_pieces(body, span, left_out)))
    digest = blake2b(text, digest_size=8).hexdigest()
    return Slice(start=span[0], end=span[1], digest=digest, counted=counted)


def _pieces(body: bytes, span: Span, left_out: Sequence[Span]) -> Iterator[bytes]:
    place = span[0]
    for start, end in left_out:
        yield body[place:start]
        place = end
    yield body[place : span[1]]


def _without_counts(item: bytes) -> tuple[bytes, bool]:
    if not (b"Points: " in item or b"# Comments: " in item):
        return item, False
    start = item.find(b"<description>")
    end = item.find(b"</description>", start)
    if start < 0 or end < 0:
        return item, False
    text, count = _COUNTED.subn(rb"\1", item[start:end])
    return item[:start] + text + item[end:], count > 0
