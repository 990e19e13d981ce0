"""A configuration file's text and tree, and the faults that point into it."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from watcher.config.nodes import Node, Path, Table, nearest
from watcher.model import Fault
from watcher.model.faults import Excerpt, around

_FAR = 1000  # characters to either side of a fault; what is farther away no message shows
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"\s")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+(?=@)")  # user and password in an address
# what a terminal would obey, or show in another order than it stands
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Place(NamedTuple):
    """Where a character stands in its file; both numbers start at 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file: its name as messages show it, its text, and what it says (None: unreadable).

    `hidden` are the spans of the text that no message may show. A sheet may also be about one
    `rule` of the file; then what it says, and all paths, are that rule's alone.
    """

    name: str
    text: str
    root: Node | None
    line_starts: "array[int]"
    rule: str = ""
    hidden: list[tuple[int, int]] = field(default_factory=list)

    def place(self, offset: int) -> Place:
        """Tell the line and column of a character."""
        line = bisect_right(self.line_starts, offset)
        return Place(line, offset - self.line_starts[line - 1] + 1)

    def hide(self, node: Node) -> None:
        """Let no excerpt show what stands here: it is a secret."""
        self.hidden.append((node.start, node.end))

    def at(self, path: Path) -> Node:
        """Find the node at a path, or the nearest one around it."""
        assert self.root is not None
        return nearest(self.root, path)

    def key_at(self, path: Path) -> Node:
        """Find the key that a path ends with, else the node itself."""
        if path and isinstance(path[-1], str):
            around = self.at(path[:-1])
            if isinstance(around, Table) and path[-1] in around.entries:
                return around.entries[path[-1]].key
        return self.at(path)

    def fault(
        self,
        code: str,
        message: str,
        where: Node | int,
        *,
        suggestions: Iterable[str] = (),
        warning: bool = False,
    ) -> Fault:
        """Make a fault that shows the line where a node (or a character) stands."""
        start, end = (where, where + 1) if isinstance(where, int) else (where.start, where.end)
        place = self.place(start)
        excerpt = self.excerpt(start, end)
        return Fault(
            code=code,
            message=speakable(message),
            file=self.name,
            line=place.line,
            column=place.column,
            rule=self.rule,
            excerpt=excerpt.text,
            caret=excerpt.caret if excerpt.text else 0,
            width=excerpt.width,
            suggestions=tuple(suggestions),
            warning=warning,
        )

    def about(self, rule: str, node: Node) -> "Sheet":
        """Give the sheet of one rule, which stands in this file."""
        return replace(self, root=node, rule=rule)

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Cut the line of a span out of the text, without its indentation and its secrets."""
        line = self.place(start).line
        first = max(self.line_starts[line - 1], start - _FAR)
        last = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        last = min(last, start + _FAR)
        last = first + len(self.text[first:last].rstrip())
        first += len(self.text[first:last]) - len(self.text[first:last].lstrip())
        shown = self._masked(first, last)
        caret = len(self._masked(first, max(first, min(start, last))))
        width = max(1, len(self._masked(first, min(end, last))) - caret)
        return around(shown, caret, width)

    def _masked(self, first: int, last: int) -> str:
        """Give the text of a span with three stars for every hidden part of it."""
        pieces, at = [], first
        for start, end in sorted(self.hidden):
            if start < last and end > at:
                pieces += [self.text[at : max(at, start)], "***"]
                at = end
        pieces.append(self.text[at:last])
        return speakable(_CREDENTIALS.sub("***", "".join(pieces)))


def sheet_of(name: str, text: str, root: Node | None = None) -> Sheet:
    """Make a sheet, with its lines counted."""
    ends = (found.end() for found in _LINE_END.finditer(text))
    return Sheet(name=name, text=text, root=root, line_starts=array("L", (0, *ends)))


def first_line(text: str) -> str:
    """Give a text up to its first line end, whichever kind that is."""
    return _LINE_END.split(text, 1)[0]


def speakable(text: str) -> str:
    """Make a text fit for one line of a terminal: blanks are spaces, controls are U+FFFD."""
    return _UNSPEAKABLE.sub("\ufffd", _BLANKS.sub(" ", text))
