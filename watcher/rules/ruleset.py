"""Rules in service: all of them tried on one item at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Hit, Item, RuleId, RuleInfo
from watcher.rules.engine.candidates import Candidates, Ranked
from watcher.rules.engine.evidence import Evidence
from watcher.rules.engine.finder import Finder
from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.meaning import All, Meaning
from watcher.rules.engine.spelling import Meaning as Term
from watcher.rules.engine.truth import truth
from watcher.rules.engine.view import View
from watcher.rules.explain import Conjunct, Explainer, Explanation, in_feeds
from watcher.rules.samples import BadSample, item_of
from watcher.rules.spec import RuleFault, RuleSpec, Sample
from watcher.rules.values import names_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A compiled rule."""

    spec: RuleSpec
    conjuncts: tuple[Conjunct, ...]
    meaning: Meaning
    names_feed: Callable[[str], bool] | None  # None: it is for all feeds

    @classmethod
    def made(cls, spec: RuleSpec, conjuncts: tuple[Conjunct, ...]) -> "Rule":
        """Compile what a rule means: all its conjuncts at once."""
        meanings = tuple(conjunct.meaning for conjunct in conjuncts)
        meaning = meanings[0] if len(meanings) == 1 else All(children=meanings)
        return cls(
            spec=spec,
            conjuncts=conjuncts,
            meaning=meaning,
            names_feed=names_feed(spec.feeds) if spec.feeds else None,
        )

    def is_for(self, view: View) -> bool:
        """Tell whether the rule is for the item's feed."""
        return self.names_feed is None or self.names_feed(view.item.feed)

    def holds(self, view: View) -> bool:
        """Tell whether the rule is true of the item, whatever its feed."""
        return truth(self.meaning)(view)


class RuleSet:
    """Rules that are fit for service."""

    def __init__(self, rules: Sequence[Rule], terms: tuple[Term, ...], kinds: Kinds) -> None:
        self._all = tuple(rules)
        self._rules = tuple(rule for rule in rules if rule.spec.enabled)
        self._infos = tuple(rule.spec.info for rule in self._rules)
        self._finder = Finder(terms, kinds)
        self._evidence = Evidence(terms, kinds)
        self._explainer = Explainer(self._evidence)
        self._by_id = {rule.spec.info.id: rule for rule in self._all}
        self._candidates = Candidates(self._finder.commonness)
        for number, rule in enumerate(self._rules):
            self._candidates.add(number, rule.meaning, rule.is_for if rule.spec.feeds else None)

    @property
    def infos(self) -> tuple[RuleInfo, ...]:
        """List the rules in service, in the order of the files."""
        return self._infos

    @property
    def specs(self) -> tuple[RuleSpec, ...]:
        """List all rules as written, those that are not in service too."""
        return tuple(rule.spec for rule in self._all)

    def match(self, item: Item, now: datetime) -> tuple[Hit, ...]:
        """Give a hit for each rule that is true of the item, in the order of the rules."""
        view = View(item, now, self._finder)
        true = self._candidates.true_of(view)
        return tuple([self._hit(number, terms, view) for number, terms in true])

    def matching(self, item: Item, now: datetime) -> tuple[RuleId, ...]:
        """Name the rules that are true of the item: what `match` hits, without the evidence."""
        view = View(item, now, self._finder)
        return tuple([self._infos[number].id for number, _ in self._candidates.true_of(view)])

    def explain(self, rule: RuleId, item: Item, now: datetime) -> Explanation:
        """Tell why a rule matches an item or does not; KeyError if there is no such rule."""
        found = self._by_id[rule]
        view = View(item, now, self._finder)
        told = self._explainer.explained(rule, found.conjuncts, view, found.spec.language)
        if found.names_feed is None:
            return told
        return in_feeds(told, found.spec.feeds, item.feed, named=found.names_feed(item.feed))

    # --- in-file tests --------------------------------------------------------------------------

    def failed_tests(self) -> tuple[RuleFault, ...]:
        """Try every rule, in service or not, on its own samples; a fault for each that fails.

        T301: the rule's answer is not what the sample says. T302: the sample is no item.
        """
        return tuple(fault for rule in self._all for fault in self._failed(rule))

    def _failed(self, rule: Rule) -> Iterator[RuleFault]:
        tests = rule.spec.tests
        for key, samples in (("match", tests.match), ("no_match", tests.no_match)):
            for number, sample in enumerate(samples):
                try:
                    trouble = self._trouble(rule, sample, must_match=key == "match")
                    code = "T301"
                except BadSample as bad:
                    code, trouble = "T302", str(bad)
                if trouble:
                    yield RuleFault(
                        code=code,
                        rule=rule.spec.info.id,
                        part=("tests", key, number),
                        message=trouble,
                    )

    def _trouble(self, rule: Rule, sample: Sample, *, must_match: bool) -> str:
        item, now = item_of(sample)
        view = View(item, now, self._finder)
        # a sample that names no feed is taken to be of a feed that the rule is for
        matches = rule.holds(view) and (not item.feed or rule.is_for(view))
        if matches is must_match:
            return ""
        explained = self._explainer.explained(
            rule.spec.info.id, rule.conjuncts, view, rule.spec.language
        )
        because = "; ".join(line.strip() for line in explained.told()[1:])
        if must_match:
            return f"this must match, and does not: {explained.failing} is false" + (
                f" ({because})" if because else ""
            )
        return f"this must not match, and does: {because or 'nothing forbids it'}"

    def _hit(self, number: int, terms: tuple[Ranked, ...], view: View) -> Hit:
        if terms:
            occurrences = self._evidence.of_terms(terms, view)
        else:
            occurrences = self._evidence.of(self._rules[number].meaning, view)
        return Hit(rule=self._infos[number], item=view.item.id, occurrences=occurrences)
