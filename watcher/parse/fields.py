"""An entry's texts, addresses and names, cleaned once, at the door."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from watcher.model import Link, Source, content_id
from watcher.parse.entry import Entry, Said
from watcher.text.links import resolve
from watcher.text.markup import (
    Anchor,
    attributes,
    door_clean,
    plain_with_links,
    tags,
    text_clean,
    unmarked,
)

TITLE_AT_MOST = 2_000  # characters
TEXT_AT_MOST = 1_000_000
PARTS_AT_MOST = 100  # texts of one field
NAMES_AT_MOST = 100  # authors, tags
NAME_AT_MOST = 300
LINKS_AT_MOST = 50
SOURCES_AT_MOST = 20
GUID_AT_MOST = 500

_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One field's plain text, with the links in it."""

    text: str = ""
    anchors: tuple[Anchor, ...] = ()  # addresses absolute
    canonical: tuple[str, ...] = ()  # addresses that its markup calls canonical
    cut: bool = False  # whether it was longer than we keep


def prose(parts: Iterable[Said], base: str, at_most: int) -> Prose:
    """Give the plain text of a field: its parts one below the other, each text once."""
    texts: dict[str, None] = {}
    anchors: list[Anchor] = []
    canonical: list[str] = []
    offset = 0
    for part in islice(parts, PARTS_AT_MOST):
        source, part_base = text_clean(part.text), resolve(base, part.base) or base
        text, found = plain_with_links(source) if part.html else (unmarked(source), ())
        if not text or text in texts:
            continue
        anchors.extend(_absolute(found, part_base, offset))
        if part.html:
            canonical.extend(_canonical(source, part_base))
        texts[text] = None
        offset += len(text) + 1
    whole = "\n".join(texts)
    return Prose(
        text=whole[:at_most].rstrip(),
        anchors=tuple(anchor for anchor in anchors if anchor[2] <= at_most),
        canonical=tuple(canonical),
        cut=len(whole) > at_most,
    )


def _absolute(anchors: Iterable[Anchor], base: str, offset: int) -> Iterator[Anchor]:
    for href, start, end in anchors:
        if not href.startswith("#") and (address := resolve(base, href)):
            yield address, start + offset, end + offset


def _canonical(source: str, base: str) -> Iterator[str]:
    if "canonical" not in source.lower():
        return
    for tag in tags(source):
        if tag.name in ("a", "link") and not tag.closing:
            found = attributes(tag)
            if "canonical" in found.get("rel", "").lower().split():
                yield from filter(None, (resolve(base, found.get("href", "")),))


def links_of(summary: Prose, content: Prose) -> tuple[Link, ...]:
    """Give the outgoing links, at most 50: the first and the last, where originals are named."""
    links = [*_links("summary", summary), *_links("content", content)]
    half = LINKS_AT_MOST // 2
    return tuple(links if len(links) <= LINKS_AT_MOST else [*links[:half], *links[-half:]])


def _links(field: Literal["summary", "content"], text: Prose) -> Iterator[Link]:
    length = len(text.text)
    for url, start, end in text.anchors:
        yield Link(url=url, field=field, start=min(start, length), end=min(end, length))


def sources_of(entry: Entry, texts: Iterable[Prose], base: str) -> tuple[Source, ...]:
    """Give the addresses that the entry's own markup names as where its text comes from."""
    named = [(resolve(base, door_clean(address)), how) for address, how in entry.sources]
    named += [(address, "rel=canonical") for text in texts for address in text.canonical]
    found = dict.fromkeys(Source(url=address, how=how) for address, how in named if address)
    return tuple(found)[:SOURCES_AT_MOST]


def names(said: Iterable[str]) -> tuple[str, ...]:
    """Give names (authors, tags) as plain text, each once."""
    few = islice(said, NAMES_AT_MOST)
    texts = (prose([Said(text=one)], "", NAME_AT_MOST).text for one in few)
    return tuple(dict.fromkeys(text for text in texts if text))


def language(*said: str) -> str:
    """Give the first that is a language tag (BCP 47), with hyphens."""
    for one in said:
        tag = one.strip().replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return ""


def guid_of(said: str) -> str:
    """Give the guid as the feed gave it; one that is too long ends in its fingerprint."""
    guid = door_clean(said).strip()
    if len(guid) <= GUID_AT_MOST:
        return guid
    return f"{guid[:GUID_AT_MOST]}…{content_id(guid)}"
