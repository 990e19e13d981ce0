"""Rules and items for tests, as short as they can be said."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from watcher.model import Hit, Item, RuleId, RuleInfo
from watcher.rules import RuleFault, RuleSet, RuleSpec, RuleTests, Sample, compile_rules
from watcher.rules.samples import item_of

NOW = datetime(2015, 12, 1, tzinfo=UTC)
TESTED = RuleTests(match=("x",))  # so that W207 is silent; nobody runs it


def spec(rule: str | Mapping[str, Any], name: str = "r", **more: Any) -> RuleSpec:
    """Make a rule of a `when` expression, or of an object as the example files have it."""
    parts: dict[str, Any] = {"when": rule} if isinstance(rule, str) else dict(rule)
    for key in ("any", "all", "none"):
        if key in parts:
            parts[key] = tuple(parts[key])
    return RuleSpec(info=RuleInfo(id=RuleId(name)), **{"tests": TESTED, **parts, **more})


def faults(rule: str | Mapping[str, Any], **more: Any) -> tuple[RuleFault, ...]:
    """Give all that is wrong or doubtful with a rule."""
    return compile_rules([spec(rule, **more)]).faults


def ruleset(*rules: str | Mapping[str, Any] | RuleSpec, **more: Any) -> RuleSet:
    """Compile rules that have no errors; their ids are r0, r1 …"""
    specs = [
        rule if isinstance(rule, RuleSpec) else spec(rule, f"r{number}", **more)
        for number, rule in enumerate(rules)
    ]
    compiled = compile_rules(specs)
    assert compiled.ruleset is not None, compiled.faults
    return compiled.ruleset


def item(sample: Sample) -> Item:
    """Make an item of a title, or of its fields."""
    return item_of(sample)[0]


def hits(rule: str | Mapping[str, Any], sample: Sample, **more: Any) -> tuple[Hit, ...]:
    """Try one rule on one sample, at the sample's `now`."""
    found, now = item_of(sample)
    return ruleset(rule, **more).match(found, now)


def matches(rule: str | Mapping[str, Any], sample: Sample, **more: Any) -> bool:
    """Tell whether one rule is true of one sample."""
    return bool(hits(rule, sample, **more))


def found(rule: str | Mapping[str, Any], sample: Sample, **more: Any) -> list[tuple[str, str]]:
    """Give the matched characters and how, of each occurrence of the one hit."""
    (hit,) = hits(rule, sample, **more)
    return [(occurrence.text, occurrence.how) for occurrence in hit.occurrences]


def codes(told: Sequence[RuleFault]) -> list[str]:
    """Give the codes of faults."""
    return [fault.code for fault in told]
