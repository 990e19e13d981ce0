"""Plain text becomes tokens: section 3 of the watch language.

A *part* is a run of word characters; parts joined by single hyphens or apostrophes are a *chunk*
(`end-to-end`, `O'Brien`). Every part is a token, but for English endings (`Apple's` is `apple`,
`don't` is `dont`). In scripts without spaces every character is a token of its own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category

from watcher.text.fold import folded

BREAK_DISTANCE = 100  # positions that a break adds: farther than any NEAR reaches

_UNSPACED = (  # first and last character of each range, ascending
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x2FDF)),
    *((0x3005, 0x3007), (0x3021, 0x3029), (0x3041, 0x30FF), (0x3130, 0x318F), (0x31F0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
)
_FIRSTS = tuple(first for first, _ in _UNSPACED)
_DROPPED_ENDINGS = frozenset(("s", "d", "m", "ll", "re", "ve"))


def is_word_character(character: str) -> bool:
    """Tell whether words are made of this: letters, marks and numbers, but not U+02BC."""
    return category(character)[0] in "LMN" and character != "\u02bc"


def is_unspaced(character: str) -> bool:
    """Tell whether this belongs to a script that writes no spaces between words."""
    point = ord(character)
    at = bisect_right(_FIRSTS, point) - 1
    return at >= 0 and point <= _UNSPACED[at][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of one plain text, as columns of equal length."""

    words: tuple[str, ...]  # folded
    starts: tuple[int, ...]  # offsets in the plain text; a token covers [start, end)
    ends: tuple[int, ...]
    positions: tuple[int, ...]  # ascending; two tokens are adjacent when they differ by 1
    chunks: tuple[int, ...]  # tokens of one chunk share this number, no others do

    def __len__(self) -> int:
        return len(self.words)


# --- kinds of characters, one letter each ---------------------------------------------------------


class _Kinds(dict[int, str]):
    """What each character is: see `_kind`. Learns as it is asked, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        kind = self[point] = _kind(chr(point))
        return kind


def _kind(character: str) -> str:
    if character == "\n":
        return "n"
    if character in "'\u2019\u02bc":
        return "a"  # apostrophe
    if character in "-\u2010":
        return "h"  # hyphen
    if not is_word_character(character):
        return "."
    mark = category(character)[0] == "M"
    if is_unspaced(character):
        return "v" if mark else "u"
    return "m" if mark else "w"


_KINDS = _Kinds()
_PIECE = re.compile(r"(u)[mv]*|([wm]+(?:[ah][wm]+)*)|n")
_PART = re.compile(r"[wm]+")
_NO_APOSTROPHE = dict.fromkeys(map(ord, "'\u2019\u02bc"))  # `don't` is the one token with one


def tokens(text: str) -> Tokens:
    """Cut a plain text into folded tokens, with their places in it and their positions."""
    rows = list(_rows(text))
    words, starts, ends, positions, chunks = zip(*rows, strict=True) if rows else ((),) * 5
    return Tokens(words=words, starts=starts, ends=ends, positions=positions, chunks=chunks)


def _rows(text: str) -> Iterator[tuple[str, int, int, int, int]]:
    kinds = text.translate(_KINDS)
    position = 0
    for number, piece in enumerate(_PIECE.finditer(kinds)):
        if piece[0] == "n":
            position += BREAK_DISTANCE
            continue
        start, end = piece.span()
        for first, last in _parts_of_chunk(text, kinds, start, end) if piece[2] else [(start, end)]:
            word = folded(text[first:last].translate(_NO_APOSTROPHE))
            if word:
                yield word, first, last, position, number
                position += 1


def _parts_of_chunk(text: str, kinds: str, start: int, end: int) -> list[tuple[int, int]]:
    """Find the parts of a chunk, without a dropped English ending and with `n't` as one part."""
    parts = [part.span() for part in _PART.finditer(kinds, start, end)]
    if len(parts) < 2 or kinds[parts[-1][0] - 1] != "a":
        return parts
    ending = folded(text[slice(*parts[-1])])
    if ending in _DROPPED_ENDINGS:
        return parts[:-1]
    if ending == "t" and folded(text[slice(*parts[-2])]).endswith("n"):
        return [*parts[:-2], (parts[-2][0], parts[-1][1])]
    return parts
