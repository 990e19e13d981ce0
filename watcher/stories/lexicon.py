"""Word lists and weights of the room, read once from `data/*.txt`; these tell their origins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the room knows about words, all in lower case."""

    function_words: frozenset[str]
    article_likes: frozenset[str]
    closed_words: frozenset[str]  # both of these
    numbers: Mapping[str, str]  # word -> value; a value in capitals asks for a capital letter
    counted: frozenset[str]  # what has numbers: day, part, week
    negations: frozenset[str]
    common: frozenset[str]  # base forms
    dictionary: frozenset[str]  # base forms of words that are no names
    sides: Mapping[str, frozenset[tuple[int, int]]]  # word -> (line, side) in the antonym list
    weights: Mapping[str, float]

    def is_common(self, word: str) -> bool:
        """Whether it is an everyday word, possibly with a regular ending."""
        return _is_common(word)

    def is_word(self, word: str) -> bool:
        """Whether it is in the dictionary, not as a name, possibly with a regular ending."""
        return _is_word(word)

    def are_antonyms(self, one: str, other: str) -> bool:
        """Whether one turns round what the other says."""
        mine = self.sides.get(one)
        theirs = self.sides.get(other)
        if not mine or not theirs:
            return False
        if {line for line, _ in mine} & {line for line, _ in theirs} and not mine & theirs:
            return any((line, 1 - side) in theirs for line, side in mine)
        return False


@cache
def lexicon() -> Lexicon:
    """Give the word lists; they are read on first use."""
    closed = frozenset((*_words("function-words"), *_words("article-likes")))
    return Lexicon(
        closed_words=closed,
        function_words=frozenset(_words("function-words")),
        article_likes=frozenset(_words("article-likes")),
        numbers=dict(line.split() for line in _lines("numbers")),
        counted=frozenset(_words("counted")),
        negations=frozenset(_words("negations")),
        common=frozenset(_words("common-words")),
        dictionary=frozenset(_words("dictionary-words")),
        sides=_sides(),
        weights={name: float(value) for name, value in map(str.split, _lines("weights"))},
    )


@lru_cache(maxsize=1 << 14)  # asked of the same words again and again
def _is_common(word: str) -> bool:
    common = lexicon().common
    return any(base in common for base in _bases(word))


@lru_cache(maxsize=1 << 14)
def _is_word(word: str) -> bool:
    dictionary = lexicon().dictionary
    return any(base in dictionary for base in _bases(word))


def _lines(name: str) -> Iterator[str]:
    text = files("watcher.stories").joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _words(name: str) -> Iterator[str]:
    return (word for line in _lines(name) for word in line.split())


def _sides() -> dict[str, frozenset[tuple[int, int]]]:
    """Give, for each word of the antonym list in each regular form, the sides that it stands on."""
    sides: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(_lines("antonyms")):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for form in _forms(word):
                    sides.setdefault(form, set()).add((number, side))
    return {word: frozenset(places) for word, places in sides.items()}


def _forms(word: str) -> tuple[str, ...]:
    """Give a word with its regular endings; forms that do not exist do no harm."""
    if word.endswith("e"):
        return (word, word + "s", word + "d", word[:-1] + "ing")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return (word, word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    doubled = word + word[-1]
    return (
        word,
        word + "s",
        word + "es",
        word + "ed",
        word + "ing",
        doubled + "ed",
        doubled + "ing",
    )


_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("ing", ""), ("ing", "e"), ("ers", ""), ("ers", "e"),
    ("er", ""), ("er", "e"), ("est", ""), ("est", "e"), ("ed", ""), ("ed", "e"), ("es", ""),
    ("s", ""), ("ly", ""), ("ally", ""), ("ment", ""), ("ness", ""), ("less", ""), ("ful", ""),
)  # fmt: skip


def _bases(word: str) -> Iterator[str]:
    """Yield what the word may be a regular form of, itself first."""
    yield word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            stem = word[: -len(ending)]
            yield stem + instead
            if not instead and stem[-1:] == stem[-2:-1]:
                yield stem[:-1]  # stopped -> stop
