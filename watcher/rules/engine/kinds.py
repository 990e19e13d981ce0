"""Which wildcards, fuzzy words and stems a word belongs to, for all terms of all rules at once."""

from collections import defaultdict

import re2
import snowballstemmer
from rapidfuzz.distance import OSA

from watcher.rules.engine.spelling import Stemmed
from watcher.rules.grammar.terms import compiled_regex
from watcher.rules.tree import Fuzzy, Gap, Wildcard

GAP = 0  # the kind that every word is of
LANGUAGES: tuple[str, ...] = tuple(snowballstemmer.algorithms())

_REMEMBERED = 200_000  # words
_LONGEST_REMEMBERED = 40  # characters
_KEY = 3  # characters of a wildcard's beginning or end that it is looked up by

Kind = Wildcard | Fuzzy | Gap | Stemmed


class Kinds:
    """Numbers for kinds of words, and the kinds that each word is of."""

    def __init__(self) -> None:
        self._numbers: dict[Kind, int] = {Gap(): GAP}
        self._by_beginning: defaultdict[str, list[tuple[int, re2._Regexp[str]]]]
        self._by_beginning = defaultdict(list)
        self._by_end: defaultdict[str, list[tuple[int, re2._Regexp[str]]]] = defaultdict(list)
        self._anywhere: list[tuple[int, re2._Regexp[str]]] = []
        self._fuzzy: defaultdict[str, list[tuple[int, Fuzzy]]] = defaultdict(list)
        self._stems: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._stemmers: dict[str, snowballstemmer.stemmer] = {}
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
            self._fuzzy[kind.word[0]].append((number, kind))
        elif isinstance(kind, Stemmed):
            self._stems[kind.language][kind.stem] = number
        return number

    def _add_wildcard(self, number: int, pattern: str) -> None:
        compiled = compiled_regex("(?s)" + _as_regex(pattern))
        beginning = pattern.replace("?", "*").partition("*")[0]
        end = pattern.replace("?", "*").rpartition("*")[2]
        if beginning:
            self._by_beginning[beginning[:_KEY]].append((number, compiled))
        elif end:
            self._by_end[end[-_KEY:]].append((number, compiled))
        else:
            self._anywhere.append((number, compiled))

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
        stemmer = self._stemmers.get(language)
        if stemmer is None:
            stemmer = self._stemmers[language] = snowballstemmer.stemmer(language)
        return str(stemmer.stemWord(word))

    def _wildcards_of(self, word: str) -> list[int]:
        candidates = list(self._anywhere)
        for length in range(1, min(_KEY, len(word)) + 1):
            candidates += self._by_beginning.get(word[:length], ())
            candidates += self._by_end.get(word[-length:], ())
        return [number for number, pattern in candidates if pattern.fullmatch(word)]

    def _fuzzies_of(self, word: str) -> list[int]:
        return [
            number
            for number, fuzzy in self._fuzzy.get(word[0], ())
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


def _as_regex(pattern: str) -> str:
    signs = {"*": ".*", "?": "."}
    return "".join(signs.get(character, character) for character in pattern)
