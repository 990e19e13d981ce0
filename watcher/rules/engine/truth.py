"""A meaning becomes a function of an item, and the terms that can make it true."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import assert_never

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
from watcher.rules.engine.near import free_spots, near_pairs
from watcher.rules.engine.view import Spot, View

Truth = Callable[[View], bool]


def truth(meaning: Meaning) -> Truth:
    """Compile a meaning to a function that tells whether it is true of an item."""
    match meaning:
        case Sought():
            return _sought(meaning)
        case Tested():
            return meaning.test
        case All():
            return _all([truth(child) for child in meaning.children])
        case Some():
            return _some([truth(child) for child in meaning.children])
        case No():
            child = truth(meaning.child)
            return lambda view: not child(view)
        case Enough():
            return _enough(meaning)
        case Close():
            return lambda view: next(iter(pairs_of(meaning, view)), None) is not None
        case Free():
            return lambda view: next(iter(free_of(meaning, view)), None) is not None
        case _:
            assert_never(meaning)


def _sought(sought: Sought) -> Truth:
    number, scope, pattern = sought.number, sought.scope, sought.pattern
    if pattern is None:
        return lambda view: bool(view.fields.get(number, 0) & scope)
    return lambda view: view.matches(number, pattern, scope)


def _all(children: list[Truth]) -> Truth:
    return lambda view: all(child(view) for child in children)


def _some(children: list[Truth]) -> Truth:
    return lambda view: any(child(view) for child in children)


def _enough(enough: Enough) -> Truth:
    members = [(truth(member), weight) for member, weight in enough.members]
    least = enough.least
    return lambda view: sum(weight for member, weight in members if member(view)) >= least


def spots_of(terms: Iterable[Sought], view: View) -> list[Spot]:
    """List where any of these terms occurs."""
    return [spot for term in terms for spot in view.spots(term.number, term.scope)]


def pairs_of(close: Close, view: View) -> Iterable[tuple[Spot, Spot]]:
    """Give the pairs of occurrences that stand near enough to each other."""
    left, right = spots_of(close.left, view), spots_of(close.right, view)
    return near_pairs(view, left, right, close.distance, ordered=close.ordered)


def free_of(free: Free, view: View) -> Iterable[Spot]:
    """Give the occurrences that nothing unwanted overlaps."""
    return free_spots(spots_of(free.kept, view), spots_of(free.unwanted, view))


def triggers(meaning: Meaning) -> frozenset[int] | None:
    """Give terms of which at least one is found in every item that this is true of.

    None when there is no such set: then the rule has to be tried on every item.
    """
    match meaning:
        case Sought():
            return frozenset((meaning.number,)) if meaning.pattern is None else None
        case All():
            return _smallest(map(triggers, meaning.children))
        case Some():
            return _union(map(triggers, meaning.children))
        case Enough():
            return _union(triggers(member) for member, weight in meaning.members if weight > 0)
        case Close():
            sides = (meaning.left, meaning.right)
            return _smallest(frozenset(term.number for term in side) for side in sides)
        case Free():
            return frozenset(term.number for term in meaning.kept)
        case Tested() | No():
            return None
        case _:
            assert_never(meaning)


def _smallest(sets: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    return min((found for found in sets if found is not None), key=len, default=None)


def _union(sets: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    found: list[frozenset[int]] = []
    for one in sets:
        if one is None:
            return None
        found.append(one)
    return found[0] if len(found) == 1 else frozenset(chain.from_iterable(found))
