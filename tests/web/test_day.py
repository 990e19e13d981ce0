"""The bar of a feed's last 24 hours: what it shows, and what it says to who does not see it."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from watcher.model import FeedId, FeedMemory, HalfHour
from watcher.web.day import WORDS, bar, stretches, summary

NOW = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
THIS = HalfHour.number_of(NOW)


def memory(*halves: HalfHour) -> FeedMemory:
    return FeedMemory(feed=FeedId("a"), due_at=NOW, day=halves)


def test_each_half_hour_is_of_the_worst_kind_that_was_in_it() -> None:
    found = stretches(
        memory(
            HalfHour(THIS - 4, visits=3),
            HalfHour(THIS - 3, visits=3, fresh=1),
            HalfHour(THIS - 2, visits=3, fresh=1, failed=1),
            HalfHour(THIS - 1, visits=3, fresh=1, failed=1, gaps=1),
        ),
        NOW,
    )
    assert [one.kind for one in found] == ["none", "good", "fresh", "bad", "gap", "none"]
    assert {one.kind for one in found} == set(WORDS)


def test_stretches_are_the_24_hours_that_end_with_this_half_hour() -> None:
    found = stretches(memory(*(HalfHour(THIS - back, visits=1) for back in (60, 47, 3))), NOW)
    assert found[0].since == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    assert found[-1].until - found[0].since == timedelta(days=1)
    assert all(one.until == later.since for one, later in pairwise(found))
    assert sum(one.visits for one in found) == 2


def test_half_hours_of_a_kind_are_one_stretch_with_all_that_was_in_them() -> None:
    halves = (HalfHour(THIS - back, visits=30, fresh=2) for back in reversed(range(48)))
    (one,) = stretches(memory(*halves), NOW)
    assert one.told == "1440 visits, 96 new items"


@pytest.mark.parametrize(
    ("half", "told"),
    [
        (HalfHour(THIS), "no visit"),
        (HalfHour(THIS, visits=1), "1 visit, nothing new"),
        (HalfHour(THIS, visits=2, failed=1, fresh=1), "2 visits, 1 failed, 1 new item"),
        (HalfHour(THIS, 1, 0, 9, 1), "1 visit, 9 new items, items may have been missed"),
    ],
)
def test_every_stretch_is_told_in_words(half: HalfHour, told: str) -> None:
    assert stretches(memory(half), NOW)[-1].told == told


def test_the_bar_says_in_a_sentence_when_there_was_trouble() -> None:
    day = memory(
        HalfHour(THIS - 9, visits=2, failed=2),
        HalfHour(THIS - 8, visits=1, failed=1),
        HalfHour(THIS - 1, 5, 0, 3, 1),
    )
    assert summary(stretches(day, NOW), "Gazette") == (
        "Gazette in the last 24 hours: 8 visits, 3 new items, 3 failed (07:30–08:30), "
        "items may have been missed (11:30–12:00)"
    )


def test_a_name_is_text_in_the_picture() -> None:
    drawn = bar(stretches(memory(), NOW), 'a" onload="alert(1)')
    assert 'onload="' not in drawn
    assert "<title>" not in drawn


def test_every_kind_has_a_shape_of_its_own_besides_its_colour() -> None:
    halves = (
        HalfHour(THIS - 3, visits=1),
        HalfHour(THIS - 2, visits=1, fresh=1),
        HalfHour(THIS - 1, visits=1, failed=1),
        HalfHour(THIS, visits=1, gaps=1),
    )
    paths = dict(re.findall(r'class="(\w+)" d="([^"]+)"', bar(stretches(memory(*halves), NOW), "")))
    assert set(paths) == set(WORDS)
    shapes = {re.sub(r"M\d+|h-?\d+", "", path) for path in paths.values()}
    assert len(shapes) == len(WORDS)


def test_a_bar_of_the_liveliest_feed_is_light() -> None:
    halves = (HalfHour(THIS - back, 30, back % 2, 1) for back in reversed(range(48)))
    assert len(bar(stretches(memory(*halves), NOW), "Gazette")) < 2000
