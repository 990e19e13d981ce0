"""What the parser made of an expression, as a tree that the oracle understands."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from tests.rules.oracle import Tree
from watcher.rules.grammar import parse
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
    Regex,
    Stem,
    Term,
    ValueTest,
)

Lists = Mapping[str, Sequence[str]]


def tree_of(source: str, lists: Lists, *, entry: bool = False) -> Tree:
    """Give the oracle's tree of an expression, lists put in; raises BrokenExpression."""
    return _tree(parse(source, entry=entry), lambda name: _listed(lists, name))


def tree_of_rule(parts: Mapping[str, object], lists: Lists) -> Tree:
    """Give the tree of a rule object: section 6."""

    def entries(key: str) -> list[Tree]:
        written = parts[key]
        assert isinstance(written, list | tuple)
        return [tree_of(str(entry), lists, entry=True) for entry in written]

    joined = [tree_of(str(parts["when"]), lists)] if "when" in parts else []
    if "any" in parts:
        joined.append(("or", *entries("any")))
    if "all" in parts:
        joined += entries("all")
    if "none" in parts:
        joined += [("not", tree) for tree in entries("none")]
    return ("and", *joined)


def _listed(lists: Lists, name: str) -> Tree:
    return ("or", *(tree_of(entry, lists, entry=True) for entry in lists[name]))


def _tree(node: Node, listed: Callable[[str], Tree]) -> Tree:  # noqa: C901, PLR0911 - a case each
    def also(child: Node) -> Tree:
        return _tree(child, listed)

    match node:
        case Term():
            return _term(node)
        case Exact():
            return ("exact", node.text)
        case Regex():
            return ("regex", *_pattern(node))
        case ListName():
            return listed(node.name)
        case ValueTest():
            tests: list[Tree] = [
                (node.field, *(_pattern(value) if isinstance(value, Regex) else (value,)))
                for value in node.values
            ]
            return tests[0] if len(tests) == 1 else ("or", *tests)
        case Compare():
            return (node.field, node.comparison, node.literal)
        case InField():
            return ("field", node.field, also(node.inner))
        case And():
            return ("and", *map(also, node.children))
        case Or():
            return also(node.children[0]) if len(node.children) == 1 else _or(node, also)
        case Not():
            return ("not", also(node.child))
        case AtLeast():
            return ("of", node.least, *((also(member), weight) for member, weight in node.members))
        case Near():
            return ("near", node.distance, node.ordered, also(node.left), also(node.right))
        case Except():
            return ("except", also(node.kept), also(node.unwanted))
        case _:
            assert_never(node)


def _or(node: Or, also: Callable[[Node], Tree]) -> Tree:
    return ("or", *map(also, node.children))


def _term(term: Term) -> Tree:
    text = term.written
    if any(isinstance(element, Stem) for element in term.elements):
        inner = text[text.index("(") + 1 : -1].strip()
        return ("forms", _unquoted(inner))
    return ("term", text if term.bare else _unquoted(text))


def _unquoted(text: str) -> str:
    if text[:1] not in '"“”':
        return text
    return re.sub(r'\\(["\\])', r"\1", text[1:-1])


def _pattern(regex: Regex) -> tuple[str, str]:
    pattern, _, flags = regex.written[1:].rpartition("/")
    return pattern, flags
