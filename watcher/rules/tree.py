"""What an expression says, as a tree. `start` and `end` are offsets in the expression."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TEXT_FIELDS = ("title", "summary", "content", "author", "tag")
DEFAULT_SCOPE = ("title", "summary", "content")
VALUE_FIELDS = ("link", "domain", "feed", "lang")
COMPARED_FIELDS = ("age", "published", "words")
FIELDS = ("text", *TEXT_FIELDS, *VALUE_FIELDS, *COMPARED_FIELDS)

ValueField = Literal["link", "domain", "feed", "lang"]
ComparedField = Literal["age", "published", "words"]
Comparison = Literal["<", "<=", ">", ">="]

# --- the elements of a term -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plain:
    """A word as a token has it; `unspaced` when it is a character of an unspaced script."""

    word: str
    unspaced: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A folded word in which `*` stands for any characters and `?` for one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A folded word, and how many spelling errors it forgives."""

    word: str
    distance: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Any one token."""


@dataclass(frozen=True, slots=True)
class Stem:
    """A folded word, to be compared by its stem in the rule's language."""

    word: str


Element = Plain | Wildcard | Fuzzy | Gap | Stem

# --- leaves ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words in a row, each in its own manner."""

    elements: tuple[Element, ...]
    written: str
    start: int
    end: int
    bare: bool = False  # written without quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """These characters, as whole words."""

    text: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """An RE2 pattern with its flags written into it."""

    pattern: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListName:
    """`$name`: any entry of a named list."""

    name: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTest:
    """`domain:(a OR b)`: true if any of the values holds."""

    field: ValueField
    values: tuple[str | Regex, ...]
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """`age<7d`. The literal of `age` is in seconds."""

    field: ComparedField
    comparison: Comparison
    literal: int | datetime
    written: str
    start: int
    end: int


# --- what joins them ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    """An expression whose terms are looked for in one field."""

    field: str
    inner: "Node"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """True if all are."""

    children: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """True if one is."""

    children: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """True if the other is not."""

    child: "Node"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """True if the weights of the true members add up to `least`."""

    least: int
    members: "tuple[tuple[Node, int], ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An occurrence of each, at most `distance` tokens between them."""

    left: "Node"
    right: "Node"
    distance: int
    ordered: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Except:
    """An occurrence of `kept` that overlaps none of `unwanted`."""

    kept: "Node"
    unwanted: "Node"
    start: int
    end: int


Leaf = Term | Exact | Regex | ListName | ValueTest | Compare
Node = Leaf | InField | And | Or | Not | AtLeast | Near | Except
