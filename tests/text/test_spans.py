"""Lengths of time in words."""

from datetime import timedelta

import pytest

from watcher.text.spans import spoken

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (30 * DAY, "30 days"),
        (2 * DAY, "2 days"),
        (2 * DAY - SECOND, "47 hours"),
        (HOUR, "1 hour"),
        (HOUR - SECOND, "59 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(0), "0 minutes"),
    ],
)
def test_lengths_of_time_are_spoken(length: timedelta, told: str) -> None:
    assert spoken(length) == told
