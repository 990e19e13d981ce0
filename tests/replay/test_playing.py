"""Recorded visits through the whole pipeline: what became of the items, and when alerts left."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import MORNING
from tests.timelines import HOUR, Entry, document, write_timeline
from watcher.errors import ConfigError
from watcher.fetch import redacted
from watcher.model import Alert, FeedId, Fetched, FetchFailed, FetchResult, NotModified, Visit
from watcher.recording import MEGABYTE, Record, Recorder, merged, sources_in, surveyed
from watcher.replay import Tally, own_database, play, set_up

TOPICS = (
    "Flood closes the north bridge", "Council elects a mayor", "Bakery wins a prize",
    "Museum shows old maps", "School gets a new roof", "Harbour is dredged at last",
    "Orchestra plays outdoors", "Library opens on Sunday", "Tram line is extended",
    "Bees move to the town hall", "Market returns in spring", "Swimmers cross the lake",
)  # fmt: skip
STORIES = [Entry(title) for title in TOPICS]


@dataclass
class Played:
    """What came of a replay."""

    tally: Tally = field(default_factory=Tally)
    visits: list[Visit] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)

    @property
    def gaps(self) -> list[int]:
        """Which visits brought the notice of a gap, the first is 0."""
        return [
            n
            for n, visit in enumerate(self.visits)
            if any(notice.topic == "gap" for notice in visit.notices)
        ]

    @property
    def left(self) -> list[tuple[str, datetime | None]]:
        return [(alert.message.headline, alert.settled_at) for alert in self.alerts]


def replayed(folder: Path, rule: str = "flood") -> Played:
    rules = folder / "rules.yaml"
    rules.write_text(f"version: 1\nrules: [{{id: watched, when: {rule}}}]\n")
    sources, played = sources_in([folder]), Played()
    survey = surveyed(sources)
    with own_database(None, None) as database:
        config = set_up(None, rules, survey, database)
        for came in play(config, survey, merged(sources)):
            played.tally.add(came)
            if isinstance(came, Visit):
                played.visits.append(came)
            else:
                played.alerts.append(came)
    return played


def documents(folder: Path, *shown: Sequence[Entry]) -> Played:
    write_timeline(folder, "paper", shown)
    return replayed(folder)


def visits(folder: Path, *answers: FetchResult) -> Played:
    with closing(Recorder(folder, redacted, MEGABYTE)) as recorder:
        for n, answer in enumerate(answers):
            at = MORNING + n * HOUR
            recorder.keep(Record(at=at, feed=FeedId("paper"), url="", answer=answer))
    return replayed(folder)


def fetched(*entries: Entry) -> Fetched:
    return Fetched(status=200, url="http://paper.example/", body=document(entries))


# --- items


def test_an_edited_item_is_one_item(tmp_path: Path) -> None:
    late = Entry("Flood closes the north bridge for weeks", guid=TOPICS[0].replace(" ", "-"))
    played = documents(tmp_path, STORIES[:3], [late, *STORIES[1:3]])
    assert (played.tally.items, played.tally.edits) == (3, 1)


def test_an_item_that_vanished_and_returned_is_one_item(tmp_path: Path) -> None:
    played = documents(tmp_path, STORIES[:4], STORIES[1:4], STORIES[1:5], STORIES[:5])
    assert (played.tally.items, played.tally.edits, played.gaps) == (5, 0, [])


def test_a_feed_that_was_keyed_anew_as_a_whole_brings_no_new_item(tmp_path: Path) -> None:
    anew = [
        Entry(entry.title, guid=f"post-{n}", link=f"http://new.example/{n}")
        for n, entry in enumerate(STORIES)
    ]
    played = documents(tmp_path, STORIES, anew, anew)
    assert (played.tally.items, played.gaps, played.alerts) == (12, [], [])


def test_a_feed_that_was_keyed_anew_twice_and_back_brings_no_new_item(tmp_path: Path) -> None:
    anew = [Entry(entry.title, guid=f"post-{n}") for n, entry in enumerate(STORIES)]
    played = documents(tmp_path, STORIES, anew, STORIES, anew)
    assert (played.tally.items, played.gaps) == (12, [])


def test_one_item_that_was_keyed_anew_is_no_new_item(tmp_path: Path) -> None:
    moved = Entry(TOPICS[1], guid="moved", link="http://paper.example/moved")
    played = documents(tmp_path, STORIES[:4], [STORIES[0], moved, *STORIES[2:4]], [moved])
    assert (played.tally.items, played.gaps) == (4, [])


def test_parts_of_a_series_that_say_the_same_are_items_of_their_own(tmp_path: Path) -> None:
    first, second, third = (Entry("Open thread", guid=f"t{n}", link=f"http://p/{n}") for n in "123")
    played = documents(
        tmp_path, [first, *STORIES[:2]], [second, first, *STORIES[:2]], STORIES[2:4], [third]
    )
    assert played.tally.items == 4 + 3


# --- gaps


def test_documents_without_anything_in_common_have_a_gap(tmp_path: Path) -> None:
    played = documents(tmp_path, STORIES[:4], STORIES[3:7], STORIES[7:])
    assert played.gaps == [2]
    assert played.tally.notices == {"gap": 1}


def test_a_feed_that_is_emptied_and_filled_again_has_no_gap(tmp_path: Path) -> None:
    played = documents(tmp_path, STORIES[:4], [], [], STORIES[:4])
    assert (played.tally.items, played.gaps) == (4, [])


def test_a_feed_that_is_emptied_and_comes_back_with_other_items_has_a_gap(tmp_path: Path) -> None:
    assert documents(tmp_path, STORIES[:4], [], STORIES[4:8]).gaps == [2]


def test_what_a_feed_shows_after_nothing_at_all_is_its_beginning(tmp_path: Path) -> None:
    assert documents(tmp_path, [], [], STORIES[:4], STORIES[3:6]).gaps == []


def test_old_items_that_come_back_do_not_hide_a_gap(tmp_path: Path) -> None:
    played = documents(tmp_path, STORIES[:4], STORIES[4:8], STORIES[:4])
    assert (played.tally.items, played.gaps) == (8, [1, 2])


def test_visits_that_brought_nothing_do_not_hide_a_gap(tmp_path: Path) -> None:
    failed, same = FetchFailed(reason="503"), NotModified(url="")
    played = visits(
        tmp_path, fetched(*STORIES[:4]), same, failed, fetched(*STORIES[:4]), fetched(*STORIES[4:8])
    )
    assert played.gaps == [4]


# --- alerts


def test_an_alert_leaves_when_its_wait_is_over_on_the_recorded_clock(tmp_path: Path) -> None:
    played = documents(tmp_path, STORIES[1:4], STORIES[:4], STORIES[:5])
    assert played.left == [(TOPICS[0], MORNING + HOUR + timedelta(minutes=2))]
    assert played.tally.rules == {"watched": 1}


def test_the_last_alert_leaves_though_nothing_follows(tmp_path: Path) -> None:
    assert len(documents(tmp_path, STORIES[1:4], STORIES[:4]).alerts) == 1


def test_copies_of_several_feeds_are_one_alert(tmp_path: Path) -> None:
    text = " ".join(f"{title}, says the council of Northam." for title in TOPICS)
    story = Entry(TOPICS[0], summary=text)
    write_timeline(tmp_path, "desk", [STORIES[1:4], [story, *STORIES[1:4]]])
    copy = Entry(TOPICS[0], link="http://copy.example/1", summary=text)
    write_timeline(tmp_path, "wire", [STORIES[4:7], [copy, *STORIES[4:7]]])
    played = replayed(tmp_path)
    assert (len(played.alerts), played.tally.copies) == (1, 1)
    assert [copy.feed for copy in played.alerts[0].message.copies] == ["wire"]


def test_the_first_document_is_a_baseline_also_behind_a_visit_without_one(tmp_path: Path) -> None:
    played = visits(tmp_path, NotModified(url=""), fetched(*STORIES))
    assert (played.tally.items, played.tally.visits, played.alerts) == (12, 1, [])


def test_failures_are_told_as_the_daemon_would(tmp_path: Path) -> None:
    failed = FetchFailed(reason="503 Service Unavailable", status=503)
    played = visits(tmp_path, failed, failed, failed, failed, fetched(*STORIES))
    assert played.tally.notices == {"failing": 1, "recovered": 1}
    assert (played.tally.failed, played.tally.documents) == (4, 1)


def test_the_same_body_again_is_told_as_unchanged(tmp_path: Path) -> None:
    played = visits(tmp_path, fetched(*STORIES), fetched(*STORIES), NotModified(url=""))
    assert (played.tally.documents, played.tally.unchanged) == (1, 2)


def test_the_daemons_own_database_is_refused(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nrules: [{id: watched, when: flood}]\n")
    write_timeline(tmp_path, "paper", [STORIES])
    config = set_up(None, rules, surveyed(sources_in([tmp_path])), str(tmp_path / "watcher.db"))
    with (
        pytest.raises(ConfigError, match="the daemon's own database"),
        own_database(f"sqlite:///{tmp_path}/watcher.db", config),
    ):
        pass
