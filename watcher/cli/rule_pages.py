"""How rules look to people and to programs: a row of the list, and the page of one rule."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from watcher.alerts.render import text_of as field_text
from watcher.cli.charts import LEVELS, bar, days_of, numbers, sparkline
from watcher.cli.hits import rule_line
from watcher.cli.printing import Page, Run
from watcher.cli.records import past_hit_record
from watcher.cli.rule_states import SPARK, RuleState, ago, state_record
from watcher.config import text_of
from watcher.model import Item, Occurrence, PastHit
from watcher.rules import RuleSpec, compile_rules
from watcher.text.spans import spoken

COLUMNS = ("rule", "severity", "state", "since", "last hit", "14 days", "a day", "expected")
LABEL = 12  # columns before what is said
BAR = 40


def row_of(state: RuleState, length: timedelta, *, plain: bool) -> tuple[object, ...]:
    """Give what `COLUMNS` name of a rule."""
    activity, expected = state.activity, state.info.expected
    last = activity.last_hit_at if activity else None
    return (
        state.info.id,
        state.info.severity.word,
        ", ".join(state.words) or "ok",
        activity.since if activity else None,
        ago(last, state.now) if last else "never" if activity else None,
        sparkline(numbers(state.hits, days_of(SPARK, state.now)), plain=plain),
        f"{state.average(length):.2g}",
        spoken(expected) if expected else None,
    )


def draws_blocks() -> bool:
    """Tell whether the output can write blocks."""
    return Page().text(LEVELS).plain == LEVELS


def page_record(state: RuleState, length: timedelta, hits: Sequence[PastHit]) -> dict[str, object]:
    """Tell all there is to tell of a rule, for programs."""
    tests = state.spec.tests
    return {
        **state_record(state, length),
        "notify": list(state.info.notify),
        "updates": state.info.updates.value,
        "facts": state.info.facts,
        "language": state.spec.language,
        "feeds": list(state.spec.feeds),
        "written": text_of(state.written),
        "tests": {
            "match": len(tests.match),
            "no_match": len(tests.no_match),
            "failed": _failed(state.spec),
        },
        "last_hits": [past_hit_record(past) for past in hits],
    }


def _failed(spec: RuleSpec) -> list[str]:
    """Try a rule on its own samples; say what fails."""
    rule_set = compile_rules([spec]).ruleset
    assert rule_set is not None, "what is loaded compiles"
    return [
        f"{fault.code} {'.'.join(map(str, fault.part[1:]))}: {fault.message}"
        for fault in rule_set.failed_tests()
    ]


def page_of(
    state: RuleState, length: timedelta, hits: Sequence[PastHit], page: Page
) -> Iterator[Sequence[Run]]:
    """Tell all there is to tell of a rule, for people, a line each."""
    info, failed = state.info, _failed(state.spec)
    yield rule_line(info)
    for label, told in (*_keys(state), *_health(state), ("tests", _tests(state.spec, failed))):
        yield (f"  {label:{LABEL - 2}}", "faint"), "  ", told
    for failure in failed:
        yield " " * (LABEL + 2), (failure, "no")
    yield ("",)
    for line in text_of(state.written).splitlines():
        yield (f"  {line}",)
    yield ("",)
    yield (
        f"{state.total(length)} hits in {len(days_of(length, state.now))} days, "
        f"{state.average(length):.2g} a day",
    )
    yield from day_bars(state.hits, days_of(length, state.now))
    if hits:
        yield ("",)
        yield ("last hits",)
    for past in hits:
        yield from past_hit(past, page)


def _keys(state: RuleState) -> Iterator[tuple[str, str]]:
    info, spec = state.info, state.spec
    yield "state", ", ".join(state.words) or "ok"
    yield "written", f"{state.written.file}:{state.written.line}"
    yield "notify", ", ".join(info.notify) or "nobody"
    yield "updates", info.updates.value + (", also of new names and numbers" if info.facts else "")
    if spec.feeds:
        yield "feeds", ", ".join(spec.feeds)
    if spec.language != RuleSpec(info=info).language:
        yield "language", spec.language
    yield "expected", f"a hit within {spoken(info.expected)}" if info.expected else "nothing"


def _health(state: RuleState) -> Iterator[tuple[str, str]]:
    activity = state.activity
    if activity is None:
        return
    last = activity.last_hit_at
    yield "in service", f"since {activity.since:%Y-%m-%d %H:%M}"
    yield "last hit", ago(last, state.now) if last else "never"
    yield "24 hours", f"matched {activity.hits} of {activity.items} new items"
    for ailment, at in activity.told.items():
        yield "told", f"{ailment.value}, {ago(at, state.now)}"


def _tests(spec: RuleSpec, failed: Sequence[str]) -> str:
    tests = spec.tests
    if not tests.match and not tests.no_match:
        return "none"
    outcome = f"{len(failed)} fail" if failed else "all pass"
    return f"{len(tests.match)} must match, {len(tests.no_match)} must not: {outcome}"


def day_bars(by_day: Mapping[date, int], days: Sequence[date]) -> Iterator[Sequence[Run]]:
    """Draw the number of each day as a bar, a line each; no line where all is nothing."""
    counts = numbers(by_day, days)
    most, plain = max(counts, default=0), not draws_blocks()
    for day, count in zip(days, counts, strict=True) if most else ():
        drawn = f"  {bar(count, most, BAR, plain=plain)}" if count else ""
        yield f"  {day:%a %Y-%m-%d}  {count:5}", (drawn, "term")


def past_hit(past: PastHit, page: Page) -> Iterator[Sequence[Run]]:
    """Tell a hit: when, which item, and the words in their context."""
    item, by_text = past.item, _by_text(past.hit.occurrences)
    yield f"  {past.at:%Y-%m-%d %H:%M}  {item.feed}  ", (item.id, "faint")
    if ("title", 0) not in by_text:
        yield f"    {item.title or item.link or '(its text was forgotten)'}", ""
    for (field, _), found in by_text.items():
        label = f"    {field}: "
        yield label, *_words(item, field, found, page, page.width - len(label))


def _by_text(
    occurrences: Sequence[Occurrence],
) -> Mapping[tuple[str, int], Sequence[Occurrence]]:
    """Gather occurrences by field and value."""
    found: dict[tuple[str, int], list[Occurrence]] = {}
    for one in occurrences:
        found.setdefault((one.field, one.value), []).append(one)
    return found


def _words(
    item: Item, field: str, found: Sequence[Occurrence], page: Page, width: int
) -> Sequence[Run]:
    """Show matched words in their context, if the item still has the text that they stood in."""
    text = field_text(item, field, found[0].value)
    if all(text[one.start : one.end] == one.text for one in found):
        return page.words(text, [(one.start, one.end) for one in found], width)
    return (", ".join(dict.fromkeys(f"“{one.text}”" for one in found)),)
