"""Warnings: rules that are right, and yet may not do what was meant."""

from collections.abc import Iterator

from watcher.rules.spec import RuleFault, RuleSpec


def doubts(spec: RuleSpec) -> Iterator[RuleFault]:
    """Go through what is doubtful in a rule that has no errors."""
    if not (spec.tests.match or spec.tests.no_match):
        yield RuleFault(
            code="W207",
            rule=spec.info.id,
            part=("tests",),
            message="the rule has no tests: give samples that it must and must not match",
            warning=True,
        )
