"""Which rules can be true of an item, by what was found in it.

A rule is taken apart at its outer ORs. An alternative that is one term is true where the term is
found: nothing is left to try. Any other one is listed under the cheapest set of *triggers* of which
an item must have one, and tried when one is there. Few alternatives have no such set
(`age<7d`): these are tried on every item.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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
from watcher.rules.engine.patterns import Patterns
from watcher.rules.engine.truth import Truth, truth
from watcher.rules.engine.value_keys import ValueKey, keys_of
from watcher.rules.engine.view import View

Trigger = int | ValueKey  # the number of a term or pattern, or a key of the item's values
Ranked = tuple[int, Sought]  # a term and its place among those of a rule
Commonness = Callable[[Trigger], float]


def triggers(meaning: Meaning, commonness: Commonness) -> frozenset[Trigger] | None:
    """Give triggers of which every item that this is true of has one, the rarest that there are.

    None when there is no such set.
    """

    def among(several: Iterable[frozenset[Trigger] | None]) -> frozenset[Trigger] | None:
        found = [one for one in several if one is not None]
        return min(found, key=lambda one: sum(map(commonness, one)), default=None)

    match meaning:
        case Sought():
            return frozenset((meaning.number,))
        case Tested():
            return meaning.keys
        case All():
            return among(triggers(child, commonness) for child in meaning.children)
        case Some():
            return _union(triggers(child, commonness) for child in meaning.children)
        case Enough():
            positive = (member for member, weight in meaning.members if weight > 0)
            return _union(triggers(member, commonness) for member in positive)
        case Close():
            sides = (meaning.left, meaning.right)
            return among(frozenset(term.number for term in side) for side in sides)
        case Free():
            return frozenset(term.number for term in meaning.kept)
        case No():
            return None
        case _:
            assert_never(meaning)


def _union(sets: Iterable[frozenset[Trigger] | None]) -> frozenset[Trigger] | None:
    found: list[frozenset[Trigger]] = []
    for one in sets:
        if one is None:
            return None
        found.append(one)
    return found[0] if len(found) == 1 else frozenset(chain.from_iterable(found))


def _alternatives(meaning: Meaning) -> Iterator[Meaning]:
    if isinstance(meaning, Some):
        for child in meaning.children:
            yield from _alternatives(child)
    else:
        yield meaning


class Candidates:
    """Knows under which triggers the rules are listed, and tells which of them are true."""

    def __init__(self, commonness: Callable[[int], float]) -> None:
        self._commonness = commonness  # of terms, by number; a pattern's is above 1
        # by term: rules that are true where it is found, and its rank among the terms of the rule
        self._direct: defaultdict[int, tuple[tuple[int, Ranked], ...]] = defaultdict(tuple)
        self._tried: defaultdict[Trigger, tuple[int, ...]] = defaultdict(tuple)
        self._always: list[int] = []
        self._trials: list[tuple[Truth, int]] = []  # what is tried, and for which rule
        self._mixed: set[int] = set()  # rules that have an alternative which is not one term
        self._value_fields: set[str] = set()
        self._patterns: dict[int, str] = {}
        self._filter: Patterns | None = None

    def add(self, rule: int, meaning: Meaning, only: Truth | None) -> None:
        """Make a rule known; `only` tells which items it is for, all if None."""
        for rank, alternative in enumerate(dict.fromkeys(_alternatives(meaning))):
            if only is None and isinstance(alternative, Sought) and alternative.pattern is None:
                self._direct[alternative.number] += ((rule, (rank, alternative)),)
            else:
                self._add_trial(rule, alternative, only)
                self._mixed.add(rule)

    def _add_trial(self, rule: int, meaning: Meaning, only: Truth | None) -> None:
        holds = truth(meaning)
        trial = len(self._trials)
        self._trials.append((_both(only, holds) if only else holds, rule))
        needed = triggers(meaning, self._cost)
        if needed is None:
            self._always.append(trial)
            return
        for trigger in needed:
            self._tried[trigger] += (trial,)
            if not isinstance(trigger, int):
                self._value_fields.add(trigger[0])
        self._patterns |= {
            one.number: one.pattern.pattern
            for one in _patterns_of(meaning)
            if one.number in needed and one.pattern
        }
        self._filter = None

    def _cost(self, trigger: Trigger) -> float:
        return self._commonness(trigger) if isinstance(trigger, int) else 0.05

    def true_of(self, view: View) -> list[tuple[int, tuple[Ranked, ...]]]:
        """List the rules that are true of an item, in ascending order, each with its evidence.

        That is the terms that make it true if it is an OR of terms, else nothing.
        """
        true = self._directly(view)
        for trial in self._to_try(view):
            holds, rule = self._trials[trial]
            if rule not in true and holds(view):
                true[rule] = ()
        return sorted(true.items())

    def _directly(self, view: View) -> dict[int, tuple[Ranked, ...]]:
        """Give the rules of which an alternative is a term that was found."""
        true: dict[int, tuple[Ranked, ...]] = {}
        direct, mixed = self._direct, self._mixed
        for term, fields in view.fields.items():
            for rule, ranked in direct.get(term, ()):
                if fields & ranked[1].scope:
                    true[rule] = () if rule in mixed else (*true.get(rule, ()), ranked)
        return true

    def _to_try(self, view: View) -> set[int]:
        trials = set(self._always)
        tried = self._tried
        for term in view.fields:
            if term in tried:
                trials.update(tried[term])
        if self._value_fields:
            for key in keys_of(view.item, self._value_fields):
                trials.update(tried.get(key, ()))
        if self._patterns:
            trials.update(self._of_patterns(view))
        return trials

    def _of_patterns(self, view: View) -> Iterator[int]:
        if self._filter is None:
            self._filter = Patterns(self._patterns.items())
        for value in view.values:
            for pattern in self._filter.perhaps_in(value.searchable()):
                yield from self._tried[pattern]


def _both(one: Truth, other: Truth) -> Truth:
    return lambda view: one(view) and other(view)


def _patterns_of(meaning: Meaning) -> Iterator[Sought]:
    """Go through the patterns of a meaning that may be its triggers."""
    match meaning:
        case Sought():
            if meaning.pattern is not None:
                yield meaning
        case All() | Some():
            for child in meaning.children:
                yield from _patterns_of(child)
        case Enough():
            for member, _ in meaning.members:
                yield from _patterns_of(member)
        case _:
            return
