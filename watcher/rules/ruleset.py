"""Rules in service: all of them tried on one item at once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Hit, Item, RuleInfo
from watcher.rules.engine.evidence import Evidence
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.meaning import Meaning
from watcher.rules.engine.spelling import Meaning as Term
from watcher.rules.engine.trie import Trie
from watcher.rules.engine.truth import Truth, triggers, truth
from watcher.rules.engine.view import View, look_at
from watcher.rules.spec import RuleSpec
from watcher.rules.values import names_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A compiled rule."""

    spec: RuleSpec
    meaning: Meaning
    holds: Truth
    names_feed: Callable[[str], bool] | None  # None: it is for all feeds

    @classmethod
    def made(cls, spec: RuleSpec, meaning: Meaning) -> "Rule":
        """Compile what a rule means."""
        return cls(
            spec=spec,
            meaning=meaning,
            holds=truth(meaning),
            names_feed=names_feed(spec.feeds) if spec.feeds else None,
        )

    def matches(self, view: View) -> bool:
        """Tell whether the rule is for the item's feed, and true of the item."""
        for_feed = self.names_feed is None or self.names_feed(view.item.feed)
        return for_feed and self.holds(view)


class RuleSet:
    """Rules that are fit for service."""

    def __init__(self, rules: Sequence[Rule], terms: tuple[Term, ...], kinds: Kinds) -> None:
        self._all = tuple(rules)
        self._rules = tuple(rule for rule in rules if rule.spec.enabled)
        self._trie = Trie(terms, kinds)
        self._evidence = Evidence(terms, kinds)
        self._by_term: defaultdict[int, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for number, rule in enumerate(self._rules):
            self._index(number, rule)

    def _index(self, number: int, rule: Rule) -> None:
        needed = triggers(rule.meaning)
        if needed is None:
            self._always.append(number)
        for term in needed or ():
            self._by_term[term].append(number)

    @property
    def infos(self) -> tuple[RuleInfo, ...]:
        """List the rules in service, in the order of the files."""
        return tuple(rule.spec.info for rule in self._rules)

    def match(self, item: Item, now: datetime) -> tuple[Hit, ...]:
        """Give a hit for each rule that is true of the item, in the order of the rules."""
        view = look_at(item, now, self._trie)
        candidates = set(self._always)
        for term in view.found:
            candidates.update(self._by_term.get(term, ()))
        return tuple(
            self._hit(self._rules[number], view)
            for number in sorted(candidates)
            if self._rules[number].matches(view)
        )

    def _hit(self, rule: Rule, view: View) -> Hit:
        occurrences = self._evidence.of(rule.meaning, view)
        return Hit(rule=rule.spec.info, item=view.item.id, occurrences=occurrences)
