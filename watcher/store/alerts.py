"""Hits and alerts: what matched, what was promised because of it, and how it went out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Insert,
    Integer,
    Row,
    Update,
    and_,
    bindparam,
    case,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    Attempt,
    ChannelName,
    Hit,
    ItemId,
    Planned,
    RouteName,
    RuleId,
    StoryId,
)
from watcher.store.coding import read_message, write_message, write_occurrences, written
from watcher.store.part import Part, begins_with
from watcher.store.tables import alert as promised
from watcher.store.tables import attempt as attempts
from watcher.store.tables import hit
from watcher.store.tables import plan as plans
from watcher.store.types import Moment, Name

UNSENT = (AlertState.HELD, AlertState.PENDING)
WAITING = (*UNSENT, AlertState.DOUBTFUL)
UNSETTLED = (*WAITING, AlertState.SENDING)
Now = datetime | BindParameter[datetime]
PROGRESS = (
    "state",
    "due_at",
    "attempts",
    "lease_until",
    "last_outcome",
    "settled_at",
    "bundle",
    "digest",
    "reference",
    "progress",
    "doubtful",
)
OF_INDEX = text("alert.state IN ('held', 'pending', 'doubtful', 'sending')")  # `alert_unsettled`
DEAD_SENDER = "its sender died: whether it arrived is not known"


class Alerts(Part):
    """What a transaction can do with hits and alerts."""

    # --- promising

    def rules_hit(self, item: ItemId) -> frozenset[RuleId]:
        """Tell which rules an item has hit so far."""
        rules = self._connection.execute(select(hit.c.rule).where(hit.c.item == item)).scalars()
        return frozenset(RuleId(rule) for rule in rules)

    def keep_hits(self, hits: Iterable[Hit], now: datetime) -> None:
        """Write down what matched; a rule's earlier hit on the item is replaced, but for its time.

        So an item counts once for a rule, on the day of the first hit, however often it is edited.
        """
        rows = [_hit_columns(one, now) for one in hits]
        if rows:
            self._connection.execute(self._insert_or_replace(hit, keeping=["at"]), rows)

    def alerts_of(self, story: StoryId) -> tuple[Alert, ...]:
        """List what was promised about a story, oldest first, locked until the end."""
        rows = self._connection.execute(
            select(promised)
            .where(promised.c.story == story)
            .order_by(promised.c.created_at, promised.c.revision, promised.c.key)
            .with_for_update()
        )
        return tuple(alert_from(row) for row in rows)

    def write_plan(self, plan: Planned, now: datetime) -> bool:
        """Write down what was decided, and promise or amend its alert; True if it is new."""
        self._connection.execute(
            insert(plans).values(
                item=plan.item,
                route=plan.route,
                decision=plan.decision,
                because=plan.because,
                alert=None if plan.alert is None else plan.alert.key,
                at=now,
            )
        )
        if plan.alert is None:
            return False
        if self.promise(plan.alert):
            return True
        self._amend(plan.alert)
        return False

    def _amend(self, alert: Alert) -> None:
        self._connection.execute(
            update(promised)
            .where(promised.c.key == alert.key, promised.c.state.in_(UNSENT))
            .values(
                message=write_message(alert.message),
                because=alert.because,
                state=alert.state,
                due_at=alert.due_at,
                bundle=alert.bundle,
            )
        )

    def promise(self, alert: Alert) -> bool:
        """Promise an alert that no item caused; True if its key is new."""
        new = self._connection.execute(
            self._insert_new(promised).values(_alert_columns(alert)).returning(promised.c.key)
        )
        return new.scalar_one_or_none() is not None

    # --- delivering

    def claim_alerts(
        self, channel: ChannelName, now: datetime, lease: timedelta, limit: int
    ) -> tuple[Alert, ...]:
        """Take due alerts of a channel, oldest first; see `ports.Transaction`."""
        asked = {
            "channel_asked": channel,
            "now_asked": now,
            "until_asked": now + lease,
            "most": limit,
        }
        claimed = map(alert_from, self._connection.execute(_claiming(), asked).all())
        in_order = sorted(claimed, key=lambda one: (one.created_at, one.revision, one.key))
        return tuple(self._with_parent(alert) for alert in in_order)

    def _with_parent(self, alert: Alert) -> Alert:
        """Give an update with the message it answers: the story's first that was sent there."""
        if alert.story is None or not alert.revision:
            return alert
        row = self._connection.execute(
            select(promised)
            .where(
                promised.c.story == alert.story,
                promised.c.channel == alert.channel,
                promised.c.route == alert.route,
                promised.c.state == AlertState.SENT,
                promised.c.reference != "",
            )
            .order_by(promised.c.revision, promised.c.key)
            .limit(1)
        ).one_or_none()
        return alert if row is None else replace(alert, parent=alert_from(row))

    def settle(self, ended: Sequence[tuple[Alert, Attempt]]) -> None:
        """Write down how attempts ended; gives back the leases.

        Whoever comes so late that another sender has taken over still has the attempt written
        down, but of what became of the alert only "sent" is believed.
        """
        if not ended:
            return
        became = [
            {
                "key_asked": alert.key,
                **_progress(alert),
                "number_asked": attempt.number,
                "believed": alert.state is AlertState.SENT,
            }
            for alert, attempt in ended
        ]
        self._connection.execute(_settling(), became)
        told = [
            {
                "alert": attempt.alert,
                "number": attempt.number,
                "at": attempt.at,
                "outcome": attempt.outcome,
                "detail": attempt.detail,
            }
            for _, attempt in ended
        ]
        self._connection.execute(_telling(), told)

    def _write_all(self, alerts: Sequence[Alert]) -> None:
        """Write how far these are."""
        if alerts:
            rows = [{"key_asked": alert.key, **_progress(alert)} for alert in alerts]
            self._connection.execute(_writing(), rows)

    def alert(self, key: str) -> Alert | None:
        """Find an alert by its key or an unambiguous beginning of it."""
        if not key:
            return None
        rows = self._connection.execute(
            select(promised)
            .where(begins_with(promised.c.key, key))
            .order_by(promised.c.key)  # so that the key itself, if there is one, is the first
            .limit(2)
        ).all()
        unambiguous = len(rows) == 1 or (rows and rows[0].key == key)
        return alert_from(rows[0]) if unambiguous else None

    def retry_alert(self, alert: Alert, now: datetime) -> None:
        """Make a dead, doubtful or suppressed alert pending again, due now, same key.

        One that waited for a person is no longer doubtful: the person has decided.
        """
        decided = alert.state is AlertState.DOUBTFUL and alert.settled_at is not None
        again = (AlertState.DEAD, AlertState.DOUBTFUL, AlertState.SUPPRESSED)
        self._connection.execute(
            update(promised)
            .where(promised.c.key == alert.key, promised.c.state.in_(again))
            .values(
                state=AlertState.PENDING,
                due_at=now,
                lease_until=None,
                settled_at=None,
                bundle="",
                doubtful=alert.doubtful and not decided,
            )
        )


# These are built once: that takes as long as running them, and an alert needs each of them.


@cache
def _claiming() -> ReturningUpdate[Any]:
    channel, now = bindparam("channel_asked", type_=Name), bindparam("now_asked", type_=Moment())
    due = (  # apart: what locks may be asked only once
        select(promised.c.key)
        .where(promised.c.channel == channel, OF_INDEX, is_due(now), ~_must_wait(now))
        .order_by(promised.c.created_at, promised.c.revision, promised.c.key)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True, of=promised)
        .cte("due")
    )
    died = promised.c.state == AlertState.SENDING
    return (
        update(promised)
        .where(promised.c.key.in_(select(due.c.key)))
        .values(
            state=AlertState.SENDING,
            attempts=promised.c.attempts + 1,
            lease_until=bindparam("until_asked", type_=Moment()),
            last_outcome=case((died, DEAD_SENDER), else_=promised.c.last_outcome),
            doubtful=or_(died, promised.c.doubtful),
        )
        .returning(promised)
    )


@cache
def _writing() -> Update:
    changed = {name: bindparam(name, type_=promised.c[name].type) for name in PROGRESS}
    return update(promised).where(promised.c.key == bindparam("key_asked")).values(changed)


@cache
def _telling() -> Insert:
    return insert(attempts)


@cache
def _settling() -> Update:
    ours = promised.c.attempts <= bindparam("number_asked")
    believed = or_(ours, bindparam("believed", type_=Boolean()))
    return _writing().where(promised.c.state != AlertState.SENT, believed)


def is_due(now: Now) -> ColumnElement[bool]:
    """Tell alerts whose time has come, and those whose sender died; not what waits for a person."""
    return or_(
        and_(
            promised.c.state.in_(WAITING),
            promised.c.due_at <= now,
            promised.c.bundle == "",
            promised.c.settled_at.is_(None),
        ),
        and_(promised.c.state == AlertState.SENDING, promised.c.lease_until <= now),
    )


def _must_wait(now: Now) -> ColumnElement[bool]:
    """Hold an alert while an earlier one of its story is unsettled, or any is on its way."""
    other = promised.alias("other")
    earlier = or_(
        other.c.created_at < promised.c.created_at,
        and_(
            other.c.created_at == promised.c.created_at,
            or_(
                other.c.revision < promised.c.revision,
                and_(other.c.revision == promised.c.revision, other.c.key < promised.c.key),
            ),
        ),
    )
    on_its_way = and_(other.c.state == AlertState.SENDING, other.c.lease_until > now)
    return exists().where(
        other.c.channel == promised.c.channel,
        other.c.story == promised.c.story,
        other.c.key != promised.c.key,
        or_(on_its_way, and_(other.c.state.in_(UNSETTLED), other.c.settled_at.is_(None), earlier)),
    )


def _hit_columns(hit: Hit, now: datetime) -> dict[str, object]:
    return {
        "item": hit.item,
        "rule": hit.rule.id,
        "title": hit.rule.title,
        "severity": int(hit.rule.severity),
        "notify": written(hit.rule.notify),
        "updates": hit.rule.updates,
        "occurrences": write_occurrences(hit.occurrences),
        "at": now,
    }


def _progress(alert: Alert) -> dict[str, object]:
    """Give the columns that change while an alert is delivered."""
    return {name: getattr(alert, name) for name in PROGRESS}


def _alert_columns(alert: Alert) -> dict[str, object]:
    return {
        "key": alert.key,
        "kind": alert.kind,
        "route": alert.route,
        "channel": alert.channel,
        "story": alert.story,
        "item": alert.item,
        "revision": alert.revision,
        "message": write_message(alert.message),
        "because": alert.because,
        "created_at": alert.created_at,
        "in_thread": alert.in_thread,
        **_progress(alert),
    }


def alert_from(row: Row[Any]) -> Alert:
    """Make an alert of a row that has all columns of its table."""
    return Alert(
        key=AlertKey(row.key),
        kind=AlertKind(row.kind),
        route=RouteName(row.route),
        channel=ChannelName(row.channel),
        story=None if row.story is None else StoryId(row.story),
        item=None if row.item is None else ItemId(row.item),
        revision=row.revision,
        message=read_message(row.message),
        because=row.because,
        state=AlertState(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        lease_until=row.lease_until,
        last_outcome=row.last_outcome,
        settled_at=row.settled_at,
        in_thread=row.in_thread,
        bundle=row.bundle,
        digest=None if row.digest is None else AlertKey(row.digest),
        reference=row.reference,
        progress=row.progress,
        doubtful=row.doubtful,
    )
