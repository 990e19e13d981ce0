"""Timelines, folders of documents and folders of records, in the order of time."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import MORNING
from tests.timelines import HOUR, Entry, document, name_of, write_archive, write_timeline
from watcher.errors import ConfigError
from watcher.fetch import redacted
from watcher.model import FeedId, Fetched, FetchFailed, NotModified, PagesAsked
from watcher.recording import MEGABYTE, PagesTold, Record, Recorder, merged, sources_in, surveyed
from watcher.recording.record import MOST_BYTES, Kept

A, B = Entry("Flood"), Entry("Fire")


def moments(*paths: Path) -> list[tuple[str, int]]:
    return [(one.feed, (one.at - MORNING) // HOUR) for one in merged(sources_in(paths))]


def test_a_timeline_is_the_feed_of_its_name_at_the_moments_of_its_members(tmp_path: Path) -> None:
    path = write_timeline(tmp_path, "paper", [[A], [B, A]])
    assert list(merged(sources_in([path]))) == [
        Record(
            at=MORNING + n * HOUR,
            feed=FeedId("paper"),
            url="",
            answer=Fetched(status=200, url="", body=document(entries)),
        )
        for n, entries in enumerate([[A], [B, A]])
    ]


def test_sources_are_merged_by_time_and_then_by_feed_however_they_are_named(tmp_path: Path) -> None:
    one = write_timeline(tmp_path, "b", [[A], [A], [A]])
    other = write_timeline(tmp_path, "a", [[A], [A]], start=MORNING + HOUR)
    expected = [("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert moments(one, other) == moments(other, one) == moments(tmp_path) == expected


def test_a_folder_may_hold_the_documents_unpacked(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    for n in (1, 0):
        (folder / name_of(MORNING + n * HOUR)).write_bytes(document([A]))
    (folder / "README.txt").write_text("not a document")
    (folder / "20261399T000000Z.xml").write_text("not a moment")
    assert moments(folder) == [("paper", 0), ("paper", 1)]


def test_a_folder_of_records_is_read_beside_timelines(tmp_path: Path) -> None:
    write_timeline(tmp_path, "paper", [[A], [A]])
    with closing(Recorder(tmp_path, redacted, MEGABYTE)) as recorder:
        for n in range(2):
            at = MORNING + n * HOUR
            answer = NotModified(url="http://desk.example/")
            recorder.keep(
                Record(at=at, feed=FeedId("desk"), url="http://d.example/", answer=answer)
            )
    assert moments(tmp_path) == [("desk", 0), ("paper", 0), ("desk", 1), ("paper", 1)]
    survey = surveyed(sources_in([tmp_path]))
    assert [(feed.id, feed.url) for feed in survey.feeds] == [
        ("desk", "http://d.example/"),
        ("paper", ""),
    ]
    assert (survey.records, survey.first) == (4, MORNING)


def test_a_survey_tells_which_visits_waited_for_pages_and_whose_pages_there_are(
    tmp_path: Path,
) -> None:
    desk, wire = FeedId("desk"), FeedId("wire")
    told: list[tuple[FeedId, Kept]] = [
        (desk, PagesTold(results={})),  # of a visit that has been let go of
        (desk, NotModified(url="")),
        (wire, NotModified(url="")),
        (desk, NotModified(url="")),
        (desk, PagesAsked(feed=desk, addresses=("http://d.example/1",))),
        (desk, NotModified(url="")),
    ]
    with closing(Recorder(tmp_path, redacted, MEGABYTE)) as recorder:
        for n, (feed, answer) in enumerate(told):
            recorder.keep(Record(at=MORNING + n * HOUR, feed=feed, url="", answer=answer))
    survey = surveyed(sources_in([tmp_path]))
    assert survey.waited == {(desk, MORNING + 3 * HOUR)}
    assert [(feed.id, feed.full_text) for feed in survey.feeds] == [("desk", "yes"), ("wire", "no")]


def test_members_of_other_names_are_passed_over(tmp_path: Path) -> None:
    path = write_archive(
        tmp_path / "paper.tar.xz",
        [("LICENSE", b"x"), ("paper/20260302T080000Z.xml", b"y"), ("20260302T0800.xml", b"z")],
    )
    assert [
        one.answer.body for one in merged(sources_in([path])) if isinstance(one.answer, Fetched)
    ] == [b"y"]


def test_documents_in_disorder_are_refused(tmp_path: Path) -> None:
    members = [(name_of(MORNING + HOUR), b"x"), (name_of(MORNING), b"y")]
    path = write_archive(tmp_path / "paper.tar.xz", members)
    with pytest.raises(
        ConfigError, match=r"20260302T080000Z\.xml is earlier than the document before"
    ):
        surveyed(sources_in([path]))


@pytest.mark.parametrize("keep", [0, 10, 200])
def test_a_broken_archive_is_refused_before_anything_is_replayed(tmp_path: Path, keep: int) -> None:
    path = write_timeline(tmp_path, "paper", [[A], [B]])
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ConfigError, match="cannot be read as a timeline"):
        surveyed(sources_in([path]))


def test_a_document_of_absurd_size_is_a_failed_visit(tmp_path: Path) -> None:
    huge = tmp_path / name_of(MORNING)
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    (one,) = merged(sources_in([tmp_path]))
    assert one.answer == FetchFailed(reason="larger than 64 MB")


def test_what_holds_nothing_is_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "feed.xml").write_text("<rss/>")
    paths = [tmp_path / "empty", tmp_path / "feed.xml", tmp_path / "nowhere"]
    with pytest.raises(ConfigError) as told:
        sources_in(paths)
    assert [(fault.file, fault.message[:12]) for fault in told.value.faults] == [
        (str(paths[0]), "holds neithe"),
        (str(paths[1]), "holds neithe"),
        (str(paths[2]), "is not there"),
    ]


def test_two_timelines_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    paths = [write_timeline(folder, "paper", [[A]]) for folder in (tmp_path / "old", tmp_path)]
    with pytest.raises(ConfigError, match="a timeline of the feed paper is there already"):
        sources_in(paths)


def test_an_archive_without_documents_has_nothing_to_replay(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "paper.tar.xz", [("README", b"")])
    with pytest.raises(ConfigError, match="no whole record"):
        surveyed(sources_in([path]))


def test_records_of_one_moment_keep_the_order_of_their_file(tmp_path: Path) -> None:
    with closing(Recorder(tmp_path, redacted, MEGABYTE)) as recorder:
        for n in range(3):
            answer = FetchFailed(reason=str(n), retry_after=timedelta(n))
            recorder.keep(Record(at=MORNING, feed=FeedId("desk"), url="", answer=answer))
    reasons = [
        one.answer.reason
        for one in merged(sources_in([tmp_path]))
        if isinstance(one.answer, FetchFailed)
    ]
    assert reasons == ["0", "1", "2"]
