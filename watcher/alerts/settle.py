"""What becomes of an alert after an attempt.

Waits are exponential with full jitter (Brooker, "Exponential Backoff and Jitter", AWS 2015), never
shorter than what the receiver asked for. After the horizon an alert is a dead letter: it stays,
with its reason, and can be retried by hand under the same key.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from watcher.model import (
    Alert,
    AlertState,
    Attempt,
    Doubtful,
    Outcome,
    Refused,
    Sent,
    TryLater,
)

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
HORIZON = timedelta(hours=72)
PAUSE = timedelta(seconds=30)  # of a throttled channel that does not say how long


def settle(alert: Alert, outcome: Outcome, now: datetime, rng: Random) -> Alert:
    """Tell what the alert is after this outcome."""
    match outcome:
        case Sent():
            known = replace(alert, reference=outcome.reference)
            return _ended(known, AlertState.SENT, "sent", now)
        case Refused():
            return _ended(alert, AlertState.DEAD, f"refused: {outcome.reason}", now)
        case TryLater(throttled=True):
            paused = replace(alert, attempts=max(0, alert.attempts - 1))
            return _again(
                paused, AlertState.PENDING, outcome.reason, outcome.retry_after or PAUSE, now
            )
        case TryLater():
            wait = max(_back_off(alert, rng), outcome.retry_after or timedelta(0))
            return _again(alert, AlertState.PENDING, outcome.reason, wait, now)
        case Doubtful():
            alert = replace(alert, doubtful=True)
            return _again(alert, AlertState.DOUBTFUL, outcome.reason, _back_off(alert, rng), now)
        case _:
            assert_never(outcome)


def _ended(alert: Alert, state: AlertState, told: str, now: datetime) -> Alert:
    return replace(alert, state=state, last_outcome=told, lease_until=None, settled_at=now)


def _again(alert: Alert, state: AlertState, reason: str, wait: timedelta, now: datetime) -> Alert:
    if now - alert.created_at > HORIZON:
        days = HORIZON.total_seconds() / 86_400
        return _ended(alert, AlertState.DEAD, f"given up after {days:g} days: {reason}", now)
    return replace(alert, state=state, due_at=now + wait, last_outcome=reason, lease_until=None)


def _back_off(alert: Alert, rng: Random) -> timedelta:
    longest = min(LONGEST, SHORTEST * (1 << min(max(alert.attempts - 1, 0), 20)))
    return max(timedelta(seconds=1), longest * rng.random())


def attempted(alert: Alert, outcome: Outcome, now: datetime) -> Attempt:
    """Write down an attempt on a claimed alert (its `attempts` counts this one)."""
    word, detail = _told(outcome)
    return Attempt(alert=alert.key, number=alert.attempts, at=now, outcome=word, detail=detail)


def _told(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Sent():
            return "sent", "; ".join(filter(None, (outcome.reference, outcome.note)))
        case TryLater():
            return "throttled" if outcome.throttled else "try later", outcome.reason
        case Doubtful():
            return "doubtful", outcome.reason
        case Refused():
            return "refused", outcome.reason
        case _:
            assert_never(outcome)
