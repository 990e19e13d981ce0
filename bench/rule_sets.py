"""Realistic rules, drawn from real texts with a seed.

Two kinds of sets, as people watch: phrases alone, and boolean expressions of phrases. A phrase is
what some text says: a name, a compound, any words side by side; neither words that everybody uses
nor what was said only once. A smaller set is the beginning of a larger one of the same seed, so
that sets of all sizes hit alike, rule for rule.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from bench.drawn import (
    AtLeast,
    Both,
    Drawn,
    Either,
    Except,
    InTitle,
    Near,
    Phrase,
    Prefix,
    Without,
    written,
)

# words that a phrase neither begins nor ends with, and that are no rule by themselves
_COMMON_WORDS = """
    a about after all also am an and any are as at back be because been before being both but by
    can could did do does down each even ever every few first for from get go got had has have he
    her here him his how i if in into is it its just know last less like made make many may me more
    most much must my near never new no nor not now of off on once one only or other our out over
    own said same say says see she should since so some still such take than that the their them
    then there these they this those three through time to too two under until up us use used very
    was way we well were what when where which while who why will with would year years you
    your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ENDING = re.compile(r"['\u2019]\w+")  # as in `Apple's`: nobody watches for `s`
_SEGMENT = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")  # words with nothing else between them
_LENGTHS = ((2, 45), (1, 34), (3, 20))  # words of a phrase, and how many of 99 phrases have so many
_NAMES = 40  # percent of the phrases
_COMPOUNDS = 5  # percent of the single words
_NEAR_DISTANCE = 10
_STEM = 6  # letters that a wildcard has at the least
_PATIENCE = 200  # draws in a row that bring nothing new before the texts are held to be exhausted


_Rule = TypeVar("_Rule", bound=Drawn)


class TooFewTexts(Exception):  # noqa: N818 - it says what is the matter
    """So many different rules cannot be drawn from these texts."""


class _Gram(NamedTuple):
    words: str  # as one text writes it
    text: int


class Corpus:
    """The phrases of some texts, by length; those in use, but not by everybody.

    `often` is the share of the texts that may say a phrase; what only one says is left out.
    """

    def __init__(self, texts: Sequence[str], *, often: float = 0.002) -> None:
        self._texts = texts
        said = Counter[str]()
        first: dict[str, _Gram] = {}
        for number, text in enumerate(texts):
            grams = {gram.lower(): gram for gram in _grams(text)}
            said.update(grams.keys())
            for key, gram in grams.items():
                first.setdefault(key, _Gram(gram, number))
        most = max(2.0, len(texts) * often)
        self._fit = {key for key, times in said.items() if 2 <= times <= most}
        fit = [first[key] for key in said if key in self._fit]
        self._any = {length: _of_length(fit, length) for length, _ in _LENGTHS}
        self._names = {
            length: [gram for gram in grams if all(word[0].isupper() for word in _words(gram))]
            for length, grams in self._any.items()
        }
        self._compounds = [gram for gram in self._any[1] if "-" in gram.words]
        self._stems = _stems(said, most)

    def phrase(self, rng: random.Random) -> Phrase:
        """Draw a phrase."""
        lengths, weights = zip(*_LENGTHS, strict=True)
        length = rng.choices(lengths, weights)[0]
        pool = self._any[length]
        if length == 1 and rng.random() * 100 < _COMPOUNDS:
            pool = self._compounds
        elif rng.random() * 100 < _NAMES:
            pool = self._names[length]
        pool = pool or self._any[length]
        if not pool:
            raise TooFewTexts(f"no phrase of {length} words is said twice in {len(self._texts)}")
        return Phrase(*rng.choice(pool))

    def companion(self, phrase: Phrase, rng: random.Random) -> Phrase:
        """Draw a phrase that a text says together with another; any where it says no other."""
        others = [
            gram
            for gram in set(_grams(self._texts[phrase.text]))
            if gram.lower() in self._fit and not _share_words(gram, phrase.words)
        ]
        return Phrase(rng.choice(sorted(others)), phrase.text) if others else self.phrase(rng)

    def beginning(self, rng: random.Random) -> Except:
        """Draw a phrase and its first word, such as `Amazon EXCEPT "Amazon River"`."""
        for _ in range(_PATIENCE):
            longer = self.phrase(rng)
            first, _, rest = longer.words.partition(" ")
            if rest and first.lower() in self._fit:
                return Except(Phrase(first, longer.text), longer)
        raise TooFewTexts("no phrase of two words begins with a word that is fit for a rule")

    def prefix(self, rng: random.Random) -> Prefix:
        """Draw a wildcard: the beginning of a word, and of no more texts than a phrase is of."""
        if not self._stems:
            raise TooFewTexts("no word is long enough for a wildcard")
        return Prefix(*rng.choice(self._stems))

    def context(self, phrase: Phrase) -> str:
        """Give the text that a phrase was drawn from."""
        return self._texts[phrase.text]

    def any_text(self, rng: random.Random) -> str:
        """Draw a text."""
        return rng.choice(self._texts)


def phrases(corpus: Corpus, count: int, *, seed: int) -> tuple[Phrase, ...]:
    """Draw different phrases: 45 % of two words, 34 % of one, 20 % of three.

    TooFewTexts if there are not so many.
    """
    return tuple(_different(corpus.phrase, count, random.Random(seed)))


def booleans(corpus: Corpus, count: int, *, seed: int) -> tuple[Drawn, ...]:
    """Draw different expressions, in the shares that people write; TooFewTexts likewise.

    40 % phrases, 22 % OR of three, 18 % AND with OR, the rest NOT, NEAR, `2 OF`, `title:`, EXCEPT,
    and 3 % wildcards. Half of what AND, NEAR and `2 OF` join is of one text.
    """

    def drawn(rng: random.Random) -> Drawn:
        makers = [maker for maker, _ in _SHARES]
        weights = [weight for _, weight in _SHARES]
        return rng.choices(makers, weights)[0](corpus, rng)

    return tuple(_different(drawn, count, random.Random(seed)))


# --- the kinds of expressions ---------------------------------------------------------------------


def _phrase(corpus: Corpus, rng: random.Random) -> Drawn:
    return corpus.phrase(rng)


def _either(corpus: Corpus, rng: random.Random) -> Either:
    return Either(tuple(corpus.phrase(rng) for _ in range(3)))


def _both(corpus: Corpus, rng: random.Random) -> Both:
    left = corpus.phrase(rng)
    return Both(left, Either((_fellow(corpus, left, rng), corpus.phrase(rng))))


def _without(corpus: Corpus, rng: random.Random) -> Without:
    wanted = corpus.phrase(rng)
    return Without(wanted, _fellow(corpus, wanted, rng))


def _near(corpus: Corpus, rng: random.Random) -> Near:
    left = corpus.phrase(rng)
    return Near(left, _fellow(corpus, left, rng), _NEAR_DISTANCE)


def _at_least(corpus: Corpus, rng: random.Random) -> AtLeast:
    first = corpus.phrase(rng)
    return AtLeast(2, (first, _fellow(corpus, first, rng), corpus.phrase(rng)))


def _in_title(corpus: Corpus, rng: random.Random) -> InTitle:
    return InTitle(corpus.phrase(rng))


def _except(corpus: Corpus, rng: random.Random) -> Except:
    return corpus.beginning(rng)


def _prefix(corpus: Corpus, rng: random.Random) -> Prefix:
    return corpus.prefix(rng)


_SHARES: tuple[tuple[Callable[[Corpus, random.Random], Drawn], int], ...] = (
    (_phrase, 40),
    (_either, 22),
    (_both, 18),
    (_without, 4),
    (_near, 4),
    (_at_least, 3),
    (_in_title, 3),
    (_except, 3),
    (_prefix, 3),
)


def _fellow(corpus: Corpus, phrase: Phrase, rng: random.Random) -> Phrase:
    return corpus.companion(phrase, rng) if rng.random() < 0.5 else corpus.phrase(rng)


def _different(
    draw: Callable[[random.Random], _Rule], count: int, rng: random.Random
) -> Iterator[_Rule]:
    seen: set[str] = set()
    wasted = 0
    while len(seen) < count:
        rule = draw(rng)
        key = written(rule).lower()
        if key in seen:
            wasted += 1
            if wasted > _PATIENCE:
                raise TooFewTexts(f"only {len(seen):,} different rules of {count:,}")
            continue
        wasted = 0
        seen.add(key)
        yield rule


# --- the words of a text --------------------------------------------------------------------------


def _grams(text: str) -> Iterator[str]:
    """Go through one to three words side by side that could be worth watching."""
    for segment in _SEGMENT.findall(_ENDING.sub("|", text)):
        words = segment.split(" ")
        for start, word in enumerate(words):
            if not _is_telling(word):
                continue
            if len(word) > 2 and not word.isdigit():
                yield word
            for end in (start + 2, start + 3):
                if end <= len(words) and _is_telling(words[end - 1]):
                    yield " ".join(words[start:end])


def _is_telling(word: str) -> bool:
    return len(word) > 1 and word.lower() not in _COMMON


def _stems(said: Counter[str], most: float) -> list[tuple[str, str]]:
    """Find beginnings that words in use share, with one of the words."""
    times = Counter[str]()
    words: dict[str, str] = {}
    for gram, count in said.items():
        if count > 1 and gram.isalpha() and len(gram) > _STEM:
            words.setdefault(gram[: max(_STEM, len(gram) - 3)], gram)
    for gram, count in said.items():
        if gram.isalpha():
            for length in range(_STEM, len(gram) + 1):
                if gram[:length] in words:
                    times[gram[:length]] += count
    return [(stem, word) for stem, word in words.items() if times[stem] <= most]


def _of_length(grams: Sequence[_Gram], length: int) -> list[_Gram]:
    return [gram for gram in grams if gram.words.count(" ") == length - 1]


def _words(gram: _Gram) -> list[str]:
    return gram.words.split(" ")


def _share_words(one: str, other: str) -> bool:
    return not set(_pieces(one)).isdisjoint(_pieces(other))


def _pieces(phrase: str) -> list[str]:
    return phrase.lower().replace("-", " ").split()
