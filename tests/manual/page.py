"""Finds the examples in a page of Markdown.

- a table whose columns are `rule` (or `entry`), `text` (or `item`), `found?` and `why`; an item is
  written `title: … · link: …`; and one with `rule`, `text`, `words`, `how`
- `Wrong:` with an expression in backticks, and below it a block of `text`: what is said of it
- `Right:` with expressions that nothing is said of
- a block of `yaml`: a file of rules, and perhaps a block of `text` below it: what is said of it.
  After a line that ends with a file's name in backticks and a colon, a block is that file.
- a block of `console`: commands after `$ `, each with what it prints
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

FIELDS = ("title", "summary", "content", "author", "tag", "link", "feed", "lang", "published")
_FENCE = re.compile(r"^```(\w*)$")
_NAMED = re.compile(r"`([\w./-]+)`:$")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_CELL = re.compile(r"(?<!\\)\|")
_PART = re.compile(rf"({'|'.join((*FIELDS, 'now'))}): ")
_FOUND = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table: a rule, an item, and whether the one finds the other."""

    line: int  # 1-based, as those below
    rule: str
    is_entry: bool
    item: Mapping[str, str]
    expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A line of a table: a rule, a title, and the words found with how."""

    line: int
    rule: str
    text: str
    words: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between two fences; `line` is the first line inside."""

    line: int
    kind: str
    text: str
    name: str = ""  # of the file that it is

    @property
    def end(self) -> int:
        """The line of the closing fence."""
        return self.line + self.text.count("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression that stands for the `when` of a rule; wrong ones have what is said of them."""

    line: int
    source: str
    told: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A file of rules; `told` is None where nothing is said of it."""

    block: Block
    told: Block | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it, up to the next one."""

    title: str
    wrong: tuple[Expression, ...]
    right: tuple[Expression, ...]
    files: tuple[RuleFile, ...]


class Page:
    """A page and the examples in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.blocks = tuple(_blocks(self.lines))
        inside = {n for block in self.blocks for n in range(block.line - 1, block.end + 1)}
        self._prose = [(n, line) for n, line in enumerate(self.lines, 1) if n not in inside]
        tables = tuple(_tables(self._prose))
        self.rows = tuple(row for table in tables for row in _rows(*table))
        self.traces = tuple(trace for table in tables for trace in _traces(*table))
        self.wrong = tuple(self._wrong())
        self.right = tuple(
            Expression(line=number, source=source)
            for number, line in self._prose
            if line.startswith("Right:")
            for source in codes(line)
        )
        self.files = tuple(
            RuleFile(block=block, told=self._told_after(block.end))
            for block in self.blocks
            if block.kind == "yaml" and not block.name
        )

    def sections(self) -> Iterator[Section]:
        """Go through the page heading by heading."""
        starts = [(n, line) for n, line in self._prose if line.startswith("#")]
        ends = [n for n, _ in starts[1:]] + [len(self.lines) + 1]
        for (start, title), end in zip(starts, ends, strict=True):
            yield Section(
                title=title.lstrip("# "),
                wrong=tuple(one for one in self.wrong if start < one.line < end),
                right=tuple(one for one in self.right if start < one.line < end),
                files=tuple(one for one in self.files if start < one.block.line < end),
            )

    def _wrong(self) -> Iterator[Expression]:
        for number, line in self._prose:
            if line.startswith("Wrong:"):
                (source,) = codes(line)
                told = self._told_after(number)
                assert told is not None, f"line {number}: what is said of it is missing"
                yield Expression(line=number, source=source, told=told)

    def _told_after(self, line: int) -> Block | None:
        """Find a block of text that follows a line, with nothing but a blank line between."""
        after = (block for block in self.blocks if line < block.line <= line + 3)
        block = next(after, None)
        return block if block is not None and block.kind == "text" else None


def codes(line: str) -> list[str]:
    """Give what stands in backticks."""
    return [_uncoded(found[2]) for found in _CODE.finditer(line)]


def _uncoded(inner: str) -> str:
    padded = inner.startswith(" ") and inner.endswith(" ") and inner.strip()
    return inner[1:-1] if padded else inner


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if fence and opened is None:
            opened = number + 1, fence[1]
        elif fence and opened is not None:
            start, kind = opened
            body = "".join(f"{each}\n" for each in lines[start - 1 : number - 1])
            yield Block(line=start, kind=kind, text=body, name=_name(lines, start - 2))
            opened = None
    assert opened is None, f"line {opened}: a block is never closed"


def _name(lines: Sequence[str], fence: int) -> str:
    """Find the name of the file that a block is, in the line before its fence."""
    before = next((line for line in reversed(lines[:fence]) if line), "")
    named = _NAMED.search(before)
    return named[1] if named else ""


# --- tables ---------------------------------------------------------------------------------------

Numbered = tuple[int, list[str]]


def _tables(prose: Sequence[tuple[int, str]]) -> Iterator[tuple[list[str], list[Numbered]]]:
    """Go through the tables: the names of the columns, and the rows as cells."""
    rows: list[Numbered] = []
    for number, line in [*prose, (0, "")]:
        if line.startswith("|"):
            rows.append((number, [cell.strip() for cell in _CELL.split(line)[1:-1]]))
        elif rows:
            yield rows[0][1], rows[2:]
            rows = []


def _cell(cell: str) -> str:
    """Give what a cell says: what stands in its backticks, or itself."""
    inner = codes(cell)
    said = inner[0] if len(inner) == 1 and cell.startswith("`") and cell.endswith("`") else cell
    return said.replace("\\|", "|")


def _rows(columns: list[str], rows: list[Numbered]) -> Iterator[Row]:
    if columns[:1] not in (["rule"], ["entry"]) or columns[2:3] != ["found?"]:
        return
    for line, (rule, item, found, *_) in rows:
        yield Row(
            line=line,
            rule=_cell(rule),
            is_entry=columns[0] == "entry",
            item=_item(_cell(item)),
            expected=_FOUND[found],
        )


def _traces(columns: list[str], rows: list[Numbered]) -> Iterator[Trace]:
    if columns == ["rule", "text", "words", "how"]:
        for line, cells in rows:
            rule, text, words, how = map(_cell, cells)
            yield Trace(line=line, rule=rule, text=text, words=words, how=how)


def _item(cell: str) -> Mapping[str, str]:
    """Read `title: … · link: …`; a text without the name of a field is a title."""
    if not _PART.match(cell):
        return {"title": cell}
    parts = (part.partition(": ") for part in cell.split(" · "))
    return {name: value for name, _, value in parts}
