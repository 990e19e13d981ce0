"""What an explanation says."""

from dataclasses import dataclass

from watcher.model import Occurrence, RuleId
from watcher.rules.engine.misses import MissKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """What kept one term from making its part true; `why` is a phrase for people."""

    term: str  # as written
    why: str
    kind: MissKind
    would: str = ""  # an expression that would be true in the term's place
    distance: int | None = None  # words between, where it is a matter of distance
    listed: str = ""  # the list that the rule names, if the term is an entry of one
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One of the parts that must all hold for a rule to match, and whether it does."""

    written: str
    holds: bool
    why: str = ""  # of what is not shown by occurrences: "age is 2d", "not found"
    occurrences: tuple[Occurrence, ...] = ()  # what made it true


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule's answer to an item, with the reason."""

    rule: RuleId
    matches: bool
    occurrences: tuple[Occurrence, ...] = ()  # of a match: what made the needed parts true
    failing: str = ""  # of no match: the first part in writing order that is false
    misses: tuple[NearMiss, ...] = ()  # for each term of it the nearest miss, if there is one
    absent: tuple[str, ...] = ()  # the terms of it that nothing in the item comes near to
    parts: tuple[Answered, ...] = ()  # all that must hold, in writing order

    def told(self) -> tuple[str, ...]:
        """Tell it in lines, the answer first."""
        if self.matches:
            return (f"MATCH  {self.rule}", *map(_line, self.occurrences))
        lines = [f"NO MATCH  {self.rule}: first false part: {self.failing}"]
        for miss in self.misses:
            would = f"; {miss.would} would match" if miss.would else ""
            lines.append(f"  {miss.term}: {miss.why}{would}")
            lines += ["  " + _line(occurrence) for occurrence in miss.occurrences]
        return tuple(lines)


def _line(one: Occurrence) -> str:
    value = f"[{one.value}]" if one.field in ("author", "tag") else ""
    return f'  {one.term}  {one.how}  {one.field}{value} {one.start}-{one.end}  "{one.text}"'
