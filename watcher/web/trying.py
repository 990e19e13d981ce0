"""An expression tried on the items that were seen last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from watcher.alerts.render import quotes
from watcher.model import Item, Quote, RuleId, RuleInfo
from watcher.rules import RuleFault, RuleSpec, compile_rules
from watcher.web.given import Given

MOST = 1000  # items looked at
SHOWN = 50  # of those that match
PATIENCE = 3.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What an expression would have found."""

    faults: tuple[str, ...] = ()
    looked_at: int = 0
    found: int = 0
    items: tuple[tuple[Item, tuple[Quote, ...]], ...] = ()  # the newest of them
    cut_short: bool = False  # it took too long


def try_expression(
    given: Given,
    expression: str,
    *,
    lists: Mapping[str, Sequence[str]],
    language: str = "english",
) -> Tried:
    """Match an expression against the newest items; its faults where it has some."""
    name = RuleId("tried")
    spec = RuleSpec(info=RuleInfo(id=name), when=expression, lists=lists, language=language)
    compiled = compile_rules([spec])
    if compiled.ruleset is None:
        return Tried(faults=tuple(_told(each) for each in compiled.faults if not each.warning))
    with given.store.reading() as tx:
        past = tx.latest_items(MOST)
    until = monotonic() + PATIENCE
    looked_at, found = 0, []
    for one in past:
        if monotonic() > until:
            break
        looked_at += 1
        hits = compiled.ruleset.match(one.item, one.item.seen_at) if one.has_text else ()
        found += [(one.item, quotes(one.item, hit.occurrences)) for hit in hits]
    return Tried(
        looked_at=looked_at,
        found=len(found),
        items=tuple(found[:SHOWN]),
        cut_short=looked_at < len(past),
    )


def _told(fault: RuleFault) -> str:
    hint = f"; perhaps: {', '.join(fault.suggestions)}" if fault.suggestions else ""
    return f"at character {fault.column}: {fault.message}{hint}"
