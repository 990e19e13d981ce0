"""Clocks of zones: digests and quiet hours, across the nights in which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.timing import next_digest, wait_for_quiet
from watcher.model import Digest, QuietHours, Severity

BERLIN = ZoneInfo("Europe/Berlin")  # clocks change on 2026-03-29 and 2026-10-25
NIGHT = QuietHours(begin=time(22), end=time(7), zone=BERLIN, besides=frozenset({Severity.CRITICAL}))
NOON_REST = QuietHours(begin=time(12), end=time(13, 30), zone=BERLIN)
MORNING = Digest(at=(time(8),), zone=BERLIN)
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
        "Asia/Kolkata",
    ]
).map(ZoneInfo)
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
CLOCKS = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "leaves"),
    [
        ("2026-03-02 20:59", "2026-03-02 20:59"),  # 21:59 in Berlin
        ("2026-03-02 21:00", "2026-03-03 06:00"),
        ("2026-03-03 02:00", "2026-03-03 06:00"),
        ("2026-03-03 05:59", "2026-03-03 06:00"),
        ("2026-03-03 06:00", "2026-03-03 06:00"),
        ("2026-03-28 22:30", "2026-03-29 05:00"),  # the night that is an hour shorter
        ("2026-10-24 22:30", "2026-10-25 06:00"),  # the night that is an hour longer
    ],
)
def test_what_comes_in_quiet_hours_leaves_at_their_end(then: str, leaves: str) -> None:
    assert wait_for_quiet(NIGHT, Severity.HIGH, utc(then)) == utc(leaves)


def test_quiet_hours_of_one_day_end_on_it() -> None:
    assert wait_for_quiet(NOON_REST, Severity.LOW, utc("2026-03-02 11:30")) == utc(
        "2026-03-02 12:30"
    )


def test_a_severity_that_is_let_through_does_not_wait() -> None:
    assert wait_for_quiet(NIGHT, Severity.CRITICAL, utc("2026-03-03 02:00")) == utc(
        "2026-03-03 02:00"
    )


@given(MOMENTS, CLOCKS, CLOCKS, ZONES)
def test_what_waited_for_the_end_of_quiet_hours_waits_no_more(
    then: datetime, begin: time, end: time, zone: ZoneInfo
) -> None:
    if begin == end:
        return
    quiet = QuietHours(begin=begin, end=end, zone=zone)
    leaves = wait_for_quiet(quiet, Severity.HIGH, then)
    assert then <= leaves <= then + timedelta(hours=49)  # Samoa skipped a whole day
    assert wait_for_quiet(quiet, Severity.HIGH, leaves) == leaves


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("2026-03-02 06:59", "2026-03-02 07:00"),
        ("2026-03-02 07:00", "2026-03-03 07:00"),  # at the moment itself, it is the next one
        ("2026-03-28 08:00", "2026-03-29 06:00"),
    ],
)
def test_a_digest_is_told_at_its_time_by_the_clocks_of_its_zone(after: str, told: str) -> None:
    assert next_digest(MORNING, utc(after)) == utc(told)


def test_a_time_that_the_day_does_not_have_is_as_much_later_as_the_clocks_jump() -> None:
    digest = Digest(at=(time(2, 30),), zone=BERLIN)
    assert next_digest(digest, utc("2026-03-28 12:00")) == utc("2026-03-29 01:30")  # 03:30 there
    assert next_digest(digest, utc("2026-03-29 01:30")) == utc("2026-03-30 00:30")


def test_a_time_that_the_day_has_twice_counts_once() -> None:
    digest = Digest(at=(time(2, 30),), zone=BERLIN)
    assert next_digest(digest, utc("2026-10-24 12:00")) == utc("2026-10-25 00:30")
    assert next_digest(digest, utc("2026-10-25 00:30")) == utc("2026-10-26 01:30")


def test_a_digest_of_some_days_waits_for_them() -> None:
    weekly = Digest(at=(time(8), time(17)), zone=BERLIN, days=frozenset({0}))
    monday_evening = utc("2026-03-02 16:00")
    assert next_digest(weekly, utc("2026-03-02 10:00")) == monday_evening
    assert next_digest(weekly, monday_evening) == utc("2026-03-09 07:00")


@given(MOMENTS, st.sets(CLOCKS, min_size=1, max_size=3), ZONES)
def test_every_day_has_each_of_its_digests_once(
    then: datetime, clocks: set[time], zone: ZoneInfo
) -> None:
    digest = Digest(at=tuple(sorted(clocks)), zone=zone)
    told = [then]
    for _ in range(10 * len(clocks)):
        told.append(next_digest(digest, told[-1]))
    days: dict[date, int] = {}
    for moment in told[1:]:
        day = moment.astimezone(zone).date()
        days[day] = days.get(day, 0) + 1
    whole = sorted(days)[1:-1]
    assert all(days[day] <= len(clocks) for day in whole)
    assert all(earlier < later for earlier, later in pairwise(told))
