"""How near a term came to being found. For people: the answers are phrases."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import OSA

from watcher.rules.engine.seen import Place, Seen
from watcher.rules.engine.spelling import Piece, Stemmed, Words
from watcher.rules.engine.view import Spot, Value, View
from watcher.rules.tree import Fuzzy, Gap, Plain, Wildcard

MissKind = Literal[
    "elsewhere",  # found in a field that is not searched
    "apart",  # its words are there, with others between
    "order",  # its words are there, in another order
    "blocks",  # its words are in different paragraphs of one text
    "texts",  # its words are in different texts
    "part",  # only some of its words are there
    "spelling",  # it is there in another spelling or form
    "blocked",  # it must not be found, and is
    "covered",  # all of it lies inside what it must not be part of
    "value",  # a value is compared with another one
    "sum",  # too few members of an `n OF` are true
    "absent",  # nothing like it is there
]
FARTHEST_NEAR = 50
_MOST_GAPS = 3
_MOST_TRIED = 500  # places of one word, where all are held against all


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A part of a term that is there."""

    value: int  # of the view
    start: int  # characters of its text
    end: int
    term: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """How near a term came to being found."""

    kind: MissKind
    why: str
    would: str = ""  # an expression that would find it, without its field
    distance: int | None = None  # words between
    found: tuple[Found, ...] = ()


# --- the words of a phrase ------------------------------------------------------------------------


def scattered(words: Words, seen: Seen) -> Miss | None:
    """Tell how far apart the words of a phrase are in the best text, or which are there.

    None when none of them is there, or the term is one word.
    """
    numbers = [n for n, piece in enumerate(words.pieces) if not isinstance(piece, Gap)]
    if len(numbers) == 1:
        return None
    places = {number: seen.places(words, number) for number in numbers}
    if not all(places.values()):
        return _part_of(words, places, seen)
    values = set.intersection(*({place[0] for place in found} for found in places.values()))
    ways = [
        way
        for value in sorted(values)
        for way in _ways([[p for p in found if p[0] == value] for found in places.values()], seen)
    ]
    if not ways:
        found = _found(words, [(number, there[0]) for number, there in places.items()], seen)
        why = "its words are found, but never all in one text"
        return Miss(kind="texts", why=why, found=found)
    return _nearest(words, min(ways), seen)


@dataclass(frozen=True, slots=True, order=True)
class _Way:
    """A way to place the words of a phrase: nearest first, and best in their order."""

    across_blocks: bool
    between: int  # other words between the first and the last
    disordered: bool
    places: tuple[Place, ...]  # in the order of the phrase


def _ways(places: Sequence[list[Place]], seen: Seen) -> Iterator[_Way]:
    """Give the nearest ways within one text; too many places are not all tried."""
    for start in places[0]:
        chosen = [start]
        for following in places[1:]:
            after = bisect_left(following, chosen[-1][2], key=lambda place: place[1])
            if after == len(following):
                break
            chosen.append(following[after])
        if len(chosen) == len(places):
            yield _way(chosen, seen)
    for start in places[0][:_MOST_TRIED]:
        nearest = [
            min(there[:_MOST_TRIED], key=lambda p: abs(p[1] - start[1])) for there in places[1:]
        ]
        if all(one[2] <= other[1] for one, other in pairwise(sorted((start, *nearest)))):
            yield _way([start, *nearest], seen)  # each word at a place of its own


def _way(places: Sequence[Place], seen: Seen) -> _Way:
    first, *_, last = ordered = sorted(places)
    between = last[2] - first[1] - sum(stop - start for _, start, stop in places)
    return _Way(seen.blocks_between(first, last), between, ordered != list(places), tuple(places))


def _nearest(words: Words, way: _Way, seen: Seen) -> Miss:
    numbers = (n for n, piece in enumerate(words.pieces) if not isinstance(piece, Gap))
    found = _found(words, list(zip(numbers, way.places, strict=True)), seen)
    if way.across_blocks:
        why = "its words are found, but in different paragraphs"
        return Miss(kind="blocks", why=why, found=found)
    told = between(way.between)
    if way.disordered:
        why = f"its words are found in another order, {told}"
        would = _as_near(words, way.between)
        return Miss(kind="order", why=why, would=would, distance=way.between, found=found)
    would = _as_near(words, way.between) or _with_gaps(words, way.places)
    why = f"its words are found, {told}"
    return Miss(kind="apart", why=why, would=would, distance=way.between, found=found)


def between(words: int) -> str:
    """Say how many words stand between."""
    return f"with {words or 'no'} {'word' if words == 1 else 'words'} between"


def _as_near(words: Words, distance: int) -> str:
    """Write a phrase of two words with NEAR; empty where that cannot be."""
    said = [said_as(piece) for piece in words.pieces if not isinstance(piece, Gap)]
    if len(said) != 2 or not all(said) or distance > FARTHEST_NEAR:
        return ""
    return f"{said[0]} NEAR/{distance} {said[1]}"


def _with_gaps(words: Words, places: Sequence[Place]) -> str:
    """Write a phrase with a `*` for each word between; empty where there are many."""
    if len(places) != len(words.pieces):
        return ""
    said = [said_as(piece) for piece in words.pieces]
    gaps = [other[1] - one[2] for one, other in pairwise(places)]
    if not all(said) or sum(gaps) > _MOST_GAPS:
        return ""
    inner = (f"{'* ' * gap}{word}" for gap, word in zip(gaps, said[1:], strict=True))
    return f'"{" ".join((said[0], *inner))}"'


def _part_of(words: Words, places: dict[int, list[Place]], seen: Seen) -> Miss | None:
    there = [(number, found[0]) for number, found in places.items() if found]
    if not there:
        return None
    missing = ", ".join(_missing(words.pieces[n]) for n, found in places.items() if not found)
    why = f"only part of it is found; missing: {missing}"
    return Miss(kind="part", why=why, found=_found(words, there, seen))


def _missing(piece: Piece) -> str:
    return f"a form of {piece.stem}" if isinstance(piece, Stemmed) else said_as(piece)


def _found(words: Words, places: Sequence[tuple[int, Place]], seen: Seen) -> tuple[Found, ...]:
    return tuple(
        found_at(
            seen, place, said_as(words.pieces[number]), _how(words.pieces[number], seen, place)
        )
        for number, place in places
    )


def found_at(seen: Seen, place: Place, term: str, how: str) -> Found:
    """Tell of tokens that are there."""
    start, end = seen.characters(place)
    return Found(value=place[0], start=start, end=end, term=term or seen.shown(place), how=how)


def _how(piece: Piece, seen: Seen, place: Place) -> str:
    number, first, stop = place
    word = seen.view.values[number].tokens.words[first]
    match piece:
        case Plain():
            if stop - first > 1:
                return "divided"
            return "plain" if word == piece.word else "plural"
        case Fuzzy():
            return f"fuzzy:{OSA.distance(piece.word, word)}"
        case Stemmed():
            return "stem"
        case _:
            return "wildcard"


def said_as(piece: Piece) -> str:
    """Write one piece of a term as rules have it; empty for a form, which needs its own word."""
    match piece:
        case Plain():
            return piece.word
        case Wildcard():
            return piece.pattern
        case Fuzzy():
            return f"{piece.word}~{piece.distance}"
        case Gap():
            return "*"
        case Stemmed():
            return ""


# --- two terms ------------------------------------------------------------------------------------


def nearest_pair(
    view: View, left: Iterable[Spot], right: Iterable[Spot], *, ordered: bool
) -> tuple[Spot, Spot, int] | None:
    """Give the two spots of one block with the fewest words between, and how many; or None."""
    lefts, rights = list(left), list(right)
    ways = list(_forward(view, lefts, rights))
    if not ordered:
        ways += [(one, other, words) for other, one, words in _forward(view, rights, lefts)]
    return min(ways, key=lambda way: way[2], default=None)


def _forward(
    view: View, firsts: Sequence[Spot], seconds: Sequence[Spot]
) -> Iterator[tuple[Spot, Spot, int]]:
    """Give for each of the first spots the next one of the others, unless a break is between."""
    following: dict[int, list[Spot]] = {}
    for spot in sorted(seconds, key=lambda spot: spot.span):
        if spot.span[1] > spot.span[0]:
            following.setdefault(spot.value, []).append(spot)
    for spot in firsts:
        there = following.get(spot.value, [])
        after = bisect_left(there, spot.span[1], key=lambda other: other.span[0])
        if after < len(there) and spot.span[1] > spot.span[0]:
            words = _between(view.values[spot.value], spot.span[1], there[after].span[0])
            if words is not None:
                yield spot, there[after], words


def _between(value: Value, stop: int, start: int) -> int | None:
    """Count the words between two tokens; None if a break is between."""
    distance = value.tokens.positions[start] - value.tokens.positions[stop - 1] - 1
    return distance if distance == start - stop else None
