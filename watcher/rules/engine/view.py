"""One item as the rules see it: its texts in tokens, and what was found in them."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from watcher.model import Item
from watcher.rules.engine import how
from watcher.rules.engine.exact import tokens_overlapped
from watcher.rules.engine.finder import Finder
from watcher.rules.engine.spelling import Pattern
from watcher.rules.engine.trie import HOW, NUMBER
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import DEFAULT_SCOPE, TEXT_FIELDS
from watcher.text.tokens import tokens

BITS = {name: 1 << number for number, name in enumerate(TEXT_FIELDS)}
BITS["text"] = sum(BITS[name] for name in DEFAULT_SCOPE)
_SURROGATE = re.compile("[\ud800-\udfff]")

Span = tuple[int, int]  # first token, token after the last


class Spot(NamedTuple):
    """Where something was found: a value of the item by its number in the view, and a span."""

    value: int
    span: Span


# where a term was found: value of the view, how, first token, token after the last; of an exact
# term the first character and the one after the last
Sighting = tuple[int, int, int, int]


class Value:
    """One value of a text field."""

    __slots__ = ("_places", "bit", "field", "found", "number", "text", "tokens")

    def __init__(self, field: str, bit: int, number: int, text: str, finder: Finder) -> None:
        self.field = field
        self.bit = bit
        self.number = number  # which value of the field
        self.text = text
        self.tokens = tokens(text)
        self.found = finder.find(self.tokens)
        self._places: dict[int, tuple[int, int]] | None = None

    def places(self) -> dict[int, tuple[int, int]]:
        """Give start and end of the tokens that anything found begins or ends with."""
        if self._places is None:
            wanted = {first for _, first, _ in self.found}
            wanted.update([stop - 1 for _, _, stop in self.found])
            self._places = self.tokens.places(wanted)
        return self._places

    def searchable(self) -> str:
        """Give the text as RE2 can take it: half characters become U+FFFD, places stay."""
        return self.text if self.text.isascii() else _SURROGATE.sub("\ufffd", self.text)


class View:
    """An item prepared once, for all rules."""

    __slots__ = ("_finder", "_searched", "fields", "item", "now", "sightings", "values")

    def __init__(self, item: Item, now: datetime, finder: Finder) -> None:
        self.item = item
        self.now = now
        self.values = tuple(_values(item, finder))
        self.fields: dict[int, int] = {}  # bits of the fields that each found term is in
        self.sightings: dict[int, list[Sighting]] = {}  # by number of the term
        self._finder = finder
        self._searched: dict[tuple[int, int], bool] = {}
        for number, value in enumerate(self.values):
            self._note(number, value)

    def _note(self, number: int, value: Value) -> None:
        fields, sightings, bit = self.fields, self.sightings, value.bit
        guarded: list[int] = []
        for mark, first, stop in value.found:
            term = mark >> NUMBER
            if mark & HOW == how.EXACT:
                guarded.append(term)
            elif term in fields:
                fields[term] |= bit
                sightings[term].append((number, mark & HOW, first, stop))
            else:
                fields[term] = bit
                sightings[term] = [(number, mark & HOW, first, stop)]
        if guarded or self._finder.unguarded:
            for term, start, end in self._finder.exact(guarded, value.text):
                fields[term] = fields.get(term, 0) | bit
                sightings.setdefault(term, []).append((number, how.EXACT, start, end))

    def spots(self, term: int, scope: int) -> list[Spot]:
        """List where a term of words or characters occurs in this scope, in order."""
        if not self.fields.get(term, 0) & scope:
            return []
        return sorted({self.spot(sighting) for sighting in self.sighted(term, scope)})

    def spot(self, sighting: Sighting) -> Spot:
        """Give the tokens of a sighting."""
        number, way, first, stop = sighting
        if way == how.EXACT:
            return Spot(number, tokens_overlapped(self.values[number].tokens, first, stop))
        return Spot(number, (first, stop))

    def place(self, term: int, sighting: Sighting) -> tuple[int, int, int, int]:
        """Give the characters of a sighting: value, how, first character, after the last.

        Of fuzzy words the differences are counted.
        """
        number, way, first, stop = sighting
        if way == how.EXACT:
            return sighting
        value = self.values[number]
        if way == how.FUZZY:
            way = self._finder.differences(term, value.tokens, first, stop)
        places = value.places()
        return number, way, places[first][0], places[stop - 1][1]

    def sighted(self, term: int, scope: int) -> Sequence[Sighting]:
        """List the sightings in a scope; of several ways to see one thing the strictest."""
        there: Sequence[Sighting] = self.sightings.get(term, ())
        if self.fields.get(term, 0) & ~scope:
            there = [one for one in there if self.values[one[0]].bit & scope]
        if len(there) < 2:
            return there
        strictest: dict[tuple[int, int, int], int] = {}
        for number, way, first, stop in there:
            place = number, first, stop
            strictest[place] = min(way, strictest.get(place, way))
        if len(strictest) == len(there):
            return there
        return [(number, way, first, stop) for (number, first, stop), way in strictest.items()]

    def matches(self, term: int, pattern: Pattern, scope: int) -> bool:
        """Tell whether a pattern is found in a value of this scope."""
        return any(
            self._match(term, pattern, number)
            for number, value in enumerate(self.values)
            if value.bit & scope
        )

    def _match(self, term: int, pattern: Pattern, number: int) -> bool:
        key = (term, number)
        if key not in self._searched:
            regex = compiled_regex(pattern.pattern)
            self._searched[key] = regex.search(self.values[number].searchable()) is not None
        return self._searched[key]

    def pattern_spans(self, pattern: Pattern, scope: int) -> Iterator[tuple[int, int, int]]:
        """Give value number, start and end of each place that a pattern matches characters in."""
        regex = compiled_regex(pattern.pattern)
        for number, value in enumerate(self.values):
            if value.bit & scope:
                for match in regex.finditer(value.searchable()):
                    if match.end() > match.start():
                        yield number, match.start(), match.end()

    def word_count(self) -> int | None:
        """Count the words of the content, else of the summary; None without either."""
        for name in ("content", "summary"):
            for value in self.values:
                if value.field == name:
                    return len(value.tokens)
        return None


def _values(item: Item, finder: Finder) -> Iterator[Value]:
    for name, text in (
        ("title", item.title),
        ("summary", item.summary),
        ("content", item.content),
    ):
        if text:
            yield Value(name, BITS[name], 0, text, finder)
    for name, several in (("author", item.authors), ("tag", item.tags)):
        for number, text in enumerate(several):
            if text:
                yield Value(name, BITS[name], number, text, finder)
