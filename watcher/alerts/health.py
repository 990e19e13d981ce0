"""How a channel does, told by what becomes of its alerts: a circuit breaker.

Failures in a row open it. From then on single alerts are probes, with growing waits between them,
until one arrives. A channel that is gone gets no probe before the configuration is loaded again.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from watcher.alerts.waits import PAUSE, back_off
from watcher.model import ChannelHealth, Doubtful, Outcome, Refused, Sent, TryLater

BREAKS_AFTER = 5  # failures in a row
NEWS = timedelta(seconds=1)  # between two times that it is worth writing down
_NONE = timedelta(0)


def is_open(health: ChannelHealth) -> bool:
    """Whether the breaker is open: only probes are sent."""
    return health.failures >= BREAKS_AFTER


def is_gone(health: ChannelHealth) -> bool:
    """Whether nothing is sent at all before the configuration is loaded again."""
    return is_open(health) and health.next_try_at is None


def may_send(health: ChannelHealth, now: datetime) -> bool:
    """Whether anything may be sent now."""
    waits = health.next_try_at is not None and now < health.next_try_at
    return not waits and not is_gone(health)


def probing(health: ChannelHealth, until: datetime) -> ChannelHealth:
    """Give the health of a channel that is being probed: nobody else does so meanwhile."""
    return replace(health, next_try_at=until)


def revived(health: ChannelHealth, now: datetime) -> ChannelHealth:
    """Let a channel that is gone be probed again, the configuration being loaded anew."""
    return replace(health, next_try_at=now) if is_gone(health) else health


def health_after(
    health: ChannelHealth, outcome: Outcome, now: datetime, rng: Random, *, probe: bool = False
) -> ChannelHealth:
    """Tell how a channel does after an attempt; `probe`: it was one through an open breaker.

    What was under way when the breaker opened does not lengthen the wait. A refusal counts as a
    failure: a receiver that refuses one alert after the other refuses us.
    """
    match outcome:
        case Sent():
            pause = None if is_open(health) else health.next_try_at
            just = health.last_sent_at is not None and _NONE <= now - health.last_sent_at < NEWS
            sent_at = health.last_sent_at if just else now
            return ChannelHealth(
                name=health.name, told=health.told, next_try_at=pause, last_sent_at=sent_at
            )
        case TryLater(throttled=True):
            return _paused(health, outcome, now)
        case Refused(gone=True):
            failed = _failed(health, outcome.reason, now)
            failures = max(failed.failures, BREAKS_AFTER)
            return replace(failed, failures=failures, next_try_at=None)
        case TryLater() | Doubtful() | Refused():
            if is_open(health) and not probe:
                return health
            failed = _failed(health, outcome.reason, now)
            if not is_open(failed):
                return failed
            asked = outcome.retry_after if isinstance(outcome, TryLater) else None
            wait = max(back_off(failed.failures - BREAKS_AFTER, rng), asked or _NONE)
            return replace(failed, next_try_at=now + wait)
        case _:
            assert_never(outcome)


def _paused(health: ChannelHealth, asked: TryLater, now: datetime) -> ChannelHealth:
    """Let the whole channel wait for as long as it asks; that is no failure."""
    if is_gone(health):
        return health
    until = now + (asked.retry_after or PAUSE)
    if not is_open(health):  # an open one waits for its probe already
        until = max(until, health.next_try_at or until)
    return replace(health, next_try_at=until, trouble=asked.reason)


def _failed(health: ChannelHealth, reason: str, now: datetime) -> ChannelHealth:
    return replace(
        health,
        failures=health.failures + 1,
        failing_since=health.failing_since or now,
        trouble=reason,
    )
