"""What a rule means, in words and by example: values for people to read, nothing is printed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

import snowballstemmer

from watcher.model import RuleInfo
from watcher.rules.compiler import compile_rules
from watcher.rules.examples import examples, needed
from watcher.rules.grammar import parse
from watcher.rules.spec import RuleFault, RuleSpec
from watcher.rules.tree import (
    And,
    AtLeast,
    Compare,
    Exact,
    Except,
    Fuzzy,
    Gap,
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
    Wildcard,
)

_LEAST_NEEDED = 2  # characters worth telling
MEMBERS_SHOWN = 6  # of a list
_UNITS = (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_SIGNS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_MOMENTS = {"<": "before", "<=": "at or before", ">": "after", ">=": "at or after"}
_VALUES = {
    "link": "the link holds",
    "domain": "the site is, or is below,",
    "feed": "the feed is",
    "lang": "the language is",
}
_FLAGS = {
    "i": "case does not count",
    "m": "^ and $ are the ends of a paragraph",
    "s": ". is also the end of a paragraph",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A part of a rule: what it says, what it finds, and the parts it is made of."""

    written: str  # empty where the parts say it all
    said: str  # "all of these", "a phrase"
    finds: tuple[str, ...] = ()  # texts, each tried
    spares: tuple[str, ...] = ()  # texts much like them that it does not find
    notes: tuple[str, ...] = ()
    parts: "tuple[Described, ...]" = ()
    more: int = 0  # parts that are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A rule in words, with what is doubtful about it and how its own tests went."""

    rule: RuleInfo
    enabled: bool
    feeds: tuple[str, ...]
    language: str
    parts: tuple[Described, ...]  # all of them must hold
    warnings: tuple[RuleFault, ...]
    tests: int
    failed: tuple[RuleFault, ...]


def describe(spec: RuleSpec) -> Description:
    """Put a rule in words. The rule must be sound: `compile_rules` finds no error in it."""
    compiled = compile_rules([spec])
    assert compiled.ruleset is not None, compiled.faults
    teller = _Teller(spec)
    return Description(
        rule=spec.info,
        enabled=spec.enabled,
        feeds=spec.feeds,
        language=spec.language,
        parts=tuple(teller.parts()),
        warnings=compiled.faults,
        tests=len(spec.tests.match) + len(spec.tests.no_match),
        failed=compiled.ruleset.failed_tests(),
    )


class _Teller:
    """Tells the parts of one rule."""

    def __init__(self, spec: RuleSpec) -> None:
        self._spec = spec

    def parts(self) -> Iterator[Described]:
        """Give what must all hold, in writing order."""
        spec = self._spec
        if spec.when is not None:
            node = parse(spec.when, entry=False)
            children = node.children if isinstance(node, And) else (node,)
            yield from (self._told(child, spec.when) for child in children)
        if spec.any is not None:
            yield self._entries("any of these", spec.any)
        for entry in spec.all or ():
            yield self._entry(entry)
        if spec.none:
            yield self._entries("none of these", spec.none)

    def _entry(self, source: str) -> Described:
        return self._told(parse(source, entry=True), source)

    def _entries(self, said: str, entries: Sequence[str]) -> Described:
        parts = tuple(map(self._entry, entries[:MEMBERS_SHOWN]))
        more = len(entries) - len(parts)
        if len(entries) == 1 and said == "any of these":
            return parts[0]
        return Described(written="", said=said, parts=parts, more=more)

    def _told(self, node: Node, source: str) -> Described:
        match node:
            case Term() | Exact():
                return self._term(node)
            case Regex():
                return _regex(node)
            case ListName():
                return self._list(node)
            case ValueTest():
                return Described(written=node.written, said=_value(node))
            case Compare():
                return Described(written=node.written, said=_comparison(node))
            case _:
                return self._joined(node, source)

    def _term(self, node: Term | Exact) -> Described:
        finds, spares = examples(node, self._spec.language)
        notes = tuple(self._stems(node)) if isinstance(node, Term) else ()
        said = _kind_of(node)
        return Described(written=node.written, said=said, finds=finds, spares=spares, notes=notes)

    def _stems(self, term: Term) -> Iterator[str]:
        words = [element.word for element in term.elements if isinstance(element, Stem)]
        if words:
            stemmer = snowballstemmer.stemmer(self._spec.language)
            stems = ", ".join(dict.fromkeys(stemmer.stemWord(word) for word in words))
            yield f"stems in {self._spec.language}: {stems}"

    def _list(self, node: ListName) -> Described:
        entries = self._spec.lists[node.name]
        parts = tuple(map(self._entry, entries[:MEMBERS_SHOWN]))
        count = f"{len(entries)} entries" if len(entries) != 1 else "one entry"
        return Described(
            written=node.written,
            said=f"any of the list {node.name}, {count}",
            parts=parts,
            more=len(entries) - len(parts),
        )

    # --- what joins -----------------------------------------------------------------------------

    def _joined(
        self, node: InField | And | Or | Not | AtLeast | Near | Except, source: str
    ) -> Described:
        told = partial(self._told, source=source)
        match node:
            case And():
                return _of("all of these", map(told, node.children))
            case Or():
                return _of("any of these", map(told, node.children))
            case Not():
                return _of("not", [told(node.child)])
            case InField():
                return _of(_where(node.field), [told(node.inner)])
            case AtLeast():
                members = (_weighted(told(member), weight) for member, weight in node.members)
                return _of(_at_least(node), members)
            case Near():
                return _of(_near(node), map(told, (node.left, node.right)))
            case Except():
                said = "the first of these, somewhere outside the second"
                return _of(said, map(told, (node.kept, node.unwanted)))
            case _:
                assert_never(node)


def _where(field: str) -> str:
    return "in title, summary or content" if field == "text" else f"in the {field} only"


def _of(said: str, parts: Iterable[Described]) -> Described:
    return Described(written="", said=said, parts=tuple(parts))


def _weighted(part: Described, weight: int) -> Described:
    return part if weight == 1 else replace(part, notes=(*part.notes, f"counts {weight}"))


def _at_least(node: AtLeast) -> str:
    if all(weight == 1 for _, weight in node.members):
        return f"at least {node.least} of these"
    return f"the weights of those of these that are true add up to {node.least} or more"


def _near(node: Near) -> str:
    order = ", in this order" if node.ordered else ", in either order"
    if node.distance == 0:
        return f"side by side{order}"
    words = "word" if node.distance == 1 else "words"
    return f"both, with at most {node.distance} {words} between{order}"


# --- leaves ---------------------------------------------------------------------------------------


def _kind_of(node: Term | Exact) -> str:
    if isinstance(node, Exact):
        return "exactly these characters, case included"
    if any(isinstance(element, Stem) for element in node.elements):
        return "any form of these words" if len(node.elements) > 1 else "any form of this word"
    said = "a phrase" if len(node.elements) > 1 else "a word"
    if any(isinstance(element, Gap) for element in node.elements):
        said += ", * being any one word"
    wild = "".join(e.pattern for e in node.elements if isinstance(e, Wildcard))
    if "*" in wild:
        said += ", * in a word being any letters or none"
    if "?" in wild:
        said += ", ? being any one letter"
    forgiven = sum(e.distance for e in node.elements if isinstance(e, Fuzzy))
    if forgiven:
        said += f", {forgiven} spelling {'error' if forgiven == 1 else 'errors'} forgiven"
    return said


def _regex(node: Regex) -> Described:
    flags = node.written[node.written.rindex("/") + 1 :]
    notes = [meaning for flag, meaning in _FLAGS.items() if flag in flags]
    if "i" not in flags:
        notes.insert(0, "case counts; the flag i would ignore it")
    if len(literal := needed(node)) >= _LEAST_NEEDED:
        notes.insert(0, f"nothing is found without “{literal}”")
    said = "a pattern, searched in the plain text as it is"
    return Described(written=node.written, said=said, notes=tuple(notes))


def _value(node: ValueTest) -> str:
    shown = (v.written if isinstance(v, Regex) else v for v in node.values)
    return f"{_VALUES[node.field]} {' or '.join(shown)}"


def _comparison(node: Compare) -> str:
    literal = node.literal
    if isinstance(literal, datetime):
        return f"published {_MOMENTS[node.comparison]} {literal:%Y-%m-%d %H:%M} UTC"
    if node.field == "age":
        return f"{_SIGNS[node.comparison]} {_lasting(literal)} old"
    return f"{_SIGNS[node.comparison]} {literal} words long"


def _lasting(seconds: int) -> str:
    unit, length = next((u for u in _UNITS if seconds % u[1] == 0), _UNITS[-1])
    return f"{seconds // length}{unit}"
