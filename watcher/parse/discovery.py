"""The feeds that a web page names as its own (`<link rel="alternate">`)."""

import codecs
import re
from collections.abc import Iterator

from watcher.model import Offer
from watcher.text.links import resolve
from watcher.text.markup import Tag, attributes, door_clean, tags

KINDS = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",
    "application/rdf+xml": "RSS",
    "application/xml": "XML",
    "text/xml": "XML",
}
PAGE_AT_MOST = 1_000_000  # bytes: such links stand at the beginning of a page
OFFERS_AT_MOST = 50
TITLE_AT_MOST = 200
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def offered(body: bytes, content_type: str, base: str) -> tuple[Offer, ...]:
    """List the feeds that a page names, each once, in the page's order; `base` is its address."""
    found: dict[str, Offer] = {}
    for tag in tags(_text(body[:PAGE_AT_MOST], content_type)):
        if tag.name == "base" and not tag.closing:
            base = resolve(base, attributes(tag).get("href", "")) or base
        for offer in _offers(tag, base):
            found.setdefault(offer.url, offer)
        if len(found) == OFFERS_AT_MOST:
            break
    return tuple(found.values())


def _offers(tag: Tag, base: str) -> Iterator[Offer]:
    if tag.name not in ("link", "a") or tag.closing or "alternate" not in tag.source.lower():
        return
    said = attributes(tag)
    kind = KINDS.get(said.get("type", "").partition(";")[0].strip().lower(), "")
    url = resolve(base, said.get("href", ""))
    if not kind or not url or "alternate" not in said.get("rel", "").lower().split():
        return
    if "/wp-json" in url:
        return  # an interface for programs that WordPress names under the type of JSON Feed
    title = " ".join(door_clean(said.get("title", "")).split())[:TITLE_AT_MOST]
    yield Offer(url=url, title=title, kind=kind)


def _text(body: bytes, content_type: str) -> str:
    """Give a page as text, in the encoding that it names."""
    header, meta = _CHARSET.search(content_type), _META.search(body[:4096])
    name = header[1] if header else meta[1].decode("ascii", "replace") if meta else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        name = "utf-8"
    return body.decode(name, "replace")
