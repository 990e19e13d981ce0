"""Plain text becomes tokens: section 3 of the watch language.

A *part* is a run of word characters; parts joined by single hyphens or apostrophes are a *chunk*
(`end-to-end`, `O'Brien`). Every part is a token, but for English endings (`Apple's` is `apple`,
`don't` is `dont`). In scripts without spaces every character is a token of its own.

Two ways lead there. Most texts can be *flattened* (see `flat`), and then cutting them is a few
`split()`s; a text with combining marks is cut character by character. Both give the same.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, repeat
from operator import itemgetter
from unicodedata import category

from watcher.text.flat import PAD, flattened
from watcher.text.fold import folded
from watcher.text.scripts import is_unspaced, is_word_character

__all__ = ["BREAK_DISTANCE", "Tokens", "is_unspaced", "is_word_character", "tokens"]

BREAK_DISTANCE = 100  # positions that a break adds: farther than any NEAR reaches
_DROPPED_ENDINGS = frozenset(("s", "d", "m", "ll", "re", "ve"))
_APOSTROPHES = "'\u2019\u02bc"
# the places of fewer tokens than one in so many, and of no more than so many, are sought one by one
_FEW = 3
_MANY = 500


class Tokens:
    """The tokens of one plain text, as columns of equal length.

    The words, breaks and links are there from the beginning, the other columns are made when they
    are asked for: only few texts hold anything that a rule seeks.
    """

    __slots__ = ("_chunks", "_flat", "_positions", "_spans", "breaks", "links", "text", "words")

    def __init__(
        self,
        text: str,
        words: tuple[str, ...],
        breaks: dict[int, int],
        links: frozenset[int] | set[int],
        flat: str | None,
    ) -> None:
        self.text = text
        self.words = words  # folded
        self.breaks = breaks  # how many breaks stand before a token, if any; in their order
        self.links = links  # tokens that are of the same chunk as the token before
        self._flat = flat  # of the same length as the text, but for PAD; None: see `_spans`
        self._spans: tuple[tuple[int, ...], tuple[int, ...]] | None = None
        self._positions: tuple[int, ...] | None = None
        self._chunks: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.words)

    @property
    def starts(self) -> tuple[int, ...]:
        """Offsets in the plain text; a token covers [start, end)."""
        return self._both_ends()[0]

    @property
    def ends(self) -> tuple[int, ...]:
        """Offsets in the plain text, after the token's last character."""
        return self._both_ends()[1]

    @property
    def positions(self) -> tuple[int, ...]:
        """Ascending numbers; two tokens are adjacent when they differ by 1."""
        if self._positions is None:
            self._positions = tuple(self._numbered())
        return self._positions

    @property
    def chunks(self) -> tuple[int, ...]:
        """Numbers that the tokens of one chunk share, and no others do."""
        if self._chunks is None:
            found: list[int] = []
            for at in range(len(self.words)):
                found.append(found[-1] if at in self.links else at)
            self._chunks = tuple(found)
        return self._chunks

    def places(self, wanted: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Give start and end of some tokens; for a few of them without looking at all."""
        few = sorted(wanted)
        many = len(few) > _MANY or len(few) * _FEW > len(self.words)
        if many or self._spans is not None or self._flat is None:
            starts, ends = self._both_ends()
            return {at: (starts[at], ends[at]) for at in few}
        return self._sought(self._flat.replace("-", " "), few)

    # --- the columns ----------------------------------------------------------------------------

    def _numbered(self) -> Iterator[int]:
        first = shift = 0
        for at, breaks in self.breaks.items():
            yield from range(first + shift, at + shift)
            first = at
            shift += breaks * BREAK_DISTANCE
        yield from range(first + shift, len(self.words) + shift)

    def _both_ends(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if self._spans is None:
            spans = _spans_of(self.text) if self._flat is None else self._flat_spans(self._flat)
            self._spans = tuple([start for start, _ in spans]), tuple([end for _, end in spans])
        return self._spans

    def _flat_spans(self, flat: str) -> list[tuple[int, int]]:
        found = [word.span() for word in _WORD.finditer(flat)]
        if PAD in flat:
            starts = [start for start, _ in found]
            pads = accumulate(map(flat.count, repeat(PAD), (0, *starts), starts))
            found = [(start - n, end - n) for (start, end), n in zip(found, pads, strict=True)]
        for apostrophe in _BEFORE_T.finditer(self.text):
            end = apostrophe.end()  # of `dont`, which is `don't` in the text
            at = bisect_left(found, end, key=itemgetter(1))
            if at < len(found) and found[at][1] == end:
                found[at] = found[at][0], end + 1
        return found

    def _sought(self, flat: str, few: list[int]) -> dict[int, tuple[int, int]]:
        """Find tokens in a flat text without hyphens by cutting off what is before each."""
        rest, before = flat, 0
        padded = PAD in flat
        places: dict[int, tuple[int, int]] = {}
        for at in few:
            rest = rest.split(None, at - before)[-1]
            before = at
            start = len(flat) - len(rest)
            if padded:
                start -= flat.count(PAD, 0, start)
            end = start + len(self.words[at])
            places[at] = start, end + 1 if self.text[end - 1] in _APOSTROPHES else end
        return places


def tokens(text: str) -> Tokens:
    """Cut a plain text into folded tokens, with their places in it and their positions."""
    flat = flattened(text)
    if flat is None:
        return _exactly(text)
    if "'" in flat:
        flat = _without_endings(flat).replace("'", "-")
    aligned = flat if len(flat) - flat.count(PAD) == len(text) else None
    if "\n" not in flat and "-" not in flat:
        return Tokens(text, tuple(flat.split()), {}, frozenset(), aligned)
    words: list[str] = []
    breaks: dict[int, int] = {}
    links: set[int] = set()
    for number, line in enumerate(flat.split("\n")):
        if number:
            breaks[len(words)] = breaks.get(len(words), 0) + 1
        if "-" in line:
            _cut_line(line, words, links)
        else:
            words += line.split()
    return Tokens(text, tuple(words), breaks, links, aligned)


# --- flat texts -----------------------------------------------------------------------------------

_BEFORE_T = re.compile(f"[{_APOSTROPHES}](?=.)")
_WORD = re.compile(rf"[^ \n{PAD}-]+")
_LAST = rf"(?!['-]?[^ \n'{PAD}-])"  # no part of this chunk follows
# what takes an ending's place is as long as the ending: places in the text stay what they are
_ENDINGS = (
    (re.compile(rf"'(?<=n')t{_LAST}"), "t "),
    (re.compile(rf"'(?<=[^ \n'{PAD}-]')[sdm]{_LAST}"), "  "),
    (re.compile(rf"'(?<=[^ \n'{PAD}-]')(?:ll|re|ve){_LAST}"), "   "),
)


def _without_endings(flat: str) -> str:
    for ending, instead in _ENDINGS:
        flat = ending.sub(instead, flat)
    return flat


def _cut_line(line: str, words: list[str], links: set[int]) -> None:
    """Add the words of a flat line, and which of them belong to the chunk of the word before."""
    before = " "
    for piece in line.split("-"):
        if piece and not (piece[0].isspace() or before[-1].isspace()):
            links.add(len(words))
        words += piece.split()
        before = piece or " "


# --- any text, character by character -------------------------------------------------------------


class _Kinds(dict[int, str]):
    """What each character is: see `_kind`. Learns as it is asked, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        kind = self[point] = _kind(chr(point))
        return kind


def _kind(character: str) -> str:
    if character == "\n":
        return "n"
    if character in _APOSTROPHES:
        return "a"
    if character in "-\u2010":
        return "h"  # hyphen
    if not is_word_character(character):
        return "."
    mark = category(character)[0] == "M"
    if is_unspaced(character):
        return "v" if mark else "u"
    return "m" if mark else "w"


_KINDS = _Kinds()
_PIECE = re.compile(r"n|u[mv]*|[wm]+(?:([ah])[wm]+)*")
_PART = re.compile(r"[wm]+")
_NO_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES))  # `don't` is the one token with one


def _exactly(text: str) -> Tokens:
    words: list[str] = []
    breaks: dict[int, int] = {}
    links: set[int] = set()
    linked = -1
    for chunk, word, start, end in _parts(text):
        if start == end:
            breaks[len(words)] = breaks.get(len(words), 0) + 1
        elif word:
            if chunk == linked:
                links.add(len(words))
            words.append(word)
            linked = chunk
    return Tokens(text, tuple(words), breaks, links, None)


def _spans_of(text: str) -> list[tuple[int, int]]:
    return [(start, end) for _, word, start, end in _parts(text) if word]


def _parts(text: str) -> Iterator[tuple[int, str, int, int]]:
    """Go through the parts: number of the chunk, word, start, end. A break has nothing in it."""
    kinds = text.translate(_KINDS)
    for chunk, piece in enumerate(_PIECE.finditer(kinds)):
        start, end = piece.span()
        if piece.lastindex:  # there is a connector
            for first, last in _parts_of_chunk(text, kinds, start, end):
                yield chunk, folded(text[first:last].translate(_NO_APOSTROPHE)), first, last
        elif kinds[start] == "n":
            yield chunk, "", start, start
        else:
            yield chunk, folded(text[start:end]), start, end


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
