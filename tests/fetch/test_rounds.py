"""A round of pages, with a clock to turn: whose turn it is, and whose time is over."""

from datetime import timedelta

import pytest

from tests.fetch.conftest import seconds
from watcher.fetch import PageBudget
from watcher.fetch.rounds import OUT_OF_TIME, Round
from watcher.fetch.settings import FetchSettings
from watcher.model import FeedId, PageMissed, PagesAsked

DEADLINE = 10


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 1000.0
        monkeypatch.setattr("watcher.fetch.rounds.monotonic", lambda: self.time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def work(clock: Clock) -> Round:
    settings = FetchSettings(per_host=1, pages=PageBudget(deadline=seconds(DEADLINE)))
    return Round(settings)


def wanted(work: Round, *names: str) -> None:
    for name in names:
        asked = PagesAsked(feed=FeedId(name), addresses=(f"http://slow.example/{name}",))
        work.add(asked)


def begun(work: Round) -> dict[str, timedelta]:
    """Begin with those whose turn it is; tells the time that each of them has."""
    return {page.visit.asked.feed: work.began(page) for page in work.turns()}


def missed(work: Round) -> dict[str, object]:
    work.give_up_late_ones()
    return {asked.feed: result for asked, got in work.finished() for result in got.values()}


def test_a_visit_whose_turn_never_comes_is_given_up_in_time(clock: Clock, work: Round) -> None:
    wanted(work, "a", "b", "c")
    assert begun(work) == {"a": seconds(DEADLINE)}
    clock.time += DEADLINE
    assert missed(work) == {"a": PageMissed(reason=OUT_OF_TIME)}
    assert begun(work) == {}, "the request for it is not over yet"
    work.ended("slow.example")
    assert begun(work) == {"b": seconds(DEADLINE)}
    clock.time += DEADLINE
    work.ended("slow.example")
    late = PageMissed(reason=OUT_OF_TIME)
    assert missed(work) == {"b": late, "c": late}
    assert begun(work) == {}, "nobody waits for it any more"


def test_a_visit_that_begins_late_has_what_is_left_of_its_wait(clock: Clock, work: Round) -> None:
    wanted(work, "a", "b")
    assert begun(work) == {"a": seconds(DEADLINE)}
    clock.time += 2 * DEADLINE - 1
    work.ended("slow.example")
    missed(work)
    assert begun(work) == {"b": seconds(1)}
