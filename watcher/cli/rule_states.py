"""How the rules of a configuration do, gathered for the verbs that tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from watcher.cli.charts import days_of, numbers
from watcher.cli.printing import moment
from watcher.model import Ailment, RuleActivity, RuleInfo
from watcher.rules import LATELY, RuleSpec, ailments
from watcher.text.spans import spoken

if TYPE_CHECKING:
    from watcher.config import Config, WrittenRule
    from watcher.ports import Transaction

SPARK = timedelta(days=14)  # what small pictures show


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    """A rule as it is written, and how it does."""

    written: "WrittenRule"
    activity: RuleActivity | None  # None: it is not in service
    wrong: frozenset[Ailment]
    hits: Mapping[date, int]  # by UTC day, as far as was asked and as `SPARK` goes
    now: datetime

    @property
    def spec(self) -> RuleSpec:
        """The rule."""
        return self.written.spec

    @property
    def info(self) -> RuleInfo:
        """What the program knows of the rule besides its meaning."""
        return self.written.spec.info

    @property
    def words(self) -> tuple[str, ...]:
        """What there is to say of it; nothing where all is well."""
        tests = self.spec.tests
        said = (
            ("disabled", not self.spec.enabled),
            ("not in service yet", self.spec.enabled and self.activity is None),
            ("noisy", Ailment.NOISY in self.wrong),
            ("quiet", Ailment.QUIET in self.wrong),
            ("untested", not tests.match and not tests.no_match),
        )
        return tuple(word for word, so in said if so)

    def total(self, since: timedelta) -> int:
        """Count the hits in a span of whole days that ends now."""
        return sum(numbers(self.hits, days_of(since, self.now)))

    def average(self, since: timedelta) -> float:
        """Give hits a day in a span, counted from when the rule came into service or first hit."""
        days = days_of(since, self.now)
        began = self.activity.since.date() if self.activity else days[0]
        first = min([began, *(day for day, hits in self.hits.items() if hits)])
        return self.total(since) / max(1, sum(day >= first for day in days))


def rule_states(
    tx: "Transaction", config: "Config", now: datetime, since: timedelta = SPARK
) -> tuple[RuleState, ...]:
    """Tell how every rule does, in the order of the files."""
    first = days_of(max(since, SPARK), now)[0]
    midnight = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo)
    hits = tx.hits_per_day([rule.spec.info.id for rule in config.written], midnight)
    serving = {one.rule: one for one in tx.rule_activity(now - LATELY) if one.in_service}
    return tuple(
        _state(rule, serving.get(rule.spec.info.id), hits[rule.spec.info.id], now)
        for rule in config.written
    )


def _state(
    rule: "WrittenRule", activity: RuleActivity | None, hits: Mapping[date, int], now: datetime
) -> RuleState:
    serves = activity if rule.spec.enabled else None
    wrong = ailments(serves, rule.spec.info, now) if serves else frozenset[Ailment]()
    return RuleState(written=rule, activity=serves, wrong=wrong, hits=hits, now=now)


def state_record(state: RuleState, since: timedelta) -> dict[str, object]:
    """Tell how a rule does, for programs; `days` lists every day of the span."""
    activity, info = state.activity, state.info
    days = days_of(since, state.now)
    return {
        "rule": info.id,
        "title": info.title,
        "severity": info.severity.word,
        "state": list(state.words),
        "since": moment(activity.since) if activity else None,
        "last_hit": moment(activity.last_hit_at) if activity else None,
        "expected": info.expected.total_seconds() if info.expected else None,
        "hits": state.total(since),
        "per_day": round(state.average(since), 3),
        "days": {day.isoformat(): state.hits.get(day, 0) for day in days},
        "lately": {"items": activity.items, "hits": activity.hits} if activity else None,
        "told": {ailment.value: moment(at) for ailment, at in activity.told.items()}
        if activity
        else {},
        "file": state.written.file,
        "line": state.written.line,
    }


def ago(time: datetime, now: datetime) -> str:
    """Say how long ago something was, and when."""
    return f"{spoken(max(now - time, timedelta(0)))} ago ({time:%Y-%m-%d %H:%M})"
