"""Which item is which: keys that stay when a document is read again.

An item's key is its guid; without one its link (without what only tracks, but with a fragment that
names a place on the page: changelogs have one page for all); without one its title and date, in
the document's own words; without a title the text stands for it. Items of one document whose keys
are equal are told apart by link, then by title, and then counted from the document's end, where
the oldest stand: so none swallows another, and a new one at the top moves no old one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.model import FeedId, Item, ItemId, Print, content_id
from watcher.text.links import place_in_page

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an entry is known by within its document, made from its own words only."""

    guid: str
    page: str  # its link, for comparison
    place: str  # the same with the place in the page that it names
    told: str  # its title, or a fingerprint of its text
    dated: str  # the date in the document's own words


def named(item: Item, dated: str) -> Named:
    """Give what an item is known by that has no id yet."""
    place = place_in_page(item.link)
    return Named(
        guid=item.guid,
        page=item.normal_link,
        place=f"{item.normal_link}#{place}" if place else item.normal_link,
        told=item.title or content_id(item.summary, item.content),
        dated=dated,
    )


def identified(feed: FeedId, entries: Sequence[Named | Print]) -> tuple[tuple[ItemId, str], ...]:
    """Give each entry of a document its id, made from its feed and its key; no two are the same.

    With it comes the link to compare it by: entries at different places of one page have different
    ones.
    """
    keys = [_key(entry) for entry in entries]
    keys = _refined(keys, [entry.place for entry in entries])
    keys = _refined(keys, [entry.told for entry in entries])
    ids = [ItemId(content_id(feed, *key)) for key in _counted(keys)]
    return tuple(zip(ids, _links(entries), strict=True))


def _key(entry: Named | Print) -> Key:
    if entry.guid:
        return (entry.guid,)
    if entry.page:
        return (entry.place,)
    return (entry.told, entry.dated)


def _refined(keys: Sequence[Key], details: Sequence[str]) -> list[Key]:
    """Add its detail to each key that more than one item has."""
    owners = Counter(keys)
    return [
        (*key, detail) if owners[key] > 1 else key
        for key, detail in zip(keys, details, strict=True)
    ]


def _counted(keys: Sequence[Key]) -> list[Key]:
    """Add a number to keys that are still equal, counting from the last one."""
    seen: Counter[Key] = Counter()
    numbered: list[Key] = []
    for key in reversed(keys):
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else (*key, str(seen[key])))
    return numbered[::-1]


def _links(entries: Sequence[Named | Print]) -> list[str]:
    places = dict.fromkeys((entry.page, entry.place) for entry in entries)
    on_page = Counter(page for page, _ in places)
    return [entry.place if on_page[entry.page] > 1 else entry.page for entry in entries]
