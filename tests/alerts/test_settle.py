"""What becomes of an alert after an attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts import attempted, settle
from watcher.alerts.settle import HORIZON
from watcher.alerts.waits import LONGEST, PAUSE
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    Doubtful,
    Message,
    Outcome,
    Refused,
    RouteName,
    Sent,
    TryLater,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLAIMED = Alert(
    key=AlertKey("k"),
    kind=AlertKind.STORY,
    route=RouteName("r"),
    channel=ChannelName("c"),
    story=None,
    item=None,
    message=Message(headline="h"),
    because="b",
    state=AlertState.SENDING,
    created_at=NOW,
    due_at=NOW,
    attempts=1,
    lease_until=NOW + timedelta(minutes=2),
)


def settled(outcome: Outcome, alert: Alert = CLAIMED, now: datetime = NOW) -> Alert:
    return settle(alert, outcome, now, Random(3))


def test_what_was_sent_is_sent() -> None:
    alert = settled(Sent(reference="m1"))
    assert (alert.state, alert.settled_at, alert.lease_until) == (AlertState.SENT, NOW, None)


def test_what_was_refused_is_a_dead_letter_with_its_reason() -> None:
    alert = settled(Refused(reason="404 no_service"))
    assert (alert.state, alert.last_outcome) == (AlertState.DEAD, "refused: 404 no_service")


def test_what_is_put_off_is_pending_later() -> None:
    alert = settled(TryLater(reason="503"))
    assert alert.state is AlertState.PENDING
    assert alert.due_at > NOW
    assert alert.lease_until is None


def test_retry_after_is_never_shortened() -> None:
    alert = settled(TryLater(reason="503", retry_after=timedelta(hours=3)))
    assert alert.due_at == NOW + timedelta(hours=3)


def test_throttling_is_no_attempt_and_waits_as_asked() -> None:
    alert = settled(TryLater(reason="429", retry_after=timedelta(seconds=7), throttled=True))
    assert (alert.attempts, alert.due_at) == (0, NOW + timedelta(seconds=7))
    unsaid = settled(TryLater(reason="429", throttled=True))
    assert unsaid.due_at == NOW + PAUSE


def test_a_doubtful_one_says_so_and_is_tried_again() -> None:
    alert = settled(Doubtful(reason="answer lost"))
    assert alert.state is AlertState.DOUBTFUL
    assert alert.due_at > NOW


def test_a_channel_can_leave_a_doubtful_alert_to_a_person_itself() -> None:
    alert = settled(Doubtful(reason="nobody can look", held=True))
    assert (alert.state, alert.settled_at) == (AlertState.DOUBTFUL, NOW)
    assert alert.last_outcome == "held for you: nobody can look"


@pytest.mark.parametrize("outcome", [TryLater(reason="503"), Doubtful(reason="503")])
def test_after_the_horizon_it_is_a_dead_letter(outcome: Outcome) -> None:
    alert = settled(outcome, now=NOW + HORIZON + timedelta(seconds=1))
    assert (alert.state, alert.last_outcome) == (AlertState.DEAD, "given up after 3 days: 503")


@given(st.integers(1, 10_000), st.integers())
def test_waits_grow_to_an_hour_and_no_further(attempts: int, seed: int) -> None:
    alert = replace(CLAIMED, attempts=attempts)
    wait = settle(alert, TryLater(reason="503"), NOW, Random(seed)).due_at - NOW
    assert (
        timedelta(seconds=1)
        <= wait
        <= min(LONGEST, timedelta(seconds=5) * 2 ** min(attempts - 1, 20))
    )


@pytest.mark.parametrize(
    ("outcome", "word", "detail"),
    [
        (Sent(reference="m1"), "sent", "m1"),
        (Sent(reference="m1", note="not edited"), "sent", "m1; not edited"),
        (TryLater(reason="503"), "try later", "503"),
        (TryLater(reason="429", throttled=True), "throttled", "429"),
        (Doubtful(reason="lost"), "doubtful", "lost"),
        (Refused(reason="404"), "refused", "404"),
    ],
)
def test_an_attempt_is_written_down_as_it_was(outcome: Outcome, word: str, detail: str) -> None:
    attempt = attempted(CLAIMED, outcome, NOW)
    assert (attempt.alert, attempt.number, attempt.at) == ("k", 1, NOW)
    assert (attempt.outcome, attempt.detail) == (word, detail)
