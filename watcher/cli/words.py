"""Matched words in their context: a text and spans become one line that fits a width.

Widths are in columns of a terminal: a Chinese character takes two, an accent of its own none.
What is shown is harmless: no control character, no line break, no bidi override.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from watcher.alerts.render import grapheme_edge
from watcher.text.markup import door_clean
from watcher.text.tokens import is_unspaced

Span = tuple[int, int]
Piece = tuple[str, bool]  # what is shown, and whether it is a matched word

BREAK = " / "  # stands for the end of a paragraph
GAP = "…"
_AT_EDGE = 2  # columns of the ellipsis and its space where a text is cut
_BETWEEN = 3
_SIGNS = 2  # columns that the signs around a matched word take
_STEP_AT_MOST = 24  # characters of a word that are taken at once


def harmless(text: str) -> str:
    """Give a text as one line that cannot do anything to a terminal; breaks become ` / `."""
    return "".join(map(_harmless, text))


def _harmless(character: str) -> str:
    if character == "\n":
        return BREAK
    return " " if character.isspace() else door_clean(character)


def beginning(text: str, width: int) -> str:
    """Give as much of the beginning of a text as fits, cut between words, `…` included."""
    return "".join(shown for shown, _ in in_context(text, (), width))


def signed(pieces: Iterable[Piece], signs: tuple[str, str] = ("«", "»")) -> str:
    """Write a line with signs around the matched words."""
    before, after = signs
    return "".join(f"{before}{shown}{after}" if marked else shown for shown, marked in pieces)


def in_context(text: str, spans: Iterable[Span], width: int) -> tuple[Piece, ...]:
    """Show the words of these spans and what stands around them, in at most `width` columns.

    Words that stand far apart have `…` between them. Spans that overlap are one; spans outside the
    text are left out. Where not all words fit, the first ones do; without any, it is the beginning
    of the text. Two columns of each word are left for signs around it.
    """
    marks = _apart(text, spans)
    windows = _first_that_fit(text, marks, width) if marks else [_Window(0, 0, 0)]
    left_out = (mark for mark in marks if mark[0] >= windows[-1].end)
    limit = min(left_out, default=(len(text), 0))[0]
    _grow(text, windows, limit, width)
    return tuple(_pieces(text, windows, [mark for mark in marks if mark[0] < limit]))


@dataclass(slots=True)
class _Window:
    """A part of the text that is shown."""

    start: int
    end: int
    cells: int  # columns that it takes


def _apart(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sort spans, make one of those that overlap, and leave out what lies outside the text."""
    marks: list[Span] = []
    for first, stop in sorted(spans):
        start, end = max(0, first), min(stop, len(text))
        if start < end and marks and start < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        elif start < end:
            marks.append((start, end))
    return marks


def _cells(text: str, start: int, end: int) -> int:
    return cell_len(harmless(text[start:end]))


def _first_that_fit(text: str, marks: Sequence[Span], width: int) -> list[_Window]:
    """Give the matched words that fit side by side; of the first one, as much as fits."""
    windows: list[_Window] = []
    for start, end in marks:
        together = [*windows, _Window(start, end, _cells(text, start, end) + _SIGNS)]
        if len(together) > 1:
            together[-2:] = _joined(text, *together[-2:])
        if _columns(text, together) > width:
            break
        windows = together
    if not windows:
        start, end = marks[0]
        windows = [_Window(start, _cut(text, start, end, width - 2 * _AT_EDGE - _SIGNS), width)]
    return windows


def _joined(text: str, one: _Window, other: _Window) -> list[_Window]:
    """Make one window of two that have no more between them than an ellipsis would take."""
    between = _cells(text, one.end, min(other.start, one.end + 2 * _BETWEEN))
    if between > _BETWEEN or other.start - one.end > _BETWEEN:
        return [one, other]
    return [_Window(one.start, other.end, one.cells + between + other.cells)]


def _cut(text: str, start: int, end: int, width: int) -> int:
    """Find where a text must end to fit; one character is always left."""
    stop = start
    used = 0
    while stop < end:
        used += _cells(text, stop, stop + 1)
        if used > width:
            break
        stop += 1
    return max(start + 1, grapheme_edge(text, stop)) if stop < end else end


def _columns(text: str, windows: Sequence[_Window]) -> int:
    """Count the columns of windows with the ellipses around and between them."""
    gaps = sum(one.end < other.start for one, other in pairwise(windows))
    edges = (windows[0].start > 0) + (windows[-1].end < len(text))
    return sum(window.cells for window in windows) + _BETWEEN * gaps + _AT_EDGE * edges


# --- growing --------------------------------------------------------------------------------------


def _grow(text: str, windows: list[_Window], limit: int, width: int) -> None:
    """Let every window grow in turn, a word to the left and one to the right, while it fits."""
    growing = True
    while growing:
        growing = False
        for number, window in enumerate(windows):
            least = windows[number - 1].end if number else 0
            most = windows[number + 1].start if number + 1 < len(windows) else limit
            for start, end in (
                (_before(text, window.start, least), window.end),
                (window.start, _after(text, window.end, most)),
            ):
                growing |= _grown(text, windows, window, (start, end), width)


def _grown(text: str, windows: list[_Window], window: _Window, to: Span, width: int) -> bool:
    """Let one window grow to these ends unless the line gets too long."""
    former = window.start, window.end, window.cells
    start, end = min(to[0], window.start), max(to[1], window.end)
    if (start, end) == former[:2]:
        return False
    added = _cells(text, start, window.start) + _cells(text, window.end, end)
    window.start, window.end, window.cells = start, end, window.cells + added
    if _columns(text, windows) <= width:
        return True
    window.start, window.end, window.cells = former
    return False


def _after(text: str, at: int, most: int) -> int:
    """Find the end of the word after `at`; in scripts without spaces, of one character."""
    end = at
    while end < most and text[end].isspace():
        end += 1
    begun = end
    while end < most and end - begun < _STEP_AT_MOST and not _ends(text[end], end - begun):
        end += 1
    while end < most and grapheme_edge(text, end) != end:
        end += 1
    return end


def _before(text: str, at: int, least: int) -> int:
    """Find the beginning of the word before `at`."""
    start = at
    while start > least and text[start - 1].isspace():
        start -= 1
    begun = start
    while start > least and begun - start < _STEP_AT_MOST:
        if _ends(text[start - 1], begun - start):
            break
        start -= 1
    return max(least, grapheme_edge(text, start))


def _ends(character: str, taken: int) -> bool:
    """Tell whether a step ends before this character."""
    return character.isspace() or (taken > 0 and is_unspaced(character))


# --- writing --------------------------------------------------------------------------------------


def _pieces(text: str, windows: Sequence[_Window], marks: Sequence[Span]) -> Iterator[Piece]:
    if windows[0].start > 0:
        yield f"{GAP} " if text[windows[0].start - 1].isspace() else GAP, False
    last = None
    for window in windows:
        if last is not None and last < window.start:
            yield f" {GAP} ", False
        yield from _of_window(text, window, marks)
        last = window.end
    if last is not None and last < len(text):
        yield f" {GAP}" if text[last].isspace() else GAP, False


def _of_window(text: str, window: _Window, marks: Sequence[Span]) -> Iterator[Piece]:
    at = window.start
    for start, end in marks:
        begin, stop = max(start, window.start), min(end, window.end)
        if begin < stop:
            yield from _piece(text[at:begin], marked=False)
            yield from _piece(text[begin:stop], marked=True)
            at = stop
    yield from _piece(text[at : window.end], marked=False)


def _piece(text: str, *, marked: bool) -> Iterator[Piece]:
    if shown := harmless(text):
        yield shown, marked
