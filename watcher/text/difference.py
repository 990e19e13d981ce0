"""Where two texts differ, word by word, so that a person sees what was made of what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from watcher.text.tokens import Tokens, tokens

LONGEST = (
    20_000  # characters of a text that are compared: 0.15 s at the worst (no spaces, all other)
)
_STRAY = 2  # words that agree by accident, between two changes of at least so many:
_LARGE = 6
_SWAPPED = 6  # words on each side; what is longer was written anew, and nothing stands for a word
_AROUND = ".,;:!?…\"'“”„‘’()[]"  # of a word that is shown by itself
_SENTENCE_ENDS = re.compile(r"\n|[.!?…][^\w\s]*\s|[。！？]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of both texts, as written: the same words, or words that stand in one place."""

    ours: str
    theirs: str
    same: bool
    ends: bool = False  # a sentence ends with it, in both texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two texts as pieces in order; all of them together are the texts, as far as compared.

    Case, accents and punctuation make no difference; each text has its own in the pieces.
    """

    pieces: tuple[Piece, ...]
    words: tuple[int, int]  # that were compared
    shared: int  # words that both have, in order
    left_off: tuple[int, int]  # characters at the end of each text that were not compared

    @property
    def likeness(self) -> float:
        """Give the share of the longer text that is in the other one; 1 where both are empty."""
        return self.shared / max(self.words) if max(self.words) else 1.0

    @property
    def rows(self) -> tuple[tuple[Piece, ...], ...]:
        """Give the pieces in rows: a row ends where a sentence ends in both texts."""
        ends = [place for place, piece in enumerate(self.pieces, 1) if piece.ends]
        cuts = sorted({0, *ends, len(self.pieces)})
        return tuple(self.pieces[start:end] for start, end in pairwise(cuts))

    @property
    def swaps(self) -> tuple[tuple[str, str], ...]:
        """List each thing that stands for another one, in order: word for word where they can."""
        return tuple(dict.fromkeys(swap for piece in self.pieces for swap in _swaps(piece)))


def difference(ours: str, theirs: str) -> Difference:
    """Compare two texts word by word; of long ones the beginnings, which is said."""
    one, other = (tokens(text[: _end(text)]) for text in (ours, theirs))
    blocks = _joined(list(_without_strays(_joined(_blocks(one, other)))))
    return Difference(
        pieces=tuple(piece for piece in _pieces(one, other, blocks) if piece.ours or piece.theirs),
        words=(len(one), len(other)),
        shared=sum(block.ours for block in blocks if block.same),
        left_off=(len(ours) - len(one.text), len(theirs) - len(other.text)),
    )


def _end(text: str) -> int:
    """Tell up to where a text is compared: not into the middle of a word, if it has spaces."""
    if len(text) <= LONGEST:
        return len(text)
    space = max(text.rfind(" ", 0, LONGEST), text.rfind("\n", 0, LONGEST))
    return space + 1 if space > LONGEST // 2 else LONGEST


@dataclass(frozen=True, slots=True)
class _Block:
    same: bool
    a: int
    b: int
    ours: int
    theirs: int

    @property
    def is_large(self) -> bool:
        return not self.same and max(self.ours, self.theirs) >= _LARGE


def _blocks(one: Tokens, other: Tokens) -> list[_Block]:
    numbers: dict[str, int] = {}
    codes = Levenshtein.opcodes(
        *([numbers.setdefault(word, len(numbers)) for word in text.words] for text in (one, other))
    )
    return [
        _Block(
            code.tag == "equal",
            code.src_start,
            code.dest_start,
            code.src_end - code.src_start,
            code.dest_end - code.dest_start,
        )
        for code in codes
    ]


def _joined(blocks: Sequence[_Block]) -> list[_Block]:
    """Make one block of neighbours of a kind."""
    joined: list[_Block] = []
    for block in blocks:
        if joined and joined[-1].same == block.same:
            last = joined.pop()
            ours, theirs = last.ours + block.ours, last.theirs + block.theirs
            block = _Block(last.same, last.a, last.b, ours, theirs)  # noqa: PLW2901
        joined.append(block)
    return joined


def _without_strays(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Take a word or two that agree between large changes for changed as well: "of" is no trace."""
    for place, block in enumerate(blocks):
        around = blocks[max(0, place - 1) : place + 2 : 2]
        stray = block.same and block.ours <= _STRAY and len(around) == 2
        if stray and all(change.is_large for change in around):
            yield _Block(False, block.a, block.b, block.ours, block.theirs)
        else:
            yield block


def _pieces(one: Tokens, other: Tokens, blocks: Sequence[_Block]) -> Iterator[Piece]:
    """Yield the texts in pieces; what stands between words is of the words that are the same."""
    texts = _Words(one), _Words(other)
    yield Piece(ours=texts[0].before, theirs=texts[1].before, same=True)
    for block in blocks:
        if block.same:
            yield from _same(*texts, block)
        else:
            ours, behind = texts[0].change(block.a, block.ours)
            theirs, behind_theirs = texts[1].change(block.b, block.theirs)
            ends = _is_end(behind, behind_theirs)
            yield Piece(ours=ours, theirs=theirs, same=False)
            yield Piece(ours=behind, theirs=behind_theirs, same=True, ends=ends)


def _same(one: "_Words", other: "_Words", block: _Block) -> Iterator[Piece]:
    """Yield what is the same, a sentence at a time."""
    start = 0
    for place in range(block.ours):
        ends = _is_end(one.gap(block.a + place), other.gap(block.b + place))
        if ends or place == block.ours - 1:
            ours = one.stretch(block.a + start, block.a + place + 1)
            theirs = other.stretch(block.b + start, block.b + place + 1)
            yield Piece(ours=ours, theirs=theirs, same=True, ends=ends)
            start = place + 1


def _is_end(*gaps: str) -> bool:
    return all(_SENTENCE_ENDS.search(gap) for gap in gaps)


class _Words:
    """A text by the places of its words."""

    def __init__(self, text: Tokens) -> None:
        self._text = text.text
        self._starts = (*text.starts, len(text.text))
        self._ends = text.ends
        self.before = self._text[: self._starts[0]]

    def stretch(self, first: int, stop: int) -> str:
        """Give words with what is behind each."""
        return self._text[self._starts[first] : self._starts[stop]]

    def gap(self, word: int) -> str:
        """Give what is behind a word."""
        return self._text[self._ends[word] : self._starts[word + 1]]

    def change(self, first: int, count: int) -> tuple[str, str]:
        """Give some words, and what is behind the last of them."""
        if not count:
            return "", ""
        last = first + count - 1
        return self._text[self._starts[first] : self._ends[last]], self.gap(last)


def _swaps(piece: Piece) -> Iterator[tuple[str, str]]:
    if piece.same:
        return
    ours, theirs = (
        [word.strip(_AROUND) for word in side.split()] for side in (piece.ours, piece.theirs)
    )
    if not (0 < len(ours) <= _SWAPPED and 0 < len(theirs) <= _SWAPPED):
        return
    if len(ours) == len(theirs):
        yield from zip(ours, theirs, strict=True)
    else:
        yield " ".join(ours), " ".join(theirs)
