"""Verbs that try a part of the job on what one gives them: match, dedupe, parse."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.printing import Page, json_line, moment, say
from watcher.cli.records import fault_record, hit_record, placement_record
from watcher.cli.settings import CONFIG, loaded
from watcher.cli.streams import Lines, instant, judged_at
from watcher.clock import SystemClock
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    FetchFailed,
    FetchResult,
    Hit,
    Item,
)

if TYPE_CHECKING:
    from watcher.rules import RuleSet

AHEAD = timedelta(days=365)  # a date that is farther ahead is a mistake
ITEMS = Annotated[str, typer.Argument(help="A JSONL file of items; - is standard input.")]
JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def match(
    items: ITEMS = "-",
    config: CONFIG = None,
    *,
    rules: Annotated[
        Path | None, typer.Option(help="A rule file; else the rules of the configuration.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The time to judge at, ISO 8601.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Show items without a hit too.")] = False,
    as_json: JSON = False,
) -> None:
    """Tell which rules match which items, with the words in their context.

    Items are lines of JSON such as `{"title": "…", "summary": "…"}`; `watcher parse --json` makes
    them of a feed.

    - `watcher match --rules config/rules/interception.yaml items.jsonl`
    - `watcher parse --json https://example.org/feed.xml | watcher match`
    """
    rule_set = _rules(rules, config, as_json=as_json)
    at = instant(now)
    lines = Lines(items)
    tally = _Tally()
    page = None if as_json else Page()
    for record, item in lines.items(at):
        hits = rule_set.match(item, judged_at(record, at))
        tally.add(hits)
        if page is None:
            json_line({"id": item.id, "rules": [hit_record(hit) for hit in hits]})
        elif hits or every:
            _show_hits(page, item, hits)
    if page is not None:
        say(tally.told())
    lines.end()


def _rules(rules: Path | None, config: Path | None, *, as_json: bool) -> "RuleSet":
    """Load the rules to try; faults are told, with `as_json` on standard output too."""
    from watcher.config import load_rules
    from watcher.errors import ConfigError

    try:
        if rules is None:
            return loaded(config).rules
        rule_set, warnings = load_rules(rules)
    except ConfigError as bad:
        for fault in bad.faults:
            say(fault.told())
            if as_json:
                json_line({"error": fault_record(fault)})
        raise typer.Exit(2) from None
    for warning in warnings:
        say(warning.told())
    return rule_set


def _show_hits(page: Page, item: Item, hits: Sequence[Hit]) -> None:
    from watcher.cli.hits import show_hit, show_item

    show_item(page, item)
    for hit in hits:
        show_hit(page, item, hit)


@dataclass(slots=True)
class _Tally:
    """What matching came to."""

    items: int = 0
    matched: int = 0
    hits: int = 0

    def add(self, hits: Sequence[Hit]) -> None:
        self.items += 1
        self.matched += bool(hits)
        self.hits += len(hits)

    def told(self) -> str:
        counted = ((self.items, "item"), (self.matched, "matched"), (self.hits, "hit"))
        return ", ".join(
            f"{number} {word}{'s' if number != 1 and word != 'matched' else ''}"
            for number, word in counted
        )


def dedupe(items: ITEMS = "-", *, as_json: JSON = False) -> None:
    """Place each item of a stream, in order of arrival, as the daemon would.

    - `watcher dedupe items.jsonl --json`
    """
    from watcher.pipeline import place_stream
    from watcher.shelf import Shelf

    lines = Lines(items)
    for item, placement in place_stream(Shelf(), _by_arrival(lines, SystemClock().now() + AHEAD)):
        if as_json:
            json_line(placement_record(placement))
        else:
            told = f"{placement.verdict.value:8}{item.id}  {item.title}"
            typer.echo("\n".join([told, *(f"            {why}" for why in placement.because)]))
    lines.end()


def _by_arrival(lines: Lines, latest: datetime) -> list[Item]:
    """Order items by `seen`, else `published`, else by their lines; none arrived after `latest`."""
    last = datetime(1970, 1, 1, tzinfo=UTC)
    arrived: list[Item] = []
    for record, item in lines.items(last):
        told = item.seen_at if record.get("seen") else item.published
        last = told if told and told <= latest else last
        arrived.append(replace(item, seen_at=last))
    return sorted(arrived, key=lambda item: item.seen_at)


def parse(
    documents: Annotated[list[str], typer.Argument(help="Feed documents: files or URLs.")],
    *,
    base: Annotated[str, typer.Option(help="The address a file came from, for its links.")] = "",
    as_json: JSON = False,
) -> None:
    """Print the items that a feed document yields, and what was wrong with it.

    - `watcher parse https://gazette.example/feed --json`
    """
    from watcher.parse import item_to_json, read

    now = SystemClock().now()
    unread = False
    for name in documents:
        due = _look_at(base or name, now)
        answer = _answer(name, due.feed.url)
        outcome = read(due, answer, now) if isinstance(answer, Fetched) else answer
        if not isinstance(outcome, Document):
            say(f"{name}: {getattr(outcome, 'reason', 'not a feed')}")
            unread = True
            continue
        for fault in outcome.faults:
            say(f"{name}: {fault}")
        for item in outcome.items:
            if as_json:
                json_line(item_to_json(item))
            else:
                typer.echo(f"{moment(item.published) or '-':22}{item.title}\n{'':22}{item.link}")
    if unread:
        raise typer.Exit(1)


def _look_at(address: str, now: datetime) -> DueFeed:
    feed = Feed(id=FeedId(Path(address).stem or address), url=address)
    return DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=now))


def _answer(name: str, base: str) -> FetchResult:
    """Get a document from a file, or over the network."""
    if name.startswith(("http://", "https://", "feed:")):
        from watcher.fetch import FetchSettings, fetch_one

        return fetch_one(name, FetchSettings(), SystemClock())
    try:
        return Fetched(status=200, url=base if "://" in base else "", body=Path(name).read_bytes())
    except OSError as trouble:
        return FetchFailed(reason=str(trouble.strerror))
