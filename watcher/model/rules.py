"""Rules as the rest of the program knows them, and their hits."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from watcher.model.names import ItemId, RouteName, RuleId


class Severity(IntEnum):
    """How much a rule's hit matters."""

    LOW = 10
    INFO = 20
    HIGH = 30
    CRITICAL = 40

    @property
    def word(self) -> str:
        """The word that rule files use."""
        return self.name.lower()


class Updates(StrEnum):
    """What a later item of a story does that brings what the story's alert did not have."""

    IGNORE = "ignore"
    THREAD = "thread"
    ALERT = "alert"


class Occurrence(NamedTuple):
    """Where a term of a rule stands in an item; a tuple, as hundreds are made for one item."""

    field: str
    value: int  # which value of a field that has several
    start: int  # offsets in the plain text of that value
    end: int
    text: str  # the matched characters
    term: str  # the term as the rule writes it
    how: str  # plain, joined, divided, plural, wildcard, fuzzy:1, stem, exact, regex, list:name


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """What the rest of the program needs to know of a rule besides its meaning."""

    id: RuleId
    title: str = ""
    severity: Severity = Severity.INFO
    notify: tuple[RouteName, ...] = ()
    updates: Updates = Updates.ALERT
    facts: bool = False  # whether a new name or number is an update, and not only a new rule hit
    expected: timedelta | None = None  # how long it may go without a hit; None: for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule's yes to an item, with the words that made it."""

    rule: RuleInfo
    item: ItemId
    occurrences: tuple[Occurrence, ...]
