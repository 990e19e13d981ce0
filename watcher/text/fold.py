"""Folding: what two spellings of one word have in common."""

from functools import lru_cache
from unicodedata import normalize

_ACCENTS = dict.fromkeys(range(0x0300, 0x0370))
_PLAINER = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)


def folded(word: str) -> str:
    """Give the word without case and accents: `Café` and `CAFE` become `cafe`, `ß` becomes `ss`.

    Empty for a word that is nothing but accents. Only Latin-like accents (U+0300 to U+036F) go:
    the marks of other scripts make other letters.
    """
    if word.isascii():
        return word.lower()
    return _folded(word)


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    bare = normalize("NFD", word.casefold()).translate(_ACCENTS)
    return normalize("NFC", bare.translate(_PLAINER))
