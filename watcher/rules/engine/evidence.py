"""The occurrences that made a rule true."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import assert_never

from watcher.model import Occurrence
from watcher.rules.engine.candidates import Ranked
from watcher.rules.engine.how import named
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
from watcher.rules.engine.spelling import Meaning as Term
from watcher.rules.engine.spelling import Pattern
from watcher.rules.engine.truth import free_of, near_of
from watcher.rules.engine.view import Spot, View

# one place that makes a part true: value of the view, first character, after the last, what was
# sought there, how it was found
Proof = tuple[int, int, int, Sought, str]

_PLACE = itemgetter(0, 1, 2)


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
        return _in_order(proofs(meaning, view) or [], view)

    def of_terms(self, terms: Sequence[Ranked], view: View) -> tuple[Occurrence, ...]:
        """List the occurrences of terms that were found, in the order of the text.

        Several at one place are in the order of the rule.
        """
        if len(terms) == 1:
            return _told(sorted(_of_term(terms[0][1], view) or (), key=_PLACE), view)
        return _in_order(
            [proof for _, term in sorted(terms) for proof in _of_term(term, view) or ()], view
        )

    def of_spots(
        self, terms: Iterable[Sought], wanted: Collection[Spot], view: View
    ) -> tuple[Occurrence, ...]:
        """List the occurrences of terms at these spots, in the order of the text."""
        return _in_order(list(_of_spots(terms, wanted, view)), view)


def _in_order(found: list[Proof], view: View) -> tuple[Occurrence, ...]:
    return _told(sorted(_once(found), key=_PLACE) if len(found) > 1 else found, view)


def _told(found: list[Proof], view: View) -> tuple[Occurrence, ...]:
    occurrences: list[Occurrence] = []
    for number, start, end, sought, way in found:
        value = view.values[number]
        text = value.text[start:end]
        occurrences.append(
            Occurrence(value.field, value.number, start, end, text, sought.written, way)
        )
    return tuple(occurrences)


def _once(found: list[Proof]) -> list[Proof]:
    """Leave out what says the same twice."""
    different: dict[tuple[int, int, int, str, str], Proof] = {}
    for proof in found:
        value, start, end, sought, way = proof
        different.setdefault((value, start, end, sought.written, way), proof)
    return list(different.values())


def proofs(meaning: Meaning, view: View) -> list[Proof] | None:
    """Give what makes a meaning true of an item, in no order; None if it is false."""
    match meaning:
        case Sought():
            return _of_term(meaning, view)
        case Tested():
            return [] if meaning.test(view) else None
        case No():
            return [] if proofs(meaning.child, view) is None else None
        case All():
            return _of_all(meaning, view)
        case Some():
            return _of_some(meaning, view)
        case Enough():
            return _of_enough(meaning, view)
        case Close():
            near_left, near_right = near_of(meaning, view)
            left = _of_spots(meaning.left, near_left, view)
            return [*left, *_of_spots(meaning.right, near_right, view)] or None
        case Free():
            return list(_of_spots(meaning.kept, set(free_of(meaning, view)), view)) or None
        case _:
            assert_never(meaning)


def _of_all(every: All, view: View) -> list[Proof] | None:
    found: list[Proof] = []
    for child in every.children:
        proved = proofs(child, view)
        if proved is None:
            return None
        found += proved
    return found


def _of_some(some: Some, view: View) -> list[Proof] | None:
    proved = [proofs(child, view) for child in some.perhaps(view.fields)]
    true = [found for found in proved if found is not None]
    return list(chain.from_iterable(true)) if true else None


def _of_enough(enough: Enough, view: View) -> list[Proof] | None:
    found: list[Proof] = []
    reached = 0
    for member, weight in enough.members:
        proved = proofs(member, view)
        if proved is not None:
            reached += weight
            found += proved if weight > 0 else ()
    return found if reached >= enough.least else None


def _of_term(sought: Sought, view: View) -> list[Proof] | None:
    if sought.pattern is not None:
        return _of_pattern(sought, sought.pattern, view)
    term = sought.number
    if not view.fields.get(term, 0) & sought.scope:
        return None
    listed = f"list:{sought.listed}" if sought.listed else ""
    found: list[Proof] = []
    for sighting in view.sighted(term, sought.scope):
        number, way, start, end = view.place(term, sighting)
        found.append((number, start, end, sought, listed or named(way)))
    return found


def _of_pattern(sought: Sought, pattern: Pattern, view: View) -> list[Proof] | None:
    if not view.matches(sought.number, pattern, sought.scope):
        return None
    spans = view.pattern_spans(pattern, sought.scope)
    way = f"list:{sought.listed}" if sought.listed else "regex"
    return [(number, start, end, sought, way) for number, start, end in spans]


def _of_spots(terms: Iterable[Sought], wanted: Collection[Spot], view: View) -> Iterator[Proof]:
    for term in terms:
        for sighting in view.sighted(term.number, term.scope):
            if view.spot(sighting) in wanted:
                number, way, start, end = view.place(term.number, sighting)
                yield number, start, end, term, f"list:{term.listed}" if term.listed else named(way)
