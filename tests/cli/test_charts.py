"""Numbers by day as pictures made of characters."""

from datetime import UTC, date, datetime, timedelta

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from watcher.cli.charts import LEVELS, bar, days_of, numbers, span, sparkline

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_greatest_number_is_a_whole_block_and_one_is_never_nothing() -> None:
    assert sparkline([0, 1, 4, 8]) == "·▁▄█"
    assert sparkline([1, 1000]) == "▁█"
    assert sparkline([0, 0]) == "··"
    assert sparkline([]) == ""
    assert sparkline([0, 1, 4, 8], plain=True) == ".148"


@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_more_is_never_drawn_lower(counts: list[int]) -> None:
    drawn = sparkline(counts)
    assert len(drawn) == len(counts)
    levels = ["·", *LEVELS]
    pairs = sorted((count, levels.index(each)) for count, each in zip(counts, drawn, strict=True))
    assert [level for _, level in pairs] == sorted(level for _, level in pairs)
    assert all((level == 0) is (count == 0) for count, level in pairs)


def test_a_bar_is_as_long_as_its_share_of_the_most() -> None:
    assert [len(bar(count, 10, 40)) for count in (0, 5, 10)] == [0, 20, 40]
    assert bar(1, 10_000, 40) == "█"
    assert bar(2, 4, 4, plain=True) == "##"


def test_the_days_of_a_span_end_today() -> None:
    assert days_of(timedelta(days=2), MORNING) == (date(2026, 3, 1), date(2026, 3, 2))
    assert days_of(timedelta(hours=25), MORNING) == (date(2026, 3, 1), date(2026, 3, 2))
    assert days_of(timedelta(hours=1), MORNING) == (date(2026, 3, 2),)


def test_days_without_a_number_have_none() -> None:
    assert numbers({date(2026, 3, 2): 7}, days_of(timedelta(days=2), MORNING)) == (0, 7)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
        ("4w", timedelta(weeks=4)),
    ],
)
def test_spans_are_written_like_durations(text: str, length: timedelta) -> None:
    assert span(text) == length


@pytest.mark.parametrize("text", ["", "d", "30", "-1d", "1.5d", "30 d", "3661d", "0d", "٣d", "1y"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        span(text)
