"""How an explanation looks: which parts of a rule hold, where, and what the others lack."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from watcher.cli.hits import full_row, gathered, rule_line, show_item, show_rows
from watcher.cli.printing import Page, Run, moment
from watcher.cli.records import occurrence_record
from watcher.cli.words import beginning
from watcher.model import Item
from watcher.rules import Answered, Explanation, NearMiss, RuleSpec

YES, NO = "✓", "✗"
_MISSES_OF_A_LIST = 4
_ROWS_OF_A_MISS = 4
_ABSENT_SHOWN = 8
_WRITTEN_AT_MOST = 300  # columns of a part as written
_NEAREST_FIRST = ("elsewhere", "spelling", "apart", "order", "blocks", "texts", "part")


def explanation_record(
    spec: RuleSpec, item: Item, told: Explanation, at: datetime
) -> dict[str, object]:
    """Tell an explanation to programs."""
    return {
        "rule": told.rule,
        "item": item.id,
        "at": moment(at),
        "matches": told.matches,
        "enabled": spec.enabled,
        "hits": [occurrence_record(one) for one in told.occurrences],
        "parts": [
            {
                "part": part.written,
                "holds": part.holds,
                "why": part.why,
                "hits": [occurrence_record(one) for one in part.occurrences],
            }
            for part in told.parts
        ],
        "failing": told.failing or None,
        "misses": [_miss_record(miss) for miss in told.misses],
        "absent": list(told.absent),
    }


def _miss_record(miss: NearMiss) -> dict[str, object]:
    return {
        "term": miss.term,
        "list": miss.listed or None,
        "kind": miss.kind,
        "why": miss.why,
        "distance": miss.distance,
        "would": miss.would or None,
        "hits": [occurrence_record(one) for one in miss.occurrences],
    }


def show_explanation(
    page: Page, spec: RuleSpec, item: Item, told: Explanation, *, after_another: bool = False
) -> None:
    """Print an explanation: the answer, the item, then every part of the rule."""
    if after_another:
        page.show("")
    answer = ("MATCH", "yes") if told.matches else ("NO MATCH", "no")
    page.show(answer, "  ", *_named(spec), hang=2)
    show_item(page, item)
    if not spec.enabled:
        page.show("  ", ("the rule is switched off (enabled: no): it alerts nobody", "no"))
    failing = next((part for part in told.parts if not part.holds), None)
    for part in told.parts:
        _show_part(page, item, part)
        if part is failing:
            _show_misses(page, item, told)


def _named(spec: RuleSpec) -> Sequence[Run]:
    """Name a rule; an expression that is no rule of a file is its own name."""
    if spec.info.id == spec.when:
        return ((beginning(spec.info.id, _WRITTEN_AT_MOST), "rule"),)
    return rule_line(spec.info)


def _show_part(page: Page, item: Item, part: Answered) -> None:
    mark = (YES, "yes") if part.holds else (NO, "no")
    written = beginning(part.written, _WRITTEN_AT_MOST)
    why = ("  ", (part.why, "faint")) if part.why else ()
    page.show("  ", mark, " ", (written, "rule"), *why, hang=4)
    rows = [full_row(group) for group in gathered(part.occurrences)]
    if rows:
        show_rows(page, item, rows, indent=6)


# --- near misses ----------------------------------------------------------------------------------


def _show_misses(page: Page, item: Item, told: Explanation) -> None:
    for miss, more in _nearest(told.misses):
        _show_miss(page, item, miss)
        if more:
            page.show("      ", (f"and {more} more of ${miss.listed} that are less near", "faint"))
    if told.absent:
        shown = ", ".join(told.absent[:_ABSENT_SHOWN])
        more = len(told.absent) - _ABSENT_SHOWN
        rest = f" and {more} more" if more > 0 else ""
        page.show("      ", ("not found: ", "faint"), f"{shown}{rest}", hang=17)


def _nearest(misses: Sequence[NearMiss]) -> Iterator[tuple[NearMiss, int]]:
    """Give the misses to show, of a list the nearest few; and how many were left out after each."""
    for listed, group in groupby(misses, key=lambda miss: miss.listed):
        several = list(group)
        if not listed:
            yield from ((miss, 0) for miss in several)
            continue
        several.sort(key=_farness)
        shown = several[:_MISSES_OF_A_LIST]
        yield from ((miss, 0) for miss in shown[:-1])
        yield shown[-1], len(several) - len(shown)


def _farness(miss: NearMiss) -> tuple[int, int]:
    kinds = _NEAREST_FIRST
    rank = kinds.index(miss.kind) if miss.kind in kinds else len(kinds)
    return rank, miss.distance or 0


def _show_miss(page: Page, item: Item, miss: NearMiss) -> None:
    page.show("      ", (miss.term, "term"), "  ", miss.why, *_would(miss), hang=8)
    rows = [full_row(group) for group in gathered(miss.occurrences)][:_ROWS_OF_A_MISS]
    if rows:
        show_rows(page, item, rows, indent=8)


def _would(miss: NearMiss) -> Sequence[Run]:
    return ("; ", (miss.would, "yes"), " would match") if miss.would else ()
