"""From the bytes of a YAML file to a tree of texts with places; whatever is wrong is a fault.

Events are read instead of PyYAML's own tree, with the C parser where there is one: so depth,
size and aliases are counted while reading, and nothing recurses. Rules, of which a file may have
very many, can be handed over one by one: then the whole tree is never there at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from watcher.config import limits
from watcher.config.nodes import Entry, Many, Node, Scalar, Table
from watcher.config.sheet import Sheet, sheet_of
from watcher.config.syntax import explained, syntax_fault
from watcher.model import Fault

# gets the file, the number of a rule in it, and the rule; keeps of it what it needs
Taker = Callable[[Sheet, int, Node], None]
_Event = Any  # PyYAML's types do not say that every event of a text has its marks
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


EMPTY = "the file is empty; it needs at least `version: 1`"


def no_secrets(_text: str) -> tuple[tuple[int, int], ...]:
    """Find no secrets: for files that have none."""
    return ()


def read_yaml(
    name: str,
    body: bytes,
    hidden: Callable[[str], Iterable[tuple[int, int]]] = no_secrets,
    take: Taker | None = None,
) -> tuple[Sheet, tuple[Fault, ...]]:
    """Read a file. The sheet's root is None where the faults leave nothing to go on with.

    The spans that `hidden` finds in the text are shown in no message. `take` is handed each entry
    of the list `rules`, also of a file that turns out to be faulty further down; the tree keeps
    only the places of entries handed over.
    """
    text, fault = _decoded(body)
    sheet = sheet_of(name, text)
    sheet.hidden.extend(hidden(text))
    if fault:
        return sheet, (sheet.fault("C002", fault, max(0, len(text) - 1)),)
    if (bad := _UNPRINTABLE.search(text)) is not None:
        return sheet, (explained(sheet, bad.start(), _unprintable(bad.group())),)
    tree = _Tree(sheet, take)
    try:
        tree.read()
    except _Stop:
        return sheet, tuple(tree.faults)
    except (yaml.YAMLError, ValueError, OverflowError) as trouble:  # the last two: bad escapes
        return sheet, (*tree.faults, syntax_fault(sheet, trouble))
    return replace(sheet, root=tree.root), tuple(tree.faults)


def read_rules_again(sheet: Sheet, take: Taker) -> None:
    """Hand over the rules of a file that could be read before, whose tree is not there any more."""
    _Tree(sheet, take).read()


def _decoded(body: bytes) -> tuple[str, str]:
    """Give the text, or as much as can be read with a mark at its end, and why not more."""
    if body.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "", "this is UTF-32; save the file as UTF-8"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", "this is UTF-16; save the file as UTF-8"
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8"), ""
    except UnicodeDecodeError as trouble:
        good = body[: trouble.start].decode("utf-8")
        return good + "\ufffd", f"not UTF-8: the byte 0x{body[trouble.start]:02X}; save it as UTF-8"


def _unprintable(character: str) -> str:
    told = f"the control character U+{ord(character):04X}"
    return told if character != "\0" else f"{told}; if this is UTF-16, save the file as UTF-8"


class _Stop(Exception):  # noqa: N818 - no trouble of its own: a fault was noted, reading ends
    """The fault just noted makes it pointless or dangerous to read on."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    start: int
    anchor: str | None
    values: int  # how many the file had before it
    items: list[Node] | None = None  # a list's
    entries: dict[str, Entry] | None = None  # a mapping's
    key: Scalar | None = None  # of the value to come
    skip: bool = False  # the value to come belongs to a key that is a fault


@dataclass(slots=True)
class _Tree:
    """Builds the tree from events; faults that do not hurt the rest are gathered."""

    sheet: Sheet
    take: Taker | None = None
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    values: int = 0
    aliased: int = 0
    documents: int = 0

    def read(self) -> None:
        """Read all of the text, or stop at the fault after which nothing makes sense."""
        for event in self._events():
            self._take(event)
        if self.root is None and not self.faults:
            self.faults.append(self.sheet.fault("C009", EMPTY, 0))

    def _events(self) -> Iterator[_Event]:
        yield from yaml.parse(self.sheet.text, Loader=_LOADER)

    def _take(self, event: _Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.CollectionStartEvent():
                self._start(event)
            case yaml.CollectionEndEvent():
                self._end(event)
            case yaml.DocumentStartEvent():
                self._document(event)

    def _document(self, event: _Event) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("C006", "a second document begins; one file holds one", event)

    def _scalar(self, event: _Event) -> None:
        self._check_tag(event)
        style = event.style or ""
        node = Scalar(event.value, event.start_mark.index, event.end_mark.index, style)
        self.values += 1
        self._check_size(event)
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        self._put(node)

    def _start(self, event: _Event) -> None:
        self._check_tag(event)
        self.values += 1
        self._check_size(event)
        if len(self.stack) >= limits.DEPTH:
            self._stop("C007", f"nested deeper than {limits.DEPTH} levels", event)
        opened = _Open(event.start_mark.index, event.anchor, self.values)
        if isinstance(event, yaml.SequenceStartEvent):
            opened.items = []
        else:
            opened.entries = {}
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(opened)

    def _end(self, event: _Event) -> None:
        done = self.stack.pop()
        end = event.end_mark.index
        node: Node
        if done.items is not None:
            node = Many(tuple(done.items), done.start, end)
        else:
            node = Table(done.entries or {}, done.start, end)
        if done.anchor:
            self.anchors[done.anchor] = (node, self.values - done.values + 1)
        self._put(node)

    def _alias(self, event: _Event) -> None:
        name = event.anchor
        if name not in self.anchors:
            self._stop("C006", _unknown_alias(name), event)
        known = self.anchors[name]
        if known is None:
            self._stop("C006", f"*{name} stands inside the very value that it names", event)
        node, size = known
        self.aliased += size
        self.values += size
        if self.aliased > limits.ALIASED_VALUES:
            message = f"aliases multiply to more than {limits.ALIASED_VALUES:,} values"
            self._stop("C007", message, event)
        self._put(node, event)

    def _put(self, node: Node, alias: _Event | None = None) -> None:
        """Put a finished node where it belongs: in the list, under its key, or on top."""
        if not self.stack:
            self.root = node
            return
        around = self.stack[-1]
        if around.items is not None:
            around.items.append(self._handed_over(around, node))
        elif around.skip:
            around.skip = False
        elif around.key is None:
            self._key(around, node, alias)
        else:
            assert around.entries is not None
            if alias is not None and self._stands_for_rules(around) and isinstance(node, Many):
                self._hand_over_all(node)
            around.entries[around.key.value] = Entry(around.key, node)
            around.key = None

    def _handed_over(self, around: _Open, node: Node) -> Node:
        """Hand over a rule, and give what the tree keeps of it: its place, if nothing names it."""
        if self.take is None or len(self.stack) != 2 or not self._stands_for_rules(self.stack[0]):
            return node
        assert around.items is not None
        self.take(self.sheet, len(around.items), node)
        return node if around.anchor else Table({}, node.start, node.end)

    def _stands_for_rules(self, around: _Open) -> bool:
        if self.take is None or around is not self.stack[0] or around.key is None:
            return False
        return around.key.value == _RULES

    def _hand_over_all(self, rules: Many) -> None:
        """Hand over the entries of a list that stands elsewhere in the file."""
        assert self.take is not None
        for number, node in enumerate(rules.items):
            self.take(self.sheet, number, node)

    def _key(self, around: _Open, node: Node, alias: _Event | None) -> None:
        """Take a key; one that is a fault takes its value with it."""
        assert around.entries is not None
        at = node.start if alias is None else alias.start_mark.index
        if not isinstance(node, Scalar):
            self._note("C006", "a key must be a text", at, around)
        elif node.value == "<<":
            self._note("C006", _MERGE, node, around)
        elif node.value in around.entries:
            first = self.sheet.place(around.entries[node.value].key.start).line
            message = f'"{node.value}" stands here twice (first in line {first})'
            self._note("C005", message, at, around)
        else:
            around.key = node

    def _note(self, code: str, message: str, where: Node | int, around: _Open) -> None:
        self.faults.append(self.sheet.fault(code, message, where))
        around.skip = True

    def _check_tag(self, event: _Event) -> None:
        if event.tag:
            message = (
                f"the tag `{_shown(event.tag)}` is not used here; "
                "put a text that begins with ! in quotes"
            )
            self.faults.append(self.sheet.fault("C006", message, event.start_mark.index))

    def _check_size(self, event: _Event) -> None:
        if self.values > limits.VALUES:
            message = f"more than {limits.VALUES:,} values in one file; divide it"
            self._stop("C007", message, event)

    def _stop(self, code: str, message: str, event: _Event) -> NoReturn:
        self.faults.append(self.sheet.fault(code, message, event.start_mark.index))
        raise _Stop


_RULES = "rules"
_MERGE = "merge keys (<<) are not used here; write the keys out, or use *name for a whole value"


def _unknown_alias(name: str) -> str:
    return f"no anchor &{name} stands before this alias; put a text that begins with * in quotes"


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
