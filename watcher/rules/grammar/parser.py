"""Lexemes become a tree: recursive descent over the grammar of section 5.1.

Nothing is guessed: what could be read in two ways is an error with both ways as suggestions.
"""

from dataclasses import replace
from typing import cast

from watcher.rules.grammar import terms
from watcher.rules.grammar.lexer import Kind, Lexeme, lexemes
from watcher.rules.grammar.suggest import Chain, both_parenthesisations, joined_operands
from watcher.rules.spec import BrokenExpression
from watcher.rules.tree import (
    VALUE_FIELDS,
    And,
    AtLeast,
    Exact,
    Except,
    InField,
    Leaf,
    ListName,
    Near,
    Node,
    Not,
    Or,
    Regex,
    Term,
    ValueField,
    ValueTest,
)

_OPERANDS = frozenset(
    (
        *(Kind.OPEN, Kind.QUOTED, Kind.EXACT, Kind.REGEX, Kind.LIST, Kind.FIELD, Kind.COMPARE),
        *(Kind.FORMS, Kind.BARE),
    )
)
_LARGEST = 18  # digits of a number


def parse(source: str, *, entry: bool = False) -> Node:
    """Read an expression; in an entry, bare words side by side are one phrase.

    Raises BrokenExpression at the first place that cannot be read.
    """
    parser = _Parser(source, entry=entry)
    return parser.whole()


class _Parser:
    def __init__(self, source: str, *, entry: bool) -> None:
        self._source = source
        self._entry = entry
        self._lexemes = lexemes(source)
        self._at = 0
        self._field: str | None = None  # the field we are in
        self._thresholds = 0  # how many `n OF ( )` we are in

    # --- moving ---------------------------------------------------------------------------------

    def _peek(self) -> Lexeme:
        return self._lexemes[self._at]

    def _take(self) -> Lexeme:
        lexeme = self._lexemes[self._at]
        self._at += 1
        return lexeme

    def _end(self) -> int:
        """Tell where the lexeme taken last ends."""
        return self._lexemes[self._at - 1].end

    def _expect(self, kind: Kind, what: str) -> Lexeme:
        if self._peek().kind is not kind:
            raise self._missing(what)
        return self._take()

    def _missing(self, what: str) -> BrokenExpression:
        found = self._peek()
        if found.kind is Kind.WEIGHT and not self._thresholds:
            return self._stray_weight()
        instead = "at the end" if found.kind is Kind.END else f"before {self._text(found)}"
        return BrokenExpression("E122", f"{what} is missing {instead}", found.start, found.end)

    def _text(self, lexeme: Lexeme) -> str:
        return self._source[lexeme.start : lexeme.end]

    # --- levels ---------------------------------------------------------------------------------

    def whole(self) -> Node:
        if self._peek().kind is Kind.END:
            raise BrokenExpression("E118", "the expression is empty", 0)
        tree = self._expression()
        if self._peek().kind is Kind.WEIGHT:
            raise self._stray_weight()
        if self._peek().kind is not Kind.END:
            raise self._missing("an operator")
        return tree

    def _stray_weight(self) -> BrokenExpression:
        message = "^ gives a weight to a member of `n OF ( )` and stands nowhere else"
        return BrokenExpression("E113", message, self._peek().start, self._peek().end)

    def _expression(self) -> Node:
        chain = Chain(source=self._source)
        children: list[Node] = []
        operator: Lexeme | None = None
        while True:
            start = self._peek().start
            child = self._unary()
            if operator is not None and operator.text == "NOT":
                child = Not(child=child, start=operator.start, end=self._end())
            children.append(child)
            chain.operands.append((start, self._end()))
            if self._peek().kind in _OPERANDS:
                raise self._side_by_side(chain)
            if self._peek().kind is not Kind.OPERATOR:
                break
            operator = self._take()
            chain.operators.append(operator)
        return self._joined(children, chain)

    def _joined(self, children: list[Node], chain: Chain) -> Node:
        if len(children) == 1:
            return children[0]
        if other := chain.first_of_other_kind():
            first = "OR" if other.text != "OR" else "AND"
            message = f"{first} and {other.text} are mixed; add parentheses"
            ways = both_parenthesisations(chain)
            raise BrokenExpression("E104", message, other.start, other.end, ways)
        kind = Or if chain.operators[0].text == "OR" else And
        start, end = chain.operands[0][0], chain.operands[-1][1]
        return kind(children=tuple(children), start=start, end=end)

    def _side_by_side(self, chain: Chain) -> BrokenExpression:
        second = self._peek()
        run = [self._lexemes[self._at - 1]]
        while self._lexemes[self._at].kind in (Kind.BARE, Kind.QUOTED):
            run.append(self._take())
        message = "two operands side by side: neither AND nor a phrase is guessed"
        suggestions = joined_operands(chain, run, second, before_or=self._peek().text == "OR")
        return BrokenExpression("E103", message, second.start, second.end, suggestions)

    def _unary(self) -> Node:
        start = self._peek().start
        negated = False
        while self._peek().kind is Kind.OPERATOR and self._peek().text == "NOT":
            self._take()
            negated = not negated
        child = self._proximity()
        return Not(child=child, start=start, end=self._end()) if negated else child

    def _proximity(self) -> Node:
        start = self._peek().start
        left = self._primary()
        if self._peek().kind is not Kind.NEARNESS:
            return left
        end = self._end()
        operator = self._take()
        self._check_operand(left, operator, start, end)
        start_of_right = self._peek().start
        right = self._primary()
        end = self._end()
        self._check_operand(right, operator, start_of_right, end)
        if self._peek().kind is Kind.NEARNESS:
            second = self._peek()
            message = f"{second.text} after {operator.text}: use parentheses and AND, or two rules"
            raise BrokenExpression("E105", message, second.start, second.end)
        if operator.text == "EXCEPT":
            return Except(kept=left, unwanted=right, start=start, end=end)
        return Near(
            left=left,
            right=right,
            distance=int(operator.more),
            ordered=operator.text == "ONEAR",
            start=start,
            end=end,
        )

    def _check_operand(self, node: Node, operator: Lexeme, start: int, end: int) -> None:
        if not _is_words(node):
            message = f"{operator.text} joins terms, lists, and terms joined by OR in parentheses"
            raise BrokenExpression("E109", message, start, end)

    # --- primaries ------------------------------------------------------------------------------

    def _primary(self) -> Node:
        kind = self._peek().kind
        if kind is Kind.FIELD:
            return self._in_field()
        if kind is Kind.COMPARE:
            return self._compare()
        if kind is Kind.BARE and self._lexemes[self._at + 1].kind is Kind.OF:
            return self._at_least()
        return self._scoped(entry=self._entry)

    def _scoped(self, *, entry: bool) -> Node:
        """Read what may stand after a field: a term, FORMS, regex, list or parenthesis."""
        kind = self._peek().kind
        if kind is Kind.OPEN:
            return self._parenthesised()
        if kind is Kind.FORMS:
            return self._forms()
        if kind is Kind.BARE:
            return self._bare(entry=entry)
        lexeme = self._peek()
        written = self._text(lexeme)
        if kind is Kind.QUOTED:
            node: Node = terms.term(lexeme.text, written, lexeme.start, bare=False)
        elif kind is Kind.EXACT:
            node = terms.exact(lexeme.text, written, lexeme.start)
        elif kind is Kind.REGEX:
            node = terms.regex(lexeme.text, lexeme.more, written, lexeme.start)
        elif kind is Kind.LIST:
            node = ListName(name=lexeme.text, written=written, start=lexeme.start, end=lexeme.end)
        else:
            raise self._missing("a term")
        self._take()
        return node

    def _parenthesised(self) -> Node:
        opening = self._take()
        inner = self._expression()
        if self._peek().kind is Kind.WEIGHT:
            raise self._stray_weight()
        self._expect(Kind.CLOSE, "an operator or )")
        if isinstance(inner, ListName):
            # an OR of one member: as an operand it is told of with its parentheses, else without
            return Or(children=(inner,), start=opening.start, end=self._end())
        if isinstance(inner, Leaf):
            return inner
        return replace(inner, start=opening.start, end=self._end())

    def _bare(self, *, entry: bool) -> Term:
        words = [self._take()]
        while entry and self._peek().kind is Kind.BARE and not self._is_threshold():
            words.append(self._take())
        start = words[0].start
        text = " ".join(word.text for word in words)
        return terms.term(text, self._source[start : self._end()], start, bare=True)

    def _is_threshold(self) -> bool:
        return self._lexemes[self._at + 1].kind is Kind.OF

    def _forms(self) -> Term:
        start = self._take().start
        self._expect(Kind.OPEN, "a parenthesis after FORMS")
        words: list[Lexeme] = []
        while self._peek().kind is Kind.BARE or (self._peek().kind is Kind.QUOTED and not words):
            words.append(self._take())
            if words[-1].kind is Kind.QUOTED:
                break
        if not words:
            raise self._missing("a word for FORMS")
        self._expect(Kind.CLOSE, "the end of FORMS, )")
        said = [(word.text, word.start, word.end) for word in words]
        return terms.forms(said, self._source[start : self._end()], start)

    def _in_field(self) -> Node:
        lexeme = self._take()
        if self._field is not None:
            raise self._nested_field(lexeme)
        if lexeme.text in VALUE_FIELDS:
            return self._value_test(lexeme)
        if self._peek().kind in (Kind.FIELD, Kind.COMPARE):
            self._field = lexeme.text
            raise self._nested_field(self._peek())
        self._field = lexeme.text
        inner = self._scoped(entry=False)
        self._field = None
        return InField(field=lexeme.text, inner=inner, start=lexeme.start, end=self._end())

    def _nested_field(self, inner: Lexeme) -> BrokenExpression:
        message = f"{inner.text} cannot stand inside {self._field}:"
        return BrokenExpression("E110", message, inner.start, inner.start + len(inner.text))

    def _compare(self) -> Node:
        lexeme = self._take()
        if self._field is not None:
            raise self._nested_field(lexeme)
        assert lexeme.compare is not None
        return lexeme.compare

    # --- values ---------------------------------------------------------------------------------

    def _value_test(self, field: Lexeme) -> Node:
        values: list[str | Regex] = []
        if self._peek().kind is Kind.OPEN:
            self._take()
            values.append(self._value())
            while self._peek().kind is Kind.OPERATOR and self._peek().text == "OR":
                self._take()
                values.append(self._value())
            if self._peek().kind in _OPERANDS:
                raise BrokenExpression(
                    "E103", "two values side by side: join them by OR", *self._next_place()
                )
            self._expect(Kind.CLOSE, "OR or )")
        elif self._peek().kind is Kind.REGEX:
            values.append(self._value_regex(field))
        else:
            values.append(self._value())
        return ValueTest(
            field=cast("ValueField", field.text),
            values=tuple(values),
            written=self._source[field.start : self._end()],
            start=field.start,
            end=self._end(),
        )

    def _next_place(self) -> tuple[int, int]:
        return self._peek().start, self._peek().end

    def _value_regex(self, field: Lexeme) -> Regex:
        lexeme = self._take()
        if field.text != "link":
            message = f"{field.text} takes no regex; link does"
            raise BrokenExpression("E117", message, lexeme.start, lexeme.end)
        return terms.regex(lexeme.text, lexeme.more, self._text(lexeme), lexeme.start)

    def _value(self) -> str:
        if self._peek().kind not in (Kind.BARE, Kind.QUOTED):
            raise self._missing("a word or a quoted value")
        lexeme = self._take()
        if not lexeme.text.strip():
            raise BrokenExpression("E119", "this value is empty", lexeme.start, lexeme.end)
        return lexeme.text

    # --- n OF -----------------------------------------------------------------------------------

    def _at_least(self) -> Node:
        number = self._take()
        of = self._take()
        if not (number.text.isascii() and number.text.isdigit()):
            message = "a whole number is missing before OF"
            raise BrokenExpression("E122", message, of.start, of.end)
        self._expect(Kind.OPEN, "a parenthesis after OF")
        self._thresholds += 1
        members = [self._member()]
        while self._peek().kind is Kind.COMMA:
            self._take()
            members.append(self._member())
        self._expect(Kind.CLOSE, "a comma or )")
        self._thresholds -= 1
        reachable = sum(weight for _, weight in members if weight > 0)
        least = int(number.text[-_LARGEST:]) if len(number.text) <= _LARGEST else reachable + 1
        if not 1 <= least <= reachable:
            message = f"the number before OF must be 1 to {reachable}, what the members add up to"
            raise BrokenExpression("E111", message, number.start, number.end)
        return AtLeast(least=least, members=tuple(members), start=number.start, end=self._end())

    def _member(self) -> tuple[Node, int]:
        node = self._expression()
        if self._peek().kind is not Kind.WEIGHT:
            return node, 1
        weight = int(self._take().text)
        if self._peek().kind is Kind.WEIGHT:
            raise self._stray_weight()
        return node, weight


def _is_words(node: Node) -> bool:
    """Tell whether NEAR and EXCEPT can take this; of a list that is known only later."""
    if isinstance(node, Or):
        return all(_is_words(child) for child in node.children)
    return isinstance(node, Term | Exact | ListName)
