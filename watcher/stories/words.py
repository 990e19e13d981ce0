"""A text as words, each with what it can prove; words that were read once are known again."""

import re
from enum import IntEnum
from functools import cache
from itertools import product
from typing import NamedTuple

from watcher.stories.lexicon import ENGLISH, Lexicon, lexicon
from watcher.text.fold import folded
from watcher.text.tokens import is_unspaced, is_word_character

KNOWN = 1 << 15  # words that are known at a time, of each kind of place


class Kind(IntEnum):
    """What a word can prove."""

    ARTICLE = 0  # nothing: spinners swap them
    FUNCTION = 1  # the skeleton that spinners leave standing
    NUMBER = 2  # a number, weekday or month
    NAME = 3  # capitals inside a sentence, an acronym, MixedCase
    CAPITAL = 4  # a capital where any word has one: perhaps a name
    CASELESS = 5  # a word of a script without capitals
    PLAIN = 6


class Word(NamedTuple):
    """One word of a text; a tuple, as thousands are made for each item."""

    key: str  # for comparison: folded; of numbers and days the value
    shown: str  # as written
    kind: Kind
    opens: bool = False  # a sentence begins with it


class _Kinds(dict[int, str]):
    """What each character is to a word; learns as it is asked, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        kind = "."
        if letter in "'’.-":
            kind = "j"
        elif letter in ",:":
            kind = "c"
        elif letter.isdecimal():
            kind = "d"
        elif is_word_character(letter):
            kind = "u" if is_unspaced(letter) else "w"
        self[point] = kind
        return kind


_KINDS = _Kinds()
# Scripts without spaces: each character alone. Times, decimals and U.S stay in one piece; 14-year
# does not, because spinners make 14-twelvemonth of it: the number stands, the word is a word.
_WORD = re.compile(r"u|d+(?:[jc]d+)*[wd]*|w[wd]*(?:j[wd]+)*")
_STARTS = frozenset('.!?:…\n“„"([—–|«»/•-‘')
_ENDS = frozenset(".!?\n")
_CAPITAL_PRONOUNS = frozenset({"us", "it", "who"})  # US, IT, WHO
_ELISION = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)


def words_of(text: str, headline_from: float = 0.9, known: Lexicon | None = None) -> list[Word]:
    """Cut a text into words and tell what each can prove, from its letters and its place.

    Where that share of words has a capital, it is a headline, and capitals prove nothing. The words
    are English, unless the word lists of another language are given.
    """
    known = known or lexicon()
    if known.elides:
        text = _ELISION.sub(r"\1 ", text)
    spans = [match.span() for match in _WORD.finditer(text.translate(_KINDS))]
    shown = [text[start:end] for start, end in spans]
    vocabulary = _vocabulary(known.language)
    inside, starting, opening = vocabulary.places[vocabulary.case(shown, headline_from)]
    end = 0
    words = []
    for word, (start, stop) in zip(shown, spans, strict=True):
        between = text[end:start]
        if not end:
            words.append(opening[word])
        elif between == " " or _STARTS.isdisjoint(between):
            words.append(inside[word])
        elif _ENDS.isdisjoint(between) or word.islower():
            words.append(starting[word])
        else:
            words.append(opening[word])
        end = stop
    return _respelt(words, known) if "1" in text and known.language == ENGLISH else words


def fold(word: str) -> str:
    """Fold case, accents and a possessive ending; the dots of an acronym go too."""
    word = folded(word).replace("’", "'").removesuffix("'s")
    if "." in word and not any(letter.isdigit() for letter in word):
        return word.replace(".", "")
    return word


# --- one word -------------------------------------------------------------------------------------

# Spinners write these either way. "one" is hardly ever a number: Day 1 is.
_SPELT = {"1": "one", "1st": "first", "1000000": "million", "1,000,000": "million"}
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|s)$")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")  # where the comma is the decimal point


class _Known(dict[str, Word]):
    """Words in one kind of place; learns as it is asked, and forgets them all when it is full.

    Few words make up most of every text: reading one anew costs far more.
    """

    def __init__(
        self, known: Lexicon, *, proves_nothing: bool, shouted: bool, opens: bool = False
    ) -> None:
        super().__init__()
        self._lexicon = known
        self._spelt = _SPELT if known.language == ENGLISH else {}
        self._place = proves_nothing, shouted, opens

    def __missing__(self, shown: str) -> Word:
        if len(self) >= KNOWN:
            self.clear()
        key = fold(shown)
        word = self[shown] = _word(shown, self._spelt.get(key, key), self._lexicon, *self._place)
        return word


def _word(
    shown: str, key: str, known: Lexicon, proves_nothing: bool, shouted: bool, opens: bool
) -> Word:
    kind = _kind(shown, key, proves_nothing, shouted, known)
    if kind is Kind.NUMBER:
        key = number_value(shown, key, known) or key
    return Word(shown if key == shown else key, shown, kind, opens)


def _respelt(words: list[Word], known: Lexicon) -> list[Word]:
    """Take 1 for a number behind a word that is counted: Day 1 is one, 1 man is a man."""
    for place, word in enumerate(words):
        counted = place > 0 and words[place - 1].key in known.counted
        if counted and (key := fold(word.shown)) in _SPELT:
            words[place] = _word(word.shown, key, known, False, False, word.opens)
    return words


def _kind(shown: str, key: str, proves_nothing: bool, shouted: bool, known: Lexicon) -> Kind:
    upper = shown.isupper() and len(key) > 1 and not shouted
    if key in known.article_likes:
        return Kind.ARTICLE
    if key in known.function_words and not (upper and key in _CAPITAL_PRONOUNS):
        capital_may_count = key == "may" and shown[0].isupper() and not proves_nothing
        return Kind.NUMBER if capital_may_count else Kind.FUNCTION
    if number_value(shown, key, known):
        return Kind.NUMBER
    if shown.islower():
        return Kind.PLAIN if _is_latin(shown[0]) else Kind.CASELESS
    if not shown[0].isupper() and not _has_capital(shown):
        return Kind.CASELESS
    if upper or (not shouted and _has_capital(shown.split("-")[0][1:])):
        return Kind.PLAIN if proves_nothing and known.is_common(key) else Kind.NAME
    proves_nothing = proves_nothing or shouted
    if (proves_nothing or known.every_noun_has_a_capital) and known.is_common(key):
        return Kind.PLAIN
    return Kind.CAPITAL if proves_nothing else Kind.NAME


def _is_latin(letter: str) -> bool:
    return letter < "\u0370" or "\u1e00" <= letter < "\u1f00"


def _has_capital(letters: str) -> bool:
    return not letters.islower() and any(letter.isupper() for letter in letters)


def number_value(shown: str, key: str, known: Lexicon) -> str:
    """Give what a number, weekday or month says, in one form; "" for any other word."""
    value = known.numbers.get(key, "")
    if value:
        return value.lower() if value.islower() or value.isdigit() or shown[0].isupper() else ""
    if not key.isalpha() and any(letter.isdigit() for letter in key):
        if known.decimal_comma:
            return key.replace(".", "") if _THOUSANDS.fullmatch(key) else key
        return _ORDINAL.sub(r"\1", key.replace(",", "")).rstrip("%")
    return ""


# --- all words of a language ----------------------------------------------------------------------

_MANY = 1 << 20  # more words than any text has: four counts are kept in one number
_OPEN, _CAPITAL, _LETTERS, _SHOUTED = 1, _MANY, _MANY**2, _MANY**3


class _Cases(dict[str, int]):
    """What each word adds to the counts of a text; learns and forgets like `_Known`."""

    def __init__(self, known: Lexicon) -> None:
        super().__init__()
        self._closed = known.closed_words

    def __missing__(self, shown: str) -> int:
        if len(self) >= KNOWN:
            self.clear()
        count = 0
        if shown[0].isalpha():
            count = _LETTERS + _SHOUTED * shown.isupper()
            if shown.lower() not in self._closed:
                count += _OPEN + _CAPITAL * shown[0].isupper()
        self[shown] = count
        return count


class _Vocabulary:
    """The words of a language that were read so far."""

    def __init__(self, known: Lexicon) -> None:
        self._cases = _Cases(known)
        self._has_headlines = not known.every_noun_has_a_capital
        # For (headline, shouted): words inside a sentence, where a capital may be due, where one
        # begins.
        self.places = {
            (headline, shouted): (
                _Known(known, proves_nothing=headline, shouted=shouted),
                _Known(known, proves_nothing=True, shouted=shouted),
                _Known(known, proves_nothing=True, shouted=shouted, opens=True),
            )
            for headline, shouted in product((False, True), repeat=2)
        }

    def case(self, shown: list[str], share: float) -> tuple[bool, bool]:
        """Tell whether capitals prove nothing, nearly all words having one; whether it is shouted.

        Function words do not count for the first, as most headlines have them in lower case.
        """
        counts = sum(map(self._cases.__getitem__, shown))
        open_, capitals, letters, shouted = (counts // _MANY**n % _MANY for n in range(4))
        return (
            self._has_headlines and open_ >= 3 and capitals >= share * open_,
            letters >= 3 and shouted > 0.6 * letters,
        )


@cache
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(lexicon(language))
