"""A moment is written alike wherever a program reads it."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from watcher.cli.printing import moment
from watcher.text.times import iso

ZONES = st.timezones()
TIMES = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001


def test_a_moment_is_told_in_utc_and_to_the_second() -> None:
    berlin = timezone(timedelta(hours=2))
    time = datetime(2026, 6, 2, 10, 0, 59, 999_999, tzinfo=berlin)
    assert iso(time) == "2026-06-02T08:00:59Z"
    assert iso(None) is None


@given(TIMES)
def test_what_was_written_is_read_as_the_same_second(time: datetime) -> None:
    told = iso(time)
    assert len(told) == len("2026-06-02T08:00:59Z")
    assert datetime.fromisoformat(told) == time.astimezone(UTC).replace(microsecond=0)


@given(TIMES)
def test_the_command_line_writes_it_alike(time: datetime) -> None:
    assert moment(time) == iso(time)
