"""Which item is which: keys that stay when a document is read again.

An item's key is its guid; without one its link (without what only tracks, but with a fragment that
names a place on the page: changelogs have one page for all); without one its title and date, in
the document's own words; without a title the text stands for it. Items of one document whose keys
are equal are told apart by link, then by title, and then counted from the document's end, where
the oldest stand: so none swallows another, and a new one at the top moves no old one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from watcher.model import Item, ItemId, content_id
from watcher.text.links import place_in_page

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item that has no id yet, with the date in its document's own words."""

    item: Item
    dated: str = ""


def identified(drafts: Sequence[Draft]) -> tuple[Item, ...]:
    """Give each item its id, made from its feed and its key; no two are the same."""
    keys = [_key(draft) for draft in drafts]
    items = [draft.item for draft in drafts]
    for detail in (_place, _title):
        keys = _refined(keys, [detail(item) for item in items])
    return tuple(
        replace(item, id=ItemId(content_id(item.feed, *key)))
        for item, key in zip(_with_places(items), _counted(keys), strict=True)
    )


def _key(draft: Draft) -> Key:
    item = draft.item
    if item.guid:
        return (item.guid,)
    if item.normal_link:
        return (_place(item),)
    return (_title(item), draft.dated)


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


def _title(item: Item) -> str:
    return item.title or content_id(item.summary, item.content)


def _with_places(items: Sequence[Item]) -> list[Item]:
    """Let items that stand at different places of one page have different links to compare."""
    places = dict.fromkeys((item.normal_link, _place(item)) for item in items)
    on_page = Counter(page for page, _ in places)
    return [
        replace(item, normal_link=_place(item)) if on_page[item.normal_link] > 1 else item
        for item in items
    ]


def _place(item: Item) -> str:
    place = place_in_page(item.link)
    return f"{item.normal_link}#{place}" if place else item.normal_link
