"""What terms are to the engine, and which words each element of a term accepts."""

from dataclasses import dataclass
from functools import lru_cache

from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard

_VOWELS = "aeiou"
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Stemmed:
    """Any word with this stem in this language."""

    language: str
    stem: str


Piece = Plain | Wildcard | Fuzzy | Gap | Stemmed


@dataclass(frozen=True, slots=True)
class Words:
    """A term of words in a row."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Characters:
    """An exact term."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """An RE2 pattern."""

    pattern: str


Meaning = Words | Characters | Pattern


@lru_cache(maxsize=1 << 14)
def plurals(word: str) -> tuple[str, ...]:
    """List the English plurals of a folded word: rule 4.3, which works one way only."""
    if len(word) < _LEAST_LETTERS or not (word.isascii() and word.isalpha()):
        return ()
    found = [word + "s"]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        found.append(word + "es")
    if word[-1] == "y" and word[-2] not in _VOWELS:
        found.append(word[:-1] + "ies")
    return tuple(found)


def spellings(words: Words, at: int) -> tuple[str, ...]:
    """List what the plain piece `at` equals: itself, and its plurals if it is the last one."""
    piece = words.pieces[at]
    assert isinstance(piece, Plain)
    if piece.unspaced or at + 1 < len(words.pieces):
        return (piece.word,)
    return (piece.word, *plurals(piece.word))


def joins(piece: Piece) -> bool:
    """Tell whether a piece may grow together with its neighbours, and be divided itself."""
    return isinstance(piece, Plain) and not piece.unspaced
