"""Files of rules become a rule set; what `rules` says about expressions is told with its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from watcher.config.checking import check
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Scalar, Table, child, children
from watcher.config.routes import Ways, unknown
from watcher.config.shapes import RulesFile, RuleShape
from watcher.config.sheet import Sheet, speakable
from watcher.config.spots import spot
from watcher.config.syntax import comment_warning
from watcher.config.written import WrittenRule
from watcher.model import Fault, RouteName, RuleId, RuleInfo
from watcher.rules import RuleFault, RuleSet, RuleSpec, RuleTests, compile_rules

Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What rules may name: feeds and ways out. Without them (None) names are not checked."""

    feeds: frozenset[str] | None  # None: some could not be read
    ways: Ways
    notify: tuple[RouteName, ...]  # of rules that name nobody


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a rule was written."""

    sheet: Sheet
    number: int
    id: str
    key: str  # what it is compiled as: its id, or something else where that is taken

    def node(self, *path: str | int) -> Node | None:
        return child(self.sheet.root, "rules", self.number, *path)


@dataclass(frozen=True, slots=True)
class _Book:
    """A file that fits its shape, but for some of its rules."""

    sheet: Sheet
    lists: Lists
    rules: tuple[tuple[_Origin, RuleShape], ...]


@dataclass(slots=True)
class RuleFiles:
    """The rules of all files."""

    findings: Findings
    surroundings: Surroundings | None = None
    books: list[_Book] = field(default_factory=list)
    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    homes: dict[str, Sheet] = field(default_factory=dict)  # of the shared lists
    origins: dict[str, _Origin] = field(default_factory=dict)  # by the rule's id in its spec
    specs: tuple[RuleSpec, ...] = ()  # of the rules that were compiled

    def add(self, sheet: Sheet) -> None:
        """Take in a file; what is wrong with its form is noted."""
        check(sheet, RulesFile, self.findings, apart=("rules",))
        rules = child(sheet.root, "rules")
        count = len(rules.items) if isinstance(rules, Many) else 0
        origins = [self._registered(_origin(sheet, number)) for number in range(count)]
        fitting = tuple(
            (origin, rule)
            for origin in origins
            if (rule := check(sheet, RuleShape, self.findings, ("rules", origin.number)))
        )
        for origin in origins:
            self._check_names(origin)
        lists = _lists_of(sheet)
        if rules is None:
            self._share(sheet, lists)
        self.books.append(_Book(sheet, lists, fitting))

    def compiled(self, *, check_tests: bool = False) -> RuleSet | None:
        """Compile all rules; None where any has a fault. All faults and warnings are noted."""
        self.specs = tuple(
            self._spec(origin, rule, {**self.shared, **book.lists, **rule.lists})
            for book in self.books
            for origin, rule in book.rules
        )
        result = compile_rules(self.specs)
        self._note(result.faults)
        if result.ruleset is not None and check_tests:
            self._note(result.ruleset.failed_tests())
        return result.ruleset

    def written(self) -> tuple[WrittenRule, ...]:
        """Tell where each compiled rule stands, in the order of the files."""
        return tuple(self._written(spec, self.origins[spec.info.id]) for spec in self.specs)

    def _written(self, spec: RuleSpec, origin: _Origin) -> WrittenRule:
        place = origin.sheet.place(origin.sheet.at(("rules", origin.number)).start)
        return WrittenRule(spec=spec, file=origin.sheet.name, line=place.line)

    # --- names ----------------------------------------------------------------------------------

    def _share(self, sheet: Sheet, lists: Lists) -> None:
        """Let the lists of a file without rules be for all files."""
        for name, entries in lists.items():
            if name in self.shared:
                message = f'list "{name}" is there already: {self.homes[name].name}'
                self.findings.add(sheet.fault("C013", message, sheet.key_at(("lists", name))))
            self.shared[name] = entries
            self.homes[name] = sheet

    def _check_names(self, origin: _Origin) -> None:
        when = origin.node("when")
        if isinstance(when, Scalar) and (warning := comment_warning(origin.sheet, when)):
            self.findings.add(warning)
        if self.surroundings is None:
            return
        ways = self.surroundings.ways
        notify = origin.node("notify")
        self.findings.add(*ways.misnamed(origin.sheet, notify, origin.id))
        nobody = isinstance(notify, Many) and not notify.items
        if nobody or (notify is None and not self.surroundings.notify):
            self.findings.add(self._unheard(origin, notify))
        if self.surroundings.feeds is not None:
            self._check_feeds(origin, self.surroundings.feeds)

    def _unheard(self, origin: _Origin, notify: Node | None) -> Fault:
        message = (
            "nobody hears of this rule: name routes in its `notify`, "
            "or in `notify` or `operator` of the main file"
        )
        whole = origin.node()
        where = notify or whole
        return origin.sheet.fault("C017", message, where.start if where else 0, rule=origin.id)

    def _check_feeds(self, origin: _Origin, known: frozenset[str]) -> None:
        feeds = origin.node("feeds")
        for node in feeds.items if isinstance(feeds, Many) else (feeds,):
            if isinstance(node, Scalar) and node.value and not _names_any(node.value, known):
                fault = unknown(origin.sheet, node, "feed", known, origin.id)
                self.findings.add(fault)

    # --- rules ----------------------------------------------------------------------------------

    def _spec(self, origin: _Origin, rule: RuleShape, lists: Lists) -> RuleSpec:
        return RuleSpec(
            info=RuleInfo(
                id=RuleId(origin.key),
                title=rule.title,
                severity=rule.severity,
                notify=self._notified(rule),
                updates=rule.updates,
                expected=rule.expected,
            ),
            when=rule.when,
            any=rule.any,
            all=rule.all,
            none=rule.none,
            lists=lists,
            language=rule.language,
            feeds=rule.feeds,
            tests=RuleTests(
                match=tuple(sample.given() for sample in rule.tests.match),
                no_match=tuple(sample.given() for sample in rule.tests.no_match),
            ),
            enabled=rule.enabled,
        )

    def _registered(self, origin: _Origin) -> _Origin:
        """Remember a rule by its id; one that is taken is a fault, and goes by another."""
        taken = self.origins.get(origin.id)
        if taken is None:
            self.origins[origin.key] = origin
            return origin
        node, first = origin.node("id"), taken.node("id")
        if node is not None and first is not None:
            line = taken.sheet.place(first.start).line
            message = f'rule "{origin.id}" is there already: {taken.sheet.name}:{line}'
            self.findings.add(origin.sheet.fault("C013", message, node, rule=origin.id))
        other = replace(origin, key=f"{origin.sheet.name} {origin.number}")
        self.origins[other.key] = other
        return other

    def _notified(self, rule: RuleShape) -> tuple[RouteName, ...]:
        if rule.notify is None:
            return self.surroundings.notify if self.surroundings else ()
        return tuple(RouteName(name) for name in dict.fromkeys(rule.notify))

    # --- faults ---------------------------------------------------------------------------------

    def _note(self, faults: Iterable[RuleFault]) -> None:
        for fault in faults:
            self.findings.add(self._placed(fault, self.origins[fault.rule]))

    def _placed(self, fault: RuleFault, origin: _Origin) -> Fault:
        """Turn a place in an expression into a place in a file."""
        sheet, node = self._part(fault, origin)
        offset = node.start
        if isinstance(node, Scalar):
            offset = spot(sheet.text, node, fault.column - 1)
        place = sheet.place(offset)
        return Fault(
            code=fault.code,
            message=speakable(fault.message),
            file=sheet.name,
            line=place.line,
            column=place.column,
            rule=origin.id,
            excerpt=speakable(fault.expression),
            caret=fault.column,
            width=fault.width,
            suggestions=tuple(speakable(each) for each in fault.suggestions),
            warning=fault.warning,
        )

    def _part(self, fault: RuleFault, origin: _Origin) -> tuple[Sheet, Node]:
        """Find the part of a rule; lists may be the rule's, its file's, or shared."""
        shared = self.homes.get(str(fault.part[1])) if fault.part[0] == "lists" else None
        candidates = (
            (origin.sheet, origin.node(*fault.part)),
            (origin.sheet, child(origin.sheet.root, *fault.part)),
            (shared or origin.sheet, child(shared.root, *fault.part) if shared else None),
            (origin.sheet, origin.node("id")),
        )
        return next(
            ((sheet, node) for sheet, node in candidates if node is not None),
            (origin.sheet, origin.sheet.at(())),
        )


def _origin(sheet: Sheet, number: int) -> _Origin:
    named = child(sheet.root, "rules", number, "id")
    name = named.value if isinstance(named, Scalar) else ""
    return _Origin(sheet, number, name, name)


def _lists_of(sheet: Sheet) -> Lists:
    """Read the named lists of a file, as far as they are lists of texts."""
    node = child(sheet.root, "lists")
    entries = node.entries if isinstance(node, Table) else {}
    return {
        name: tuple(item.value for item in children(entry.value) if isinstance(item, Scalar))
        for name, entry in entries.items()
    }


def _names_any(pattern: str, known: Iterable[str]) -> bool:
    """Tell whether a feed's id, or a glob with * and ?, names any feed; case is ignored."""
    wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return any(re.fullmatch(wild, name, re.IGNORECASE) for name in known)
