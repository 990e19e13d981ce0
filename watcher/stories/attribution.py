"""Attribution: where an item itself says that its text comes from."""

import re
from collections.abc import Iterator
from functools import lru_cache

from watcher.model import Item, Source
from watcher.text.links import normal_link, site

CLAIMS = 512  # items whose claims are remembered: each is asked for again and again
_CHARACTERS = 200_000  # of a text's beginning and end, where attribution stands, are looked at

# What markup says of itself. "<source url>" and atom:source often name a feed: then they are none.
_URL = r"(?P<url>(?:https?://|www\.)[^\s<>\"”’)\]]+)"
_LINE = re.compile(
    r"(?P<how>\b(?:article|original|story|news|content|post)\s+source"
    r"|\boriginal(?:ly)?\s+(?:article|story|post|appeared|published|posted)(?:\s+(?:at|on|in|by|here))?"
    r"|\b(?:first|originally)\s+(?:appeared|published|posted)\s+(?:at|on|in|by)"
    r"|\b(?:this\s+\w+\s+)?(?:re-?published|syndicated|re-?posted)\s+(?:with\s+permission\s+)?from"
    r"|\bread\s+the\s+original(?:\s+\w+){0,2}(?:\s+(?:at|on|here))?)\s*[:\-–—]?\s*",
    re.IGNORECASE,
)
_LONE = re.compile(
    r"(?:^|\n|[.!?…\]”\"]\s|\[|\()\s*(?P<how>via|source|sources?\s+link)\s*:?\s*$", re.IGNORECASE
)
_URL_HERE = re.compile(_URL, re.IGNORECASE)
_LONE_URL = re.compile(
    rf"(?:^|\n|[.!?…\]”\"]\s|\(|\[)\s*(?P<how>via|source)\s*:?\s*{_URL}[\s.)\]]*$", re.IGNORECASE
)
# Looking for these first is far quicker than the expressions above; few texts have any of them.
_HINTS = ("source", "original", "publish", "posted", "appeared", "syndicated", "via")
_CLOSING = 60  # characters that may stand after a lone trailing link

_NO_ARTICLE = re.compile(
    r"/(?:feeds?|rss|atom|tags?|topics?|categor(?:y|ies)|authors?|search|about)(?:/|$|\.)"
    r"|\.(?:rss|atom|xml|rdf|json|jpe?g|png|gif|webp|svg|mp[34]|pdf)$"
    r"|/(?:rss|atom|feed|index)\.\w+$",
    re.IGNORECASE,
)
_REDIRECT = re.compile(
    r"^(?:feedproxy\.google|feeds\.feedburner|rss\.|click\.|clicks\.|redirect\.|go\.|track|r\.|l\."
    r"|news\.google|t\.co/|bit\.ly/|ow\.ly/|buff\.ly/|tinyurl\.|dlvr\.it/|lnkd\.in/|goo\.gl/"
    r"|feeds\.|doubleclick|pixel\.|ad\.|ads\.)|[?&](?:url|u|to|dest|redirect)="
    r"|[?&][^=&]*=https?(?::|%3a)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"^(?:facebook|twitter|x|linkedin|pinterest|reddit|t\.me|wa\.me|api\.whatsapp|youtube|youtu)\b",
    re.IGNORECASE,
)
SURE = frozenset({"rel=canonical", "og:url", "<source url>", "atom:source", "feedburner:origLink",
                  "its text"})  # fmt: skip
LINKED = "a closing link"  # "via", "source": often a text of one's own about what was read there


@lru_cache(maxsize=CLAIMS)
def claims(item: Item) -> tuple[Source, ...]:
    """Name the one article, on another site, that the item says its text comes from.

    Empty when it names none or several: a round-up links many. The address is in the form in
    which `normal_link` compares them. Links that merely stand in the text are no claims.
    """
    found: dict[str, Source] = {}
    for source in _named(item):
        url = source.url.rstrip(".,;:!?'’")
        normal = normal_link(f"http://{url}" if url.lower().startswith("www.") else url)
        if normal and _is_foreign_article(normal, item):
            found.setdefault(normal, Source(url=normal, how=source.how))
    return tuple(found.values()) if len(found) == 1 else ()


def link_of(item: Item) -> str:
    """Give an item's own address, in the form in which claims name it."""
    return item.normal_link or normal_link(item.link)


def _named(item: Item) -> Iterator[Source]:
    """Yield whatever the markup, the wording or a closing link names, most telling first."""
    yield from item.sources
    yield from _in_text(item.title, item, "title")
    for field, text in (("content", item.content), ("summary", item.summary)):
        yield from _in_text(text, item, field)


def _in_text(text: str, item: Item, field: str) -> Iterator[Source]:
    """Yield the addresses that the wording of a text attributes it to, linked or spelt out."""
    for start, passage in _ends(text):
        lower = passage.lower()
        if not any(hint in lower for hint in _HINTS):
            continue
        for match in _LINE.finditer(passage):
            url = _address_at(passage, start, match.end(), item, field)
            if url:
                yield Source(url=url, how="its text")
        if start + len(passage) == len(text):
            yield from _closing(passage, start, text, item, field)


def _ends(text: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of a text that are looked at, each with its place."""
    if len(text) <= 2 * _CHARACTERS:
        yield 0, text
        return
    yield 0, text[:_CHARACTERS]
    yield len(text) - _CHARACTERS, text[-_CHARACTERS:]


def _address_at(passage: str, start: int, end: int, item: Item, field: str) -> str:
    """Give the address that stands right behind an attribution, in letters or under a link."""
    spelt = _URL_HERE.match(passage, end)
    if spelt:
        return spelt["url"]
    place = start + end
    for link in item.links:
        # The link may cover the wording itself: "originally published here".
        near = link.start <= place + 80 and "\n" not in passage[end : max(end, link.start - start)]
        if link.field == field and link.end >= place - 1 and near:
            return link.url
    return ""


def _closing(passage: str, start: int, text: str, item: Item, field: str) -> Iterator[Source]:
    """Yield a lone "via" or "source" link at the very end of a text."""
    tail = passage[-400:].rstrip()
    spelt = _LONE_URL.search(tail)
    if spelt:
        yield Source(url=spelt["url"], how=LINKED)
        return
    offset = start + len(passage) - len(passage[-400:])
    for link in item.links:
        if link.field != field or len(text) - link.end > _CLOSING or link.start < offset:
            continue
        before, label = text[offset : link.start], text[link.start : link.end].strip().lower()
        if _LONE.search(before) or label in ("source", "via"):
            yield Source(url=link.url, how=LINKED)


def _is_foreign_article(normal: str, item: Item) -> bool:
    """Whether a normal link is an article on a site that is not the item's own."""
    where, slash, path = normal.partition("/")
    own = link_of(item)
    if normal == own or site(where) == site(own.partition("/")[0]):
        return False
    if _REDIRECT.search(normal) or _SHARE.search(where) or _NO_ARTICLE.search(normal.split("?")[0]):
        return False
    telling = path.strip("/")
    return bool(slash) and ("/" in telling or "-" in telling or "?" in telling or any(
        letter.isdigit() for letter in telling
    ))  # fmt: skip
