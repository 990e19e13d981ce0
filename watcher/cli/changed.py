"""How a copy differs from its original, word by word."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from watcher.cli.printing import Run
from watcher.model import Item
from watcher.text.difference import Piece, difference

_AROUND = 6  # words that are the same, shown before and behind a change


def changes(original: Item, copy: Item, *, colour: bool) -> Iterator[tuple[Run, ...]]:
    """Yield the title and text of a copy with what was changed; what agrees is left out."""
    pairs = (
        (original.title, copy.title),
        (original.summary or original.content, copy.summary or copy.content),
    )
    for ours, theirs in pairs:
        pieces = difference(ours, theirs).pieces
        if not all(piece.same for piece in pieces):
            yield tuple(_runs(pieces, colour=colour))


def _runs(pieces: Sequence[Piece], *, colour: bool) -> Iterator[Run]:
    runs = [(same, list(run)) for same, run in groupby(pieces, key=lambda piece: piece.same)]
    for number, (same, run) in enumerate(runs):
        ours, theirs = (
            "".join(sides).split() for sides in zip(*((p.ours, p.theirs) for p in run), strict=True)
        )
        if same:
            yield _shortened(ours, first=number == 0, last=number == len(runs) - 1) + " "
            continue
        if ours:
            gone = " ".join(ours)
            yield (gone, "red strike") if colour else f"[-{gone}-]"
            yield " "
        if theirs:
            come = " ".join(theirs)
            yield (come, "green") if colour else f"{{+{come}+}}"
            yield " "


def _shortened(words: Sequence[str], *, first: bool, last: bool) -> str:
    """Leave out the middle of a long run of equal words."""
    head = () if first else words[:_AROUND]
    tail = () if last else words[-_AROUND:]
    if len(words) <= len(head) + len(tail) + 2:
        return " ".join(words)
    return " ".join((*head, "…", *tail))
