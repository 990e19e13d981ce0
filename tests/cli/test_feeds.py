"""How feeds do, for people and for programs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Setting, Watcher
from watcher.cli.feed_pages import COLUMNS, page_of, page_record, row_of, trouble_of
from watcher.model import (
    Asking,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Habits,
    LookBack,
    Move,
    PastVisit,
    Wishes,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed(id=FeedId("paper"), url="https://me:secret@paper.example/feed", title="The Paper")
MEMORY = FeedMemory(
    feed=FEED.id,
    due_at=NOW + HOUR / 2,
    first_read_at=NOW - 9 * DAY,
    last_visit_at=NOW - HOUR,
    last_read_at=NOW - HOUR,
    last_fresh_at=NOW - 5 * HOUR,
    last_body_at=NOW - 5 * HOUR,
    etag='"1-gzip"',
    asking=Asking.BARE_TAG,
    visits=214,
    interval=HOUR / 4,
    because="the usual interval",
    wishes=Wishes(
        fresh_for=2 * HOUR,
        interval=HOUR,
        skip_hours=frozenset({0, 1}),
        skip_days=frozenset({6}),
    ),
    habits=Habits(window=20, overlap=19, rate=12.0, longest_pause=2 * DAY, arrivals=40),
    gaps=2,
    recent=(
        PastVisit(at=NOW - HOUR, outcome="not modified"),
        PastVisit(at=NOW - 5 * HOUR, outcome="read", items=20, fresh=1),
        PastVisit(at=NOW - 6 * HOUR, outcome="failed", reason="503 Service Unavailable"),
    ),
)
GOOD = DueFeed(feed=FEED, memory=MEMORY)


def but(**memory: object) -> DueFeed:
    return replace(GOOD, memory=replace(MEMORY, **memory))  # type: ignore[arg-type]


def page(feed: DueFeed) -> str:
    lines = ("".join(run if isinstance(run, str) else run[0] for run in line)
             for line in page_of(feed, NOW))  # fmt: skip
    return "\n".join(lines)


def test_a_page_tells_all_that_is_remembered_in_words() -> None:
    assert (
        page(GOOD)
        == """paper  The Paper
  address     https://***@paper.example/feed
  state       ok
  visits      214, the last one 1 hour ago (2026-03-02 07:00)
  next visit  in 30 minutes (2026-03-02 08:30): the usual interval
  interval    15 minutes, before what the server asks for
  new items   last 5 hours ago (2026-03-02 03:00); about 12 items a day; longest pause 2 days
  window      20 items, which reach back about 40 hours; 19 of them known at the last visit
  gaps        2
  it asks     its answer is fresh for 2 hours; no more often than every 1 hour; \
not at 0, 1 h UTC; not on Sunday
  asked       by the ETag without `-gzip`: the server compares it without (ETag "1-gzip")
last visits
  2026-03-02 07:00  not modified
  2026-03-02 03:00  read          20 items, 1 new
  2026-03-02 02:00  failed        503 Service Unavailable"""
    )


def test_a_page_of_a_feed_that_was_never_visited_says_so() -> None:
    new = DueFeed(feed=FEED, memory=FeedMemory(feed=FEED.id, due_at=NOW))
    told = page(new)
    for part in ("not visited yet", "0, the last one never", "now (2026-03-02 08:00)", "gaps"):
        assert part in told
    assert "None" not in told


@pytest.mark.parametrize(
    ("feed", "state", "told"),
    [
        (but(move=Move(to="https://new.example/feed?key=s3cr3t")), "ok",
         "moved to https://new.example/feed?key=***"),
        (but(failures=4, trouble="503"), "failing", "503"),
        (but(gone=True, trouble="410 Gone"), "gone", "410 Gone"),
        (but(quiet_at=NOW), "quiet", ""),
        (but(gap_at=NOW - DAY), "ok", "items may be missing since 2026-03-01 08:00"),
    ],
)  # fmt: skip
def test_trouble_is_in_the_list_and_on_the_page(feed: DueFeed, state: str, told: str) -> None:
    assert (feed.state, trouble_of(feed)) == (state, told)
    row = dict(zip(COLUMNS, row_of(feed), strict=True))
    assert (row["state"], row["trouble"]) == (state, told)
    assert told.removeprefix("moved ") in page(feed)
    assert "s3cr3t" not in page(feed)


def test_older_pages_that_are_being_read_are_told() -> None:
    looking = LookBack(page="https://paper.example/2", since=NOW, resume_at=NOW)
    assert "older pages are being read" in page(but(look_back=looking))
    assert page_record(but(look_back=looking))["older_page"] == "https://paper.example/2"


def test_programs_get_numbers() -> None:
    told = page_record(GOOD)
    assert (told["interval"], told["reach"], told["longest_pause"]) == (900, 144_000, 172_800)
    assert (told["window"], told["known"], told["gaps"], told["per_day"]) == (20, 19, 2, 12.0)
    assert (told["skip_hours"], told["skip_days"]) == ([0, 1], ["Sunday"])
    assert told["last_visits"][1] == {  # type: ignore[index]
        "at": "2026-03-02T03:00:00Z", "outcome": "read", "reason": "", "items": 20, "new": 1,
    }  # fmt: skip


def test_both_verbs_tell_a_feed_after_its_first_visit(
    watcher: Watcher, setting: Setting, keys: Callable[[str], set[str]]
) -> None:
    setting.publish("Flood closes the north bridge", "Quiet day")
    watcher("once", "-c", setting.config)
    (line,) = watcher("feeds", "list", "-c", setting.config).out.splitlines()
    cells = dict(zip(COLUMNS, line.split("\t"), strict=True))
    assert (cells["feed"], cells["state"], cells["interval"]) == ("paper", "ok", "15 minutes")
    assert (cells["why"], cells["known"], cells["gaps"]) == ("the usual interval", "0 of 2", "0")
    (listed,) = watcher("feeds", "list", "-c", setting.config, "--json").records
    (shown,) = watcher("feeds", "show", "paper", "-c", setting.config, "--json").records
    assert {**shown, **listed} == shown
    assert keys("feeds list") == listed.keys()
    assert keys("feeds show") == shown.keys() - listed.keys()
    said = watcher("feeds", "show", "paper", "-c", setting.config).out
    assert "read          2 items, 2 new" in said


@pytest.fixture
def keys() -> Callable[[str], set[str]]:
    """Give the keys that the manual names for a verb."""
    import re
    from pathlib import Path

    manual = (Path(__file__).parents[2] / "docs/command-line.md").read_text(encoding="utf-8")

    def named(verb: str) -> set[str]:
        found = re.search(rf"^`{verb}`: (.*?)\.\n", manual, re.MULTILINE | re.DOTALL)
        assert found, verb
        told = re.sub(r"\([^)]*\)|the same and", "", found[1])
        return {word.strip() for word in told.split(",")}

    return named
