"""What visits got is written down whole, without secrets and within bounds."""

import gzip
import json
import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.fakes import MORNING, FakeClock, FakeInternet, FakePages
from watcher.errors import ConfigError
from watcher.fetch import redacted
from watcher.model import (
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    PageMissed,
    PageRead,
    PagesAsked,
    Source,
)
from watcher.recording import (
    MEGABYTE,
    PagesTold,
    Record,
    Recorder,
    RecordingFetcher,
    RecordingPages,
)
from watcher.recording.folder import RecordedFolder
from watcher.recording.pages import told_of
from watcher.recording.record import packed

PAPER = FeedId("paper")
URL = "https://paper.example/feed"
NOISE = Random(7).randbytes(1000).hex()  # hardly compressible


def record(answer: FetchResult, at: datetime = MORNING, url: str = URL) -> Record:
    return Record(at=at, feed=PAPER, url=url, answer=answer)


def fetched(body: bytes = b"<rss/>", **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=200, url=URL, body=body, headers=named)


def recorder(folder: Path, limit: int = MEGABYTE) -> "closing[Recorder]":
    return closing(Recorder(folder, redacted, limit))


def write(folder: Path, *records: Record, limit: int = MEGABYTE) -> None:
    with recorder(folder, limit) as opened:
        for one in records:
            opened.keep(one)


def read(folder: Path) -> list[Record]:
    return list(RecordedFolder(folder).records())


def on_disk(folder: Path) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in folder.glob("*.gz"))


ANSWERS: tuple[FetchResult, ...] = (
    fetched(b"\x00\xff<rss/>\n", content_type="text/xml; charset=utf-8", etag='"a"'),
    NotModified(url=URL, headers={"cache-control": "max-age=60"}),
    FetchFailed(reason="503 Service Unavailable", status=503, retry_after=timedelta(seconds=90)),
    FetchFailed(reason="410 Gone", status=410, gone=True),
    FetchFailed(reason="not asked", status=429, retry_after=timedelta(0), postponed=True),
    FetchFailed(reason="no such host"),
    fetched(b"\x00\xff<rss/>\n"),
    fetched(b""),
)


def test_what_is_read_is_what_visits_got(tmp_path: Path) -> None:
    visits = [
        record(answer, MORNING + timedelta(microseconds=n)) for n, answer in enumerate(ANSWERS)
    ]
    write(tmp_path / "new" / "visits", *visits)
    assert read(tmp_path / "new" / "visits") == visits


def test_a_second_run_goes_on_where_the_first_one_ended(tmp_path: Path) -> None:
    visits = [record(fetched(), MORNING + timedelta(seconds=n // 2)) for n in range(4)]
    for visit in visits:
        write(tmp_path, visit)
    assert read(tmp_path) == visits


def test_no_secret_and_no_cookie_reaches_the_disk(tmp_path: Path) -> None:
    url = "https://reader:hunter2@paper.example/feed?token=s3cr3t&page=2"
    answer = Fetched(
        status=200,
        url="https://cdn.example/feed?sig=s1gned",
        body=b"<rss/>",
        headers={
            "set-cookie": "session=c00kie",
            "authorization": "Basic b4sic",
            "content-location": "https://cdn.example/feed?key=k3y",
            "etag": '"kept"',
        },
    )
    write(tmp_path, record(answer, url=url), record(NotModified(url=url, headers=answer.headers)))
    told = on_disk(tmp_path)
    for secret in (b"hunter2", b"s3cr3t", b"s1gned", b"c00kie", b"b4sic", b"k3y"):
        assert secret not in told
    assert b"page=2" in told
    assert [
        one.answer.headers["etag"] for one in read(tmp_path) if hasattr(one.answer, "headers")
    ] == [
        '"kept"',
        '"kept"',
    ]


PAGES = PagesTold(
    results={
        "one": PageRead(
            url="https://paper.example/1",
            text="Die Brücke\nist zu.",
            sources=(Source(url="https://wire.example/1", how="rel=canonical"),),
        ),
        "two": PageMissed(reason="404 Not Found"),
    }
)


def test_pages_are_read_as_they_came(tmp_path: Path) -> None:
    asked = PagesAsked(feed=PAPER, addresses=("https://paper.example/1", "https://paper.example/2"))
    visits = [Record(at=MORNING, feed=PAPER, url="", answer=one) for one in (asked, PAGES)]
    visits.append(Record(at=MORNING, feed=PAPER, url="", answer=PagesTold(results={})))
    write(tmp_path, *visits)
    assert read(tmp_path) == visits


def test_no_secret_in_an_address_of_a_page_reaches_the_disk(tmp_path: Path) -> None:
    url = "https://reader:hunter2@paper.example/1?token=s3cr3t"
    page = PageRead(url=url, text="Flood")
    write(
        tmp_path,
        Record(at=MORNING, feed=PAPER, url="", answer=PagesAsked(feed=PAPER, addresses=(url,))),
        Record(at=MORNING, feed=PAPER, url="", answer=told_of({url: page})),
    )
    told = on_disk(tmp_path)
    assert b"hunter2" not in told
    assert b"s3cr3t" not in told
    came = read(tmp_path)[1].answer
    assert isinstance(came, PagesTold)
    assert came.of([url, "https://paper.example/2"]) == {
        url: PageRead(url="https://***@paper.example/1?token=***", text="Flood"),
        "https://paper.example/2": PageMissed(reason="not asked for: no page of it was recorded"),
    }


def test_what_could_not_be_read_again_is_left_out_and_the_others_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("watcher.recording.record.MOST_BYTES", 1000)
    small, large = record(fetched()), record(fetched(b"x" * 1000))
    write(tmp_path, small, large, small)
    assert read(tmp_path) == [small, small]
    assert "is not recorded" in caplog.text


def test_each_record_begins_on_a_line_of_its_own_for_people_who_look(tmp_path: Path) -> None:
    write(tmp_path, *[record(answer) for answer in ANSWERS])
    begun = [line for line in on_disk(tmp_path).split(b"\n") if line.startswith(b'{"at": ')]
    assert len(begun) == len(ANSWERS)


def test_what_is_watched_is_nobody_elses_business(tmp_path: Path) -> None:
    write(tmp_path / "visits", record(fetched()))
    modes = {
        path.name[-3:]: path.stat().st_mode & 0o777 for path in (tmp_path / "visits").iterdir()
    }
    assert (tmp_path / "visits").stat().st_mode & 0o777 == 0o700
    assert modes[".gz"] == 0o600


def test_a_body_that_comes_again_is_written_once(tmp_path: Path) -> None:
    body = NOISE.encode()
    write(tmp_path, *[record(fetched(body), MORNING + timedelta(hours=n)) for n in range(50)])
    assert on_disk(tmp_path).count(body) == 1
    assert [one.answer.body for one in read(tmp_path) if isinstance(one.answer, Fetched)] == [
        body
    ] * 50


def test_a_torn_record_is_passed_over_and_all_whole_ones_are_read(tmp_path: Path) -> None:
    visits = [record(fetched(NOISE[n:].encode()), MORNING + timedelta(hours=n)) for n in range(3)]
    write(tmp_path, *visits[:2])
    (path,) = tmp_path.glob("*.gz")
    whole = path.read_bytes()
    for torn in range(1, len(packed(visits[2])), 97):
        path.write_bytes(whole + packed(visits[2])[:torn])
        folder = RecordedFolder(tmp_path)
        assert list(folder.records()) == visits[:2]
        assert folder.torn == {path.name}
    write(tmp_path, visits[2])  # the next run does not write behind the torn one
    assert read(tmp_path) == visits


def test_a_file_that_is_no_record_is_no_harm(tmp_path: Path) -> None:
    unzoned = {"at": "2026-03-02", "feed": "a", "url": "", "status": 304, "from": "", "headers": {}}
    lines = (
        b"[]\n",
        b"{}\n",
        b"\xff",
        json.dumps(unzoned).encode(),
        b'{"body_at": 0}\n',
        b"[" * 10_000,
    )
    for number, content in enumerate((b"", b"garbage", *map(gzip.compress, lines))):
        (tmp_path / f"20260302T080000Z-{number:04}.visits.gz").write_bytes(content)
    write(tmp_path, record(fetched()))
    assert read(tmp_path) == [record(fetched())]


def test_the_folder_stays_within_its_limit_and_the_newest_visits_stay(tmp_path: Path) -> None:
    limit = 40_000
    visits = [
        record(fetched((NOISE[n % 900 :] + str(n)).encode()), MORNING + timedelta(minutes=n))
        for n in range(300)
    ]
    with recorder(tmp_path, limit) as opened:
        for visit in visits:
            opened.keep(visit)
            assert sum(path.stat().st_size for path in tmp_path.glob("*.gz")) <= limit
    kept = read(tmp_path)
    assert kept == visits[-len(kept) :]
    assert len(kept) > 30


def test_the_limit_holds_over_several_runs(tmp_path: Path) -> None:
    limit = 40_000
    for n in range(300):
        write(tmp_path, record(fetched((NOISE + str(n)).encode())), limit=limit)
    assert sum(path.stat().st_size for path in tmp_path.glob("*.gz")) <= limit


def test_a_body_over_the_limit_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, record(fetched(NOISE.encode())), record(FetchFailed(reason="x")), limit=600)
    assert [one.answer for one in read(tmp_path)] == [FetchFailed(reason="x")]
    assert "feed=paper is not recorded" in caplog.text


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write more to any file, in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_refuses_leaves_whole_records_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visits = [record(fetched(NOISE[n:].encode()), MORNING + timedelta(hours=n)) for n in range(4)]
    with recorder(tmp_path) as opened:
        opened.keep(visits[0])
        (path,) = tmp_path.glob("*.gz")
        with files_of_at_most(path.stat().st_size + 100):
            opened.keep(visits[1])
            opened.keep(visits[2])
        opened.keep(visits[3])
    folder = RecordedFolder(tmp_path)
    assert list(folder.records()) == [visits[0], visits[3]]
    assert not folder.torn
    assert caplog.text.count("visits are not recorded") == 1


def test_a_clock_that_is_set_back_turns_no_order_round(tmp_path: Path) -> None:
    answers = [FetchFailed(reason=str(n)) for n in range(3)]
    moments = (MORNING, MORNING - timedelta(hours=1), MORNING + timedelta(hours=1))
    visits = [record(answer, at) for answer, at in zip(answers, moments, strict=True)]
    write(tmp_path, *visits, limit=2000)  # so small that each is in a segment of its own
    assert [one.answer for one in read(tmp_path)] == answers
    assert [one.at for one in read(tmp_path)] == [MORNING, MORNING, moments[2]]


def test_two_watchers_do_not_record_to_one_folder(tmp_path: Path) -> None:
    with recorder(tmp_path), pytest.raises(ConfigError, match="another Watcher records there"):
        Recorder(tmp_path, redacted, MEGABYTE)


def test_a_place_that_is_no_folder_is_the_operators_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be recorded"):
        Recorder(tmp_path / "file", redacted, MEGABYTE)


def test_an_answer_is_on_the_disk_before_anyone_looks_at_it(tmp_path: Path) -> None:
    internet = FakeInternet()
    internet.publish("http://paper.example/", "Flood")
    feed = Feed(id=PAPER, url="http://paper.example/")
    due = DueFeed(feed=feed, memory=FeedMemory(feed=PAPER, due_at=MORNING))
    with recorder(tmp_path) as opened:
        answers = RecordingFetcher(internet, opened, FakeClock()).fetch_all([due])
        _, answer = next(answers)
        assert [one.answer for one in read(tmp_path)] == [answer]


def test_pages_are_on_the_disk_before_anyone_looks_at_them(tmp_path: Path) -> None:
    pages = FakePages()
    pages.show("http://paper.example/1", "Flood")
    asked = PagesAsked(feed=PAPER, addresses=("http://paper.example/1",))
    with recorder(tmp_path) as opened:
        recorded = RecordingPages(pages, opened, FakeClock())
        recorded.ask(asked)
        assert [one.answer for one in read(tmp_path)] == [asked]
        [(told, got)] = recorded.come()
        assert told == asked
        assert [one.answer for one in read(tmp_path)] == [asked, told_of(got)]
        assert recorded.come() == []
