"""The ways to say a term: rows of labels that its tokens may have.

A label is a word as a token has it, or the number of a kind of words. A path begins with its
*anchor*, the label that is likely to be the rarest in any text; then come the labels to the right
of it, and then those to the left, away from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from watcher.rules.engine import how
from watcher.rules.engine.kinds import GAP, Kind, Kinds
from watcher.rules.engine.rarity import commonness
from watcher.rules.engine.spelling import Stemmed, Words, joins, plurals
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard

Label = str | int
_MOST_PATHS = 32  # of one term; more are not listed
_MOST_LABELS_AROUND = 24  # pieces of a long term that may be anchored in its middle


class Step(NamedTuple):
    """One token of a way to say a term."""

    label: Label
    how: int
    divisible: bool  # several parts of one chunk may stand for this token


class Path(NamedTuple):
    """A way to say a term, or the beginning of all ways if `rest` tells that there is more."""

    anchor: Step
    right: tuple[Step, ...]
    left: tuple[Step, ...]  # the nearest first

    @property
    def how(self) -> int:
        """The loosest of its steps."""
        return max(step.how for step in (self.anchor, *self.right, *self.left))


def paths(words: Words, kinds: Kinds) -> list[Path] | None:
    """List the ways to say a term; None when there are too many."""
    if len(words.pieces) == 1:
        return [Path(step, (), ()) for step, _ in steps(words, kinds, 0)]
    ways = _ways(words, kinds)
    return None if ways is None else [_anchored(way) for way in ways]


def _ways(words: Words, kinds: Kinds) -> list[tuple[Step, ...]] | None:
    unfinished: list[tuple[int, tuple[Step, ...]]] = [(0, ())]
    found: list[tuple[Step, ...]] = []
    while unfinished:
        at, way = unfinished.pop()
        if at == len(words.pieces):
            found.append(way)
            continue
        unfinished += [(after, (*way, step)) for step, after in steps(words, kinds, at)]
        if len(found) + len(unfinished) > _MOST_PATHS:
            return None
    return found


def _anchored(way: Sequence[Step]) -> Path:
    at = 0 if len(way) == 1 else _rarest([(step.label,) for step in way])
    return Path(way[at], tuple(way[at + 1 :]), tuple(reversed(way[:at])))


def _rarest(several: Iterable[Iterable[Label]]) -> int:
    """Give which of several rows of labels is least often met in texts."""
    costs = [sum(map(_cost, labels)) for labels in several]
    return costs.index(min(costs))


def _cost(label: Label) -> float:
    if isinstance(label, str):
        return commonness(label)
    return 2.0 if label == GAP else 1.0


def long_anchors(words: Words, kinds: Kinds) -> Iterator[tuple[Step, int]]:
    """List labels of which one stands in every occurrence of a term, each with its first piece."""
    plain = [n for n, piece in enumerate(words.pieces) if joins(piece)]
    if len(words.pieces) > _MOST_LABELS_AROUND or not plain:
        rarest = 0
    else:
        rarest = plain[_rarest([_labels(words, kinds, n) for n in plain])]
    for first in range(rarest + 1):
        for step, after in steps(words, kinds, first):
            if after > rarest:
                yield step, first


def _labels(words: Words, kinds: Kinds, at: int) -> list[Label]:
    return [step.label for step, after in steps(words, kinds, at) if after == at + 1]


def steps(words: Words, kinds: Kinds, at: int) -> Iterator[tuple[Step, int]]:
    """List what one token may be for the pieces from `at` on, and the piece that comes next."""
    piece = words.pieces[at]
    if not isinstance(piece, Plain):
        yield _kind_step(piece, kinds), at + 1
        return
    divisible = joins(piece)
    joined = ""
    for end in range(at, len(words.pieces)):
        last = words.pieces[end]
        if not isinstance(last, Plain) or (end > at and not (divisible and joins(last))):
            return
        single = end == at
        joined += last.word
        yield Step(joined, how.PLAIN if single else how.JOINED, single and divisible), end + 1
        if end + 1 == len(words.pieces) and not last.unspaced:
            before = joined[: len(joined) - len(last.word)]
            for plural in plurals(last.word):
                way = how.PLURAL if single else how.JOINED
                yield Step(before + plural, way, single and divisible), end + 1


def _kind_step(piece: Kind, kinds: Kinds) -> Step:
    match piece:
        case Gap():
            return Step(GAP, how.WILDCARD, divisible=False)
        case Wildcard():
            return Step(kinds.number_of(piece), how.WILDCARD, divisible=False)
        case Fuzzy():
            return Step(kinds.number_of(piece), how.FUZZY, divisible=False)
        case Stemmed():
            return Step(kinds.number_of(piece), how.STEM, divisible=False)
