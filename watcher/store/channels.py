"""How channels do, and what waits for them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func, select

from watcher.model import AlertState, ChannelHealth, ChannelName, Waiting
from watcher.store.part import Part
from watcher.store.tables import alert as promised
from watcher.store.tables import channel as channels


class Channels(Part):
    """What a transaction can do with channels."""

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
