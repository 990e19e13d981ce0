"""What comes in and what goes out: rules as written, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from watcher.model import RuleId, RuleInfo

Sample = str | Mapping[str, object]  # a title, or an item as a mapping of its fields
Part = tuple[str | int, ...]  # ("when",), ("any", 0), ("lists", "access", 1), ("tests", "match", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTests:
    """Samples that a rule must match, and samples that it must not."""

    match: tuple[Sample, ...] = ()
    no_match: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One rule as written. A part that is None is absent; an empty one is there and empty."""

    info: RuleInfo
    when: str | None = None
    any: tuple[str, ...] | None = None
    all: tuple[str, ...] | None = None
    none: tuple[str, ...] | None = None
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the file's and its own
    language: str = "english"  # of `FORMS`: a name that `LANGUAGES` has
    feeds: tuple[str, ...] = ()  # ids or globs; empty for all feeds
    tests: RuleTests = RuleTests()
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """One thing wrong with a rule, with its place in one of the rule's expressions."""

    code: str  # E101 … E121 …, W201 …, or T301 (a sample failed) and T302 (a sample is no item)
    rule: RuleId
    part: Part
    expression: str = ""  # the part's text, as written
    column: int = 1  # 1-based, in characters of the expression
    width: int = 1
    message: str
    suggestions: tuple[str, ...] = ()
    warning: bool = False


class BrokenExpression(Exception):  # noqa: N818 - it never leaves this room
    """An expression that cannot be understood; `start` and `end` are offsets in it."""

    def __init__(
        self, code: str, message: str, start: int, end: int = 0, suggestions: Sequence[str] = ()
    ) -> None:
        self.code = code
        self.message = message
        self.start = start
        self.end = max(end, start + 1)
        self.suggestions = tuple(suggestions)
        super().__init__(f"{code} at {start + 1}: {message}")
