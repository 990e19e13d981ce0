"""Rules: since when each is in service, what it hit, and what the operator was told of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Row,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from watcher.model import Ailment, PastHit, RuleActivity, RuleId, RuleInfo, RuleNotice
from watcher.store.items import item_from
from watcher.store.looking import hit_from
from watcher.store.part import Part
from watcher.store.tables import hit, item, rule
from watcher.store.types import EPOCH, MICROSECOND

TOLD: Mapping[Ailment, Column[Any]] = {
    Ailment.QUIET: rule.c.quiet_since,
    Ailment.NOISY: rule.c.noisy_since,
}
DAY = timedelta(days=1) // MICROSECOND


class Rules(Part):
    """What a transaction can do with rules."""

    def configure_rules(self, rules: Sequence[RuleInfo], now: datetime) -> None:
        """Make the rules in service be these; see `ports.Transaction`."""
        rows = self._connection.execute(select(rule).with_for_update())
        known = {row.id: row.in_service for row in rows}
        wanted = {info.id for info in rules}
        fresh = sorted(wanted - known.keys())
        if fresh:
            self._connection.execute(
                insert(rule), [{"id": name, "in_service": True, "since": now} for name in fresh]
            )
        back = [name for name in wanted & known.keys() if not known[name]]
        self._serve(back, in_service=True, since=now)
        self._serve([name for name in known.keys() - wanted if known[name]], in_service=False)

    def _serve(self, names: Collection[str], **how: object) -> None:
        if names:
            self._connection.execute(
                update(rule).where(rule.c.id.in_(self._texts(names))).values(how)
            )

    def rule_activity(self, since: datetime) -> tuple[RuleActivity, ...]:
        """Tell what rules did since then; see `ports.Transaction`."""
        open_notice = or_(*(column.is_not(None) for column in TOLD.values()))
        latest = select(func.max(hit.c.at)).where(hit.c.rule == rule.c.id).scalar_subquery()
        rows = self._connection.execute(
            select(rule, latest.label("latest"))
            .where(or_(rule.c.in_service, open_notice))
            .order_by(rule.c.id)
        ).all()
        starts = {max(since, row.since) for row in rows}  # few: rules come into service together
        items = {start: self._items_since(start) for start in starts}
        hits = {start: self._hits_on_items_since(start) for start in starts}
        return tuple(
            _activity(row, items[start], hits[start].get(row.id, 0))
            for row in rows
            for start in [max(since, row.since)]
        )

    def _hits_on_items_since(self, start: datetime) -> Mapping[str, int]:
        """Count the hits on items seen since then, by rule; new hits of old items are none."""
        # not a join: SQLite would go through all hits, in the order of the grouping
        seen = select(item.c.id).where(item.c.seen_at >= start)
        rows = self._connection.execute(
            select(hit.c.rule, func.count().label("number"))
            .where(hit.c.item.in_(seen))
            .group_by(hit.c.rule)
        )
        return {row.rule: row.number for row in rows}

    def _items_since(self, start: datetime) -> int:
        counting = select(func.count()).where(item.c.seen_at >= start)
        number: int = self._connection.execute(counting).scalar_one()
        return number

    def hits_per_day(
        self, rules: Collection[RuleId], since: datetime
    ) -> Mapping[RuleId, Mapping[date, int]]:
        """Count the hits of these rules since then by UTC day; see `ports.Transaction`."""
        day = type_coerce(hit.c.at, BigInteger) // literal(DAY, BigInteger)
        rows = self._connection.execute(
            select(hit.c.rule, day.label("day"), func.count())
            .where(hit.c.rule.in_(self._texts(rules)), hit.c.at >= since)
            .group_by(hit.c.rule, day)
        )
        found: dict[RuleId, dict[date, int]] = {name: {} for name in rules}
        for name, number, hits in rows:
            found[RuleId(name)][(EPOCH + timedelta(days=number)).date()] = hits
        return found

    def hits_of(self, rule: RuleId, limit: int) -> tuple[PastHit, ...]:
        """List the last hits of a rule with their items, newest first."""
        wanted = select(hit).where(hit.c.rule == rule).order_by(hit.c.at.desc(), hit.c.item)
        hits = self._connection.execute(wanted.limit(limit)).all()
        named = self._texts({row.item for row in hits})
        rows = self._connection.execute(select(item).where(item.c.id.in_(named)))
        items = {row.id: item_from(row) for row in rows}
        return tuple(PastHit(at=row.at, hit=hit_from(row), item=items[row.item]) for row in hits)

    def note_rule(self, notice: RuleNotice) -> bool:
        """Write down that a notice opened or closed; False where that is known already."""
        column = TOLD[notice.ailment]
        before, after = (None, notice.opened_at) if notice.opens else (notice.opened_at, None)
        done = self._connection.execute(
            update(rule)
            .where(rule.c.id == notice.rule.id, column.is_not_distinct_from(before))
            .values({column: after})
        )
        return done.rowcount == 1


def _activity(row: Row[Any], items: int, hits: int) -> RuleActivity:
    known = [at for at in (row.last_hit_at, row.latest) if at is not None]
    return RuleActivity(
        rule=RuleId(row.id),
        in_service=row.in_service,
        since=row.since,
        last_hit_at=max(known, default=None),
        items=items,
        hits=hits,
        told={
            ailment: getattr(row, column.name)
            for ailment, column in TOLD.items()
            if getattr(row, column.name) is not None
        },
    )
