"""How things are printed: JSON a line for programs, tables on a terminal, tabs elsewhere."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import typer


def json_line(record: object) -> None:
    """Print one JSON object on a line of its own."""
    typer.echo(json.dumps(record, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(type(value).__name__)


def moment(time: datetime | None) -> str | None:
    """Write a time as ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their columns: a table on a terminal, tab-separated lines elsewhere."""
    told = [[_cell(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in told:
            typer.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in told:
        shown.add_row(*(Text(cell) for cell in row))
    Console().print(shown)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return " ".join(str(value).split())


def say(text: str) -> None:
    """Say something to the person at the terminal; never mixed with what programs read."""
    typer.echo(text, err=True)
