"""What holds alerts: others that they wait for, caps, silences."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from watcher.model import Alert, AlertKind, AlertState, RouteName, Silence
from watcher.store.alerts import UNSENT, UNSETTLED, Alerts, alert_from
from watcher.store.coding import written
from watcher.store.tables import alert as promised
from watcher.store.tables import silence as silences

_OF_STORIES = (AlertKind.STORY, AlertKind.UPDATE)


class Holding(Alerts):
    """What a transaction can do with alerts that are held."""

    # --- bundles

    def due_bundles(self, now: datetime) -> tuple[tuple[RouteName, str], ...]:
        """List the bundles whose time has come; see `ports.Transaction`."""
        rows = self._connection.execute(
            select(promised.c.route, promised.c.bundle)
            .where(
                promised.c.state == AlertState.HELD,
                promised.c.bundle != "",
                promised.c.due_at <= now,
            )
            .distinct()
            .order_by(promised.c.route, promised.c.bundle)
        )
        return tuple((RouteName(row.route), row.bundle) for row in rows)

    def bundled(self, route: RouteName, bundle: str) -> tuple[Alert, ...]:
        """List the held alerts of a bundle, oldest first, locked until the end."""
        return self._locked(
            promised.c.route == route,
            promised.c.bundle == bundle,
            promised.c.state == AlertState.HELD,
        )

    def oldest_due(self, now: datetime) -> Mapping[RouteName, datetime]:
        """Tell when the oldest alert about a story was promised that is due, by route."""
        rows = self._connection.execute(
            select(promised.c.route, func.min(promised.c.created_at).label("oldest"))
            .where(_is_due_alone(now))
            .group_by(promised.c.route)
        )
        return {RouteName(row.route): row.oldest for row in rows}

    def late(self, route: RouteName, now: datetime, before: datetime) -> tuple[Alert, ...]:
        """List the alerts about stories that are due and were promised before then, locked."""
        return self._locked(
            _is_due_alone(now), promised.c.route == route, promised.c.created_at < before
        )

    def held(self) -> tuple[Alert, ...]:
        """List all held alerts, oldest first, locked until the transaction ends."""
        return self._locked(promised.c.state == AlertState.HELD)

    def unsettled(self) -> tuple[Alert, ...]:
        """List the alerts that somebody will still try; see `ports.Transaction`."""
        return self._locked(promised.c.state.in_(UNSETTLED), promised.c.settled_at.is_(None))

    def _locked(self, *conditions: ColumnElement[bool]) -> tuple[Alert, ...]:
        rows = self._connection.execute(
            select(promised)
            .where(*conditions)
            .order_by(promised.c.created_at, promised.c.key)
            .with_for_update(skip_locked=True)
        )
        return tuple(alert_from(row) for row in rows)

    def resettle(self, alerts: Sequence[Alert]) -> None:
        """Let alerts that were listed for that be so from now on."""
        self._write_all(alerts)

    def promised_since(self, since: datetime) -> Mapping[RouteName, int]:
        """Count the alerts about stories that were promised since then to go alone, by route."""
        rows = self._connection.execute(
            select(promised.c.route, func.count().label("number"))
            .where(
                promised.c.created_at > since,
                promised.c.kind.in_(_OF_STORIES),
                promised.c.bundle == "",
                promised.c.state != AlertState.SUPPRESSED,
            )
            .group_by(promised.c.route)
        )
        return {RouteName(row.route): row.number for row in rows}

    # --- silences

    def silence(self, silence: Silence) -> bool:
        """Keep in from now on what this matches; False, and nothing changes, where it is there."""
        new = self._connection.execute(
            self._insert_new(silences)
            .values(
                id=silence.id,
                matches=written([list(match) for match in silence.matches]),
                begins_at=silence.begins_at,
                ends_at=silence.ends_at,
                author=silence.author,
                comment=silence.comment,
                created_at=silence.created_at,
            )
            .returning(silences.c.id)
        )
        return new.scalar_one_or_none() is not None

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        """List the silences that have not ended, all without a time, the first to end first."""
        query = select(silences).order_by(silences.c.ends_at, silences.c.id)
        if now is not None:
            query = query.where(silences.c.ends_at > now)
        return tuple(
            Silence(
                id=row.id,
                matches=tuple((label, glob) for label, glob in json.loads(row.matches)),
                begins_at=row.begins_at,
                ends_at=row.ends_at,
                author=row.author,
                comment=row.comment,
                created_at=row.created_at,
            )
            for row in self._connection.execute(query)
        )

    def expire_silence(self, silence: Silence, now: datetime) -> None:
        """End a silence now; one that has not begun never does."""
        ended = replace(silence, ends_at=now, begins_at=min(silence.begins_at, now))
        self._connection.execute(
            update(silences)
            .where(silences.c.id == silence.id, silences.c.ends_at > now)
            .values(ends_at=ended.ends_at, begins_at=ended.begins_at)
        )


def _is_due_alone(now: datetime) -> ColumnElement[bool]:
    return and_(
        promised.c.state.in_(UNSENT),
        promised.c.bundle == "",
        ~promised.c.doubtful,  # it may have arrived: in a digest it would be a second alert
        promised.c.kind.in_(_OF_STORIES),
        promised.c.due_at <= now,
    )
