"""What a rule means to the engine: its tree with lists put in, fields settled, terms numbered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from watcher.rules.engine.spelling import Pattern
from watcher.rules.engine.value_keys import ValueKey
from watcher.rules.engine.view import View

_FEW = 8  # children that are sooner looked through than looked up
_NO_TERM = -1  # stands for what is no term of words or characters


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
    _by_term: dict[int, list[int]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_term: dict[int, list[int]] = {}
        if len(self.children) > _FEW:
            for number, child in enumerate(self.children):
                term = _NO_TERM
                if isinstance(child, Sought) and child.pattern is None:
                    term = child.number
                by_term.setdefault(term, []).append(number)
        object.__setattr__(self, "_by_term", by_term)

    def perhaps(self, found: Mapping[int, object]) -> "Iterable[Meaning]":
        """Give the children that may be true where no other terms than these were found.

        Most entries of a long list are terms that are not there.
        """
        if not self._by_term:
            return self.children
        there = [*(self._by_term.keys() & found.keys()), _NO_TERM]
        numbers = sorted(chain.from_iterable(self._by_term.get(term, ()) for term in there))
        return [self.children[number] for number in numbers]


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
