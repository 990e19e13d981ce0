"""Which occurrences stand near each other, and which overlap.

The time is in proportion to the number of occurrences: hostile texts cannot make it quadratic.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from watcher.rules.engine.view import Spot, View


def near_pairs(
    view: View, left: Iterable[Spot], right: Iterable[Spot], distance: int, *, ordered: bool
) -> Iterator[tuple[Spot, Spot]]:
    """Give the pairs (left, right) of one value with at most `distance` positions between them.

    The two never overlap; when `ordered`, the left one stands first.
    """
    lefts, rights = _by_value(left), _by_value(right)
    for value, here in lefts.items():
        there = rights.get(value, [])
        yield from _following(view, here, there, distance)
        if not ordered:
            for later, earlier in _following(view, there, here, distance):
                yield earlier, later


def _by_value(spots: Iterable[Spot]) -> dict[int, list[Spot]]:
    """Sort spots into their values, by first token; without those that have no token."""
    sorted_in: defaultdict[int, list[Spot]] = defaultdict(list)
    for spot in set(spots):
        if spot.span[1] > spot.span[0]:
            sorted_in[spot.value].append(spot)
    for here in sorted_in.values():
        here.sort(key=lambda spot: spot.span)
    return sorted_in


def _following(
    view: View, firsts: list[Spot], seconds: list[Spot], distance: int
) -> Iterator[tuple[Spot, Spot]]:
    if not firsts or not seconds:
        return
    positions = view.values[firsts[0].value].tokens.positions
    starts = [positions[spot.span[0]] for spot in seconds]
    for first in firsts:
        end = positions[first.span[1] - 1]
        earliest, latest = bisect_right(starts, end), bisect_right(starts, end + 1 + distance)
        for second in seconds[earliest:latest]:
            yield first, second


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
