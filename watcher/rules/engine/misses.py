"""How near a term came to being found. For people: the answers are phrases."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from watcher.rules.engine.align import endings
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.spelling import Stemmed, Words
from watcher.rules.engine.view import Spot, Value, View
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard


def scattered(words: Words, view: View, scope: int, kinds: Kinds) -> str:
    """Tell how far apart the words of a term are in the scope's best text, or which are there.

    Empty when none of them is there, or the term is one word.
    """
    if len(words.pieces) == 1:
        return ""
    singles = [Words((piece,)) for piece in words.pieces if not isinstance(piece, Gap)]
    best: int | None = None
    present: set[int] = set()
    for value in view.values:
        if value.bit & scope:
            places = [sorted(_places(single, value, kinds)) for single in singles]
            present |= {number for number, found in enumerate(places) if found}
            extra = _least_extra(places, value)
            if extra is not None and (best is None or extra < best):
                best = extra
    if best is not None:
        return f"its words are found in this order, with {best} other words between"
    if len(present) == len(singles):
        return "its words are found, but not in this order in one text"
    missing = [_said(single) for n, single in enumerate(singles) if n not in present]
    return f"only part of it is found; missing: {', '.join(missing)}" if present else ""


def _said(single: Words) -> str:
    piece = single.pieces[0]
    match piece:
        case Plain():
            return piece.word
        case Wildcard():
            return piece.pattern
        case Fuzzy():
            return f"{piece.word}~{piece.distance}"
        case Stemmed():
            return f"a form of {piece.stem}"
        case Gap():
            return "*"


def _places(single: Words, value: Value, kinds: Kinds) -> Iterator[int]:
    return (at for at in range(len(value.tokens)) if endings(single, value.tokens, at, kinds))


def _least_extra(places: list[list[int]], value: Value) -> int | None:
    """Count the other words between one place of each, in order, for the way that has least."""
    positions = value.tokens.positions
    best: int | None = None
    for start in places[0]:
        at = start
        for following in places[1:]:
            after = bisect_right(following, at)
            if after == len(following):
                return best  # no later start finds one either
            at = following[after]
        extra = positions[at] - positions[start] - (len(places) - 1)
        if best is None or extra < best:
            best = extra
    return best


def in_another_case(sought: str, view: View, scope: int) -> str:
    """Tell whether characters are there when case is ignored."""
    for value in view.values:
        if value.bit & scope:
            at = value.text.lower().find(sought.lower())
            if at >= 0:
                return f'{value.field} has "{value.text[at : at + len(sought)]}"'
    return ""


def apart(view: View, left: Iterable[Spot], right: Iterable[Spot], *, ordered: bool) -> int | None:
    """Count the words between the two nearest spots of one value; None if none are of one block."""
    lefts, rights = list(left), list(right)
    ways = [_forward(view, lefts, rights)]
    if not ordered:
        ways.append(_forward(view, rights, lefts))
    return min((way for way in ways if way is not None), default=None)


def _forward(view: View, firsts: list[Spot], seconds: list[Spot]) -> int | None:
    starts: dict[int, list[int]] = {}
    for spot in seconds:
        if spot.span[1] > spot.span[0]:
            starts.setdefault(spot.value, []).append(spot.span[0])
    for places in starts.values():
        places.sort()
    best: int | None = None
    for spot in firsts:
        found = starts.get(spot.value, [])
        after = bisect_left(found, spot.span[1])
        if after < len(found) and spot.span[1] > spot.span[0]:
            between = _between(view.values[spot.value], spot.span[1], found[after])
            if between is not None and (best is None or between < best):
                best = between
    return best


def _between(value: Value, stop: int, start: int) -> int | None:
    """Count the words between two tokens; None if a break is between."""
    distance = value.tokens.positions[start] - value.tokens.positions[stop - 1] - 1
    return distance if distance == start - stop else None
