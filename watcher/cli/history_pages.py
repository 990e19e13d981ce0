"""How it looks what rules would have found: for people a line each, for programs one record."""

from collections.abc import Iterator, Sequence
from datetime import date

from watcher.cli.printing import Page, Run, moment
from watcher.cli.records import Record, past_hit_record
from watcher.cli.rule_pages import day_bars, past_hit
from watcher.history import Difference, Edited, Looked, Rehearsal, Told
from watcher.model import PastHit, RuleId
from watcher.rules import RuleSpec

FEEDS = 8  # that are named
TURNS = 20  # of a kind that are listed

Line = Sequence[Run]


# --- one rule -------------------------------------------------------------------------------------


def tried_page(
    spec: RuleSpec,
    rehearsal: Rehearsal,
    days: Sequence[date],
    latest: Sequence[PastHit],
    page: Page,
) -> Iterator[Line]:
    """Tell what a rule would have found."""
    looked = rehearsal.looked
    yield ((spec.info.id, "rule"),)
    yield (f"  finds {rehearsal.hits:,} of {_items(looked, days)}",)
    if rehearsal.hits:
        alerts = _many(_number(rehearsal), "alert")
        yield (
            f"  {_many(rehearsal.stories, 'story', 'stories')}, {alerts}{_rate(spec, rehearsal)}",
        )
        yield (f"  {_feeds(rehearsal)}",)
    yield from _besides(looked)
    shown = [day for day in days if looked.first and day >= looked.first.date()]
    if rehearsal.hits:
        yield ("",)
        yield from day_bars(rehearsal.by_day, shown)
    if latest:
        yield ("",)
        yield ("latest stories",)
    for past in latest:
        yield from past_hit(past, page)


def _items(looked: Looked, days: Sequence[date]) -> str:
    return f"{_many(looked.items, 'item')} first seen since {days[0]:%Y-%m-%d}"


def _rate(spec: RuleSpec, rehearsal: Rehearsal) -> str:
    """Tell how often there is an alert, as far as it is about news."""
    looked = rehearsal.looked
    if looked.items == looked.backlog:
        return ""
    a_day = rehearsal.news(spec.info.id) / looked.days
    return f", {a_day:,.0f} a day" if a_day >= 10 else f", {a_day:.2g} a day"


def _feeds(rehearsal: Rehearsal) -> str:
    named = rehearsal.by_feed.most_common(FEEDS)
    more = len(rehearsal.by_feed) - len(named)
    told = ", ".join(f"{feed} {number:,}" for feed, number in named)
    return f"in {told}{f', and {more} more feeds' if more else ''}"


def _besides(looked: Looked) -> Iterator[Line]:
    """Tell what must be known to read the numbers rightly."""
    if looked.backlog:
        told = f"  {looked.backlog:,} of the items stood in the first document of their feed: "
        yield ((f"{told}the daemon sends no alert of these; here they count", "faint"),)
    if looked.forgotten:
        told = f"  {looked.forgotten:,} more are kept without their text"
        yield ((f"{told}: nobody can tell what would have been found in them", "faint"),)


def tried_record(
    spec: RuleSpec, rehearsal: Rehearsal, days: Sequence[date], latest: Sequence[PastHit]
) -> Record:
    """Tell what a rule would have found; `days` has every day of the span."""
    return {
        "rule": spec.info.id,
        **_looked_record(rehearsal.looked),
        "hits": rehearsal.hits,
        "stories": rehearsal.stories,
        "alerts": _number(rehearsal),
        "days": {day.isoformat(): rehearsal.by_day[day] for day in days},
        "feeds": dict(rehearsal.by_feed.most_common()),
        "warning": rehearsal.flooding(spec.info.id) or None,
        "samples": [past_hit_record(past) for past in latest],
    }


def _looked_record(looked: Looked) -> Record:
    return {"items": looked.items, "backlog": looked.backlog, "forgotten": looked.forgotten}


# --- a change of rules ----------------------------------------------------------------------------


def changed_page(
    old: Rehearsal, new: Rehearsal, changes: Edited, turns: Difference, days: Sequence[date]
) -> Iterator[Line]:
    """Tell what a change of rules would have brought and taken away."""
    yield (f"rules   {_edited(changes)}",)
    yield (f"items   {_items(new.looked, days)}",)
    yield (f"alerts  {_number(old):,} with the old rules, {_number(new):,} with the new",)
    yield from _besides(new.looked)
    yield from _list("gained", "+", "yes", turns.gained)
    yield from _list("lost", "-", "no", turns.lost)
    yield from _list_changed(turns)
    yield from _by_rule(old, new, changes)


def _edited(changes: Edited) -> str:
    parts = (
        (changes.added, "added"),
        (changes.removed, "removed"),
        (changes.changed, "changed"),
    )
    told = [f"{len(rules)} {how} ({_named(rules)})" for rules, how in parts if rules]
    return ", ".join([*told, f"{changes.same} the same"])


def _named(rules: Sequence[RuleId]) -> str:
    more = len(rules) - FEEDS
    return ", ".join(rules[:FEEDS]) + (f", and {more} more" if more > 0 else "")


def _list(what: str, sign: str, style: str, turns: Sequence[Told]) -> Iterator[Line]:
    yield ("",)
    yield (f"{what}: {_many(len(turns), 'alert')}",)
    for told in turns[:TURNS]:
        yield (f"  {sign} ", style), *_story(told), (f"  {', '.join(sorted(told.rules))}", "rule")
    yield from _more(len(turns))


def _story(told: Told) -> Line:
    return f"{told.at:%Y-%m-%d %H:%M}  ", (f"{told.route}  ", "faint"), told.headline


def _list_changed(turns: Difference) -> Iterator[Line]:
    if not turns.changed:
        return
    yield ("",)
    yield (f"told otherwise: {_many(len(turns.changed), 'story', 'stories')}",)
    for before, after in turns.changed[:TURNS]:
        yield ("  ~ ", "term"), *_story(after), (f"  {_turned(before, after)}", "rule")
    yield from _more(len(turns.changed))


def _turned(before: Told, after: Told) -> str:
    rules = [f"+{rule}" for rule in sorted(after.rules - before.rules)]
    rules += [f"-{rule}" for rule in sorted(before.rules - after.rules)]
    if before.alerts != after.alerts:
        rules.append(f"({_many(before.alerts, 'alert')}, now {after.alerts})")
    return " ".join(rules)


def _more(number: int) -> Iterator[Line]:
    if number > TURNS:
        yield (f"    and {number - TURNS:,} more; --json lists all",)


def _by_rule(old: Rehearsal, new: Rehearsal, changes: Edited) -> Iterator[Line]:
    """Tell the hits of each rule that was touched."""
    touched = (*changes.added, *changes.removed, *changes.changed)
    if touched:
        yield ("",)
        yield "items found", "", ", old and new"
    for rule in touched:
        yield f"  {old.by_rule[rule]:7,}  {new.by_rule[rule]:7,}  ", (rule, "rule")


def changed_record(old: Rehearsal, new: Rehearsal, changes: Edited, turns: Difference) -> Record:
    """Tell what a change of rules would have brought and taken away: everything."""
    return {
        **_looked_record(new.looked),
        "rules": {
            "added": list(changes.added),
            "removed": list(changes.removed),
            "changed": list(changes.changed),
            "same": changes.same,
        },
        "alerts": {"old": _number(old), "new": _number(new)},
        "hits": {
            rule: {"old": old.by_rule[rule], "new": new.by_rule[rule]}
            for rule in (*changes.added, *changes.removed, *changes.changed)
        },
        "gained": [_told_record(told) for told in turns.gained],
        "lost": [_told_record(told) for told in turns.lost],
        "changed": [
            {"old": _told_record(before), "new": _told_record(after)}
            for before, after in turns.changed
        ],
        "same": turns.same,
        "warnings": {
            rule: warning
            for rule in (*changes.added, *changes.changed)
            if (warning := new.flooding(rule))
        },
    }


def _told_record(told: Told) -> Record:
    return {
        "story": told.story,
        "route": told.route,
        "headline": told.headline,
        "at": moment(told.at),
        "alerts": told.alerts,
        "rules": sorted(told.rules),
    }


def _number(rehearsal: Rehearsal) -> int:
    return sum(map(len, rehearsal.alerts.values()))


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
