"""Going through a rule's parts: which hold, and what the first that does not is lacking."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from watcher.model import RuleId
from watcher.rules.engine.evidence import Evidence
from watcher.rules.engine.meaning import All, Meaning, No, Some, Tested
from watcher.rules.engine.truth import truth
from watcher.rules.engine.view import View
from watcher.rules.explain.answers import Answered, Explanation, NearMiss
from watcher.rules.explain.inquiry import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjunct:
    """One of the things that must all hold for a rule to match."""

    written: str
    meaning: Meaning


class Explainer:
    """Explains rules by what a view shows."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def explained(
        self, rule: RuleId, conjuncts: Iterable[Conjunct], view: View, language: str = "english"
    ) -> Explanation:
        """Tell why the rule matches, or of the first false conjunct what is nearest to it.

        `language` is the one of the rule's `FORMS`.
        """
        conjuncts = tuple(conjuncts)
        parts = tuple(self._answered(conjunct, view) for conjunct in conjuncts)
        for conjunct, part in zip(conjuncts, parts, strict=True):
            if not part.holds:
                misses = Inquiry(self._evidence, view, language).misses(conjunct.meaning)
                return Explanation(
                    rule=rule,
                    matches=False,
                    failing=conjunct.written,
                    misses=tuple(miss for miss in misses if miss.kind != "absent"),
                    absent=tuple(miss.term for miss in misses if miss.kind == "absent"),
                    parts=parts,
                )
        whole = All(children=tuple(conjunct.meaning for conjunct in conjuncts))
        occurrences = self._evidence.of(whole, view)
        return Explanation(rule=rule, matches=True, occurrences=occurrences, parts=parts)

    def _answered(self, conjunct: Conjunct, view: View) -> Answered:
        holds = truth(conjunct.meaning)(view)
        return Answered(
            written=conjunct.written,
            holds=holds,
            why=", ".join(dict.fromkeys(_notes(conjunct.meaning, view))) if holds else "",
            occurrences=self._evidence.of(conjunct.meaning, view) if holds else (),
        )


def in_feeds(told: Explanation, feeds: tuple[str, ...], feed: str, *, named: bool) -> Explanation:
    """Put before a rule's parts that it is for some feeds only, and whether the item's is named."""
    why = f"the item is of the feed {feed}" if feed else "the item is of no feed"
    written = f"feeds: {', '.join(feeds)}"
    parts = (Answered(written=written, holds=named, why=why if named else ""), *told.parts)
    if named:
        return replace(told, parts=parts)
    miss = NearMiss(term="feeds", why=why, kind="value")
    return Explanation(rule=told.rule, matches=False, failing=written, misses=(miss,), parts=parts)


def _notes(meaning: Meaning, view: View) -> Iterator[str]:
    """Say what made a meaning true without any words: values, and absence."""
    if isinstance(meaning, Tested) and meaning.test(view):
        yield meaning.actual(view)
    elif isinstance(meaning, No):
        yield "not found" if not isinstance(meaning.child, Tested) else meaning.child.actual(view)
    elif isinstance(meaning, All | Some):
        for child in meaning.children:
            if truth(child)(view):
                yield from _notes(child, view)
