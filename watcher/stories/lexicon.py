"""Word lists and weights of the room, read once from `data/*.txt`; these tell their origins.

The lists are English; those of other languages are in folders of `data`. What a language has no
list of, it does without.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from watcher.text.fold import folded

ENGLISH = "en"
_OTHERS = ("de", "fr", "es")
_LOOKED_AT = 500  # characters of a text whose small words tell its language


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the room knows about the words of a language, all in lower case and folded."""

    function_words: frozenset[str]
    article_likes: frozenset[str]
    closed_words: frozenset[str]  # both of these
    numbers: Mapping[str, str]  # word -> value; a value in capitals asks for a capital letter
    counted: frozenset[str]  # what has numbers: day, part, week
    negations: frozenset[str]
    title_words: frozenset[str]  # of titles that fit any story
    common: frozenset[str]  # base forms
    dictionary: frozenset[str]  # base forms of words that are no names
    sides: Mapping[str, frozenset[tuple[int, int]]]  # word -> (line, side) in the antonym list
    language: str = ENGLISH
    every_noun_has_a_capital: bool = False
    elides: bool = False  # "l'Iran" is two words
    decimal_comma: bool = False
    weights: Mapping[str, float]

    def is_common(self, word: str) -> bool:
        """Whether it is an everyday word, possibly with a regular ending in English."""
        return word in self.common if self.language != ENGLISH else _is_common(word)

    def is_word(self, word: str) -> bool:
        """Whether it is in the dictionary, not as a name, possibly with a regular ending."""
        return word in self.dictionary if self.language != ENGLISH else _is_word(word)

    def is_denial(self, word: str) -> bool:
        """Whether it is "not" or the like: a negation that says nothing else."""
        return word in self.negations and (word in self.closed_words or "'" in word)

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
def lexicon(language: str = ENGLISH) -> Lexicon:
    """Give the word lists of a language; they are read on first use."""
    numbers = dict(line.split() for line in _lines("numbers", language))
    articles = frozenset(_words("article-likes", language))
    function_words = frozenset(_words("function-words", language))
    return Lexicon(
        closed_words=function_words | articles,
        function_words=function_words,
        article_likes=articles,
        numbers={folded(word): value for word, value in numbers.items()},
        counted=frozenset(_words("counted", language)),
        negations=frozenset(_words("negations", language)),
        title_words=frozenset(_words("title-words", language)),
        common=frozenset(_words("common-words", language)),
        dictionary=frozenset(_words("dictionary-words", language)),
        sides=_sides(language),
        weights={name: float(value) for name, value in map(str.split, _lines("weights"))},
        language=language,
        every_noun_has_a_capital=language == "de",
        elides=language == "fr",
        decimal_comma=language != ENGLISH,
    )


@lru_cache(maxsize=1 << 14)  # asked of the same words again and again
def _is_common(word: str) -> bool:
    common = lexicon().common
    return any(base in common for base in _bases(word))


@lru_cache(maxsize=1 << 14)
def _is_word(word: str) -> bool:
    dictionary = lexicon().dictionary
    return any(base in dictionary for base in _bases(word))


def language_of(*texts: str) -> str:
    """Tell the language of an item's texts by the small words at their beginnings.

    English, unless they have more small words that only another language has than English ones. A
    capital makes a word a name: Le Pen, Los Angeles.
    """
    beginnings = (text[:_LOOKED_AT].replace("’", "'").replace("'", "' ") for text in texts)
    seen = {word for text in beginnings for word in text.split()}
    found = {language: len(seen & words) for language, words in _small_words().items()}
    return max(found, key=lambda language: (found[language], language == ENGLISH))


@cache
def _small_words() -> Mapping[str, frozenset[str]]:
    """Give, for each language, the function words that no other one has."""
    english = lexicon().dictionary
    small = {ENGLISH: frozenset(_words("function-words")) | frozenset(_words("article-likes"))}
    for language in _OTHERS:
        words = {*_words("function-words", language, folded_too=False),
                 *_words("article-likes", language, folded_too=False)}  # fmt: skip
        # A letter alone says nothing, unless it is "à" or elided.
        words = {f"{word}'" if word.isascii() and len(word) == 1 else word for word in words}
        small[language] = frozenset(w for w in words if len(w) < 3 or w not in english)
    return {
        language: words.difference(*(some for other, some in small.items() if other != language))
        for language, words in small.items()
    }


def _lines(name: str, language: str = ENGLISH) -> Iterator[str]:
    """Yield the lines of a list; of one that a language does not have, none."""
    folder = "data" if language == ENGLISH else f"data/{language}"
    file = files("watcher.stories").joinpath(f"{folder}/{name}.txt")
    if language != ENGLISH and not file.is_file():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _words(name: str, language: str = ENGLISH, *, folded_too: bool = True) -> Iterator[str]:
    for line in _lines(name, language):
        yield from (folded(word) if folded_too else word for word in line.split())


def _sides(language: str) -> dict[str, frozenset[tuple[int, int]]]:
    """Give, for each word of the antonym list in each regular form, the sides that it stands on.

    Only English lists are of base forms.
    """
    sides: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(_lines("antonyms", language)):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for form in _forms(word) if language == ENGLISH else (folded(word),):
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
