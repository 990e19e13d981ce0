"""One item as the rules see it: its texts in tokens, and what was found in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from watcher.model import Item
from watcher.rules.engine.spelling import Pattern
from watcher.rules.engine.trie import Span, Trie
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import DEFAULT_SCOPE, TEXT_FIELDS
from watcher.text.tokens import Tokens, tokens

BITS = {name: 1 << number for number, name in enumerate(TEXT_FIELDS)}
BITS["text"] = sum(BITS[name] for name in DEFAULT_SCOPE)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a text field."""

    field: str
    bit: int
    number: int  # which value of the field
    text: str
    tokens: Tokens

    def searchable(self) -> str:
        """Give the text as RE2 can take it: half characters become U+FFFD, places stay."""
        return self.text if self.text.isascii() else _SURROGATE.sub("\ufffd", self.text)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was found: a value of the item by its number in the view, and a span."""

    value: int
    span: Span


@dataclass(slots=True)
class View:
    """An item prepared once, for all rules."""

    item: Item
    now: datetime
    values: tuple[Value, ...]
    found: dict[int, list[Spot]]  # by number of the term
    fields: dict[int, int]  # bits of the fields that each found term is in
    _searched: dict[tuple[int, int], bool] = field(default_factory=dict)

    def spots(self, term: int, scope: int) -> list[Spot]:
        """List where a term of words or characters occurs in this scope."""
        spots = self.found.get(term, ())
        return [spot for spot in spots if self.values[spot.value].bit & scope]

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


def look_at(item: Item, now: datetime, trie: Trie) -> View:
    """Prepare an item and find in it whatever any rule seeks."""
    values = tuple(_values(item))
    found: dict[int, list[Spot]] = {}
    fields: dict[int, int] = {}
    for number, value in enumerate(values):
        for term, spans in trie.find(value.text, value.tokens).items():
            fields[term] = fields.get(term, 0) | value.bit
            found.setdefault(term, []).extend(Spot(number, span) for span in sorted(spans))
    return View(item=item, now=now, values=values, found=found, fields=fields)


def _values(item: Item) -> Iterator[Value]:
    texts = {
        "title": (item.title,),
        "summary": (item.summary,),
        "content": (item.content,),
        "author": item.authors,
        "tag": item.tags,
    }
    for name, several in texts.items():
        for number, text in enumerate(several):
            if text:
                cut = tokens(text)
                yield Value(field=name, bit=BITS[name], number=number, text=text, tokens=cut)
