"""The occurrences that made a rule true."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import assert_never

from watcher.model import Occurrence
from watcher.rules.engine.align import PLAIN, endings
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.meaning import (
    All,
    Close,
    Enough,
    Free,
    Meaning,
    No,
    Some,
    Sought,
    Tested,
)
from watcher.rules.engine.spelling import Characters, Words
from watcher.rules.engine.spelling import Meaning as Term
from watcher.rules.engine.truth import free_of, pairs_of, truth
from watcher.rules.engine.view import Spot, View

Proof = tuple[Sought, int, int, int]  # value of the view, first character, after the last


class Evidence:
    """Tells where the words stand that made rules true."""

    def __init__(self, terms: tuple[Term, ...], kinds: Kinds) -> None:
        self._terms = terms
        self.kinds = kinds

    def term(self, sought: Sought) -> Term:
        """Give what a sought term is to the engine."""
        return self._terms[sought.number]

    def of(self, meaning: Meaning, view: View) -> tuple[Occurrence, ...]:
        """List the occurrences of the parts that made it true, in the order of the text.

        Nothing for what is made true by absence, or by a comparison.
        """
        told = {self._told(proof, view): None for proof in proofs(meaning, view)}
        order = {(value.field, value.number): number for number, value in enumerate(view.values)}
        return tuple(
            sorted(told, key=lambda one: (order[one.field, one.value], one.start, one.end))
        )

    def _told(self, proof: Proof, view: View) -> Occurrence:
        sought, number, start, end = proof
        value = view.values[number]
        return Occurrence(
            field=value.field,
            value=value.number,
            start=start,
            end=end,
            text=value.text[start:end],
            term=sought.written,
            how=self.how(proof, view),
        )

    def how(self, proof: Proof, view: View) -> str:
        """Tell how a term was found; of an entry of a list, which list it was."""
        sought, number, start, end = proof
        if sought.listed:
            return f"list:{sought.listed}"
        term = self._terms[sought.number]
        if isinstance(term, Words):
            cut = view.values[number].tokens
            ways = endings(term, cut, bisect_left(cut.starts, start), self.kinds)
            return min(
                (how for stop, how in ways.items() if cut.ends[stop - 1] == end), default=PLAIN
            )[1]
        return "exact" if isinstance(term, Characters) else "regex"


def proofs(meaning: Meaning, view: View) -> Iterator[Proof]:
    """Give what makes a meaning true of an item; nothing if it is false."""
    match meaning:
        case Sought():
            yield from _of_term(meaning, view)
        case All():
            if truth(meaning)(view):
                yield from _of_each(meaning.children, view)
        case Some():
            yield from _of_each(meaning.children, view)
        case Enough():
            if truth(meaning)(view):
                helping = (member for member, weight in meaning.members if weight > 0)
                yield from _of_each(helping, view)
        case Close():
            pairs = list(pairs_of(meaning, view))
            yield from _of_spots(meaning.left, {left for left, _ in pairs}, view)
            yield from _of_spots(meaning.right, {right for _, right in pairs}, view)
        case Free():
            yield from _of_spots(meaning.kept, set(free_of(meaning, view)), view)
        case Tested() | No():
            return
        case _:
            assert_never(meaning)


def _of_each(meanings: Iterable[Meaning], view: View) -> Iterator[Proof]:
    for meaning in meanings:
        yield from proofs(meaning, view)


def _of_term(sought: Sought, view: View) -> Iterator[Proof]:
    if sought.pattern is not None:
        for number, start, end in view.pattern_spans(sought.pattern, sought.scope):
            yield sought, number, start, end
        return
    for spot in view.spots(sought.number, sought.scope):
        yield _proof(sought, spot)


def _of_spots(terms: Iterable[Sought], wanted: set[Spot], view: View) -> Iterator[Proof]:
    for term in terms:
        for spot in view.spots(term.number, term.scope):
            if spot in wanted:
                yield _proof(term, spot)


def _proof(sought: Sought, spot: Spot) -> Proof:
    return sought, spot.value, spot.span[2], spot.span[3]
