"""Sentences in another order: one text is put into the order of the other."""

from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from watcher.stories.words import Word

MOST = 12  # sentences of a text; in a longer one the order is left as it is
LIKE = 0.35  # share of words in common from which a sentence may be another one, spun
COVERED = 0.8  # share of the shorter text that has to have a partner

Sentence = tuple[Word, ...]


def rearranged(
    ours: Sequence[Word], theirs: Sequence[Word]
) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """Give two texts with those sentences that have a partner, in the order of the second one.

    None where they are in one order already, or too few have a partner: each sentence has one at
    the most, the likest pairs first.
    """
    one, other = _sentences(ours), _sentences(theirs)
    if not (2 <= len(one) <= MOST and 2 <= len(other) <= MOST):
        return None
    partners = _partners(one, other)
    order = [partners[number] for number in sorted(partners)]
    if len(partners) < 2 or order == sorted(order):
        return None
    matched = sum(len(one[number]) for number in order)
    if matched < COVERED * min(len(ours), len(theirs)):
        return None
    return (
        tuple(word for number in order for word in one[number]),
        tuple(word for number in sorted(partners) for word in other[number]),
    )


def _sentences(words: Sequence[Word]) -> list[Sentence]:
    starts = [number for number, word in enumerate(words) if word.opens and number]
    return [tuple(words[start:end]) for start, end in pairwise([0, *starts, len(words)])]


def _partners(one: Sequence[Sentence], other: Sequence[Sentence]) -> dict[int, int]:
    """Find for sentences of the second text the sentence of the first that they are."""
    ids: dict[str, int] = {}
    ours, theirs = (
        [[ids.setdefault(word.key, len(ids)) for word in sentence] for sentence in text]
        for text in (one, other)
    )
    likeness = sorted(
        (-Levenshtein.normalized_similarity(first, second), number, place)
        for number, first in enumerate(ours)
        for place, second in enumerate(theirs)
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for unlike, number, place in likeness:
        if -unlike < LIKE:
            break
        if number not in taken and place not in found:
            found[place] = number
            taken.add(number)
    return found
