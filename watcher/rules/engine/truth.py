"""A meaning becomes a function that tells whether it is true of an item."""

from collections.abc import Callable, Iterable
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
from watcher.rules.engine.near import are_near, free_spots, near_spots
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
            return _all(meaning.children)
        case Some():
            return _some(meaning.children)
        case No():
            child = truth(meaning.child)
            return lambda view: not child(view)
        case Enough():
            return _enough(meaning)
        case Close():
            return lambda view: _are_near(meaning, view)
        case Free():
            return lambda view: next(iter(free_of(meaning, view)), None) is not None
        case _:
            assert_never(meaning)


def _sought(sought: Sought) -> Truth:
    number, scope, pattern = sought.number, sought.scope, sought.pattern
    if pattern is None:
        return lambda view: bool(view.fields.get(number, 0) & scope)
    return lambda view: view.matches(number, pattern, scope)


def _all(meanings: Iterable[Meaning]) -> Truth:
    children = tuple(map(truth, meanings))
    if len(children) == 2:
        one, other = children
        return lambda view: one(view) and other(view)
    return lambda view: all(child(view) for child in children)


def _some(meanings: Iterable[Meaning]) -> Truth:
    scopes: dict[int, int] = {}
    others: list[Truth] = []
    for child in meanings:
        if isinstance(child, Sought) and child.pattern is None:
            scopes[child.number] = scopes.get(child.number, 0) | child.scope
        else:
            others.append(truth(child))
    if not others:
        return lambda view: _any_found(view, scopes)
    return lambda view: _any_found(view, scopes) or any(child(view) for child in others)


def _any_found(view: View, scopes: dict[int, int]) -> bool:
    fields = view.fields
    return any(fields[term] & scopes[term] for term in fields.keys() & scopes.keys())


def _enough(enough: Enough) -> Truth:
    members = [(truth(member), weight) for member, weight in enough.members]
    least = enough.least
    return lambda view: sum(weight for member, weight in members if member(view)) >= least


def spots_of(terms: Iterable[Sought], view: View) -> list[Spot]:
    """List where any of these terms occurs."""
    return [spot for term in terms for spot in view.spots(term.number, term.scope)]


def _are_near(close: Close, view: View) -> bool:
    left = spots_of(close.left, view)
    right = spots_of(close.right, view) if left else []
    return bool(right) and are_near(view, left, right, close.distance, ordered=close.ordered)


def near_of(close: Close, view: View) -> tuple[set[Spot], set[Spot]]:
    """Give the occurrences of either side that stand near enough to one of the other."""
    left, right = spots_of(close.left, view), spots_of(close.right, view)
    return near_spots(view, left, right, close.distance, ordered=close.ordered)


def free_of(free: Free, view: View) -> Iterable[Spot]:
    """Give the occurrences that nothing unwanted overlaps."""
    kept = spots_of(free.kept, view)
    return free_spots(kept, spots_of(free.unwanted, view)) if kept else ()
