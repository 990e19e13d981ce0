"""What characters are to words: section 3 of the watch language."""

from bisect import bisect_right
from unicodedata import category

_UNSPACED = (  # first and last character of each range, ascending
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x2FDF)),
    *((0x3005, 0x3007), (0x3021, 0x3029), (0x3041, 0x30FF), (0x3130, 0x318F), (0x31F0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
)
_FIRSTS = tuple(first for first, _ in _UNSPACED)


def is_word_character(character: str) -> bool:
    """Tell whether words are made of this: letters, marks and numbers, but not U+02BC."""
    return category(character)[0] in "LMN" and character != "\u02bc"


def is_unspaced(character: str) -> bool:
    """Tell whether this belongs to a script that writes no spaces between words."""
    point = ord(character)
    at = bisect_right(_FIRSTS, point) - 1
    return at >= 0 and point <= _UNSPACED[at][1]
