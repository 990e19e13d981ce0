"""The rules, one of them, and trying an expression on what was seen last."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from watcher.model import RuleActivity, RuleId
from watcher.ports import Transaction
from watcher.rules import LATELY
from watcher.web.charts import bars
from watcher.web.desk import Desk, numbered_page
from watcher.web.given import RuleCard
from watcher.web.problems import nothing_there
from watcher.web.trying import MOST, try_expression

DAYS = 30
LAST_HITS = 20


def rules(desk: Desk, request: Request) -> Response:
    """List the rules with their hits of late, and try an expression where one is asked."""
    cards, now = desk.given.in_service().rules, desk.given.clock.now()
    with desk.given.store.reading() as tx:
        doing = activity(tx, now)
        shown, more = numbered_page(request, sorted(cards))
        hits = tx.hits_per_day(shown, _first_day(now))
    rows = [(cards[name], doing.get(name), sum(hits[name].values())) for name in shown]
    tried = _tried(desk, request, None)
    return desk.page(request, "rules", rules=rows, number=len(cards), more=more, days=DAYS, **tried)


def rule(desk: Desk, request: Request) -> Response:
    """Show one rule, its last hits, and how another expression would have done."""
    name, now = RuleId(request.path_params["id"]), desk.given.clock.now()
    card = desk.given.in_service().rules.get(name)
    if card is None:
        raise nothing_there("rule", name)
    with desk.given.store.reading() as tx:
        doing = activity(tx, now).get(name)
        by_day = tx.hits_per_day([name], _first_day(now))[name]
        last = tx.hits_of(name, LAST_HITS)
    days = [(now - timedelta(days=back)).date() for back in reversed(range(DAYS))]
    counts = [by_day.get(day, 0) for day in days]
    told = f"hits by day: {sum(counts)} in {DAYS} days"
    return desk.page(
        request,
        "rule",
        card=card,
        doing=doing,
        last=last,
        chart=bars(counts, [day.isoformat() for day in days], told),
        hits=sum(counts),
        busiest=max(counts),
        days=DAYS,
        **_tried(desk, request, card),
    )


def activity(tx: Transaction, now: datetime) -> Mapping[RuleId, RuleActivity]:
    """Tell how the rules in service do."""
    return {one.rule: one for one in tx.rule_activity(now - LATELY) if one.in_service}


def _tried(desk: Desk, request: Request, card: RuleCard | None) -> dict[str, Any]:
    expression = request.query_params.get("try", "")[:2000]
    tried = None
    if expression:
        lists = card.spec.lists if card else {}
        language = card.spec.language if card else "english"
        tried = try_expression(desk.given, expression, lists=lists, language=language)
    return {"expression": expression, "tried": tried, "most": MOST}


def _first_day(now: datetime) -> datetime:
    return (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
