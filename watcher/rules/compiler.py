"""Rules as written become a rule set, or a list of all that is wrong with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.rules.doubts import doubts, repeated
from watcher.rules.engine.kinds import LANGUAGES
from watcher.rules.engine.meaning import No, Some
from watcher.rules.explain import Conjunct
from watcher.rules.grammar import parse
from watcher.rules.grammar.nearest import nearest
from watcher.rules.lists import Lists
from watcher.rules.lower import Lexicon, Lowering
from watcher.rules.ruleset import Rule, RuleSet
from watcher.rules.spec import BrokenExpression, Part, RuleFault, RuleSpec
from watcher.rules.tree import And, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A rule set fit for service, or None and the errors why not; warnings in either case."""

    ruleset: RuleSet | None
    faults: tuple[RuleFault, ...]


def compile_rules(specs: Iterable[RuleSpec]) -> Compiled:
    """Read, check and compile rules; all faults at once, errors and warnings.

    Rules that are not enabled are checked like the others, and never match.
    """
    return _Compiler().compiled(list(specs))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A rule whose expressions could all be read."""

    spec: RuleSpec
    when: Node | None
    any: tuple[Node, ...] | None
    all: tuple[Node, ...]
    none: tuple[Node, ...]
    lists: Lists

    def sources(self) -> Iterator[tuple[Part, str, Node]]:
        """Go through the expressions, each with its place and text."""
        spec = self.spec
        if spec.when is not None and self.when is not None:
            yield ("when",), spec.when, self.when
        for name, entries, nodes in (
            ("any", spec.any, self.any),
            ("all", spec.all, self.all),
            ("none", spec.none, self.none),
        ):
            for number, (source, node) in enumerate(zip(entries or (), nodes or (), strict=True)):
                yield (name, number), source, node


class _Compiler:
    def __init__(self) -> None:
        self._faults: list[RuleFault] = []
        self._parsed: dict[tuple[str, bool], Node | BrokenExpression] = {}
        self._lists: dict[tuple[object, ...], Lists] = {}
        self._by_mapping: dict[int, Lists] = {}
        self._list_faults: dict[int, list[tuple[Part, str, BrokenExpression]]] = {}
        self._lowerings: dict[tuple[int, str], Lowering] = {}
        self._told: set[tuple[object, ...]] = set()
        self._lexicon = Lexicon()

    def compiled(self, specs: Sequence[RuleSpec]) -> Compiled:
        read = [self._read(spec) for spec in specs]
        if any(not fault.warning for fault in self._faults):
            return Compiled(ruleset=None, faults=tuple(self._faults))
        rules = [self._rule(one) for one in read if one is not None]
        return Compiled(
            ruleset=RuleSet(rules, self._lexicon.terms, self._lexicon.kinds),
            faults=tuple(self._faults),
        )

    # --- reading --------------------------------------------------------------------------------

    def _read(self, spec: RuleSpec) -> _Read | None:
        lists = self._lists_of(spec)
        errors_before = len(self._faults)  # those of lists are no reason to stop here
        self._check_language(spec)
        when = None if spec.when is None else self._part(spec, lists, ("when",), spec.when)
        several = {
            name: self._entries(spec, lists, name, entries)
            for name, entries in (("any", spec.any), ("all", spec.all), ("none", spec.none))
        }
        if len(self._faults) > errors_before:
            return None
        read = _Read(
            spec=spec,
            when=when,
            any=several["any"],
            all=several["all"] or (),
            none=several["none"] or (),
            lists=lists,
        )
        self._check_whole(read)
        if len(self._faults) > errors_before:
            return None
        self._doubt(read)
        return read

    def _doubt(self, read: _Read) -> None:
        """Note the warnings of a rule without errors."""
        spec = read.spec
        alternatives: dict[Part, list[tuple[Part, str, Node]]] = {}
        for part, source, node in (*read.sources(), *self._list_sources(read)):
            for doubt in doubts(node, spec.language):
                self._fault(spec, part, source, doubt, warning=True)
            if part[0] in ("any", "lists"):
                alternatives.setdefault(part[:-1], []).append((part, source, node))
        for entries in alternatives.values():
            for number, doubt in repeated([node for _, _, node in entries]):
                self._fault(spec, *entries[number][:2], doubt, warning=True)
        if not (spec.tests.match or spec.tests.no_match):
            message = "the rule has no tests: give samples that it must and must not match"
            self._fault(spec, ("tests",), "", BrokenExpression("W207", message, 0), warning=True)

    def _list_sources(self, read: _Read) -> Iterator[tuple[Part, str, Node]]:
        """Go through the entries of a rule's lists; those of shared lists once."""
        for name, entries in read.spec.lists.items():
            told = (id(entries), name)
            if told not in self._told and not read.lists.is_broken(name):
                self._told.add(told)
                nodes = read.lists.entries(name)
                for number, (source, node) in enumerate(zip(entries, nodes, strict=True)):
                    yield ("lists", name, number), source, node

    def _lists_of(self, spec: RuleSpec) -> Lists:
        lists = self._by_mapping.get(id(spec.lists))  # rules of one file share one mapping
        if lists is None:
            lists = self._by_mapping[id(spec.lists)] = self._lists_like(spec)
            self._tell_of_lists(spec, self._list_faults[id(lists)])
        return lists

    def _tell_of_lists(
        self, spec: RuleSpec, faults: Iterable[tuple[Part, str, BrokenExpression]]
    ) -> None:
        """Note the faults of lists; a list that several rules share is told of once."""
        for part, source, broken in faults:
            told = (id(spec.lists[str(part[1])]), part, broken.code, broken.start)
            if told not in self._told:
                self._told.add(told)
                self._fault(spec, part, source, broken)

    def _lists_like(self, spec: RuleSpec) -> Lists:
        key = tuple((name, tuple(entries)) for name, entries in spec.lists.items())
        if key not in self._lists:
            found: list[tuple[Part, str, BrokenExpression]] = []
            self._lists[key] = Lists(
                spec.lists,
                lambda source: self._parse(source, entry=True),
                lambda part, source, broken: found.append((part, source, broken)),
            )
            self._list_faults[id(self._lists[key])] = found
        return self._lists[key]

    def _parse(self, source: str, *, entry: bool) -> Node:
        key = (source, entry)
        if key not in self._parsed:
            try:
                self._parsed[key] = parse(source, entry=entry)
            except BrokenExpression as broken:
                self._parsed[key] = broken
        parsed = self._parsed[key]
        if isinstance(parsed, BrokenExpression):
            raise parsed
        return parsed

    def _part(
        self, spec: RuleSpec, lists: Lists, part: Part, source: str, *, entry: bool = False
    ) -> Node | None:
        try:
            node = self._parse(source, entry=entry)
            lists.check(node)
        except BrokenExpression as broken:
            self._fault(spec, part, source, broken)
            return None
        return node

    def _entries(
        self, spec: RuleSpec, lists: Lists, name: str, entries: tuple[str, ...] | None
    ) -> tuple[Node, ...] | None:
        if entries is None:
            return None
        nodes = [
            self._part(spec, lists, (name, number), source, entry=True)
            for number, source in enumerate(entries)
        ]
        return tuple(node for node in nodes if node is not None)

    # --- checking -------------------------------------------------------------------------------

    def _check_language(self, spec: RuleSpec) -> None:
        if spec.language not in LANGUAGES:
            message = f"there is no stemmer for {spec.language!r}"
            suggestions = nearest(spec.language, LANGUAGES)
            broken = BrokenExpression("E128", message, 0, len(spec.language), suggestions)
            self._fault(spec, ("language",), spec.language, broken)

    def _check_whole(self, read: _Read) -> None:
        spec = read.spec
        if spec.when is None and spec.any is None and spec.all is None and spec.none is None:
            message = "the rule says nothing: it has neither when nor any, all or none"
            self._fault(spec, ("when",), "", BrokenExpression("E118", message, 0))
        elif read.any == ():
            message = "any is empty: the rule could never match"
            self._fault(spec, ("any",), "", BrokenExpression("E118", message, 0))
        elif self._true_of_nothing(read) and self._is_sound(read):
            part, source = _first_part(spec)
            message = "this is true for an empty item; it needs something that must be there"
            self._fault(spec, part, source, BrokenExpression("E120", message, 0, len(source)))

    def _true_of_nothing(self, read: _Read) -> bool:
        """Tell whether it is true of an item without fields, as far as its lists are known."""

        def is_true(node: Node) -> bool:
            return read.lists.check(node).true_of_nothing

        return (
            (read.when is None or is_true(read.when))
            and (read.any is None or any(map(is_true, read.any)))
            and all(map(is_true, read.all))
            and not any(map(is_true, read.none))
        )

    def _is_sound(self, read: _Read) -> bool:
        return all(read.lists.check(node).sound for _, _, node in read.sources())

    def _fault(
        self,
        spec: RuleSpec,
        part: Part,
        source: str,
        broken: BrokenExpression,
        *,
        warning: bool = False,
    ) -> None:
        self._faults.append(
            RuleFault(
                code=broken.code,
                rule=spec.info.id,
                part=part,
                expression=source,
                column=broken.start + 1,
                width=broken.end - broken.start,
                message=broken.message,
                suggestions=broken.suggestions,
                warning=warning,
            )
        )

    # --- compiling ------------------------------------------------------------------------------

    def _rule(self, read: _Read) -> Rule:
        key = (id(read.lists), read.spec.language)
        if key not in self._lowerings:
            self._lowerings[key] = Lowering(self._lexicon, read.lists, read.spec.language)
        return Rule.made(read.spec, tuple(_conjuncts(read, self._lowerings[key])))


def _first_part(spec: RuleSpec) -> tuple[Part, str]:
    if spec.when is not None:
        return ("when",), spec.when
    for name, entries in (("any", spec.any), ("all", spec.all), ("none", spec.none)):
        if entries:
            return (name, 0), entries[0]
    return ("all" if spec.all is not None else "none",), ""


def _flat(node: Node) -> Iterator[Node]:
    """Give what AND joins, also where parentheses stand around some of it."""
    if not isinstance(node, And):
        yield node
        return
    for child in node.children:
        yield from _flat(child)


def _conjuncts(read: _Read, lowering: Lowering) -> Iterator[Conjunct]:
    """Give what must all hold for a rule to match, in writing order: section 6."""
    spec = read.spec
    if read.when is not None and spec.when is not None:
        for node in _flat(read.when):
            written = spec.when[node.start : node.end]
            yield Conjunct(written=written, meaning=lowering.lowered(node))
    if read.any is not None:
        meaning = Some(children=tuple(lowering.lowered(node) for node in read.any))
        yield Conjunct(written=f"any: {', '.join(spec.any or ())}", meaning=meaning)
    for entry, node in zip(spec.all or (), read.all, strict=True):
        yield Conjunct(written=f"all: {entry}", meaning=lowering.lowered(node))
    for entry, node in zip(spec.none or (), read.none, strict=True):
        yield Conjunct(written=f"none: {entry}", meaning=No(child=lowering.lowered(node)))
