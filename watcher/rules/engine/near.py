"""Which occurrences stand near each other, and which overlap.

The time is in proportion to the number of occurrences: hostile texts cannot make it quadratic.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from watcher.rules.engine.view import Spot, View

_ByValue = dict[int, list[Spot]]  # by number of the value; sorted, and with tokens


def are_near(
    view: View, left: Iterable[Spot], right: Iterable[Spot], distance: int, *, ordered: bool
) -> bool:
    """Tell whether one of each stand in one value with at most `distance` positions between.

    They do not overlap; when `ordered`, the left one stands first.
    """
    return any(_pairings(view, _by_value(left), _by_value(right), distance, ordered=ordered))


def near_spots(
    view: View, left: Iterable[Spot], right: Iterable[Spot], distance: int, *, ordered: bool
) -> tuple[set[Spot], set[Spot]]:
    """Give the left spots that stand near a right one, and the right ones near a left one."""
    lefts, rights = _by_value(left), _by_value(right)
    near_left, near_right = _near(view, lefts, rights, distance)
    if not ordered:
        later, earlier = _near(view, rights, lefts, distance)
        near_left |= earlier
        near_right |= later
    return near_left, near_right


def _by_value(spots: Iterable[Spot]) -> _ByValue:
    """Sort spots into their values, by first token; without those that have no token."""
    sorted_in: defaultdict[int, list[Spot]] = defaultdict(list)
    for spot in set(spots):
        if spot.span[1] > spot.span[0]:
            sorted_in[spot.value].append(spot)
    for here in sorted_in.values():
        here.sort(key=lambda spot: spot.span)
    return sorted_in


def _pairings(
    view: View, lefts: _ByValue, rights: _ByValue, distance: int, *, ordered: bool
) -> Iterator[bool]:
    yield from (True for _ in _followed(view, lefts, rights, distance))
    if not ordered:
        yield from (True for _ in _followed(view, rights, lefts, distance))


def _near(
    view: View, firsts: _ByValue, seconds: _ByValue, distance: int
) -> tuple[set[Spot], set[Spot]]:
    """Give the first spots that a second one follows, and the second ones that follow one."""
    followed: set[Spot] = set()
    changes: dict[int, list[int]] = {n: [0] * (len(there) + 1) for n, there in seconds.items()}
    for first, earliest, latest in _followed(view, firsts, seconds, distance):
        followed.add(first)
        changes[first.value][earliest] += 1
        changes[first.value][latest] -= 1
    following = {
        spot
        for number, there in seconds.items()
        for spot, near in zip(there, accumulate(changes[number]), strict=False)
        if near
    }
    return followed, following


def _followed(
    view: View, firsts: _ByValue, seconds: _ByValue, distance: int
) -> Iterator[tuple[Spot, int, int]]:
    """Give each first spot that second ones follow, and the range of these in their list."""
    for number, here in firsts.items():
        positions = view.values[number].tokens.positions
        starts = [positions[spot.span[0]] for spot in seconds.get(number, ())]
        for first in here if starts else ():
            end = positions[first.span[1] - 1]
            earliest, latest = bisect_right(starts, end), bisect_right(starts, end + 1 + distance)
            if earliest < latest:
                yield first, earliest, latest


def free_spots(kept: Iterable[Spot], unwanted: Iterable[Spot]) -> Iterator[Spot]:
    """Give the spots that share no token with an unwanted one."""
    barred = {value: _reach(spots) for value, spots in _by_value(unwanted).items()}
    for spot in kept:
        first, stop = spot.span
        starts, stops = barred.get(spot.value, ((), ()))
        before = bisect_left(starts, stop)  # how many of them begin before this one ends
        if before == 0 or stops[before - 1] <= first or stop == first:
            yield spot


def _reach(spots: list[Spot]) -> tuple[list[int], list[int]]:
    """Give the first tokens in order, and how far any spot up to there reaches."""
    stops: list[int] = []
    for spot in spots:
        stops.append(max(spot.span[1], stops[-1] if stops else 0))
    return [spot.span[0] for spot in spots], stops
