"""Entries are put into the text of a YAML file; nothing that stands there changes.

Text is only ever inserted, behind the last entry of a list, at the indentation that the list has.
Afterwards the file is read again: it must say what it said before and the new entries, no more and
no less. Where it does not (the list is an alias, the file ends in a marker …) nothing is written.
"""

import re
from collections.abc import Iterator, Sequence

from watcher.config.nodes import Many, Node, Scalar, Table, child, children, is_blank, plain
from watcher.config.reader import read_yaml
from watcher.config.sheet import Sheet
from watcher.config.subscriptions.written import Entry, scalar
from watcher.errors import ConfigError
from watcher.model import Fault

NEW_FILE = "version: 1\n"
_COMMENT = re.compile(r"#[^\r\n]*")
_STEP = 2  # columns that something inside something else is further in
_CANNOT = (
    "the feeds cannot be added without changing what is there: write its lists with a dash for "
    "each feed, or name another file with --to"
)

Insert = tuple[int, str]


def added(sheet: Sheet, entries: Sequence[Entry]) -> str:
    """Give the file's text with the entries in it; raises ConfigError where that cannot be."""
    line_end = "\r\n" if "\r\n" in sheet.text else "\n"
    text = _inserted(sheet.text, list(_inserts(sheet, entries)), line_end)
    again, faults = read_yaml(sheet.name, text.encode())
    whole = not faults and again.root is not None and sheet.root is not None
    if not whole or plain(_root(again)) != _expected(sheet, entries):
        raise ConfigError([Fault(code="O003", file=sheet.name, message=_CANNOT)])
    return text


def _root(sheet: Sheet) -> Node:
    assert sheet.root is not None
    return sheet.root


def _inserted(text: str, inserts: Sequence[Insert], line_end: str) -> str:
    pieces, at = [], 0
    for offset, piece in sorted(inserts, key=lambda insert: insert[0]):
        pieces += [text[at:offset], piece.replace("\n", line_end)]
        at = offset
    return "".join([*pieces, text[at:]])


def _inserts(sheet: Sheet, entries: Sequence[Entry]) -> Iterator[Insert]:
    groups = _by_group(entries)
    alone = groups.pop("", [])
    if alone:
        yield from _to_list(sheet, ("feeds",), alone)
    known = {name for name in groups if child(sheet.root, "groups", name) is not None}
    for name in groups:
        if name in known:
            yield from _to_list(sheet, ("groups", name), groups[name])
    fresh = {name: members for name, members in groups.items() if name not in known}
    if fresh:
        yield from _new_groups(sheet, fresh)


def _by_group(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return groups


def _to_list(sheet: Sheet, path: tuple[str, ...], entries: Sequence[Entry]) -> Iterator[Insert]:
    """Add to a list that is there, or to a key without a value, or under a key of our own."""
    node = child(sheet.root, *path)
    if node is None:
        yield _at_the_end(sheet, f"{path[-1]}:{_listed(entries, _STEP)}")
    elif isinstance(node, Many) and sheet.text[node.start] == "[":
        yield _into_brackets(sheet, node, [entry.written() for entry in entries])
    else:
        yield (
            _line_after(sheet, _last_ink(sheet, node)),
            _listed(entries, _column(sheet, node.start)),
        )


def _new_groups(sheet: Sheet, groups: dict[str, list[Entry]]) -> Iterator[Insert]:
    node = child(sheet.root, "groups")
    if node is None:
        yield _at_the_end(sheet, f"groups:{_grouped(groups, _STEP)}")
    elif isinstance(node, Table) and sheet.text[node.start] == "{":
        pairs = [
            f"{scalar(name)}: [{', '.join(entry.written() for entry in members)}]"
            for name, members in groups.items()
        ]
        yield _into_brackets(sheet, node, pairs)
    else:
        yield (
            _line_after(sheet, _last_ink(sheet, node)),
            _grouped(groups, _column(sheet, node.start)),
        )


def _listed(entries: Sequence[Entry], indent: int) -> str:
    return "".join(f"\n{' ' * indent}- {entry.written()}" for entry in entries)


def _grouped(groups: dict[str, list[Entry]], indent: int) -> str:
    return "".join(
        f"\n{' ' * indent}{scalar(name)}:{_listed(members, indent + _STEP)}"
        for name, members in groups.items()
    )


def _into_brackets(sheet: Sheet, node: Many | Table, things: Sequence[str]) -> Insert:
    """Put things before the closing bracket, each on a line of its own."""
    within = children(node)
    behind = sheet.text[within[-1].end : node.end - 1] if within else ","
    comma = "" if "," in _COMMENT.sub("", behind) else ","
    start = sheet.line_starts[sheet.place(node.start).line - 1]
    line = sheet.text[start : node.start]
    pad = "\n" + " " * (len(line) - len(line.lstrip()) + 2 * _STEP)
    return node.end - 1, comma + pad + f",{pad}".join(things) + pad[:-_STEP]


def _at_the_end(sheet: Sheet, text: str) -> Insert:
    """Begin a key of our own where the file ends."""
    gap = "" if not sheet.text or sheet.text.endswith("\n") else "\n"
    return len(sheet.text), f"{gap}{text}\n"


def _line_after(sheet: Sheet, offset: int) -> int:
    """Give the end of the line in which a character stands; comments on it belong to it."""
    found = sheet.text.find("\n", offset)
    if found < 0:
        return len(sheet.text)
    return found - 1 if sheet.text[found - 1 : found] == "\r" else found


def _column(sheet: Sheet, offset: int) -> int:
    return sheet.place(offset).column - 1


def _last_ink(sheet: Sheet, node: Node) -> int:
    """Give the place of the last character that belongs to a list or mapping."""
    end = node.end
    while not isinstance(node, Scalar) and sheet.text[node.start] not in "[{":
        last = node.items[-1] if isinstance(node, Many) else None
        if isinstance(node, Table):
            entry = next(reversed(node.entries.values()))
            last = entry.key if is_blank(entry.value) else entry.value
        assert last is not None, "a list with a dash has an entry"
        node = last
        end = node.end
    while end > 0 and sheet.text[end - 1].isspace():
        end -= 1
    return end - 1


def _expected(sheet: Sheet, entries: Sequence[Entry]) -> object:
    said = plain(_root(sheet))
    assert isinstance(said, dict)
    for group, members in _by_group(entries).items():
        within, key = (said, "feeds") if not group else (_table(said, "groups"), group)
        within[key] = [*(within.get(key) or []), *(entry.fields for entry in members)]
    return said


def _table(said: dict[str, object], key: str) -> dict[str, list[object]]:
    inner = said.get(key) or {}
    said[key] = inner
    assert isinstance(inner, dict)
    return inner
