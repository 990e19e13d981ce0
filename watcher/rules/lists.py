"""Named lists: what they hold, which use which, and what may be done with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.rules.grammar.nearest import nearest
from watcher.rules.spec import BrokenExpression, Part
from watcher.rules.tree import (
    And,
    AtLeast,
    Compare,
    Exact,
    Except,
    InField,
    ListName,
    Near,
    Node,
    Not,
    Or,
    Term,
    ValueTest,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_DEEPEST = 150  # nodes inside each other, lists put in
_LARGEST = 100_000  # nodes of an expression, lists put in

Report = Callable[[Part, str, BrokenExpression], None]
Read = Callable[[str], Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What must be known of an expression before it can be used somewhere."""

    is_words: bool = True  # fit for NEAR and EXCEPT
    has_fields: bool = False
    true_of_nothing: bool = False  # true for an item with no fields at all
    sound: bool = True  # it uses no broken list
    size: int = 1
    depth: int = 1


class Lists:
    """Named lists, read and checked. A broken list is reported once, and harmless after that."""

    def __init__(
        self, lists: Mapping[str, Sequence[str]], read_entry: Read, report: Report
    ) -> None:
        self._entries: dict[str, list[tuple[int, str, Node]]] = {}
        self._broken: set[str] = set()
        self._open: list[str] = []
        self._facts: dict[str, Facts] = {}
        self._report = report
        for name, entries in lists.items():
            self._read(name, entries, read_entry)
        for name in self._entries:
            self._facts_of(name, 0)

    def entries(self, name: str) -> tuple[Node, ...]:
        """Give the entries of a list that is sure to exist."""
        return tuple(node for _, _, node in self._entries[name])

    def is_broken(self, name: str) -> bool:
        """Tell whether something is wrong with this list itself."""
        return name in self._broken

    def check(self, node: Node) -> Facts:
        """Check an expression's use of lists; raises BrokenExpression where it is wrong."""
        return self._measured(node, 0)

    # --- reading --------------------------------------------------------------------------------

    def _read(self, name: str, entries: Sequence[str], read_entry: Read) -> None:
        self._entries[name] = []
        if not _NAME.fullmatch(name):
            message = "the name of a list is made of letters, digits, _ and -"
            self._fault(name, (), name, BrokenExpression("E121", message, 0, len(name)))
        if not entries:
            self._fault(name, (), "", BrokenExpression("E118", f"the list {name} is empty", 0))
        for number, source in enumerate(entries):
            try:
                self._entries[name].append((number, source, read_entry(source)))
            except BrokenExpression as broken:
                self._fault(name, (number,), source, broken)

    def _fault(self, name: str, number: Part, source: str, broken: BrokenExpression) -> None:
        self._broken.add(name)
        self._report(("lists", name, *number), source, broken)

    # --- measuring ------------------------------------------------------------------------------

    def _facts_of(self, name: str, depth: int) -> Facts:
        if name in self._facts:
            return self._facts[name]
        self._open.append(name)
        children: list[Facts] = []
        for number, source, node in self._entries[name]:
            try:
                children.append(self._measured(node, depth))
            except BrokenExpression as broken:
                self._fault(name, (number,), source, broken)
        self._open.pop()
        facts = _any_of(children) if name not in self._broken else Facts(sound=False)
        self._facts[name] = facts
        return facts

    def _measured(self, node: Node, depth: int) -> Facts:
        if depth > _DEEPEST:
            message = f"more than {_DEEPEST} expressions inside each other"
            raise BrokenExpression("E127", message, node.start, node.end)
        facts = self._facts_by_kind(node, depth + 1)
        if depth + facts.depth > _DEEPEST or facts.size > _LARGEST:
            message = "with its lists put in, this is too large"
            raise BrokenExpression("E127", message, node.start, node.end)
        return facts

    def _facts_by_kind(  # noqa: C901, PLR0911 - one case for each kind of node
        self, node: Node, depth: int
    ) -> Facts:
        match node:
            case ListName():
                return self._named(node, depth)
            case Term() | Exact():
                return Facts()
            case ValueTest() | Compare():
                return Facts(is_words=False, has_fields=True)
            case Or():
                return _any_of([self._measured(child, depth) for child in node.children])
            case And():
                children = [self._measured(child, depth) for child in node.children]
                return _joined(children, all(child.true_of_nothing for child in children))
            case Not():
                child = self._measured(node.child, depth)
                return _joined([child], not child.true_of_nothing)
            case AtLeast():
                return self._threshold(node, depth)
            case InField():
                return self._in_field(node, depth)
            case Near():
                return self._operands((node.left, node.right), depth, "NEAR")
            case Except():
                return self._operands((node.kept, node.unwanted), depth, "EXCEPT")
            case _:  # a regex
                return Facts(is_words=False)

    def _named(self, node: ListName, depth: int) -> Facts:
        if not _NAME.fullmatch(node.name):
            message = "the name of a list must follow $"
            raise BrokenExpression("E121", message, node.start, node.end)
        if node.name not in self._entries:
            suggestions = [f"${name}" for name in nearest(node.name, self._entries)]
            message = f"there is no list {node.name}"
            raise BrokenExpression("E121", message, node.start, node.end, suggestions)
        if node.name in self._open:
            circle = " -> ".join([*self._open[self._open.index(node.name) :], node.name])
            message = f"lists use each other in a circle: {circle}"
            raise BrokenExpression("E121", message, node.start, node.end)
        facts = self._facts_of(node.name, depth)
        return _joined([facts], facts.true_of_nothing, is_words=facts.is_words)

    def _threshold(self, node: AtLeast, depth: int) -> Facts:
        members = [(self._measured(member, depth), weight) for member, weight in node.members]
        reached = sum(weight for member, weight in members if member.true_of_nothing)
        return _joined([member for member, _ in members], reached >= node.least)

    def _in_field(self, node: InField, depth: int) -> Facts:
        inner = self._measured(node.inner, depth)
        if inner.has_fields:
            place = self._place_of_field(node.inner, depth)
            message = f"this list names fields and cannot stand inside {node.field}:"
            raise BrokenExpression("E110", message, place.start, place.end)
        facts = _joined([inner], inner.true_of_nothing)
        return replace(facts, has_fields=True)

    def _place_of_field(self, node: Node, depth: int) -> Node:
        """Find the list inside a field that names fields itself."""
        for child in _children(node):
            if self._measured(child, depth).has_fields:
                return self._place_of_field(child, depth)
        return node

    def _operands(self, nodes: tuple[Node, Node], depth: int, operator: str) -> Facts:
        operands = [self._measured(node, depth) for node in nodes]
        for node, operand in zip(nodes, operands, strict=True):
            if not operand.is_words:
                message = f"{operator} joins terms, and lists of terms only"
                raise BrokenExpression("E109", message, node.start, node.end)
        return _joined(operands, true_of_nothing=False)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Or() | And():
            return node.children
        case Not():
            return (node.child,)
        case AtLeast():
            return tuple(member for member, _ in node.members)
        case _:
            return ()


def _any_of(children: Sequence[Facts]) -> Facts:
    words = all(child.is_words for child in children)
    return _joined(children, any(child.true_of_nothing for child in children), is_words=words)


def _joined(children: Sequence[Facts], true_of_nothing: bool, *, is_words: bool = False) -> Facts:
    return Facts(
        is_words=is_words,
        has_fields=any(child.has_fields for child in children),
        true_of_nothing=true_of_nothing,
        sound=all(child.sound for child in children),
        size=1 + sum(child.size for child in children),
        depth=1 + max((child.depth for child in children), default=0),
    )
