"""What waits when the clock was set back."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.store.nouns import NOON, make_alert
from watcher.alerts import health_set_back, set_back
from watcher.model import AlertState, ChannelHealth, ChannelName

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BEFORE = NOON - DAY  # what the clock tells after it was set back


def test_a_retry_comes_as_soon_as_it_would_have() -> None:
    alert = make_alert(created_at=NOON - 3 * DAY, due_at=NOON + MINUTE)
    assert set_back(alert, DAY, BEFORE).due_at == BEFORE + MINUTE


def test_what_is_due_stays_due() -> None:
    alert = make_alert(created_at=NOON - 3 * DAY, due_at=BEFORE - MINUTE)
    assert set_back(alert, DAY, BEFORE) == alert


def test_a_lease_ends_as_soon_as_it_would_have() -> None:
    alert = make_alert(state=AlertState.SENDING, lease_until=NOON + 2 * MINUTE)
    assert set_back(alert, DAY, BEFORE).lease_until == BEFORE + 2 * MINUTE


def test_a_time_of_clocks_on_the_wall_is_where_it_was() -> None:
    alert = make_alert(created_at=NOON - 3 * DAY, due_at=NOON + DAY, bundle="digest friday")
    assert set_back(alert, DAY, BEFORE) == alert
    wrong = replace(alert, created_at=NOON)  # promised by the clock that was wrong
    assert set_back(wrong, DAY, BEFORE).due_at == NOON


@given(
    due=st.timedeltas(-3 * DAY, 3 * DAY),
    created=st.timedeltas(-3 * DAY, timedelta(0)),
    by=st.timedeltas(MINUTE, 5 * DAY),
    bundle=st.sampled_from(["", "quiet night"]),
)
def test_nothing_ever_waits_longer_than_it_did(
    due: timedelta, created: timedelta, by: timedelta, bundle: str
) -> None:
    alert = make_alert(created_at=NOON + created, due_at=NOON + due, bundle=bundle)
    after = set_back(alert, by, NOON - by)
    assert after.due_at <= alert.due_at
    if not bundle:
        assert after.due_at - (NOON - by) <= max(timedelta(0), due)


def test_a_channel_pauses_as_long_as_it_would_have() -> None:
    health = ChannelHealth(name=ChannelName("out"), next_try_at=NOON + MINUTE)
    assert health_set_back(health, DAY, BEFORE).next_try_at == BEFORE + MINUTE
    for never in (ChannelHealth(name=ChannelName("out")), replace(health, next_try_at=BEFORE)):
        assert health_set_back(never, DAY, BEFORE) == never
