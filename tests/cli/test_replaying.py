"""watcher replay: what it prints, from what `--record` wrote and from timelines."""

import json
from pathlib import Path

from tests.cli.conftest import SINCE, Setting, Watcher
from tests.servers import FeedServer, Reply
from tests.timelines import Entry, document, write_timeline

RULES = "version: 1\nrules:\n  - {id: flood, when: flood}\n  - {id: fire, when: fire}\n"
QUIET = [Entry("Council elects a mayor"), Entry("Bakery wins a prize")]
FLOOD = [Entry("Flood closes the north bridge"), *QUIET]
FIRE = [Entry("Fire in the old harbour"), *FLOOD]
OTHER = [Entry("Museum shows maps"), Entry("School gets a roof")]


def rules_in(folder: Path) -> Path:
    (folder / "rules.yaml").write_text(RULES)
    return folder / "rules.yaml"


def test_replay_prints_the_alerts_at_their_times_and_what_it_came_to(
    watcher: Watcher, tmp_path: Path
) -> None:
    path = write_timeline(tmp_path, "paper", [QUIET, FLOOD, OTHER])
    told = watcher("replay", path, "--rules", rules_in(tmp_path))
    assert told.code == 0
    assert told.err == ""
    assert told.out.splitlines()[:2] == [
        "2026-03-02T09:02:00Z  alerts",
        "Flood closes the north bridge · paper",
    ]
    assert "2026-03-02T10:00:00Z  notice\nFeed paper: gap\nnothing in it was known" in told.out
    assert told.out.splitlines()[-5:] == [
        "visits     3 of 1 feeds, 2026-03-02T08:00:00Z to 2026-03-02T10:00:00Z: "
        "3 documents, 0 unchanged, 0 failed",
        "items      5, 0 edits, 0 copies",
        "gaps       1",
        "alerts     1: flood 1",
        "notices    1: gap 1",
    ]


def test_replay_gives_json_with_the_documented_keys(watcher: Watcher, tmp_path: Path) -> None:
    path = write_timeline(tmp_path, "paper", [QUIET, FLOOD, OTHER])
    told = watcher("replay", path, "--rules", rules_in(tmp_path), "--json")
    kinds = {kind: record for line in told.records for kind, record in line.items()}
    assert list(kinds) == ["alert", "notice", "summary"]
    manual = (Path(__file__).parents[2] / "docs/command-line.md").read_text("utf-8")
    documented = manual.partition("`replay`: lines")[2].partition("`rules try`")[0]
    for record in kinds.values():
        assert isinstance(record, dict)
        assert all(key in documented for key in record)
    assert kinds["notice"] == {
        "at": "2026-03-02T10:00:00Z",
        "feed": "paper",
        "topic": "gap",
        "text": "nothing in it was known from the visit before (2026-03-02 09:00 UTC): "
        "items in between may have been missed",
    }
    assert kinds["summary"] == {
        "from": "2026-03-02T08:00:00Z", "to": "2026-03-02T10:00:00Z", "feeds": 1, "visits": 3,
        "documents": 3, "unchanged": 0, "failed": 0, "items": 5, "edits": 0, "copies": 0,
        "gaps": 1, "alerts": 1, "rules": {"flood": 1}, "notices": {"gap": 1},
    }  # fmt: skip


def test_replay_tells_the_same_twice_byte_for_byte(watcher: Watcher, tmp_path: Path) -> None:
    write_timeline(tmp_path, "paper", [QUIET, FIRE, FIRE[:2], OTHER, QUIET])
    write_timeline(tmp_path, "wire", [OTHER, FIRE, FLOOD, FIRE])
    rules = rules_in(tmp_path)
    runs = {watcher("replay", tmp_path, "--rules", rules, "--json").out for _ in range(2)}
    assert len(runs) == 1
    assert '"alert"' in runs.pop()


def test_what_once_recorded_is_replayed_to_the_same_alerts(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    visits = tmp_path / "visits"
    setting.publish("Council elects")
    for title in ("Council elects", "flood closes road", "flood closes road"):
        setting.publish(*dict.fromkeys((title, "Council elects")))
        once = watcher("once", "--all", "--record", visits, "-c", setting.config)
        assert once.code == 0, once.err
    sent = [
        json.loads(line)["data"]["headline"] for line in setting.alerts.read_text().splitlines()
    ]
    told = watcher("replay", visits, "-c", setting.config, "--json")
    assert told.code == 0, told.err
    *alerts, last = told.records
    assert [dict(one["alert"])["headline"] for one in alerts] == sent == ["flood closes road"]  # type: ignore[call-overload]
    summary = last["summary"]
    assert isinstance(summary, dict)
    assert (summary["documents"], summary["unchanged"], summary["items"]) == (2, 1, 2)


def test_replay_keeps_its_database_where_that_is_wanted(watcher: Watcher, tmp_path: Path) -> None:
    path = write_timeline(tmp_path, "paper", [QUIET, FLOOD])
    again = (
        "replay",
        path,
        "--rules",
        rules_in(tmp_path),
        "--state",
        tmp_path / "kept.db",
        "--json",
    )
    first, second = watcher(*again).records[-1]["summary"], watcher(*again).records[-1]["summary"]
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["items"], second["items"]) == (3, 0)


def test_replay_refuses_the_daemons_own_database(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    path = write_timeline(tmp_path, "paper", [QUIET])
    own = tmp_path / "watcher.db"
    told = watcher("replay", path, "-c", setting.config, "--state", own)
    assert told.code == 2
    assert "the daemon's own database" in told.err
    assert not own.exists()


def test_replay_names_what_it_cannot_replay(watcher: Watcher, tmp_path: Path) -> None:
    told = watcher("replay", tmp_path / "nowhere", tmp_path, "--rules", rules_in(tmp_path))
    assert (told.code, told.out) == (2, "")
    assert f"{tmp_path}/nowhere: error R003: is not there" in told.err
    assert f"{tmp_path}: error R003: holds neither records" in told.err


def test_a_record_that_was_interrupted_is_told(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    setting.publish("Council elects")
    visits = tmp_path / "visits"
    watcher("once", "--record", visits, "-c", setting.config)
    (segment,) = visits.glob("*.gz")
    segment.write_bytes(segment.read_bytes() * 2 + segment.read_bytes()[:-1])
    told = watcher("replay", visits, "-c", setting.config)
    assert told.err == f"{segment.name}: its last record was interrupted and is passed over\n"
    assert "visits     2 of 1 feeds" in told.out


def test_a_word_that_only_a_page_has_alerts_and_does_so_again_in_a_replay(
    watcher: Watcher, setting: Setting, tmp_path: Path
) -> None:
    words = "The river rose overnight, and the flood closed the bridge to all traffic at six. " * 5
    page = f"<html><body><article><h1>News</h1><p>{words}</p></article></body></html>"
    feeds = setting.config.parent / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("backfill: 1", "backfill: 1, full_text: auto"))
    with FeedServer() as site:
        link = site.on("/1", Reply(body=page.encode(), headers={"Content-Type": "text/html"}))
        item = Entry("North bridge closed", link=link, summary="More in the article.")
        setting.server.show({"paper.xml": document([item])}, SINCE)
        once = watcher("once", "-c", setting.config, "--record", tmp_path / "visits")
        assert once.code == 0, once.err
        asked = [seen.path for seen in site.requests]
    (alert,) = setting.alerts.read_text().splitlines()
    assert "North bridge closed" in alert
    assert asked == ["/robots.txt", "/1"]
    replays = [watcher("replay", tmp_path / "visits", "-c", setting.config) for _ in range(2)]
    assert "North bridge closed" in replays[0].out
    assert "alerts     1: flood 1" in replays[0].out
    assert replays[0] == replays[1]
