"""`watcher demo` shows the real pipeline at work, and says so when anything is not as it must."""

import json
import re
import shutil
import threading
from collections import Counter
from pathlib import Path

import pytest

from watcher.demo import Played, find_seeds, play, read_newsroom, show
from watcher.demo.playing import ALERTS_AT, FEEDS_AT
from watcher.errors import ConfigError
from watcher.model import AlertState, Verdict

FOLLOW_UP = "BlackBerry stays in Pakistan after regulator drops its demand"
ORIGINAL = "BlackBerry will leave Pakistan rather than build a ‘back door’"
REPOSTS = {"metro-courier", "techno-echo", "gadget-mirror"}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the newsroom that a test may spoil."""
    return Path(shutil.copytree(find_seeds(), tmp_path / "seeds"))


@pytest.fixture(scope="module")
def played() -> Played:
    return play(read_newsroom(find_seeds()), console=False)


def drop(pattern: str, path: Path) -> None:
    text = path.read_text("utf-8")
    kept = re.sub(pattern, "", text, count=1, flags=re.DOTALL)
    assert kept != text
    path.write_text(kept, "utf-8")


# --- what must come of the example --------------------------------------------------------------


def test_the_alerts_of_the_example_are_the_expected_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert show(as_json=True) == 0
    printed = capsys.readouterr()
    lines = (find_seeds() / "expected-alerts.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in printed.out.splitlines()] == [
        json.loads(line) for line in lines
    ]
    assert printed.err == ""


def test_one_story_is_one_alert_and_reposts_never_alert(played: Played) -> None:
    stories = Counter(told.first.story for told in played.told)
    assert set(stories.values()) == {1}
    assert not REPOSTS & {
        told.first.message.lead.feed for told in played.told if told.first.message.lead
    }
    (original,) = (told for told in played.told if told.first.message.headline == ORIGINAL)
    assert {copy.item.feed for copy in original.copies} == REPOSTS
    assert played.counts.copies == len(REPOSTS)


def test_every_copy_says_why_it_is_one(played: Played) -> None:
    for told in played.told:
        for copy in told.copies:
            assert copy.placement.verdict is Verdict.COPY
            assert all(copy.placement.because)
            assert copy.placement.because


def test_the_follow_up_alerts_though_it_reads_like_the_first_report(played: Played) -> None:
    assert played.told[-1].first.message.headline == FOLLOW_UP


def test_every_alert_left_once_on_each_route_and_reached_the_receiver(played: Played) -> None:
    deliveries = [delivery for scene in played.scenes for delivery in scene.deliveries]
    keys = [delivery.alert.key for delivery in deliveries]
    assert len(set(keys)) == len(keys) == 2 * len(played.told)
    assert {delivery.alert.state for delivery in deliveries} == {AlertState.SENT}
    assert played.received == len(played.told)


def test_what_was_there_before_the_watch_began_matches_but_does_not_alert(played: Played) -> None:
    first = played.scenes[0]
    assert sum(visit.hits for visit in first.visits) == 1
    assert first.deliveries == ()


def test_an_unchanged_feed_is_answered_not_modified(played: Played) -> None:
    outcomes = Counter(visit.outcome for scene in played.scenes for visit in scene.visits)
    assert outcomes["read"] == sum(
        len(edition.documents) for edition in read_newsroom(find_seeds()).editions
    )
    unchanged = sum(outcomes.values()) - outcomes["read"]
    assert outcomes["not modified"] + outcomes["same"] == unchanged
    assert outcomes["not modified"] > outcomes["same"], "only after a month they send it all again"


def test_the_same_example_gives_the_same_again(played: Played) -> None:
    again = play(read_newsroom(find_seeds()), console=False)
    assert again.records == played.records
    assert again.counts == played.counts


# --- what is told -------------------------------------------------------------------------------


def test_the_summary_counts_and_names_alerts_and_copies_with_the_reason(
    capsys: pytest.CaptureFixture[str], played: Played
) -> None:
    assert show() == 0
    told = capsys.readouterr()
    text = " ".join(told.out.split())
    counts = played.counts
    assert f"{counts.feeds} feeds, {sum(len(s.visits) for s in played.scenes)} visits" in text
    assert f"{counts.items} items in {counts.stories} stories, 3 of them copies" in text
    assert "5 alerts, about 5 stories" in text
    assert "3 copies were folded and did not alert again" in text
    for told_story in played.told:
        assert " ".join(told_story.first.message.headline.split()) in text
        for copy in told_story.copies:
            assert copy.item.title in text
            for reason in copy.placement.because:
                assert " ".join(reason.split()) in text
    assert told.err == ""


def test_the_console_shows_each_alert_under_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    show()
    out = capsys.readouterr().out
    first_day = out[: out.index("Monday 30 November 2015")]
    assert first_day.rstrip().endswith("Sunday 29 November 2015, 18:00 UTC\nNo alert.")
    new_year = out.index("Friday 1 January 2016, 09:00 UTC")
    assert new_year < out.index(FOLLOW_UP) < out.index("What happened, edition by edition")
    assert out.index("Monday 30 November 2015, 15:00 UTC") < out.index(ORIGINAL) < new_year


def test_nothing_is_coloured_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show()
    assert "\x1b" not in capsys.readouterr().out


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    play(read_newsroom(find_seeds()), console=False)
    assert set(threading.enumerate()) <= before


# --- when it is not as it must be ---------------------------------------------------------------


def test_without_the_follow_up_the_expected_alerts_are_missed(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = seeds / "editions" / "2016-01-01T0900Z" / "harbour-wire.xml"
    drop(r"<entry>\s*<title>BlackBerry stays.*?</entry>", paper)
    assert show(as_json=True, seeds=seeds) == 1
    told = capsys.readouterr().err
    assert "this should not happen" in told
    assert [line for line in told.splitlines() if "missing" in line and FOLLOW_UP in line]


def test_a_repost_that_nobody_expects_to_fold_is_told(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror = seeds / "editions" / "2015-12-01T0900Z" / "gadget-mirror.xml"
    drop(r"<p>Article source:.*?</p>", mirror)
    assert show(as_json=True, seeds=seeds) == 1
    told = capsys.readouterr().err
    assert [line for line in told.splitlines() if "too much" in line and "gadget-mirror" in line]


def test_a_feed_that_cannot_be_read_is_told(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (seeds / "editions" / "2016-01-01T0900Z" / "karachi-ledger.xml").write_text("<html></html>")
    assert show(as_json=True, seeds=seeds) == 1
    assert "visit of karachi-ledger" in capsys.readouterr().err


def test_an_alert_that_nobody_takes_is_told(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = seeds / "config" / "watcher.yaml"
    text = config.read_text("utf-8")
    config.write_text(text.replace(ALERTS_AT, FEEDS_AT), "utf-8")  # which takes no alerts
    assert show(as_json=True, seeds=seeds) == 1
    assert "by route receiver" in capsys.readouterr().err


def test_a_folder_without_an_example_is_the_operators_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not hold a readable example"):
        show(seeds=tmp_path)
    (tmp_path / "editions").mkdir()
    (tmp_path / "expected-alerts.jsonl").write_text("")
    with pytest.raises(ConfigError, match="holds no edition"):
        show(seeds=tmp_path)
    (tmp_path / "editions" / "yesterday").mkdir()
    with pytest.raises(ConfigError, match="yesterday"):
        show(seeds=tmp_path)


def test_an_installed_package_finds_the_example_where_a_wheel_puts_it(tmp_path: Path) -> None:
    checkout, installed = tmp_path / "checkout", tmp_path / "share"
    with pytest.raises(ConfigError, match="run `watcher demo` from a checkout"):
        find_seeds((checkout, installed))
    (installed / "editions").mkdir(parents=True)
    assert find_seeds((checkout, installed)) == installed
    (checkout / "editions").mkdir(parents=True)
    assert find_seeds((checkout, installed)) == checkout
