"""Which wildcards, fuzzy words and stems a word belongs to, for all terms of all rules at once."""

import re
from collections import defaultdict
from collections.abc import Iterator

import re2
import snowballstemmer
from rapidfuzz.distance import OSA

from watcher.rules.engine.spelling import Stemmed
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import Fuzzy, Gap, Wildcard

GAP = 0  # the kind that every word is of
LANGUAGES: tuple[str, ...] = tuple(snowballstemmer.algorithms())

_REMEMBERED = 1 << 15  # words
_LONGEST_REMEMBERED = 40  # characters
_KEY = 3  # characters in a row that a wildcard is looked up by
_MOST_DIFFERENCES = 2  # that any fuzzy word forgives

Kind = Wildcard | Fuzzy | Gap | Stemmed


class Kinds:
    """Numbers for kinds of words, and the kinds that each word is of."""

    def __init__(self) -> None:
        self._numbers: dict[Kind, int] = {Gap(): GAP}
        self._wildcards: defaultdict[str, list[tuple[int, re2._Regexp[str]]]] = defaultdict(list)
        self._keyless: list[tuple[int, re2._Regexp[str]]] = []  # wildcards without such a row
        self._fuzzy: defaultdict[tuple[str, int], list[tuple[int, Fuzzy]]] = defaultdict(list)
        self._stems: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._idle: defaultdict[str, list[snowballstemmer.stemmer]] = defaultdict(list)
        self._remembered: dict[str, tuple[int, ...]] = {}

    def number_of(self, kind: Kind) -> int:
        """Give the number of a kind, a new one if it is new."""
        known = self._numbers.get(kind)
        if known is not None:
            return known
        number = self._numbers[kind] = len(self._numbers)
        self._remembered.clear()
        if isinstance(kind, Wildcard):
            self._add_wildcard(number, kind.pattern)
        elif isinstance(kind, Fuzzy):
            self._fuzzy[kind.word[0], len(kind.word)].append((number, kind))
        elif isinstance(kind, Stemmed):
            self._stems[kind.language][kind.stem] = number
        return number

    def _add_wildcard(self, number: int, pattern: str) -> None:
        compiled = compiled_regex("(?s)" + _as_regex(pattern))
        keys = [key for row in re.split(r"[*?]", pattern) for key in _keys(row)]
        if keys:
            # beginnings and ends such as "pre" or "ing" are many words', the middle is few words'
            self._wildcards[keys[len(keys) // 2]].append((number, compiled))
        else:
            self._keyless.append((number, compiled))

    def of(self, word: str) -> tuple[int, ...]:
        """List the kinds that a folded word is of, but for GAP."""
        known = self._remembered.get(word)
        if known is not None:
            return known
        found = (*self._wildcards_of(word), *self._fuzzies_of(word), *self._stems_of(word))
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = found
        return found

    def stem_of(self, word: str, language: str) -> str:
        """Give a folded word's Snowball stem."""
        idle = self._idle[language]  # a stemmer serves one thread at a time
        try:
            stemmer = idle.pop()
        except IndexError:
            stemmer = snowballstemmer.stemmer(language)
        stem = str(stemmer.stemWord(word))
        idle.append(stemmer)
        return stem

    def _wildcards_of(self, word: str) -> list[int]:
        candidates = list(self._keyless)
        for key in set(_keys(word)):
            candidates += self._wildcards.get(key, ())
        return [number for number, pattern in candidates if pattern.fullmatch(word)]

    def _fuzzies_of(self, word: str) -> list[int]:
        if not self._fuzzy:
            return []
        lengths = range(len(word) - _MOST_DIFFERENCES, len(word) + _MOST_DIFFERENCES + 1)
        return [
            number
            for length in lengths
            for number, fuzzy in self._fuzzy.get((word[0], length), ())
            if distance(fuzzy, word) <= fuzzy.distance
        ]

    def _stems_of(self, word: str) -> list[int]:
        return [
            numbers[stem]
            for language, numbers in self._stems.items()
            if (stem := self.stem_of(word, language)) in numbers
        ]


def distance(fuzzy: Fuzzy, word: str) -> int:
    """Count the spelling differences; more than it forgives is always one more."""
    if abs(len(word) - len(fuzzy.word)) > fuzzy.distance:
        return fuzzy.distance + 1
    return OSA.distance(fuzzy.word, word, score_cutoff=fuzzy.distance)


def _keys(row: str) -> Iterator[str]:
    return (row[at : at + _KEY] for at in range(len(row) - _KEY + 1))


def _as_regex(pattern: str) -> str:
    signs = {"*": ".*", "?": "."}
    return "".join(signs.get(character, character) for character in pattern)
