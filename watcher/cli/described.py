"""How a rule reads in words: the tree of its parts, with what each term finds."""

from collections.abc import Sequence

from watcher.cli.hits import rule_line
from watcher.cli.printing import Page, Run
from watcher.rules import Described, Description, RuleFault

UNTESTED = "W207"
STEP = 4  # columns that a part stands further in than the whole


def description_record(told: Description) -> dict[str, object]:
    """Tell a rule in words to programs."""
    return {
        "rule": told.rule.id,
        "title": told.rule.title,
        "severity": told.rule.severity.word,
        "enabled": told.enabled,
        "feeds": list(told.feeds),
        "language": told.language,
        "parts": [_part_record(part) for part in told.parts],
        "warnings": [_fault_record(fault) for fault in told.warnings],
        "tests": told.tests,
        "failed": [_fault_record(fault) for fault in told.failed],
    }


def _part_record(part: Described) -> dict[str, object]:
    return {
        "written": part.written,
        "said": part.said,
        "finds": list(part.finds),
        "not": list(part.spares),
        "notes": list(part.notes),
        "parts": [_part_record(each) for each in part.parts],
        "more": part.more,
    }


def _fault_record(fault: RuleFault) -> dict[str, object]:
    return {
        "code": fault.code,
        "part": list(fault.part),
        "message": fault.message,
        "suggestion": fault.suggestions[0] if fault.suggestions else None,
    }


def show_description(page: Page, told: Description, *, named: bool) -> None:
    """Print a rule in words: what must hold, what is doubtful, how its tests went.

    An expression that is no rule of a file is not `named`.
    """
    if named:
        page.show(*rule_line(told.rule), hang=2)
    if not told.enabled:
        page.show("  ", ("the rule is switched off (enabled: no)", "no"))
    if told.feeds:
        page.show("  only in the feeds ", ", ".join(told.feeds), hang=4)
    if len(told.parts) > 1:
        page.show("  all of these", hang=4)
    for part in told.parts:
        _show_part(page, part, 2 if len(told.parts) == 1 else 2 + STEP)
    page.show("")
    page.show(("Where no field is named, title, summary and content are searched.", "faint"))
    for fault in told.warnings:
        if named or fault.code != UNTESTED:
            page.show((f"{fault.code} ", "no"), fault.message, *_instead(fault), hang=5)
    _show_tests(page, told)


def _show_part(page: Page, part: Described, indent: int) -> None:
    pad = " " * indent
    written: Sequence[Run] = ((part.written, "term"), "  ") if part.written else ()
    notes = (f"; {note}" for note in part.notes)
    page.show(pad, *written, part.said, *notes, hang=indent + 2)
    if part.finds:
        page.show(pad, "  ", ("finds    ", "yes"), ", ".join(part.finds), hang=indent + 11)
    if part.spares:
        page.show(pad, "  ", ("but not  ", "no"), ", ".join(part.spares), hang=indent + 11)
    for each in part.parts:
        _show_part(page, each, indent + STEP)
    if part.more:
        page.show(" " * (indent + STEP), (f"and {part.more} more", "faint"))


def _instead(fault: RuleFault) -> Sequence[Run]:
    return (" (write ", (fault.suggestions[0], "term"), ")") if fault.suggestions else ()


def _show_tests(page: Page, told: Description) -> None:
    if not told.tests:
        return
    tests = "one test" if told.tests == 1 else f"{told.tests} tests"
    if not told.failed:
        page.show(f"{tests}: ", ("all pass" if told.tests > 1 else "passes", "yes"))
        return
    page.show(f"{tests}: ", (f"{len(told.failed)} fail", "no"))
    for fault in told.failed:
        place = ".".join(map(str, fault.part[1:]))
        page.show(f"  {fault.code} {place}: ", fault.message, hang=4)
