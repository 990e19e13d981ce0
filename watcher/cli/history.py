"""Verbs that try rules on the past: rules try, rules diff; and the warning of `check --since`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.charts import days_of, span
from watcher.cli.printing import Page, in_progress, json_line, say
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock
from watcher.model import Fault, PastHit, PastItem, StoryId

if TYPE_CHECKING:
    from watcher.history import Rehearsal
    from watcher.rules import RuleSet, RuleSpec

JSON = Annotated[bool, typer.Option("--json", help="One JSON object.")]
SINCE = Annotated[str, typer.Option(help="How far to look back: 12h, 30d, 4w.")]
CODE = "H401"  # a rule that would have fired implausibly often


def try_rule(
    rule: Annotated[str, typer.Argument(help="An expression, or a rule's id.")],
    config: CONFIG = None,
    *,
    since: SINCE = "30d",
    rules: Annotated[
        Path | None, typer.Option(help="A rule file; else the rules of the configuration.")
    ] = None,
    feed: Annotated[
        list[str] | None, typer.Option(help="Only these feeds: ids, or patterns such as bbc-*.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="How many stories to show.")] = 5,
    as_json: JSON = False,
) -> None:
    """Tell what a rule would have found in the items that are kept, day by day, with samples.

    - `watcher rules try '"back door" NEAR/5 BlackBerry' --since 14d`
    - `watcher rules try my-rule --rules new.yaml --feed 'bbc-*'`
    """
    from watcher.cli.asked import Asked
    from watcher.cli.history_pages import tried_page, tried_record

    past = _Past(config, since)
    spec = Asked(config, rules).rule(rule)[1]
    spec = replace(spec, enabled=True, feeds=tuple(feed) if feed else spec.feeds)
    rehearsal = past.rehearsal(_alone(spec))
    latest = _latest(past, rehearsal, samples)
    if as_json:
        json_line(tried_record(spec, rehearsal, past.days, latest))
        return
    page = Page()
    for line in tried_page(spec, rehearsal, past.days, latest, page):
        page.show(*line, hang=2)
    if warning := rehearsal.flooding(spec.info.id):
        say(f"warning {CODE}: {warning}")


def _alone(spec: "RuleSpec") -> "RuleSet":
    from watcher.rules import compile_rules

    rule_set = compile_rules([spec]).ruleset
    assert rule_set is not None, "it was compiled before"
    return rule_set


def _latest(past: "_Past", rehearsal: "Rehearsal", number: int) -> tuple[PastHit, ...]:
    """Try one rule on all that is kept; gives the first hits of the latest stories."""
    latest: dict[StoryId | None, PastHit] = {}
    for one in past:
        for hit in rehearsal.take(one):
            latest.setdefault(one.placement.story if one.placement else None, hit)
            if len(latest) > number:
                del latest[next(iter(latest))]
    return tuple(reversed(latest.values()))


def diff_rules(
    old: Annotated[Path, typer.Argument(help="A rule file, or a folder of them.")],
    new: Annotated[Path, typer.Argument(help="What is to take its place.")],
    config: CONFIG = None,
    *,
    since: SINCE = "30d",
    as_json: JSON = False,
) -> None:
    """Tell which alerts a change of rules would have brought, and which it would have taken away.

    - `git show HEAD:rules.yaml > old.yaml; watcher rules diff old.yaml rules.yaml --since 14d`

    - `watcher rules diff old.yaml new.yaml --since 7d`
    """
    from watcher.cli.history_pages import changed_page, changed_record
    from watcher.config import load_rules
    from watcher.history import difference, edited

    past = _Past(config, since)
    before, after = (load_rules(path)[0] for path in (old, new))
    rehearsals = past.rehearsal(before), past.rehearsal(after)
    for one in past:
        for rehearsal in rehearsals:
            rehearsal.take(one)
    changes, turns = edited(before, after), difference(*rehearsals)
    if as_json:
        json_line(changed_record(*rehearsals, changes, turns))
        return
    page = Page()
    for line in changed_page(*rehearsals, changes, turns, past.days):
        page.show(*line, hang=4)
    for rule in (*changes.added, *changes.changed):
        if warning := rehearsals[1].flooding(rule):
            say(f'warning {CODE} in rule "{rule}": {warning}')


def volume_warnings(config: Path | None, since: str) -> Iterator[Fault]:
    """Warn of the rules of a configuration that would have fired implausibly often."""
    past = _Past(config, since)
    rehearsal = past.rehearsal(past.config.rules)
    for one in past:
        rehearsal.take(one)
    places = {written.spec.info.id: written for written in past.config.written}
    for info in past.config.rules.infos:
        if warning := rehearsal.flooding(info.id):
            yield Fault(
                code=CODE,
                message=f"in the last {since}, {warning}",
                file=places[info.id].file,
                line=places[info.id].line,
                rule=info.id,
                warning=True,
            )


class _Past:
    """The items of the configured store that were first seen in a span of time that ends now."""

    def __init__(self, config: Path | None, since: str) -> None:
        length, now = span(since), SystemClock().now()
        self.since, self.days = now - length, days_of(length, now)
        self._opened = Opened(config, create=False)
        self.config = self._opened.config

    def rehearsal(self, rules: "RuleSet") -> "Rehearsal":
        from watcher.history import Rehearsal

        return Rehearsal(rules, self.config.routes, self.config.notify)

    def __iter__(self) -> Iterator[PastItem]:
        from watcher.history import past_items

        with self._opened as store:
            with store.reading() as tx:
                total = tx.count_items(self.since)
            yield from in_progress(past_items(store, self.since), total, "looking back")
