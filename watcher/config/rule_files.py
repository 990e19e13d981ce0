"""Files of rules become a rule set; what `rules` says about expressions is told with its place."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from watcher.config.checking import blank_entry, blanks, check
from watcher.config.files import read_file
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Scalar, Table, child, children, is_blank
from watcher.config.reader import read_rules_again
from watcher.config.routes import Ways, unknown
from watcher.config.shapes import RulesFile, RuleShape
from watcher.config.sheet import Sheet, speakable
from watcher.config.spots import spot
from watcher.config.syntax import comment_warning
from watcher.config.written import WrittenRule
from watcher.model import Fault, RouteName, RuleId, RuleInfo
from watcher.rules import RuleFault, RuleSet, RuleSpec, RuleTests, compile_rules

Lists = Mapping[str, tuple[str, ...]]
_UNKNOWN_LIST = "E121"


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
    start: int
    line: int  # of its id


@dataclass(slots=True)
class _Book:
    """A file of rules, and the rules of it that fit their shape; only their own lists in them."""

    sheet: Sheet
    lists: Lists
    specs: list[RuleSpec]


@dataclass(slots=True)
class RuleFiles:
    """The rules of all files.

    Of a file's tree no more than one rule is in memory at a time; whoever must point into one
    later has the file's text read again.
    """

    findings: Findings
    surroundings: Surroundings | None = None
    notify: tuple[RouteName, ...] = ()  # of rules that name nobody, where nothing is around
    books: list[_Book] = field(default_factory=list)
    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    homes: dict[str, Sheet] = field(default_factory=dict)  # of the shared lists
    origins: dict[str, _Origin] = field(default_factory=dict)  # by the rule's id in its spec
    unread: bool = False  # whether lists may be missing, as some file could not be read
    specs: tuple[RuleSpec, ...] = ()  # of the rules that were compiled

    def read(self, path: Path) -> None:
        """Take in a file; what is wrong with its form is noted."""
        specs: list[RuleSpec] = []
        taken = partial(self._take, specs.append)
        sheet = read_file(path, self.findings, take=taken)
        if sheet is None:
            self.unread = True
            return
        check(sheet, RulesFile, self.findings, apart=("rules",))
        lists = _lists_of(sheet)
        if child(sheet.root, "rules") is None:
            self._share(sheet, lists)
        self.books.append(_Book(sheet, lists, specs))

    def compiled(self, *, check_tests: bool = False) -> RuleSet | None:
        """Compile all rules; None where any has a fault. All faults and warnings are noted."""
        self.specs = tuple(spec for book in self.books for spec in self._with_lists(book))
        result = compile_rules(self.specs)
        faults = [*result.faults]
        if result.ruleset is not None and check_tests:
            faults += result.ruleset.failed_tests()
        self._note(faults)
        return result.ruleset

    def written(self) -> tuple[WrittenRule, ...]:
        """Tell where each compiled rule stands, in the order of the files."""
        return tuple(self._written(spec, self.origins[spec.info.id]) for spec in self.specs)

    def _written(self, spec: RuleSpec, origin: _Origin) -> WrittenRule:
        line = origin.sheet.place(origin.start).line
        return WrittenRule(spec=spec, file=origin.sheet.name, line=line)

    def _take(
        self, keep: Callable[[RuleSpec], None], sheet: Sheet, number: int, node: Node
    ) -> None:
        """Check a rule of a file that is being read, and keep what it says."""
        origin = self._registered(sheet, number, node)
        part = sheet.about(origin.id, node)
        if is_blank(node):
            self.findings.add(blank_entry(part, node))
            return
        self.findings.add(*blanks(part))
        rule = check(part, RuleShape, self.findings)
        self._check_names(part)
        if rule is not None:
            keep(self._spec(origin, rule))

    def _with_lists(self, book: _Book) -> Iterator[RuleSpec]:
        """Give a file's rules with the lists that they may use; most have none of their own."""
        around = {**self.shared, **book.lists}
        for spec in book.specs:
            yield replace(spec, lists={**around, **spec.lists} if spec.lists else around)

    # --- names ----------------------------------------------------------------------------------

    def _share(self, sheet: Sheet, lists: Lists) -> None:
        """Let the lists of a file without rules be for all files."""
        for name, entries in lists.items():
            if name in self.shared:
                message = f'list "{name}" is there already: {self.homes[name].name}'
                self.findings.add(sheet.fault("C013", message, sheet.key_at(("lists", name))))
            self.shared[name] = entries
            self.homes[name] = sheet

    def _check_names(self, sheet: Sheet) -> None:
        when = child(sheet.root, "when")
        if isinstance(when, Scalar) and (warning := comment_warning(sheet, when)):
            self.findings.add(warning)
        if self.surroundings is None:
            return
        ways = self.surroundings.ways
        notify = child(sheet.root, "notify")
        self.findings.add(*ways.misnamed(sheet, notify))
        nobody = isinstance(notify, Many) and not notify.items
        if nobody or (notify is None and not self.surroundings.notify):
            self.findings.add(self._unheard(sheet, notify))
        if self.surroundings.feeds is not None:
            self._check_feeds(sheet, self.surroundings.feeds)

    def _unheard(self, sheet: Sheet, notify: Node | None) -> Fault:
        message = (
            "nobody hears of this rule: name routes in its `notify`, "
            "or in `notify` or `operator` of the main file"
        )
        where = notify or sheet.root
        return sheet.fault("C017", message, where.start if where else 0)

    def _check_feeds(self, sheet: Sheet, known: frozenset[str]) -> None:
        feeds = child(sheet.root, "feeds")
        for node in feeds.items if isinstance(feeds, Many) else (feeds,):
            if isinstance(node, Scalar) and node.value and not _names_any(node.value, known):
                self.findings.add(unknown(sheet, node, "feed", known))

    # --- rules ----------------------------------------------------------------------------------

    def _spec(self, origin: _Origin, rule: RuleShape) -> RuleSpec:
        return RuleSpec(
            info=RuleInfo(
                id=RuleId(origin.key),
                title=rule.title,
                severity=rule.severity,
                notify=self._notified(rule),
                updates=rule.updates,
                facts=rule.facts,
                expected=rule.expected,
            ),
            when=rule.when,
            any=rule.any,
            all=rule.all,
            none=rule.none,
            lists=rule.lists,
            language=rule.language,
            feeds=rule.feeds,
            tests=RuleTests(
                match=tuple(sample.told() for sample in rule.tests.match),
                no_match=tuple(sample.told() for sample in rule.tests.no_match),
            ),
            enabled=rule.enabled,
        )

    def _registered(self, sheet: Sheet, number: int, node: Node) -> _Origin:
        """Remember where a rule stands, by its id; one that is taken is a fault, and goes on."""
        named = child(node, "id")
        name = named.value if isinstance(named, Scalar) else ""
        line = sheet.place(named.start if named else node.start).line
        taken = self.origins.get(name)
        if taken is not None and isinstance(named, Scalar):
            message = f'rule "{name}" is there already: {taken.sheet.name}:{taken.line}'
            self.findings.add(sheet.about(name, node).fault("C013", message, named))
        key = name if taken is None else f"{sheet.name} {number}"
        origin = self.origins[key] = _Origin(sheet, number, name, key, node.start, line)
        return origin

    def _notified(self, rule: RuleShape) -> tuple[RouteName, ...]:
        if rule.notify is None:
            return self.surroundings.notify if self.surroundings else self.notify
        return tuple(RouteName(name) for name in dict.fromkeys(rule.notify))

    # --- faults ---------------------------------------------------------------------------------

    def _note(self, faults: Iterable[RuleFault]) -> None:
        """Note faults in expressions, file by file: each with such faults is read again."""
        waiting: dict[str, defaultdict[int, list[RuleFault]]] = {}
        for fault in faults:
            origin = self.origins[fault.rule]
            waiting.setdefault(origin.sheet.name, defaultdict(list))[origin.number].append(fault)
        for book in self.books:
            if told := waiting.get(book.sheet.name):
                read_rules_again(book.sheet, partial(self._note_of_rule, told))

    def _note_of_rule(
        self, told: Mapping[int, Sequence[RuleFault]], sheet: Sheet, number: int, node: Node
    ) -> None:
        for fault in told.get(number, ()):
            if not (self.unread and fault.code == _UNKNOWN_LIST):
                self.findings.add(self._placed(fault, sheet, node))

    def _placed(self, fault: RuleFault, home: Sheet, rule: Node) -> Fault:
        """Turn a place in an expression into a place in a file."""
        sheet, node = self._part(fault, home, rule)
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
            rule=self.origins[fault.rule].id,
            excerpt=speakable(fault.expression),
            caret=fault.column,
            width=fault.width,
            suggestions=tuple(speakable(each) for each in fault.suggestions),
            warning=fault.warning,
        )

    def _part(self, fault: RuleFault, sheet: Sheet, rule: Node) -> tuple[Sheet, Node]:
        """Find the part of a rule; lists may be the rule's, its file's, or shared."""
        shared = self.homes.get(str(fault.part[1])) if fault.part[0] == "lists" else None
        candidates = (
            (sheet, child(rule, *fault.part)),
            (sheet, child(sheet.root, *fault.part)),
            (shared or sheet, child(shared.root, *fault.part) if shared else None),
            (sheet, child(rule, "id")),
        )
        return next(((home, node) for home, node in candidates if node is not None), (sheet, rule))


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
