"""Our values in columns: the same order and value on every engine."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.store.types import key_of, microseconds, moment, storable

AWARE = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)
KEPT_SINCE_0_1_0 = 559_433_108_905_846_780
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(AWARE)
def test_a_time_comes_back_to_the_microsecond_and_in_utc(time: datetime) -> None:
    back = moment(microseconds(time))
    assert back == time.astimezone(UTC)  # Python calls times that a clock skipped unequal
    assert back.tzinfo is UTC


@given(AWARE, AWARE)
def test_times_keep_their_order(one: datetime, other: datetime) -> None:
    earlier = one.astimezone(UTC) < other.astimezone(UTC)
    assert earlier == (microseconds(one) < microseconds(other))


def test_the_same_time_in_another_zone_is_the_same() -> None:
    there = datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=2)))
    assert microseconds(there) == microseconds(datetime(2026, 3, 2, 12, tzinfo=UTC))


def test_a_naive_time_is_a_bug() -> None:
    with pytest.raises(TypeError):
        microseconds(datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


@given(ANY_TEXT)
def test_any_text_becomes_storable_and_stays_so(text: str) -> None:
    mended = storable(text)
    assert "\0" not in mended
    mended.encode()
    assert storable(mended) == mended


@given(st.text().filter(lambda text: "\0" not in text))
def test_a_good_text_is_left_as_it_is(text: str) -> None:
    assert storable(text) == text


@given(ANY_TEXT)
def test_a_key_has_64_bits_and_is_that_of_the_stored_text(text: str) -> None:
    assert -(2**63) <= key_of("guid", text) < 2**63
    assert key_of("guid", text) == key_of("guid", storable(text))


def test_keys_of_another_kind_are_others() -> None:
    assert len({key_of(kind, "same") for kind in ("guid", "link", "title", "word")}) == 4


def test_a_key_is_the_same_for_ever() -> None:
    assert key_of("guid", "tag:x.example,2026:1") == KEPT_SINCE_0_1_0
