"""The operator's mistakes, each with its place."""

from dataclasses import dataclass
from typing import NamedTuple

LONGEST_EXCERPT = 120
LONGEST_SUGGESTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a configuration file, with its place and what to write instead."""

    code: str
    message: str
    file: str = ""
    line: int = 0  # 1-based; 0 where the whole file is meant
    column: int = 0  # 1-based, in characters of the line
    rule: str = ""  # id of the rule, where the fault is in one
    excerpt: str = ""  # the faulty line or expression
    caret: int = 0  # 1-based column of the fault in `excerpt`
    width: int = 1  # how many characters of `excerpt` it covers
    suggestions: tuple[str, ...] = ()
    warning: bool = False

    def told(self) -> str:
        """Tell it as a compiler would: place, message, excerpt with caret, suggestions."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        kind = "warning" if self.warning else "error"
        where = f' in rule "{self.rule}"' if self.rule else ""
        lines = [f"{place + ': ' if place else ''}{kind} {self.code}{where}: {self.message}"]
        if self.excerpt:
            excerpt = around(self.excerpt, max(0, self.caret - 1), self.width)
            lines.append(f"    {excerpt.text}")
            if self.caret:
                lines.append("    " + " " * (excerpt.caret - 1) + "^" * max(1, excerpt.width))
        short = (each for each in self.suggestions if len(each) <= LONGEST_SUGGESTION)
        for n, suggestion in enumerate(short):
            lines.append(f"    {'write' if n == 0 else '   or'} {suggestion}")
        return "\n".join(lines)


class Excerpt(NamedTuple):
    """A line as a message shows it, with the place of the fault in it."""

    text: str
    caret: int  # 1-based
    width: int


def around(text: str, caret: int, width: int) -> Excerpt:
    """Cut a long line down to the part around the fault; `caret` is an offset in it."""
    if len(text) <= LONGEST_EXCERPT + 2:  # as short as one that was cut
        return Excerpt(text, caret + 1, width)
    first = max(0, caret - LONGEST_EXCERPT // 3)
    cut = text[first : first + LONGEST_EXCERPT]
    before = "…" if first else ""
    after = "…" if first + len(cut) < len(text) else ""
    room = len(before) + len(cut) - (caret - first)
    return Excerpt(before + cut + after, caret - first + len(before) + 1, max(1, min(width, room)))
