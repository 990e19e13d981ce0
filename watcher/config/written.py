"""Rules as they stand in their files, for people who look at one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from watcher.config.files import read_file
from watcher.config.findings import Findings
from watcher.config.nodes import Node, Scalar, Table, child, children
from watcher.config.sheet import Sheet
from watcher.rules import RuleSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRule:
    """A rule, in service or not, and the place where it is written."""

    spec: RuleSpec
    file: str
    line: int  # of its first key


def text_of(rule: WrittenRule) -> str:
    """Give a rule's lines as they stand in its file, comments within included.

    The file is read again. Empty where the rule is there no more.
    """
    sheet = read_file(Path(rule.file), Findings())
    for node in children(child(sheet.root, "rules")) if sheet is not None else ():
        named = child(node, "id")
        if sheet is not None and isinstance(named, Scalar) and named.value == rule.spec.info.id:
            return _lines(sheet, node)
    return ""


def _lines(sheet: Sheet, node: Node) -> str:
    """Cut a rule out of its file: whole lines, unless others stand beside it."""
    text, end = sheet.text, _end(sheet.text, node)
    first = node.start - sheet.place(node.start).column + 1
    if text[first : node.start].strip(" -"):
        return text[node.start : end]
    following = text.find("\n", max(end - 1, node.start))
    return dedent(text[first : following if following >= 0 else len(text)]).rstrip()


def _end(text: str, node: Node) -> int:
    """Find where a node ends; one in block style says it goes on to whatever comes next."""
    if isinstance(node, Scalar) or text[node.start] in "[{":
        return node.end
    within = (end for end in _ends(text, node) if node.start <= end <= node.end)  # not aliases
    return max(within, default=node.end)


def _ends(text: str, node: Node) -> Iterator[int]:
    if isinstance(node, Table):
        yield from (entry.key.end for entry in node.entries.values())
    yield from (_end(text, each) for each in children(node))
