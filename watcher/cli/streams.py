"""Items that one gives to a verb: JSONL files, standard input; and the time to judge them at."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from watcher.cli.printing import say
from watcher.clock import SystemClock
from watcher.model import Item


class Lines:
    """The items of a JSONL stream; faulty lines are told at once and remembered."""

    def __init__(self, name: str, source: Sequence[str] | None = None) -> None:
        self.name = "standard input" if name == "-" else name
        self.faulty = False
        self._path = name
        self._source = source  # lines that have been read already

    def __iter__(self) -> Iterator[tuple[int, dict[str, object]]]:
        for number, line in enumerate(self._lines(), 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as trouble:
                self.fault(number, f"not JSON: {trouble}")
                continue
            except RecursionError:
                self.fault(number, "lists or objects inside each other, far too deep")
                continue
            if not isinstance(record, dict):
                self.fault(number, "not a JSON object")
                continue
            yield number, record

    def _lines(self) -> Iterator[str]:
        if self._source is not None:
            yield from self._source
            return
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
        """Say what is wrong with a line."""
        say(f"{self.name}:{number}: {text}")
        self.faulty = True

    def items(self, now: datetime) -> Iterator[tuple[dict[str, object], Item]]:
        """Give each record that is an item, with the item; those without `seen` were seen now."""
        from watcher.parse import item_from_json

        for number, record in self:
            try:
                yield record, item_from_json(record, now, number)
            except ValueError as trouble:
                self.fault(number, str(trouble))

    def end(self) -> None:
        """Leave with exit code 2 if any line was faulty."""
        if self.faulty:
            raise typer.Exit(2)


def instant(text: str | None) -> datetime:
    """Read a time that one gives to a verb, as UTC; without one it is now."""
    if text is None:
        return SystemClock().now()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time") from None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def judged_at(record: dict[str, object], now: datetime) -> datetime:
    """Give the time to judge an item at: its own `now`, else this one."""
    return instant(str(record["now"])) if "now" in record else now
