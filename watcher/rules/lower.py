"""A checked tree becomes a meaning: lists put in, fields settled, terms numbered."""

from typing import assert_never

from watcher.rules.engine.kinds import Kinds
from watcher.rules.engine.meaning import (
    All,
    Close,
    Enough,
    Free,
    Meaning,
    No,
    Some,
    Sought,
    Tested,
)
from watcher.rules.engine.spelling import Characters, Pattern, Piece, Stemmed, Words
from watcher.rules.engine.spelling import Meaning as TermMeaning
from watcher.rules.engine.value_keys import keys_needed
from watcher.rules.engine.view import BITS
from watcher.rules.lists import Lists
from watcher.rules.tree import (
    And,
    AtLeast,
    Compare,
    Element,
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
from watcher.rules.values import actual, comparison_test, value_test


class Lexicon:
    """Numbers for terms: two terms that mean the same have the same number."""

    def __init__(self) -> None:
        self.kinds = Kinds()
        self._numbers: dict[TermMeaning, int] = {}

    def number_of(self, meaning: TermMeaning) -> int:
        """Give the number of a term, a new one if it is new."""
        return self._numbers.setdefault(meaning, len(self._numbers))

    @property
    def terms(self) -> tuple[TermMeaning, ...]:
        """List all terms, each at its number."""
        return tuple(self._numbers)


class Lowering:
    """Lowers the expressions of rules that share lists and language."""

    def __init__(self, lexicon: Lexicon, lists: Lists, language: str) -> None:
        self._lexicon = lexicon
        self._lists = lists
        self._language = language
        self._known: dict[tuple[str, int, str], Meaning] = {}

    def lowered(  # noqa: C901, PLR0911 - one case for each kind of node
        self, node: Node, scope: int = BITS["text"], listed: str = ""
    ) -> Meaning:
        """Give what an expression means in a scope; `listed` is the list it is an entry of."""
        match node:
            case Term() | Exact() | Regex():
                return self._sought(node, scope, listed)
            case ListName():
                return self._list(node, scope, listed)
            case ValueTest():
                return Tested(
                    test=value_test(node),
                    written=node.written,
                    actual=actual(node.field),
                    keys=keys_needed(node.field, node.values),
                )
            case Compare():
                test = comparison_test(node)
                return Tested(test=test, written=node.written, actual=actual(node.field))
            case InField():
                return self.lowered(node.inner, BITS[node.field], listed)
            case And():
                return All(children=self._each(node.children, scope, listed))
            case Or():
                return Some(children=self._each(node.children, scope, listed))
            case Not():
                return No(child=self.lowered(node.child, scope, listed))
            case AtLeast():
                nodes, weights = zip(*node.members, strict=True)
                lowered = self._each(nodes, scope, listed)
                members = tuple(zip(lowered, weights, strict=True))
                return Enough(least=node.least, members=members)
            case Near():
                left = self._terms(node.left, scope, listed)
                right = self._terms(node.right, scope, listed)
                return Close(left=left, right=right, distance=node.distance, ordered=node.ordered)
            case Except():
                kept = self._terms(node.kept, scope, listed)
                return Free(kept=kept, unwanted=self._terms(node.unwanted, scope, listed))
            case _:
                assert_never(node)

    def _each(self, nodes: tuple[Node, ...], scope: int, listed: str) -> tuple[Meaning, ...]:
        return tuple(self.lowered(node, scope, listed) for node in nodes)

    def _list(self, node: ListName, scope: int, listed: str) -> Meaning:
        key = (node.name, scope, listed)
        if key not in self._known:
            entries = self._lists.entries(node.name)
            children = self._each(entries, scope, listed or node.name)
            self._known[key] = Some(children=children)
        return self._known[key]

    def _terms(self, node: Node, scope: int, listed: str) -> tuple[Sought, ...]:
        """List the terms of an operand: those of all its members."""
        if isinstance(node, Or | ListName):
            inside = listed or node.name if isinstance(node, ListName) else listed
            members = (
                self._lists.entries(node.name) if isinstance(node, ListName) else node.children
            )
            terms = [term for child in members for term in self._terms(child, scope, inside)]
            return tuple(dict.fromkeys(terms))
        assert isinstance(node, Term | Exact)
        return (self._sought(node, scope, listed),)

    def _sought(self, node: Term | Exact | Regex, scope: int, listed: str) -> Sought:
        meaning = self._meaning(node)
        return Sought(
            number=self._lexicon.number_of(meaning),
            scope=scope,
            written=node.written,
            listed=listed,
            pattern=meaning if isinstance(meaning, Pattern) else None,
        )

    def _meaning(self, node: Term | Exact | Regex) -> TermMeaning:
        match node:
            case Term():
                return Words(tuple(self._piece(element) for element in node.elements))
            case Exact():
                return Characters(node.text)
            case Regex():
                return Pattern(node.pattern)

    def _piece(self, element: Element) -> Piece:
        if isinstance(element, Stem):
            stem = self._lexicon.kinds.stem_of(element.word, self._language)
            return Stemmed(self._language, stem)
        return element
