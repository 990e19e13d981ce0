"""Keys of an item's values, by which rules that ask for a value are looked up.

A test of a value needs one of its keys; an item has some keys. Where the two have none in common,
the test is false; where they have one, it may be true.
"""

from collections.abc import Collection, Iterable, Iterator

from watcher.model import Item
from watcher.text.links import host

ValueKey = tuple[str, str]  # field, and what is looked up

_GRAM = 3  # characters of an address that it is looked up by
_USUAL = "https://www.example.com/news/article/index.html http://feeds.org/2024/blog/rss"


def keys_needed(field: str, values: Iterable[object]) -> frozenset[ValueKey] | None:
    """List keys of which every item has one that a test of these values is true of.

    None when there is no such list: the test has to be tried on every item.
    """
    keys = [_key(field, value) if isinstance(value, str) else None for value in values]
    found = frozenset(key for key in keys if key is not None)
    return found if found and None not in keys else None


def _key(field: str, value: str) -> ValueKey | None:
    if field == "link":
        grams = list(_grams(value))
        return ("link", min(grams, key=_USUAL.count)) if grams else None
    if field == "feed" and ("*" in value or "?" in value):
        return None
    return field, value.casefold() if field == "feed" else value.lower()


def keys_of(item: Item, fields: Collection[str]) -> Iterator[ValueKey]:
    """List the keys of an item, for these fields only."""
    if "feed" in fields:
        yield "feed", item.feed.casefold()
    if "lang" in fields:
        yield from (("lang", tag) for tag in _openings(item.language.lower()))
    if "domain" in fields:
        yield from (("domain", name) for name in _suffixes(host(item.link)))
    if "link" in fields:
        yield from (("link", gram) for gram in set(_grams(item.link)))


def _openings(tag: str) -> Iterator[str]:
    """Give a tag, and what stands before each of its hyphens."""
    yield tag
    while "-" in tag:
        tag = tag.rpartition("-")[0]
        yield tag


def _suffixes(name: str) -> Iterator[str]:
    """Give a name, and what stands after each of its dots."""
    yield name
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _grams(address: str) -> Iterator[str]:
    lower = "".join(c.lower() if c.isascii() else c for c in address)
    return (lower[at : at + _GRAM] for at in range(len(lower) - _GRAM + 1))
