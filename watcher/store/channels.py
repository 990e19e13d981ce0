"""How channels do, and what waits for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, select, update

from watcher.model import AlertState, ChannelHealth, ChannelName, Waiting
from watcher.store.alerts import DEAD_SENDER, is_due
from watcher.store.part import Part
from watcher.store.tables import alert as promised
from watcher.store.tables import channel as channels
from watcher.store.types import Moment

_LOOKING = select(channels).where(channels.c.name == bindparam("asked"))
_LOCKING = _LOOKING.with_for_update()
_DUE = select(
    exists().where(
        promised.c.channel == bindparam("channel_asked"),
        is_due(bindparam("now_asked", type_=Moment())),
    )
)


class Channels(Part):
    """What a transaction can do with channels."""

    def health(self, name: ChannelName) -> ChannelHealth:
        """Tell how a channel does."""
        row = self._connection.execute(_LOOKING, {"asked": name}).one_or_none()
        return ChannelHealth(name=name) if row is None else _health_from(row)

    def health_to_change(self, name: ChannelName) -> ChannelHealth:
        """Tell how a channel does, locked until the transaction ends."""
        row = self._connection.execute(_LOCKING, {"asked": name}).one_or_none()
        return ChannelHealth(name=name) if row is None else _health_from(row)

    def keep_health(self, health: ChannelHealth) -> None:
        """Remember that a channel does like this."""
        self._connection.execute(
            self._insert_or_replace(channels),
            {column.name: getattr(health, column.name) for column in channels.columns},
        )

    def channels(self) -> Mapping[ChannelName, ChannelHealth]:
        """Tell how the channels do that were ever sent to."""
        rows = self._connection.execute(select(channels).order_by(channels.c.name))
        return {health.name: health for health in map(_health_from, rows)}

    def waiting(self) -> tuple[Waiting, ...]:
        """Count the alerts by channel and state, both in order."""
        rows = self._connection.execute(
            select(
                promised.c.channel,
                promised.c.state,
                func.count().label("number"),
                func.min(promised.c.created_at).label("oldest"),
            )
            .group_by(promised.c.channel, promised.c.state)
            .order_by(promised.c.channel, promised.c.state)
        )
        return tuple(
            Waiting(
                channel=ChannelName(row.channel),
                state=AlertState(row.state),
                number=row.number,
                oldest=row.oldest,
            )
            for row in rows
        )

    def anything_due(self, channel: ChannelName, now: datetime) -> bool:
        """Tell whether an alert of the channel may be due; one may be in its way."""
        asked = {"channel_asked": channel, "now_asked": now}
        found: bool = self._connection.execute(_DUE, asked).scalar_one()
        return found

    def hold_doubtful(self, channel: ChannelName, now: datetime) -> None:
        """Let alerts of the channel whose sender died wait for a person."""
        self._connection.execute(
            update(promised)
            .where(
                promised.c.channel == channel,
                promised.c.state == AlertState.SENDING,
                promised.c.lease_until <= now,
            )
            .values(
                state=AlertState.DOUBTFUL,
                doubtful=True,
                lease_until=None,
                settled_at=now,
                last_outcome=f"held for you: {DEAD_SENDER}",
            )
        )


def _health_from(row: Row[Any]) -> ChannelHealth:
    return ChannelHealth(
        name=ChannelName(row.name),
        failures=row.failures,
        failing_since=row.failing_since,
        next_try_at=row.next_try_at,
        trouble=row.trouble,
        told=row.told,
        last_sent_at=row.last_sent_at,
    )
