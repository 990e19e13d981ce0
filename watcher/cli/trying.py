"""Verbs that try a part of the job on what one gives them: match, dedupe, parse."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.printing import json_line, moment, say
from watcher.cli.records import fault_record, hit_record, placement_record
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
    Item,
)

ITEMS = Annotated[str, typer.Argument(help="A JSONL file of items; - is standard input.")]
JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


class _Lines:
    """The items of a JSONL stream; faulty lines are told at once and remembered."""

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else name
        self.faulty = False
        self._path = name

    def __iter__(self) -> Iterator[tuple[int, dict[str, object]]]:
        for number, line in enumerate(self._lines(), 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as trouble:
                self.fault(number, f"not JSON: {trouble}")
                continue
            if not isinstance(record, dict):
                self.fault(number, "not a JSON object")
                continue
            yield number, record

    def _lines(self) -> Iterator[str]:
        if self._path == "-":
            yield from sys.stdin
            return
        try:
            with Path(self._path).open(encoding="utf-8", errors="replace") as lines:
                yield from lines
        except OSError as trouble:
            say(f"{self._path}: {trouble.strerror}")
            raise typer.Exit(2) from None

    def fault(self, number: int, text: str) -> None:
        say(f"{self.name}:{number}: {text}")
        self.faulty = True

    def items(self, now: datetime) -> Iterator[tuple[dict[str, object], Item]]:
        from watcher.parse import item_from_json

        for number, record in self:
            try:
                yield record, item_from_json(record, now, number)
            except ValueError as trouble:
                self.fault(number, str(trouble))

    def end(self) -> None:
        if self.faulty:
            raise typer.Exit(2)


def _instant(text: str | None) -> datetime:
    if text is None:
        return SystemClock().now()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def match(
    items: ITEMS = "-",
    *,
    rules: Annotated[Path, typer.Option(help="The rule file.")],
    now: Annotated[str | None, typer.Option(help="The time to evaluate at, ISO 8601.")] = None,
    as_json: JSON = False,
) -> None:
    """Tell which rules match which items, with the words."""
    from watcher.config import load_rules
    from watcher.errors import ConfigError

    try:
        rule_set, warnings = load_rules(rules)
    except ConfigError as bad:
        for fault in bad.faults:
            say(fault.told())
            if as_json:
                json_line({"error": fault_record(fault)})
        raise typer.Exit(2) from None
    for warning in warnings:
        say(warning.told())
    at = _instant(now)
    lines = _Lines(items)
    for record, item in lines.items(at):
        hits = rule_set.match(item, _instant(str(record["now"])) if "now" in record else at)
        if as_json:
            json_line({"id": item.id, "rules": [hit_record(hit) for hit in hits]})
        else:
            typer.echo(f"{item.id}  {item.title}")
            for hit in hits:
                words = ", ".join(f"{o.field} “{o.text}” ({o.how})" for o in hit.occurrences)
                typer.echo(f"    {hit.rule.id}: {words}")
    lines.end()


def dedupe(items: ITEMS = "-", *, as_json: JSON = False) -> None:
    """Place each item of a stream, in order of arrival, as the daemon would."""
    from watcher.pipeline import place_stream
    from watcher.store import open_store

    lines = _Lines(items)
    stream = _by_arrival(lines)
    store = open_store("sqlite://")
    try:
        for item, placement in place_stream(store, stream):
            if as_json:
                json_line(placement_record(placement))
            else:
                told = f"{placement.verdict.value:8}{item.id}  {item.title}"
                typer.echo("\n".join([told, *(f"            {why}" for why in placement.because)]))
    finally:
        store.close()
    lines.end()


def _by_arrival(lines: _Lines) -> list[Item]:
    """Order items by `seen`, else `published`, else by their lines."""
    last = datetime(1970, 1, 1, tzinfo=UTC)
    arrived: list[Item] = []
    for record, item in lines.items(last):
        last = item.seen_at if record.get("seen") else item.published or last
        arrived.append(replace(item, seen_at=last))
    return sorted(arrived, key=lambda item: item.seen_at)


def parse(
    documents: Annotated[list[str], typer.Argument(help="Feed documents: files or URLs.")],
    *,
    base: Annotated[str, typer.Option(help="The address a file came from, for its links.")] = "",
    as_json: JSON = False,
) -> None:
    """Print the items that a feed document yields, and what was wrong with it."""
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
