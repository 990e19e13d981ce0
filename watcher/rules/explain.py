"""Why a rule is true of an item, or what is nearest to making it true."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from watcher.model import Occurrence, RuleId
from watcher.rules.engine.evidence import Evidence
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
from watcher.rules.engine.misses import apart, in_another_case, scattered
from watcher.rules.engine.near import near_pairs
from watcher.rules.engine.spelling import Characters, Words
from watcher.rules.engine.truth import spots_of, truth
from watcher.rules.engine.view import BITS, View

_EVERYWHERE = sum(bit for name, bit in BITS.items() if name != "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjunct:
    """One of the things that must all hold for a rule to match."""

    written: str
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """What kept one term from making its part true; `why` is a phrase for people."""

    term: str  # as written
    why: str
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule's answer to an item, with the reason."""

    rule: RuleId
    matches: bool
    occurrences: tuple[Occurrence, ...] = ()  # of a match: what made the needed parts true
    failing: str = ""  # of no match: the first conjunct that is false, as written
    misses: tuple[NearMiss, ...] = ()

    def told(self) -> tuple[str, ...]:
        """Tell it in lines, the answer first."""
        if self.matches:
            return (f"MATCH  {self.rule}", *map(_line, self.occurrences))
        lines = [f"NO MATCH  {self.rule}: first false part: {self.failing}"]
        for miss in self.misses:
            lines.append(f"  {miss.term}: {miss.why}")
            lines += ["  " + _line(occurrence) for occurrence in miss.occurrences]
        return tuple(lines)


def _line(one: Occurrence) -> str:
    value = f"[{one.value}]" if one.field in ("author", "tag") else ""
    return f'  {one.term}  {one.how}  {one.field}{value} {one.start}-{one.end}  "{one.text}"'


class Explainer:
    """Explains rules by what a view shows."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def explained(self, rule: RuleId, conjuncts: Iterable[Conjunct], view: View) -> Explanation:
        """Tell why the rule matches, or of the first false conjunct what is nearest to it."""
        conjuncts = tuple(conjuncts)
        for conjunct in conjuncts:
            if not truth(conjunct.meaning)(view):
                misses = tuple(dict.fromkeys(self._misses(conjunct.meaning, view)))
                return Explanation(
                    rule=rule, matches=False, failing=conjunct.written, misses=misses
                )
        whole = All(children=tuple(conjunct.meaning for conjunct in conjuncts))
        return Explanation(rule=rule, matches=True, occurrences=self._evidence.of(whole, view))

    def _misses(self, meaning: Meaning, view: View) -> Iterator[NearMiss]:
        """Go through what keeps a false meaning from being true."""
        match meaning:
            case Sought():
                yield from self._of_term(meaning, view)
            case Tested():
                yield NearMiss(term=meaning.written, why=meaning.actual(view))
            case All() | Some():
                for child in meaning.children:
                    if not truth(child)(view):
                        yield from self._misses(child, view)
            case No():
                yield from self._blocking(meaning.child, view)
            case Enough():
                yield from self._of_threshold(meaning, view)
            case Close():
                yield from self._of_pair(meaning, view)
            case Free():
                yield from self._of_overlapped(meaning, view)
            case _:
                assert_never(meaning)

    def _blocking(self, meaning: Meaning, view: View) -> Iterator[NearMiss]:
        """Tell what makes true that which must not be."""
        blocking = self._evidence.of(meaning, view)
        if blocking:
            yield NearMiss(term="NOT", why="is found, and must not be", occurrences=blocking)
        elif isinstance(meaning, Tested):
            yield NearMiss(term=meaning.written, why=meaning.actual(view))

    def _of_threshold(self, enough: Enough, view: View) -> Iterator[NearMiss]:
        reached = 0
        for member, weight in enough.members:
            is_true = truth(member)(view)
            reached += weight if is_true else 0
            if is_true and weight < 0:
                yield from self._blocking(member, view)
            elif not is_true and weight > 0:
                yield from self._misses(member, view)
        yield NearMiss(term=f"{enough.least} OF", why=f"the true members add up to {reached}")

    def _of_pair(self, close: Close, view: View) -> Iterator[NearMiss]:
        sides = (close.left, close.right)
        absent = [side for side in sides if not spots_of(side, view)]
        for term in chain.from_iterable(absent):
            yield from self._of_term(term, view)
        if absent:
            return
        left, right = (spots_of(side, view) for side in sides)
        names = " and ".join(" or ".join(term.written for term in side[:3]) for side in sides)
        if any(near_pairs(view, left, right, close.distance, ordered=False)):
            yield NearMiss(term=names, why="are in the other order")
            return
        distance = apart(view, left, right, ordered=close.ordered)
        why = "are never in one block" if distance is None else f"have {distance} words between"
        seen = chain.from_iterable(self._seen(term, view) for term in chain(*sides))
        yield NearMiss(term=names, why=why, occurrences=tuple(seen)[:10])

    def _of_overlapped(self, free: Free, view: View) -> Iterator[NearMiss]:
        if not spots_of(free.kept, view):
            for term in free.kept:
                yield from self._of_term(term, view)
            return
        for term in free.unwanted:
            if seen := self._seen(term, view):
                yield NearMiss(term=term.written, why="covers every occurrence", occurrences=seen)

    # --- terms ----------------------------------------------------------------------------------

    def _seen(self, sought: Sought, view: View) -> tuple[Occurrence, ...]:
        return self._evidence.of(sought, view)

    def _of_term(self, sought: Sought, view: View) -> Iterator[NearMiss]:
        """Tell where a term was found out of scope, or how far apart or unlike it is found."""
        if sought.number in view.fields or sought.pattern is not None:
            elsewhere = Sought(
                number=sought.number,
                scope=_EVERYWHERE & ~sought.scope,
                written=sought.written,
                listed=sought.listed,
                pattern=sought.pattern,
            )
            if seen := self._seen(elsewhere, view):
                fields = ", ".join(dict.fromkeys(one.field for one in seen))
                yield NearMiss(term=sought.written, why=f"found in {fields}", occurrences=seen)
                return
        meaning = self._evidence.term(sought)
        if isinstance(meaning, Words):
            why = scattered(meaning, view, sought.scope, self._evidence.kinds)
        elif isinstance(meaning, Characters):
            why = in_another_case(meaning.text, view, sought.scope)
        else:
            why = ""
        if why:
            yield NearMiss(term=sought.written, why=why)
