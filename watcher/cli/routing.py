"""Verbs about routes: routes test."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.alerting import waits_for
from watcher.cli.printing import Page, json_line, moment, say
from watcher.cli.settings import CONFIG, Opened
from watcher.cli.streams import instant
from watcher.model import (
    AlertState,
    Feed,
    FeedId,
    Hit,
    Item,
    ItemId,
    Occasion,
    Placement,
    Planned,
    RuleId,
    Severity,
    StoryId,
    Verdict,
)

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.model import Silence

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

routes = typer.Typer(help="What goes out where, and when.", no_args_is_help=True)


@routes.command("test")
def try_routes(
    items: Annotated[
        str | None, typer.Argument(help="Items: JSONL, a feed's item, or - for standard input.")
    ] = None,
    config: CONFIG = None,
    *,
    rule: Annotated[
        list[str] | None, typer.Option(help="Of a made-up item: rules that it hits.")
    ] = None,
    feed: Annotated[str, typer.Option(help="The feed that it is of.")] = "",
    severity: Annotated[str, typer.Option(help="Instead of the rules' own.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="Its tags.")] = None,
    language: Annotated[str, typer.Option(help="Its language: en, de.")] = "",
    now: Annotated[str | None, typer.Option(help="As if it were then, ISO 8601.")] = None,
    as_json: JSON = False,
) -> None:
    """Say where items would go, when, and why; nothing is sent and nothing is kept.

    Each item is taken for the first of its story. What routes sent within the last hour counts
    for nothing, silences do.

    - `watcher routes test --rule blackberry-backdoor --feed bbc --now 2026-12-01T23:00`
    - `watcher routes test items.jsonl`
    """
    from watcher.alerts import plan

    if bool(items) == bool(rule):
        say("name items, or the rules that a made-up one hits: --rule")
        raise typer.Exit(2)
    opened = Opened(config)
    if feed and not any(one.id == feed for one in opened.config.feeds):
        say(f"no feed {feed!r} is configured; `watcher feeds list` lists them")
        raise typer.Exit(2)
    trial = _Trial(opened.config, instant(now))
    with opened as store, store.reading() as tx:
        silences = tx.silences(trial.now)
    asked = trial.stored(items, now) if items else trial.made_up(rule or [], severity, language)
    page = Page()
    for item, hits in asked:
        if not items:
            item = replace(item, feed=FeedId(feed), tags=tuple(tag or ()))  # noqa: PLW2901
        occasion = trial.occasion(item, hits, silences)
        planned = plan(occasion, opened.config.routes, trial.now)
        if as_json:
            json_line({"item": item.id, "routes": [_record(one) for one in planned]})
        else:
            _show(page, item, planned)


class _Trial:
    """What is asked of a configuration at a moment."""

    def __init__(self, config: "Config", now: datetime) -> None:
        self.config, self.now = config, now

    def stored(self, items: str, now: str | None) -> Iterator[tuple[Item, Sequence[Hit]]]:
        """Give items of a file or the store, with what they hit."""
        from watcher.cli.asked import Asked

        for item, at in Asked(self.config.path, None).items(items, None, "", now):
            yield item, self.config.rules.match(item, at)

    def made_up(
        self, rules: Sequence[str], severity: str, language: str
    ) -> Iterator[tuple[Item, Sequence[Hit]]]:
        """Give an item that hits these rules."""
        known = {info.id: info for info in self.config.rules.infos}
        words = {each.word: each for each in Severity}
        if unknown := [name for name in rules if name not in known]:
            say(f"no rule {unknown[0]!r} is in service; `watcher rules list` lists them")
            raise typer.Exit(2)
        if severity and severity not in words:
            say(f"{severity!r} is not a severity; it is {', '.join(words)}")
            raise typer.Exit(2)
        item = Item(
            id=ItemId("made-up"),
            feed=FeedId(""),
            title="(made up)",
            language=language,
            seen_at=self.now,
        )
        infos = (known[RuleId(name)] for name in rules)
        if severity:
            infos = (replace(info, severity=words[severity]) for info in infos)
        yield item, tuple(Hit(rule=info, item=item.id, occurrences=()) for info in infos)

    def occasion(self, item: Item, hits: Sequence[Hit], silences: "Sequence[Silence]") -> Occasion:
        """Take an item for the first of its story."""
        feeds = {feed.id: feed for feed in self.config.feeds}
        feed = feeds.get(item.feed) or Feed(id=item.feed, url="")
        placement = Placement(item=item.id, story=StoryId(item.id), verdict=Verdict.NEW, because=())
        return Occasion(
            item=item,
            feed=feed,
            placement=placement,
            hits=tuple(hits),
            lead=item,
            lead_feed=feed,
            silences=tuple(silences),
        )


def _record(planned: Planned) -> dict[str, object]:
    alert = planned.alert
    goes = alert is not None and alert.state is not AlertState.SUPPRESSED
    return {
        "route": planned.route,
        "decision": planned.decision,
        "because": planned.because,
        "channel": alert.channel if alert else None,
        "rules": sorted(alert.rule_ids) if alert else [],
        "severity": alert.message.severity.word if alert else None,
        "due": moment(alert.due_at) if alert and goes else None,
        "together": alert.bundle if alert else "",
    }


def _show(page: Page, item: Item, planned: Sequence[Planned]) -> None:
    page.show(f"{item.title or item.link or item.id}  {item.feed}".rstrip())
    if not planned:
        page.show("  no rule matches, so it goes nowhere")
    for one in planned:
        waits = waits_for(one.alert) if one.alert else ""
        when = f" to {one.alert.channel}, {waits}" if one.alert and waits else ""
        page.show(f"  {one.route}: {one.decision}{when}", hang=4)
        page.show(f"    because {one.because}", hang=12)
