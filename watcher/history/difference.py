"""Two sets of rules on the same past: what a change brings, and what it takes away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.history.rehearsal import Place, Rehearsal
from watcher.model import RouteName, RuleId, StoryId
from watcher.rules import RuleSet, RuleTests


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one route would have been told of one story."""

    story: StoryId
    route: RouteName
    headline: str
    at: datetime
    alerts: int  # the first one and its updates
    rules: frozenset[RuleId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change of rules would have changed, each oldest first."""

    gained: tuple[Told, ...] = ()
    lost: tuple[Told, ...] = ()
    changed: tuple[tuple[Told, Told], ...] = ()  # old and new: other rules, or more or fewer alerts
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Which rules a change of rules is about."""

    added: tuple[RuleId, ...] = ()
    removed: tuple[RuleId, ...] = ()
    changed: tuple[RuleId, ...] = ()
    same: int = 0


def difference(old: Rehearsal, new: Rehearsal) -> Difference:
    """Tell which alerts a change of rules brings, takes away and changes."""
    before, after = _told(old), _told(new)
    both = [(before[place], after[place]) for place in before if place in after]
    changed = [pair for pair in both if _heard(pair[0]) != _heard(pair[1])]
    return Difference(
        gained=_by_time(after[place] for place in after.keys() - before.keys()),
        lost=_by_time(before[place] for place in before.keys() - after.keys()),
        changed=tuple(sorted(changed, key=lambda pair: (pair[0].at, pair[0].story))),
        same=len(both) - len(changed),
    )


def edited(old: RuleSet, new: RuleSet) -> Edited:
    """Tell which rules in service differ; their samples are no difference."""
    before, after = _meanings(old), _meanings(new)
    both = [name for name in before if name in after]
    changed = tuple(name for name in both if before[name] != after[name])
    return Edited(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=changed,
        same=len(both) - len(changed),
    )


def _told(rehearsal: Rehearsal) -> Mapping[Place, Told]:
    return {
        place: Told(
            story=place[0],
            route=place[1],
            headline=promised[0].message.headline,
            at=promised[0].created_at,
            alerts=len(promised),
            rules=frozenset().union(*(alert.rule_ids for alert in promised)),
        )
        for place, promised in rehearsal.alerts.items()
    }


def _heard(told: Told) -> tuple[int, frozenset[RuleId]]:
    return told.alerts, told.rules


def _by_time(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda one: (one.at, one.story, one.route)))


def _meanings(rules: RuleSet) -> Mapping[RuleId, object]:
    return {spec.info.id: replace(spec, tests=RuleTests()) for spec in rules.specs if spec.enabled}
