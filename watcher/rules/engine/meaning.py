"""What a rule means to the engine: its tree with lists put in, fields settled, terms numbered."""

from collections.abc import Callable
from dataclasses import dataclass

from watcher.rules.engine.spelling import Pattern
from watcher.rules.engine.value_keys import ValueKey
from watcher.rules.engine.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A term or pattern in a scope."""

    number: int
    scope: int  # bits of fields
    written: str
    listed: str = ""  # the list that the rule names, if the term is an entry of one
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A value field or comparison."""

    test: Callable[[View], bool]
    written: str
    actual: Callable[[View], str]  # tells what the item has instead
    keys: frozenset[ValueKey] | None = None  # any item it is true of has one; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """True if all children are."""

    children: "tuple[Meaning, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """True if one child is."""

    children: "tuple[Meaning, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class No:
    """True if the child is not."""

    child: "Meaning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """True if the weights of the true members add up to `least`."""

    least: int
    members: "tuple[tuple[Meaning, int], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """True if one of `left` stands near one of `right`."""

    left: tuple[Sought, ...]
    right: tuple[Sought, ...]
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """True if one of `kept` occurs without overlapping one of `unwanted`."""

    kept: tuple[Sought, ...]
    unwanted: tuple[Sought, ...]


Meaning = Sought | Tested | All | Some | No | Enough | Close | Free
