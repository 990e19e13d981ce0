"""What becomes of an alert after an attempt.

Waits grow, and are never shorter than what the receiver asked for. After the horizon an alert is a
dead letter: it stays, with its reason, and can be retried by hand under the same key. One that may
have arrived is sent again, or waits for a person, as its channel's policy has it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from watcher.alerts.waits import PAUSE, back_off
from watcher.model import (
    Alert,
    AlertState,
    Attempt,
    Doubtful,
    Outcome,
    Refused,
    Repeats,
    Sent,
    TryLater,
)

HORIZON = timedelta(hours=72)


def settle(
    alert: Alert,
    outcome: Outcome,
    now: datetime,
    rng: Random,
    repeats: Repeats = Repeats.TOLD_APART,
) -> Alert:
    """Tell what the alert is after this outcome.

    A doubtful one that waits for a person has a `settled_at`: it is not due, and holds up nobody.
    """
    if not isinstance(outcome, Sent) and outcome.progress:
        alert = replace(alert, progress=outcome.progress)
    match outcome:
        case Sent():
            return _ended(alert, AlertState.SENT, "sent", now, outcome.reference)
        case Refused():
            return _ended(alert, AlertState.DEAD, f"refused: {outcome.reason}", now)
        case TryLater(throttled=True):
            paused = replace(alert, attempts=max(0, alert.attempts - 1))
            return _again(
                paused, AlertState.PENDING, outcome.reason, outcome.retry_after or PAUSE, now
            )
        case TryLater():
            wait = max(back_off(alert.attempts - 1, rng), outcome.retry_after or timedelta(0))
            return _again(alert, AlertState.PENDING, outcome.reason, wait, now)
        case Doubtful():
            alert = replace(alert, doubtful=True)
            if outcome.held or repeats is Repeats.HOLD:
                return _ended(alert, AlertState.DOUBTFUL, f"held for you: {outcome.reason}", now)
            wait = back_off(alert.attempts - 1, rng)
            return _again(alert, AlertState.DOUBTFUL, outcome.reason, wait, now)
        case _:
            assert_never(outcome)


def _ended(
    alert: Alert, state: AlertState, told: str, now: datetime, reference: str | None = None
) -> Alert:
    return replace(
        alert,
        state=state,
        last_outcome=told,
        lease_until=None,
        settled_at=now,
        reference=alert.reference if reference is None else reference,
    )


def _again(alert: Alert, state: AlertState, reason: str, wait: timedelta, now: datetime) -> Alert:
    if now - alert.created_at > HORIZON:
        days = HORIZON.total_seconds() / 86_400
        return _ended(alert, AlertState.DEAD, f"given up after {days:g} days: {reason}", now)
    return replace(alert, state=state, due_at=now + wait, last_outcome=reason, lease_until=None)


def attempted(alert: Alert, outcome: Outcome, now: datetime) -> Attempt:
    """Write down an attempt on a claimed alert (its `attempts` counts this one)."""
    word, detail = outcome_told(outcome)
    return Attempt(alert=alert.key, number=alert.attempts, at=now, outcome=word, detail=detail)


def outcome_told(outcome: Outcome) -> tuple[str, str]:
    """Say in a word what became of an attempt, and what the receiver said."""
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
