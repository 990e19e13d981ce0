"""`watcher demo`: the main job, shown on the example in `seeds/`, on the loopback address only."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from watcher.demo.newsroom import Edition, Newsroom, find_seeds, read_newsroom
from watcher.demo.playing import Played, play
from watcher.demo.summary import Summary
from watcher.model import Sent

__all__ = ["Edition", "Newsroom", "Played", "find_seeds", "play", "read_newsroom", "show"]

DONE, DID_NOT_HOLD = 0, 1


def show(*, as_json: bool = False, seeds: Path | None = None) -> int:
    """Play the example and tell of it; 0 if its alerts are the expected ones, else 1.

    With `as_json`, one JSON object an alert is all that comes on standard output. Raises
    ConfigError where `seeds` (by default the shipped example) is not a readable example.
    """
    newsroom = read_newsroom(seeds or find_seeds())
    played = _print_alerts(newsroom) if as_json else _tell(newsroom)
    wrong = tuple(_differences(newsroom, played))
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return DID_NOT_HOLD if wrong else DONE


def _print_alerts(newsroom: Newsroom) -> Played:
    played = play(newsroom, console=False)
    for record in played.records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    return played


def _tell(newsroom: Newsroom) -> Played:
    summary = Summary(sys.stdout)
    summary.welcome(len(newsroom.editions[0].documents))
    played = play(newsroom, summary)
    summary.finish(played)
    return played


def _differences(newsroom: Newsroom, played: Played) -> Iterator[str]:
    """Tell what did not come as it must; nothing when all is well."""
    came, expected = played.records, newsroom.expected
    if came != expected:
        yield "this should not happen: the alerts are not those of expected-alerts.jsonl"
    yield from (f"  missing: {_line(record)}" for record in expected if record not in came)
    yield from (f"  too much: {_line(record)}" for record in came if record not in expected)
    for scene in played.scenes:
        for visit in scene.visits:
            if visit.outcome in {"failed", "unreadable"}:
                yield f"this should not happen: visit of {visit.feed}: {visit.reason}"
        for delivery in scene.deliveries:
            if not isinstance(delivery.outcome, Sent):
                where = f"alert {delivery.alert.key} by route {delivery.alert.route}"
                yield f"this should not happen: {where}: {delivery.outcome}"


def _line(record: object) -> str:
    return json.dumps(record, ensure_ascii=False)
