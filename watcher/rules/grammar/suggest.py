"""What to write instead of an expression that could be read in two ways."""

from dataclasses import dataclass, field

from watcher.rules.grammar.lexer import Kind, Lexeme
from watcher.rules.tree import TEXT_FIELDS

_OPERATORS = ("and", "or", "not", "except")
_TEXT_SCOPES = tuple(f"{field}:" for field in ("text", *TEXT_FIELDS))


@dataclass(slots=True)
class Chain:
    """Operands and the operators between them, on one level; operands as places in the source."""

    source: str
    operands: list[tuple[int, int]] = field(default_factory=list)
    operators: list[Lexeme] = field(default_factory=list)

    def first_of_other_kind(self) -> Lexeme | None:
        """Find the first operator that does not go with the first one; AND and NOT go together."""
        return next((op for op in self.operators if _is_or(op) != _is_or(self.operators[0])), None)


def _is_or(operator: Lexeme) -> bool:
    return operator.text == "OR"


def both_parenthesisations(chain: Chain) -> tuple[str, str]:
    """Write a chain that mixes AND and OR with parentheses, in the two ways it may be meant."""
    return _grouped(chain, loose_is_or=True), _grouped(chain, loose_is_or=False)


def _grouped(chain: Chain, *, loose_is_or: bool) -> str:
    """Put parentheses around what the tight operators join."""
    groups: list[list[str]] = [[]]
    looses: list[str] = []
    for number, (start, end) in enumerate(chain.operands):
        operator = chain.operators[number - 1] if number else None
        if operator is not None and _is_or(operator) == loose_is_or:
            looses.append(operator.text)
            groups.append([])
        elif operator is not None:
            groups[-1].append(operator.text)
        groups[-1].append(chain.source[start:end])
    texts = [f"({' '.join(group)})" if len(group) > 1 else group[0] for group in groups]
    pieces = [texts[0]]
    for loose, text in zip(looses, texts[1:], strict=True):
        pieces += [loose, text]
    return _in_place(chain, chain.operands[0][0], chain.operands[-1][1], " ".join(pieces))


def _in_place(chain: Chain, start: int, end: int, text: str) -> str:
    return chain.source[:start] + text + chain.source[end:]


def joined_operands(
    chain: Chain, run: list[Lexeme], second: Lexeme, *, before_or: bool
) -> tuple[str, ...]:
    """Write operands that stand side by side as a phrase and joined by AND.

    `run` begins with the last lexeme of the first operand; `second` is where the next one begins.
    """
    if any(lexeme.text.lower() in _OPERATORS for lexeme in run if lexeme.kind is Kind.BARE):
        return (_upper_operators(chain, run),)
    if run[0].kind not in (Kind.BARE, Kind.QUOTED) or len(run) == 1:
        return (
            (_in_place(chain, second.start, second.start, "AND "),) if not chain.operators else ()
        )
    start, end = run[0].start, run[-1].end
    words = " ".join(lexeme.text.replace("\\", "\\\\").replace('"', '\\"') for lexeme in run)
    both = " AND ".join(chain.source[lexeme.start : lexeme.end] for lexeme in run)
    start_of_both = start
    if chain.source[:start].endswith(_TEXT_SCOPES):
        both = f"({both})"
    elif before_or or any(_is_or(operator) for operator in chain.operators):
        start_of_both = chain.operands[-1][0]
        both = f"({chain.source[start_of_both:start]}{both})"
    return _in_place(chain, start, end, f'"{words}"'), _in_place(chain, start_of_both, end, both)


def _upper_operators(chain: Chain, run: list[Lexeme]) -> str:
    text = chain.source
    for lexeme in run:
        if lexeme.kind is Kind.BARE and lexeme.text.lower() in _OPERATORS:
            text = text[: lexeme.start] + lexeme.text.upper() + text[lexeme.end :]
    return text
