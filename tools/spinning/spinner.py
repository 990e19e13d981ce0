"""Words swapped one for one, in the form that they had, until so many of a hundred are others."""

import re
from dataclasses import dataclass, replace
from random import Random

from tools.spinning.dictionaries import Dictionary
from watcher.stories.lexicon import lexicon

_PIECE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\W_]+|\W+|_+")
_ARTICLES = {"the": "a", "its": "a", "our": "a", "their": "a", "this": "the", "that": "the"}
_HEADLINE = 0.75  # share of words with a capital from which capitals tell no names
_VOWELS = "aeiou"


@dataclass(frozen=True)
class Text:
    """What an item says."""

    title: str
    summary: str
    content: str = ""


@dataclass(frozen=True)
class Spinner:
    """Spins texts: about `degree` of all words become others where the dictionary has that many.

    `articles` of the articles and possessives become "a". A word is spun alike throughout a text,
    as spinners do. The same seed and text give the same copy.
    """

    dictionary: Dictionary
    degree: float
    articles: float = 0.0
    seed: int = 1

    def spin(self, text: Text) -> Text:
        """Spin title, summary and content."""
        rng = Random(f"{self.seed}|{text.title}|{text.summary}{text.content}")
        pieces = [_PIECE.findall(part) for part in (text.title, text.summary, text.content)]
        names = _names(pieces)
        chosen = self._choose(pieces, names, rng)
        title, summary, content = (self._spun(part, chosen, rng) for part in pieces)
        return replace(text, title=title, summary=summary, content=content)

    def _choose(self, pieces: list[list[str]], names: set[str], rng: Random) -> dict[str, str]:
        """Pick words, in any order, until enough of the text is covered; each with its partner."""
        words = [piece.lower() for part in pieces for piece in part if piece[0].isalpha()]
        wanted = self.degree * len(words)
        if self.articles:
            wanted -= self.articles * sum(word in _ARTICLES for word in words)
        order = sorted({*words} - names)
        rng.shuffle(order)
        chosen: dict[str, str] = {}
        for word in order:
            if wanted < 1:
                break
            partner = self._partner(word, rng)
            if partner:
                chosen[word] = partner
                wanted -= words.count(word)
        return chosen

    def _partner(self, word: str, rng: Random) -> str:
        if word in lexicon().closed_words or len(word) < 3:
            return ""
        for base, ending in _bases(word):
            others = self.dictionary.get(base)
            if others:
                head, _, rest = rng.choice(others).partition(" ")
                return f"{_with(head, ending)} {rest}".strip()
        return ""

    def _spun(self, part: list[str], chosen: dict[str, str], rng: Random) -> str:
        told = []
        for piece in part:
            word = piece.lower()
            other = chosen.get(word, "")
            if not other and word in _ARTICLES and rng.random() < self.articles:
                other = _ARTICLES[word]
            told.append(_cased(other, piece) if other else piece)
        return "".join(told)


def _names(pieces: list[list[str]]) -> set[str]:
    """Tell which words are names, as spinners do: a capital inside a sentence."""
    names: set[str] = set()
    common: set[str] = set()
    for part in pieces:
        words = [piece for piece in part if piece[0].isalpha()]
        capitals = sum(word[0].isupper() for word in words)
        headline = len(words) > 2 and capitals >= _HEADLINE * len(words)
        common |= {word for word in words if word.islower()}
        starts = True
        for piece in part:
            if not piece[0].isalpha():
                starts = starts or any(mark in piece for mark in '.!?:“"')
                continue
            capital = piece[0].isupper()
            known = lexicon().is_word(piece.lower())
            if capital and (not known if starts or headline else True):
                names.add(piece.lower())
            if any(letter.isupper() for letter in piece[1:]) and not piece.isupper():
                names.add(piece.lower())
            starts = False
    return names - common


def _bases(word: str) -> list[tuple[str, str]]:
    """Give what a word may be a form of, with the ending that makes the form."""
    found = [(word, "")]
    for ending, bases in (
        ("ies", (word[:-3] + "y",)),
        ("es", (word[:-2], word[:-1])),
        ("s", (word[:-1],)),
        ("ied", (word[:-3] + "y",)),
        ("ed", (word[:-2], word[:-1], word[:-3])),
        ("ing", (word[:-3], word[:-3] + "e", word[:-4])),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            short = {"ies": "s", "es": "s", "ied": "ed"}.get(ending, ending)
            found += [(base, short) for base in bases]
    return found


def _with(base: str, ending: str) -> str:
    """Put an ending to a base form, right for most words; spinners are wrong at times too."""
    if not ending:
        return base
    if ending == "s":
        return base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
    if base.endswith("e"):
        return base[:-1] + "ing" if ending == "ing" else base + "d"
    if ending == "ed" and base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return base + ending


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[0].isupper() else word
