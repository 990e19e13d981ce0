"""An expression becomes lexemes. What a run of characters is depends on its beginning.

After `link:`, `domain:`, `feed:` and `lang:` stands a value, in which `:` and `/` are ordinary
and no word is a field or a proximity operator.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from watcher.rules.grammar.literals import literal_of
from watcher.rules.grammar.nearest import nearest
from watcher.rules.spec import BrokenExpression
from watcher.rules.tree import COMPARED_FIELDS, FIELDS, VALUE_FIELDS, Compare

LONGEST = 50_000  # characters of an expression
DEEPEST = 50  # parentheses around parentheses
FARTHEST = 50  # of NEAR

_STOP = r'\s(),^"“”'
_RUN = re.compile(rf"[^{_STOP}]*")
_SPACE = re.compile(r"\s*")
_QUOTED = re.compile(r'["“”]((?:[^"“”\\]|\\["\\]|\\(?!["\\]))*)["“”]')
_ESCAPED = re.compile(r'\\(["\\])')
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/", re.DOTALL)
_WEIGHT = re.compile(rf"\^\s*(-?[0-9]{{1,9}})(?=[{_STOP}]|$)")
_FIELD = re.compile(r"([^\W\d][\w-]*):")
_COMPARED = re.compile(rf"({'|'.join(COMPARED_FIELDS)})\s*(<=|>=|<|>)\s*")
_NEAR = re.compile(r"(O?NEAR)(?:/(.*))?", re.DOTALL)
_FOREIGN = {"-": "NOT", "!": "NOT", "+": "", "&": "AND", "|": "OR"}
_BEFORE_OPERAND = re.compile(r"(?:^|[(,:]|\b(?:AND|OR|NOT|EXCEPT|NEAR/[0-9]+))\s*\Z")
_SINGLE_QUOTES = "'‘’"


class Kind(Enum):
    """What a lexeme is."""

    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    WEIGHT = auto()  # text: the number
    QUOTED = auto()  # text: what stands between the quotes
    EXACT = auto()  # text: the characters after `=`
    REGEX = auto()  # text: the pattern; more: its flags
    LIST = auto()  # text: the name
    FIELD = auto()  # text: the name
    COMPARE = auto()  # compare: the whole comparison
    FORMS = auto()
    OF = auto()
    OPERATOR = auto()  # text: AND, OR, NOT
    NEARNESS = auto()  # text: NEAR, ONEAR, EXCEPT; more: the distance
    BARE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of an expression; `start` and `end` are offsets in it."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    more: str = ""
    compare: Compare | None = None


_WORDS = {"AND": Kind.OPERATOR, "OR": Kind.OPERATOR, "NOT": Kind.OPERATOR, "FORMS": Kind.FORMS}
_WORDS |= {"OF": Kind.OF, "EXCEPT": Kind.NEARNESS}
_MARKS = {"(": Kind.OPEN, ")": Kind.CLOSE, ",": Kind.COMMA}


def lexemes(source: str) -> list[Lexeme]:
    """Cut an expression into lexemes, the last one END; parentheses are sure to have partners."""
    if len(source) > LONGEST:
        raise BrokenExpression(
            "E127", f"the expression is longer than {LONGEST} characters; use lists", LONGEST
        )
    found = list(_Lexer(source).lexemes())
    _check_parentheses(found)
    return found


def _check_parentheses(found: list[Lexeme]) -> None:
    unclosed: list[Lexeme] = []
    for lexeme in found:
        if lexeme.kind is Kind.OPEN:
            unclosed.append(lexeme)
            if len(unclosed) > DEEPEST:
                message = f"more than {DEEPEST} parentheses inside each other"
                raise BrokenExpression("E127", message, lexeme.start)
        elif lexeme.kind is Kind.CLOSE:
            if not unclosed:
                raise BrokenExpression("E114", "nothing opens this parenthesis", lexeme.start)
            unclosed.pop()
    if unclosed:
        raise BrokenExpression("E114", "this parenthesis is never closed", unclosed[-1].start)


class _Lexer:
    def __init__(self, source: str) -> None:
        self._source = source
        self._depth = 0
        self._value_depth: int | None = None  # the depth at which a value, or several, stand

    def lexemes(self) -> Iterator[Lexeme]:
        at = self._after_space(0)
        while at < len(self._source):
            lexeme = self._lexeme(at)
            self._follow(lexeme)
            yield lexeme
            at = self._after_space(lexeme.end)
        yield Lexeme(Kind.END, len(self._source), len(self._source))

    def _follow(self, lexeme: Lexeme) -> None:
        """Keep account of where a value begins and ends."""
        if lexeme.kind is Kind.FIELD:
            self._value_depth = self._depth if lexeme.text in VALUE_FIELDS else None
            return
        if lexeme.kind is Kind.OPEN:
            self._depth += 1
        elif lexeme.kind is Kind.CLOSE:
            self._depth -= 1
        if self._value_depth is not None and self._depth <= self._value_depth:
            self._value_depth = None

    def _after_space(self, at: int) -> int:
        space = _SPACE.match(self._source, at)
        return space.end() if space else at

    def _run(self, at: int) -> str:
        run = _RUN.match(self._source, at)
        return run[0] if run else ""

    def _lexeme(self, at: int) -> Lexeme:
        first = self._source[at]
        if first in _MARKS:
            return Lexeme(_MARKS[first], at, at + 1)
        if first == "^":
            return self._weight(at)
        if first in '"“”':
            return self._quoted(at)
        if first == "=":
            return self._exact(at)
        if first == "/":
            return self._regex(at)
        if first == "$":
            run = self._run(at)
            return Lexeme(Kind.LIST, at, at + len(run), run[1:])
        return self._word(at, first)

    def _weight(self, at: int) -> Lexeme:
        weight = _WEIGHT.match(self._source, at)
        if weight is None:
            raise BrokenExpression("E113", "a whole number must follow ^", at)
        return Lexeme(Kind.WEIGHT, at, weight.end(), weight[1])

    def _quoted(self, at: int, beginning: int | None = None) -> Lexeme:
        """Read a quoted string; `beginning` is where its term begins, if before the quote."""
        begins = at if beginning is None else beginning
        quoted = _QUOTED.match(self._source, at)
        if quoted is None:
            raise BrokenExpression("E115", "this quote is never closed", at)
        after = self._source[quoted.end() : quoted.end() + 1]
        if after == "~":
            message = "~ belongs to one word, inside the quotes"
            raise BrokenExpression("E107", message, quoted.end())
        if after in ("*", "?"):
            message = f"{after} belongs to one word, inside the quotes"
            raise BrokenExpression("E107", message, begins, quoted.end() + 1)
        return Lexeme(Kind.QUOTED, begins, quoted.end(), _ESCAPED.sub(r"\1", quoted[1]))

    def _exact(self, at: int) -> Lexeme:
        if self._source[at + 1 : at + 2] in ('"', "“", "”"):
            quoted = self._quoted(at + 1, at)
            return Lexeme(Kind.EXACT, at, quoted.end, quoted.text)
        run = self._run(at)
        return Lexeme(Kind.EXACT, at, at + len(run), run[1:])

    def _regex(self, at: int) -> Lexeme:
        regex = _REGEX.match(self._source, at)
        if regex is None:
            raise BrokenExpression("E116", "this regex is never closed by a /", at)
        flags = self._run(regex.end())
        return Lexeme(Kind.REGEX, at, regex.end() + len(flags), regex[1], flags)

    def _word(self, at: int, first: str) -> Lexeme:
        run = self._run(at)
        end = at + len(run)
        if first in _FOREIGN:
            raise self._foreign(at, first)
        if first in _SINGLE_QUOTES:
            raise self._single_quotes(at, first)
        if run in _WORDS:
            return Lexeme(_WORDS[run], at, end, run)
        if self._value_depth is not None:
            return Lexeme(Kind.BARE, at, end, run)
        if nearness := _NEAR.fullmatch(run):
            return self._nearness(at, nearness)
        if compared := _COMPARED.match(self._source, at):
            return self._compare(at, compared)
        if named := _FIELD.match(run):
            return self._field(at, named[1])
        return Lexeme(Kind.BARE, at, end, run)

    def _foreign(self, at: int, first: str) -> BrokenExpression:
        follows = not _BEFORE_OPERAND.search(self._source, 0, at)
        ours = _FOREIGN[first] or ("AND" if follows else "")
        rest = self._source[at:].lstrip(first).lstrip()
        message = f"{first} is no operator here" + (f"; {ours} is" if ours else "")
        rewritten = self._source[:at] + " ".join(word for word in (ours, rest) if word)
        quoted = f'{self._source[:at]}"{self._run(at)}"{self._source[at + len(self._run(at)) :]}'
        is_sign = len(self._run(at)) > 1 and first in "-+" and not follows
        return BrokenExpression(
            "E112", message, at, suggestions=(rewritten, quoted) if is_sign else (rewritten,)
        )

    def _single_quotes(self, at: int, first: str) -> BrokenExpression:
        closing = "’" if first == "‘" else first
        end = self._source.find(closing, at + 1)
        inner = self._source[at + 1 : end]
        suggestion = f'{self._source[:at]}"{inner}"{self._source[end + 1 :]}'
        usable = end > at and inner.strip() and '"' not in inner
        message = 'single quotes do not quote; use "'
        return BrokenExpression("E125", message, at, suggestions=(suggestion,) if usable else ())

    def _nearness(self, at: int, nearness: re.Match[str]) -> Lexeme:
        name, distance = nearness[1], nearness[2] or ""
        end = at + nearness.end()
        if not (distance.isascii() and distance.isdigit()):
            rewritten = f"{self._source[:at]}{name}/5{self._source[end:]}"
            message = f"{name} needs a distance: {name}/5 allows up to 5 words between"
            raise BrokenExpression("E123", message, at, end, (rewritten,))
        if len(distance.lstrip("0")) > len(str(FARTHEST)) or int(distance) > FARTHEST:
            rewritten = f"{self._source[:at]}{name}/{FARTHEST}{self._source[end:]}"
            message = f"the distance of {name} is at most {FARTHEST}"
            raise BrokenExpression("E124", message, at, end, (rewritten,))
        return Lexeme(Kind.NEARNESS, at, end, name, distance)

    def _compare(self, at: int, compared: re.Match[str]) -> Lexeme:
        start = compared.end()
        literal = self._run(start)
        if not literal or literal in _WORDS:
            message = f"a value to compare {compared[1]} with is missing"
            raise BrokenExpression("E122", message, start, start + len(literal))
        end = start + len(literal)
        compare = literal_of(compared[1], compared[2], literal, self._source[at:end], at)
        return Lexeme(Kind.COMPARE, at, end, compared[1], compare=compare)

    def _field(self, at: int, name: str) -> Lexeme:
        colon = at + len(name)
        if name not in FIELDS:
            raise self._unknown_field(at, name)
        if name in COMPARED_FIELDS:
            message = f"{name} is compared, as in {_EXAMPLES[name]}"
            raise BrokenExpression("E101", message, at, colon, (_EXAMPLES[name],))
        after = self._source[colon + 1 : colon + 2]
        if not after or after.isspace() or after in "),^":
            rest = self._source[colon + 1 :].lstrip()
            suggestions = (self._source[: colon + 1] + rest,) if after.isspace() and rest else ()
            message = f"what to look for must follow {name}: directly"
            raise BrokenExpression("E102", message, colon, suggestions=suggestions)
        return Lexeme(Kind.FIELD, at, colon + 1, name)

    def _unknown_field(self, at: int, name: str) -> BrokenExpression:
        run = self._run(at)
        rest = self._source[at + len(run) :]
        after_name = self._source[at + len(name) :]
        suggestions = [
            f"{self._source[:at]}{field}{after_name}"
            for field in nearest(name, [f for f in FIELDS if f not in COMPARED_FIELDS])
        ]
        if len(run) > len(name) + 1:
            suggestions.append(f'{self._source[:at]}"{run}"{rest}')
        message = f"there is no field {name!r}"
        return BrokenExpression("E101", message, at, at + len(name), suggestions)


_EXAMPLES = {"age": "age<7d", "published": "published>=2015-11-30", "words": "words>=100"}
