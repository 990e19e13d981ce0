"""How a copy differs from its original, word by word."""

from collections.abc import Iterator

from watcher.cli.printing import Run
from watcher.model import Item
from watcher.stories import difference

_AROUND = 6  # words that are the same, shown before and behind a change


def changes(original: Item, copy: Item, *, colour: bool) -> Iterator[tuple[Run, ...]]:
    """Yield the title and text of a copy with what was changed; what agrees is left out."""
    pairs = (
        (original.title, copy.title),
        (original.summary or original.content, copy.summary or copy.content),
    )
    for ours, theirs in pairs:
        pieces = difference(ours, theirs)
        if any(kind != "equal" for kind, _, _ in pieces):
            yield tuple(_runs(pieces, colour=colour))


def _runs(
    pieces: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...], *, colour: bool
) -> Iterator[Run]:
    for number, (kind, ours, theirs) in enumerate(pieces):
        if kind == "equal":
            yield _shortened(ours, first=number == 0, last=number == len(pieces) - 1) + " "
            continue
        if ours:
            gone = " ".join(ours)
            yield (gone, "red strike") if colour else f"[-{gone}-]"
            yield " "
        if theirs:
            come = " ".join(theirs)
            yield (come, "green") if colour else f"{{+{come}+}}"
            yield " "


def _shortened(words: tuple[str, ...], *, first: bool, last: bool) -> str:
    """Leave out the middle of a long run of equal words."""
    head = () if first else words[:_AROUND]
    tail = () if last else words[-_AROUND:]
    if len(words) <= len(head) + len(tail) + 2:
        return " ".join(words)
    return " ".join((*head, "…", *tail))
