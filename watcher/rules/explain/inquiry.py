"""Going through what is false: of each term in it, the nearest thing that is there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Literal, assert_never

from watcher.model import Occurrence
from watcher.rules.engine.evidence import Evidence
from watcher.rules.engine.likeness import (
    in_another_case,
    spelled_otherwise,
    written_otherwise,
)
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
from watcher.rules.engine.misses import (
    FARTHEST_NEAR,
    Found,
    Miss,
    between,
    nearest_pair,
    scattered,
)
from watcher.rules.engine.seen import Seen
from watcher.rules.engine.spelling import Characters, Pattern, Words
from watcher.rules.engine.truth import spots_of, truth
from watcher.rules.engine.view import BITS, Spot, View
from watcher.rules.explain.answers import NearMiss

_EVERYWHERE = sum(bit for name, bit in BITS.items() if name != "text")
_NEAR_BY = 10  # words between: nearer to a phrase than any other spelling
_NAMED_AT_MOST = 3


class Inquiry:
    """One look for near misses in one item."""

    def __init__(self, evidence: Evidence, view: View, language: str) -> None:
        self._evidence = evidence
        self._view = view
        self._language = language
        self._seen: dict[int, Seen] = {}

    def misses(self, meaning: Meaning) -> tuple[NearMiss, ...]:
        """Give what keeps a false meaning from being true; terms without a near miss are absent."""
        return tuple(dict.fromkeys(self._misses(meaning)))

    def _misses(self, meaning: Meaning) -> Iterator[NearMiss]:
        match meaning:
            case Sought():
                yield self._of_term(meaning)
            case Tested():
                yield self._of_value(meaning)
            case All() | Some():
                for child in meaning.children:
                    if not truth(child)(self._view):
                        yield from self._misses(child)
            case No():
                yield from self._blocking(meaning.child)
            case Enough():
                yield from self._of_threshold(meaning)
            case Close():
                yield from self._of_pair(meaning)
            case Free():
                yield from self._of_overlapped(meaning)
            case _:
                assert_never(meaning)

    def _of_value(self, tested: Tested) -> NearMiss:
        return NearMiss(term=tested.written, why=tested.actual(self._view), kind="value")

    # --- what must not be true, and is ----------------------------------------------------------

    def _blocking(self, meaning: Meaning) -> Iterator[NearMiss]:
        """Tell what makes true that which must not be."""
        if occurrences := self._evidence.of(meaning, self._view):
            why = "is found, and must not be"
            yield NearMiss(term="NOT", why=why, kind="blocked", occurrences=occurrences)
        yield from self._unsaid(meaning)

    def _unsaid(self, meaning: Meaning) -> Iterator[NearMiss]:
        """Tell what makes a meaning true without words: values, and what is not there."""
        match meaning:
            case Tested():
                yield self._of_value(meaning)
            case No():
                yield from self._misses(meaning.child)
            case All() | Some():
                for child in meaning.children:
                    if truth(child)(self._view):
                        yield from self._unsaid(child)
            case Enough():
                for member, weight in meaning.members:
                    if weight > 0 and truth(member)(self._view):
                        yield from self._unsaid(member)
            case Sought() | Close() | Free():
                return
            case _:
                assert_never(meaning)

    # --- what joins terms -----------------------------------------------------------------------

    def _of_threshold(self, enough: Enough) -> Iterator[NearMiss]:
        reached = 0
        counted: list[Occurrence] = []
        for member, weight in enough.members:
            is_true = truth(member)(self._view)
            reached += weight if is_true else 0
            if is_true and weight < 0:
                yield from self._blocking(member)
            elif is_true:
                counted += self._evidence.of(member, self._view)
            elif weight > 0:
                yield from self._misses(member)
        why = f"the true members add up to {reached}"
        term = f"{enough.least} OF"
        occurrences = tuple(dict.fromkeys(counted))
        yield NearMiss(term=term, why=why, kind="sum", occurrences=occurrences)

    def _of_pair(self, close: Close) -> Iterator[NearMiss]:
        sides = (close.left, close.right)
        absent = [side for side in sides if not spots_of(side, self._view)]
        for term in chain.from_iterable(absent):
            yield self._of_term(term)
        if not absent:
            yield self._of_distance(close)

    def _of_distance(self, close: Close) -> NearMiss:
        """Tell how far apart two terms are that are both there."""
        left, right = (spots_of(side, self._view) for side in (close.left, close.right))
        ordered = nearest_pair(self._view, left, right, ordered=close.ordered)
        nearest = nearest_pair(self._view, left, right, ordered=False)
        if nearest is None:
            return self._never_near(close, left, right)
        if ordered is None or nearest[2] <= close.distance:
            return self._at_distance(close, nearest, "order")
        return self._at_distance(close, ordered, "apart")

    def _at_distance(
        self, close: Close, way: tuple[Spot, Spot, int], kind: Literal["apart", "order"]
    ) -> NearMiss:
        one, other, words = way
        operator = "ONEAR" if close.ordered and kind == "apart" else "NEAR"
        where = "are found" if kind == "apart" else "are in the other order"
        return NearMiss(
            term=_names(close),
            why=f"{where}, {between(words)}",
            kind=kind,
            would=f"{operator}/{words}" if words <= FARTHEST_NEAR else "",
            distance=words,
            occurrences=self._of_spots(close, (one, other)),
        )

    def _never_near(self, close: Close, left: list[Spot], right: list[Spot]) -> NearMiss:
        shared = {spot.value for spot in left} & {spot.value for spot in right}
        why = "are never in one paragraph" if shared else "are never in one text"
        ends = (
            next((s for s in left if s.value in shared), left[0]),
            next((s for s in right if s.value in shared), right[0]),
        )
        occurrences = self._of_spots(close, ends)
        return NearMiss(
            term=_names(close),
            why=why,
            kind="blocks" if shared else "texts",
            occurrences=occurrences,
        )

    def _of_spots(self, close: Close, ends: tuple[Spot, Spot]) -> tuple[Occurrence, ...]:
        """Tell which terms stand at these two spots."""
        chosen = (
            one
            for side, spot in zip((close.left, close.right), ends, strict=True)
            for one in self._evidence.of_spots(side, (spot,), self._view)[:1]
        )
        return tuple(dict.fromkeys(chosen))

    def _of_overlapped(self, free: Free) -> Iterator[NearMiss]:
        kept = self._seen_of(free.kept)
        if not kept:
            for term in free.kept:
                yield self._of_term(term)
            return
        for term in free.unwanted:
            if covering := [one for one in self._seen_of((term,)) if _overlaps(one, kept)]:
                why = "covers every occurrence"
                yield NearMiss(
                    term=term.written,
                    why=why,
                    kind="covered",
                    listed=term.listed,
                    occurrences=tuple(covering),
                )

    def _seen_of(self, terms: Iterable[Sought]) -> tuple[Occurrence, ...]:
        return tuple(one for term in terms for one in self._evidence.of(term, self._view))

    # --- terms ----------------------------------------------------------------------------------

    def _of_term(self, sought: Sought) -> NearMiss:
        """Tell where a term was found out of scope, or how far apart or unlike it is found."""
        elsewhere = replace(sought, scope=_EVERYWHERE & ~sought.scope)
        if seen := self._evidence.of(elsewhere, self._view):
            fields = ", ".join(dict.fromkeys(one.field for one in seen))
            return NearMiss(
                term=sought.written,
                why=f"found in {fields}",
                kind="elsewhere",
                would=f"{seen[0].field}:{_quoted(sought.written)}",
                listed=sought.listed,
                occurrences=seen,
            )
        miss = self._nearest(sought)
        if miss is None:
            return NearMiss(
                term=sought.written, why="not found", kind="absent", listed=sought.listed
            )
        return NearMiss(
            term=sought.written,
            why=miss.why,
            kind=miss.kind,
            would=miss.would and _in_scope(miss.would, sought.scope),
            distance=miss.distance,
            listed=sought.listed,
            occurrences=tuple(map(self._occurrence, miss.found)),
        )

    def _nearest(self, sought: Sought) -> Miss | None:
        seen = self._of_scope(sought.scope)
        meaning = self._evidence.term(sought)
        match meaning:
            case Words():
                apart = scattered(meaning, seen)
                if apart is not None and (apart.distance or _NEAR_BY + 1) <= _NEAR_BY:
                    return apart
                return spelled_otherwise(meaning, seen, self._language) or apart
            case Characters():
                return written_otherwise(meaning, seen)
            case Pattern():
                return in_another_case(meaning, sought.written, self._view, sought.scope)
            case _:
                assert_never(meaning)

    def _of_scope(self, scope: int) -> Seen:
        if scope not in self._seen:
            self._seen[scope] = Seen(self._view, scope, self._evidence.kinds)
        return self._seen[scope]

    def _occurrence(self, found: Found) -> Occurrence:
        value = self._view.values[found.value]
        return Occurrence(
            field=value.field,
            value=value.number,
            start=found.start,
            end=found.end,
            text=value.text[found.start : found.end],
            term=found.term,
            how=found.how,
        )


def _names(close: Close) -> str:
    return f"{_named(close.left)} and {_named(close.right)}"


def _named(side: tuple[Sought, ...]) -> str:
    """Name a side of NEAR: its first terms."""
    names = " or ".join(term.written for term in side[:_NAMED_AT_MOST])
    return f"{names} or …" if len(side) > _NAMED_AT_MOST else names


def _overlaps(one: Occurrence, others: Iterable[Occurrence]) -> bool:
    return any(
        (one.field, one.value) == (other.field, other.value)
        and one.start < other.end
        and other.start < one.end
        for other in others
    )


def _quoted(written: str) -> str:
    """Write a term so that it can follow a field: words side by side get their quotes."""
    if " " in written and written[0] not in '"“”=/$' and not written.startswith("FORMS"):
        return f'"{written}"'
    return written


def _in_scope(would: str, scope: int) -> str:
    """Write what would match with the field that it was sought in."""
    fields = [name for name, bit in BITS.items() if bit == scope and name != "text"]
    if not fields:
        return would
    return f"{fields[0]}:({would})" if " NEAR/" in would else f"{fields[0]}:{would}"
