"""How things are printed: JSON a line for programs, tables on a terminal, tabs elsewhere."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import typer

from watcher.text.times import iso

if TYPE_CHECKING:
    from rich.text import Text

Thing = TypeVar("Thing")
Run = str | tuple[str, str]  # a text, or a text and the name of its style

STYLES = {
    "match": "bold red",  # matched words, as grep has them
    "yes": "bold green",
    "no": "bold yellow",
    "rule": "bold",
    "term": "cyan",
    "faint": "dim",
    "critical": "bold white on red",
    "high": "bold magenta",
    "info": "blue",
    "low": "dim",
}
_SIGNS = ("«", "»")
_PLAIN_SIGNS = ("[", "]")
_PLAINER = str.maketrans(
    {"…": "...", "·": "-", "✓": "+", "✗": "x", "“": '"', "”": '"', "‘": "'", "’": "'"}
)


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
    return iso(time)


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


def in_progress(things: Iterable[Thing], total: int, what: str) -> Iterator[Thing]:
    """Go through things while a bar on standard error shows how far; no bar if it is no terminal.

    The bar is gone at the end, and what is printed meanwhile stands above it.
    """
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    shown = console.is_terminal and not console.is_dumb_terminal
    yield from track(things, what, total=total, console=console, transient=True, disable=not shown)


class Page:
    """Standard output as people read it: in colour on a terminal, and plain everywhere else.

    In colour, matched words are red; elsewhere they stand in «signs», or in [brackets] where the
    output cannot write those. Whatever cannot be written is written as an escape; nothing is
    taken for markup.
    """

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False, emoji=False, markup=False)
        self.width = max(20, self._console.width)
        self.colour = bool(self._console.color_system) and not self._console.no_color
        self._encoding = self._console.encoding

    def words(
        self, text: str, spans: Iterable[tuple[int, int]], width: int | None = None
    ) -> tuple[Run, ...]:
        """Show matched words in their context, in one line of at most `width` columns."""
        from watcher.cli.words import in_context, signed

        pieces = in_context(text, spans, self.width if width is None else max(1, width))
        if self.colour:
            return tuple((shown, "match" if marked else "") for shown, marked in pieces)
        return (signed(pieces, _SIGNS if self._writes("".join(_SIGNS)) else _PLAIN_SIGNS),)

    def show(self, *runs: Run, hang: int = 0) -> None:
        """Print a line; on a terminal, what does not fit goes on below, `hang` columns further in.

        Elsewhere a line is a line, however long.
        """
        line = self.text(*runs)
        if not self._console.is_terminal:
            typer.echo(line.plain)
            return
        line.rstrip()
        if line.cell_len <= self.width:
            self._console.print(line, soft_wrap=True)
            return
        head, rest = line.divide((min(hang, len(line)),))
        pad = " " * hang
        below = rest.wrap(self._console, max(10, self.width - hang)) if rest else [rest]
        for number, part in enumerate(below):
            part.rstrip()
            whole = self._assembled((head if number == 0 else pad, part))
            self._console.print(whole, soft_wrap=True)

    def text(self, *runs: Run) -> "Text":
        """Give styled runs as one text, fit for a cell of a table too."""
        pairs = ((run, "") if isinstance(run, str) else run for run in runs)
        return self._assembled(
            (self._written(shown), STYLES.get(style, style)) for shown, style in pairs
        )

    def _assembled(self, parts: "Iterable[str | Text | tuple[str, str]]") -> "Text":
        from rich.text import Text

        return Text.assemble(*parts)

    def _written(self, text: str) -> str:
        from watcher.cli.words import harmless

        safe = harmless(text)
        if self._writes(safe):
            return safe
        plain = safe.translate(_PLAINER)
        return plain.encode(self._encoding, "backslashreplace").decode(self._encoding)

    def _writes(self, text: str) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True
