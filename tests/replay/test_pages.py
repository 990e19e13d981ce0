"""Recorded pages in a replay: what they say counts, at the moment at which they had come."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakePages
from tests.replay.test_playing import Played, replayed
from tests.world import World
from watcher.fetch import redacted
from watcher.model import Feed, FullText, PagesAsked
from watcher.pipeline import Pipeline
from watcher.ports import PagesCame, Store
from watcher.recording import MEGABYTE, Recorder, RecordingFetcher, RecordingPages

A, B = "http://a.example/", "http://b.example/"
FIRST = f"{A}news/1"
TEXT = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday. "
    "Divers are to look at the pillars before any lorry may cross the north bridge again."
)


class RecordedWorld(World):
    """A world whose visits and pages are recorded, its baselines included."""

    def __init__(self, store: Store, recorder: Recorder, rule: str, *feeds: str) -> None:
        self.recorder = recorder
        super().__init__(store, {"watched": rule}, feeds=feeds, full_text=FullText.YES)

    def start(self, kind: type[Pipeline] = Pipeline) -> Pipeline:
        pipeline = super().start(kind)
        pipeline.fetcher = RecordingFetcher(self.internet, self.recorder, self.clock)
        pipeline.pages = RecordingPages(self.pages, self.recorder, self.clock)
        return pipeline

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """What alerts said: the headline and the copies."""
        return [
            (one.message.headline, [copy.feed for copy in one.message.copies])
            for one in self.phone.sent
        ]


def told(played: Played) -> list[tuple[str, list[str]]]:
    return [
        (one.message.headline, [copy.feed for copy in one.message.copies]) for one in played.alerts
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "visits"


@pytest.fixture
def recorder(folder: Path) -> Iterator[Recorder]:
    with closing(Recorder(folder, redacted, MEGABYTE)) as opened:
        yield opened


def test_words_that_only_a_page_had_alert_again(
    store: Store, recorder: Recorder, folder: Path
) -> None:
    world = RecordedWorld(store, recorder, "lorry", A)
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    world.poll_and_deliver()
    played = replayed(folder, "lorry")
    assert told(played) == world.told == [("North bridge closed", [])]


def test_replays_of_one_folder_are_the_same(store: Store, recorder: Recorder, folder: Path) -> None:
    world = RecordedWorld(store, recorder, "bridge", A, B)
    for number, feed in enumerate((A, B, A, B), 1):
        world.publish(feed, f"Bridge number {number} closed", "More in the article.")
        world.pages.show(f"{feed}news/{(number + 1) // 2}", f"{TEXT} It is number {number}.")
        world.poll_and_deliver()
    first, second = replayed(folder, "bridge"), replayed(folder, "bridge")
    assert first.visits == second.visits
    assert first.alerts == second.alerts
    assert sum(one.fresh for one in first.visits) == 4
    assert told(first) == world.told


def test_a_visit_that_waited_for_its_pages_comes_behind_those_that_came_meanwhile(
    store: Store, recorder: Recorder, folder: Path
) -> None:
    world = RecordedWorld(store, recorder, "lorry", A, B)
    world.publish(A, "North bridge closed", "More in the article.")
    world.publish(B, "Bridge closed to traffic", TEXT * 3)  # says more than its page
    world.pages.show(FIRST, TEXT * 3)

    class LateForA(FakePages):
        late: Sequence[PagesCame] = ()

        def ask(self, asked: PagesAsked) -> None:
            super().ask(asked)
            if asked.feed == "a.example":
                self.late, self._came = self._came, []

        def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
            if patience:  # nothing else is under way
                self._came, self.late = [*self._came, *self.late], ()
            return super().come(patience)

    pages = LateForA()
    pages.results = world.pages.results
    world.pipeline.pages = RecordingPages(pages, recorder, world.clock)
    world.poll_and_deliver()
    played = replayed(folder, "lorry")
    assert told(played) == world.told == [("Bridge closed to traffic", ["a.example"])]
    assert [visit.feed for visit in played.visits][-2:] == ["b.example", "a.example"]


def test_a_visit_that_a_stop_left_without_its_pages_is_made_by_the_next_start(
    store: Store, recorder: Recorder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = RecordedWorld(store, recorder, "lorry", A)
    world.publish(A, "North bridge closed", "More in the article.")
    world.pages.show(FIRST, TEXT)
    right, asked = world.pages.ask, list[str]()

    def stopped(wanted: PagesAsked) -> None:
        asked.append(wanted.feed)
        world.pipeline.stop()
        right(wanted)

    monkeypatch.setattr(world.pages, "ask", stopped)
    assert world.poll() == ()
    assert asked == ["a.example"]
    monkeypatch.undo()
    world.start()
    world.pass_time()
    world.poll_and_deliver()
    played = replayed(folder, "lorry")
    assert [visit.fresh for visit in played.visits] == [0, 1]
    assert told(played) == world.told == [("North bridge closed", [])]


def test_what_the_end_of_the_records_left_waiting_is_taken_in_without_its_pages(
    store: Store, recorder: Recorder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = RecordedWorld(store, recorder, "bridge", A)
    world.publish(A, "North bridge closed", "More in the article.")
    right = world.pages.ask

    def stopped(wanted: PagesAsked) -> None:
        world.pipeline.stop()
        right(wanted)

    monkeypatch.setattr(world.pages, "ask", stopped)
    world.poll()
    assert told(replayed(folder, "bridge")) == [("North bridge closed", [])]


def test_a_visit_without_recorded_pages_is_taken_in_at_its_time(
    store: Store, recorder: Recorder, folder: Path
) -> None:
    world = RecordedWorld(store, recorder, "bridge", A, B)
    world.feeds[A] = Feed(id=world.feeds[A].id, url=A)  # as if full_text were set later
    world.configure()
    world.publish(A, "North bridge closed", "More in the article.")
    world.publish(B, "South bridge painted green", "More in the article.")
    world.poll_and_deliver()
    world.feeds[A] = replace(world.feeds[A], full_text=FullText.YES)
    world.configure()
    world.publish(A, "West bridge needs repair", "More in the article.")
    world.pages.show(f"{A}news/2", TEXT)
    world.poll_and_deliver()
    played = replayed(folder, "bridge")
    assert sorted(told(played)) == sorted(world.told)
    assert len(played.alerts) == 3
    assert [one.fresh for one in played.visits if one.feed == "a.example"] == [0, 1, 1]
