"""What is new in a document, and what was there before, though it may look otherwise now."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.fuzz import token_sort_ratio

from watcher.model import Item, ItemId, Remembered, ToldApart

ALIKE = 80  # of 100: titles this alike, with the same numbers in them, are one title edited
SHARED = 20  # a link that more items have than this does not tell one from another
FLOOD = 5  # so many unknown items, and most of the document: perhaps all guids were changed
_WORDS = re.compile(r"\w+")
_NUMBERS = re.compile(r"\d+")


@dataclass(slots=True)
class _Known:
    """An item that was seen before, under all the names by which we know it."""

    id: ItemId
    guids: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    text_hash: str = ""


def tell_apart(
    items: Sequence[Item],
    remembered: Sequence[Remembered],
    shown: Collection[ItemId] = frozenset(),
) -> ToldApart:
    """Tell a document's items apart by what their feed showed before; dates play no part.

    An item is known, each of these only where the one before finds nothing and no two items of the
    document would become the same known one:

    1. by its id, which is made from its guid, or else its link, or else its title and date;
    2. by its guid; where several have this guid, by guid and link, else by guid and title;
    3. by its link, if the title is alike: the same words, or nearly, and the same numbers ("part
       2" is no "part 1"); then the feed gave the item a new guid;
    4. by its title, word for word, if at least 5 items and more than half of the document are
       still unknown, and most of these find their title: then the feed was keyed anew as a whole;
    5. by title and text, if the document before showed it (`shown`) and this one does not by any
       other name: then the one item was keyed anew. A series of which every part says the same has
       its parts side by side, or long after each other, and they stay apart.

    All others are fresh. A known one is edited if its text changed, numbers aside (points, counts
    of comments); else rekeyed if its guid or link is new to us, so that it will be known by them
    too; else it is there again. Known ones carry the id that they had. What the document no longer
    shows is left as it is.
    """
    known = _gathered(remembered)
    found = _found(items, known, shown)
    told = [
        (replace(item, id=found[place].id), found[place])
        for place, item in enumerate(items)
        if place in found
    ]
    edited = [item for item, before in told if item.text_hash != before.text_hash]
    same = [(item, before) for item, before in told if item.text_hash == before.text_hash]
    return ToldApart(
        fresh=tuple(item for place, item in enumerate(items) if place not in found),
        edited=tuple(edited),
        again=tuple(before.id for item, before in same if not _is_rekeyed(item, before)),
        rekeyed=tuple((before.id, item) for item, before in same if _is_rekeyed(item, before)),
    )


def _gathered(remembered: Iterable[Remembered]) -> dict[ItemId, _Known]:
    """Gather the names of each known item: it is remembered once for each of them."""
    known: dict[ItemId, _Known] = {}
    for one in remembered:
        item = known.setdefault(one.id, _Known(id=one.id, text_hash=one.text_hash))
        item.guids.add(one.guid)
        item.links.add(one.normal_link)
        item.titles.add(_folded(one.title))
    for item in known.values():
        for of_a_kind in (item.guids, item.links, item.titles):
            of_a_kind.discard("")
    return known


def _found(
    items: Sequence[Item], known: dict[ItemId, _Known], shown: Collection[ItemId]
) -> dict[int, _Known]:
    """Find the known item of each place in the document that has one."""
    search = _Search(items, known)
    search.by_id()
    search.by_guid()
    search.by_link()
    search.by_title()
    search.by_words(shown)
    return search.found


class _Search:
    """Which known item each item is; each known item is found once at most."""

    def __init__(self, items: Sequence[Item], known: dict[ItemId, _Known]) -> None:
        self.items = items
        self.known = known
        self.found: dict[int, _Known] = {}
        self.taken: set[ItemId] = set()
        self.having_guid: dict[str, list[_Known]] = defaultdict(list)
        self.having_link: dict[str, list[_Known]] = defaultdict(list)
        self.having_title: dict[str, list[_Known]] = defaultdict(list)
        for one in known.values():
            for names, having in (
                (one.guids, self.having_guid),
                (one.links, self.having_link),
                (one.titles, self.having_title),
            ):
                for name in names:
                    having[name].append(one)

    def by_id(self) -> None:
        for place, item in enumerate(self.items):
            if before := self.known.get(item.id):
                self._take(place, before)

    def by_guid(self) -> None:
        shown = Counter(item.guid for item in self.items)
        for place, item in self._unknown():
            having = self.having_guid.get(item.guid, ())
            alone = shown[item.guid] == 1 and len(having) == 1
            for before in having:
                same_link = item.normal_link in before.links
                if alone or same_link or _folded(item.title) in before.titles:
                    self._take(place, before)

    def by_link(self) -> None:
        for place, item in self._unknown():
            having = self.having_link.get(item.normal_link, ())
            for before in having if len(having) <= SHARED else ():
                if _alike(item, before):
                    self._take(place, before)

    def by_title(self) -> None:
        unknown = self._unknown()
        if len(unknown) < FLOOD or 2 * len(unknown) <= len(self.items):
            return
        shown = Counter(_folded(item.title) for _, item in unknown)
        again = [
            (place, having[0])
            for place, item in unknown
            if shown[_folded(item.title)] == 1
            and len(having := self._free(self.having_title.get(_folded(item.title), ()))) == 1
        ]
        if 2 * len(again) > len(unknown):
            for place, before in again:
                self._take(place, before)

    def by_words(self, shown: Collection[ItemId]) -> None:
        unknown = self._unknown()
        same = Counter(item.text_hash for _, item in unknown)
        for place, item in unknown:
            having = self._free(self.having_title.get(_folded(item.title), ()))
            before = [one for one in having if one.text_hash == item.text_hash and one.id in shown]
            if len(before) == 1 and same[item.text_hash] == 1:
                self._take(place, before[0])

    def _unknown(self) -> list[tuple[int, Item]]:
        return [(n, item) for n, item in enumerate(self.items) if n not in self.found]

    def _free(self, having: Sequence[_Known]) -> list[_Known]:
        return [one for one in having if one.id not in self.taken]

    def _take(self, place: int, before: _Known) -> None:
        if place not in self.found and before.id not in self.taken:
            self.found[place] = before
            self.taken.add(before.id)


def _is_rekeyed(item: Item, before: _Known) -> bool:
    new_guid = bool(item.guid) and item.guid not in before.guids
    return new_guid or (bool(item.normal_link) and item.normal_link not in before.links)


def _alike(item: Item, before: _Known) -> bool:
    """Tell whether a title may be one that the known item had; without titles, the text decides."""
    title = _folded(item.title)
    if not title or not before.titles:
        return item.text_hash == before.text_hash
    return any(_alike_titles(title, other) for other in before.titles)


def _alike_titles(one: str, other: str) -> bool:
    if one == other:
        return True
    same_numbers = _NUMBERS.findall(one) == _NUMBERS.findall(other)
    return same_numbers and token_sort_ratio(one, other) >= ALIKE


def _folded(title: str) -> str:
    """Give a title's words only, in one case."""
    return " ".join(_WORDS.findall(title.casefold()))
