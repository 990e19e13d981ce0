"""The index in memory, against a list that is gone through from end to end."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Sketch
from watcher.stories import Recall

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_AGO = NOON - timedelta(days=900)


def sketch(*words: int, text: tuple[int, ...] = ()) -> Sketch:
    return Sketch(words=words, text=text)


def held(*texts: Sketch) -> Recall:
    recall = Recall()
    for number, text in enumerate(texts, 1):
        recall.add(number, 100 + number, NOON + number * HOUR, text)
    return recall


WORDS = st.lists(st.integers(0, 12), max_size=6, unique=True).map(tuple)


@settings(deadline=None, max_examples=300)
@given(
    texts=st.lists(st.tuples(WORDS, st.integers(0, 5), st.booleans()), max_size=25),
    asked=WORDS,
    forgotten=st.integers(0, 25),
    since=st.integers(0, 25),
    limit=st.integers(1, 8),
)
def test_it_finds_what_a_look_at_every_text_finds(
    texts: list[tuple[tuple[int, ...], int, bool]],
    asked: tuple[int, ...],
    forgotten: int,
    since: int,
    limit: int,
) -> None:
    recall = Recall()
    there = []
    for number, (words, item, lost) in enumerate(texts, 1):
        seen_at = NOON + number * HOUR
        recall.add(number, item, seen_at, sketch(*words))
        if lost:
            recall.take_back(number, sketch(*words))
        else:
            there.append((number, item, seen_at, words))
    recall.forget_before(NOON + forgotten * HOUR)
    there = [text for text in there if text[2] >= NOON + forgotten * HOUR]
    df = Counter(word for *_, words in there for word in words)
    best: dict[int, tuple[int, datetime, int]] = {}
    for number, item, seen_at, words in there:
        weight = sum(
            round(1_000 * log(1 + len(there) / df[word])) for word in set(words) & set(asked)
        )
        if weight and seen_at >= NOON + since * HOUR:
            best[item] = max(best.get(item, (0, NOON, 0)), (weight, seen_at, -number))
    expected = sorted(best, key=lambda item: best[item], reverse=True)[:limit]
    assert len(recall) == len(there)
    assert recall.like(sketch(*asked), NOON + since * HOUR, limit) == expected


def test_numbers_ascend() -> None:
    recall = held(sketch(1), sketch(1))
    with pytest.raises(ValueError, match="text 2 comes after text 2"):
        recall.add(2, 7, NOON, sketch(1))


def test_the_versions_of_an_item_are_found_as_one_item() -> None:
    recall = Recall()
    for number, words in ((1, (1, 2)), (2, (2, 3))):
        recall.add(number, 70, NOON, sketch(*words))
    assert recall.like(sketch(1, 3), LONG_AGO, 5) == [70]


def test_the_beginning_of_the_shorter_text_has_to_be_in_the_longer_one() -> None:
    long = tuple(range(100, 160))
    recall = held(sketch(1, text=long), sketch(1, text=tuple(range(300, 310))), sketch(1))
    assert recall.like(sketch(1, text=long[50:]), LONG_AGO, 5) == [103, 101]
    assert recall.like(sketch(1, text=(*range(300, 303), *range(500, 520))), LONG_AGO, 5) == [
        103,
        102,
    ]
    assert recall.like(sketch(1), LONG_AGO, 5) == [103, 102, 101]


def test_a_text_that_was_forgotten_leaves_nothing_behind() -> None:
    recall = held(*(sketch(n, 7, text=(n, n + 1)) for n in range(20)))
    recall.forget_before(NOON + 900 * HOUR)
    assert len(recall) == 0
    assert recall.like(sketch(7), LONG_AGO, 5) == []
    recall.add(99, 5, NOON + 901 * HOUR, sketch(7, text=(1, 2)))
    assert recall.like(sketch(7, text=(1, 2)), LONG_AGO, 5) == [5]
    assert recall.holds(3)
    assert recall.holds(99)
    assert not recall.holds(100)
