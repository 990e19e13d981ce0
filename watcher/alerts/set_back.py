"""What waits when the clock was set back: as long as it would have, and no longer.

Else all that was to be tried in half a minute would wait until the clock is where it was.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from watcher.model import Alert, ChannelHealth


def set_back(alert: Alert, by: timedelta, now: datetime) -> Alert:
    """Let an unsettled alert wait by the clock as it goes now, which was set back by so much.

    One that waits with others waits for a time of clocks on the wall, which is where it was; unless
    it was promised by the clock that was wrong.
    """
    lease = None if alert.lease_until is None else _sooner(alert.lease_until, by, now)
    if alert.bundle and alert.created_at <= now:
        return replace(alert, lease_until=lease)
    return replace(alert, lease_until=lease, due_at=_sooner(alert.due_at, by, now))


def health_set_back(health: ChannelHealth, by: timedelta, now: datetime) -> ChannelHealth:
    """Let a channel pause by the clock as it goes now, which was set back by so much."""
    if health.next_try_at is None:
        return health
    return replace(health, next_try_at=_sooner(health.next_try_at, by, now))


def _sooner(time: datetime, by: timedelta, now: datetime) -> datetime:
    return time if time <= now else max(now, time - by)
