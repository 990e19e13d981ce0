"""The verbs that do the job and look at it, over real HTTP and a real database."""

import json
import logging
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher
from tests.daemons import Daemon
from watcher.model import PageNote
from watcher.store import open_store

HEADLINE = "Flood closes the north bridge"


def test_once_visits_matches_and_delivers(watcher: Watcher, setting: Setting) -> None:
    setting.publish(HEADLINE, "Quiet day")
    said = watcher("once", "-c", setting.config, "--json")
    assert said.code == 0
    visit, alert = (record for line in said.records for record in line.values())
    assert isinstance(visit, dict)
    assert isinstance(alert, dict)
    assert (visit["feed"], visit["outcome"], visit["new"], visit["promised"]) == (
        "paper", "read", 2, 1,
    )  # fmt: skip
    assert (alert["headline"], alert["state"], alert["rules"]) == (HEADLINE, "sent", ["flood"])
    (line,) = setting.alerts.read_text().splitlines()
    assert HEADLINE in line


def test_once_again_visits_nothing_before_its_time_unless_asked(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    assert watcher("once", "-c", setting.config, "--json").records == []
    (line,) = watcher("once", "-c", setting.config, "--all", "--json").records
    assert line["visit"]["outcome"] == "not modified"  # type: ignore[index]
    assert len(setting.alerts.read_text().splitlines()) == 1


def test_a_round_makes_the_backup_and_the_next_one_begins_nothing_anew(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    database = setting.config.parent / "watcher.db"
    (copy,) = (setting.config.parent / "backups").iterdir()
    database.unlink()
    for journal in setting.config.parent.glob("watcher.db-*"):
        journal.unlink()
    said = watcher("stories", "list", "-c", setting.config)
    assert (said.code, said.out) == (2, "")
    assert f"so does `watcher restore {copy}`" in said.err
    assert watcher("once", "--all", "-c", setting.config).code == 0
    known = watcher("stories", "list", "-c", setting.config).out
    assert HEADLINE in known
    first, notice = setting.alerts.read_text().splitlines()
    assert HEADLINE in first, "it is not told again"
    assert "its last good backup is in its place" in notice


def test_what_urllib3_warns_of_with_whole_addresses_is_not_let_into_the_log(
    watcher: Watcher, setting: Setting
) -> None:
    watcher("once", "-c", setting.config)  # the fetcher is loaded now
    setting.config.write_text("version: no such")
    assert watcher("run", "-c", setting.config).code == 78  # after it has set up its log
    assert not logging.getLogger("urllib3.connection").isEnabledFor(logging.WARNING)


def test_why_tells_what_was_decided_and_when_nothing_is_known(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish(HEADLINE, "Quiet day")
    watcher("once", "-c", setting.config)
    said = watcher("why", "http://paper.example/Flood", "-c", setting.config)
    assert said.code == 0
    for part in (HEADLINE, "new, story", "flood: title “Flood” (plain)", "desk: promised", "sent"):
        assert part in said.out
    quiet = watcher("why", "http://paper.example/Quiet", "-c", setting.config)
    assert "none matches, so nothing was sent" in quiet.out
    (record,) = watcher("why", "http://paper.example/Flood", "-c", setting.config, "--json").records
    assert record["plans"][0]["decision"] == "promised"  # type: ignore[index]
    unknown = watcher("why", "nothing-like-this", "-c", setting.config)
    assert (unknown.code, unknown.out) == (1, "")
    assert "no item 'nothing-like-this' is known" in unknown.err


def test_why_tells_a_word_once_and_how_often_it_stands_there(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish("Flood after flood after flood")
    watcher("once", "-c", setting.config)
    said = watcher("why", "http://paper.example/Flood", "-c", setting.config).out
    assert "flood: title “Flood” (plain), title “flood” (plain) 2 times\n" in said


def test_why_tells_what_became_of_an_items_page(watcher: Watcher, setting: Setting) -> None:
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    outcome = "not asked for: robots.txt forbids it"
    store = open_store(str(setting.config.parent / "watcher.db"))
    with store.transaction() as tx:
        (item,) = tx.find_items("http://paper.example/Flood", 5)
        tx.note_pages([PageNote(item=item.id, used=False, outcome=outcome)])
    store.close()
    why = ("why", "http://paper.example/Flood", "-c", setting.config)
    assert f"  page       {outcome}\n" in watcher(*why).out
    (record,) = watcher(*why, "--json").records
    assert record["page"] == {"used": False, "outcome": outcome, "url": ""}


def test_the_lists_tell_programs_and_people(watcher: Watcher, setting: Setting) -> None:
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    (feed,) = watcher("feeds", "list", "-c", setting.config, "--json").records
    assert (feed["feed"], feed["state"], feed["failures"]) == ("paper", "ok", 0)
    (story,) = watcher("stories", "list", "-c", setting.config, "--json").records
    assert story["title"] == HEADLINE
    (item,) = watcher("stories", "show", story["story"], "-c", setting.config, "--json").records
    assert (item["verdict"], item["title"]) == ("new", HEADLINE)
    (alert,) = watcher("alerts", "list", "-c", setting.config, "--json").records
    assert alert["state"] == "sent"
    shown = watcher("alerts", "show", str(alert["key"])[:8], "-c", setting.config)
    assert HEADLINE in shown.out
    assert "sent on out, 1 attempts" in shown.out
    (status,) = watcher("status", "-c", setting.config, "--json").records
    assert (status["items"], status["alerts"]) == (1, {"sent": 1})
    for verb in (("feeds", "list"), ("stories", "list"), ("alerts", "list"), ("status",)):
        assert watcher(*verb, "-c", setting.config).code == 0
    assert watcher("stories", "show", story["story"], "-c", setting.config).out.startswith("new")


@pytest.mark.parametrize(
    "verb",
    [("feeds", "show"), ("stories", "show"), ("alerts", "show"), ("alerts", "retry")],
)
def test_what_is_not_there_is_said(
    watcher: Watcher, setting: Setting, verb: tuple[str, str]
) -> None:
    said = watcher(*verb, "nosuch", "-c", setting.config)
    assert said.code == 1
    assert "not known" in said.err or "is known" in said.err


def test_a_dead_letter_is_retried_under_the_same_key(watcher: Watcher, setting: Setting) -> None:
    setting.alerts.mkdir()  # nobody can append to a folder
    setting.publish(HEADLINE)
    watcher("once", "-c", setting.config)
    (alert,) = watcher("alerts", "list", "-c", setting.config, "--json").records
    assert alert["state"] in ("dead", "pending")
    setting.alerts.rmdir()
    if alert["state"] == "dead":
        assert watcher("alerts", "retry", alert["key"], "-c", setting.config).code == 0
        watcher("once", "-c", setting.config)
        assert str(alert["key"]) in setting.alerts.read_text()


def test_check_tells_what_is_good(watcher: Watcher, setting: Setting) -> None:
    said = watcher("check", "-c", setting.config)
    assert said.code == 0
    assert said.out.startswith("good: 1 feed, 1 rule")


def test_check_exits_with_2_on_a_fault_and_names_its_place(
    watcher: Watcher, setting: Setting
) -> None:
    rules = setting.config.parent / "rules.yaml"
    rules.write_text("version: 1\nrules:\n  - {id: bad, when: a AND b OR c}\n")
    said = watcher("check", "-c", setting.config)
    assert said.code == 2
    assert "rules.yaml:3:" in said.err
    assert "E104" in said.err
    (record,) = watcher("check", "-c", setting.config, "--json").records
    assert record["error"]["code"] == "E104"  # type: ignore[index]


def test_a_rules_own_test_that_fails_is_a_fault(watcher: Watcher, setting: Setting) -> None:
    rules = setting.config.parent / "rules.yaml"
    rules.write_text(rules.read_text().replace("the food came", "a flood of mail"))
    said = watcher("check", "-c", setting.config)
    assert said.code == 2
    assert 'error T301 in rule "flood": this must not match, and does' in said.err


def test_a_missing_configuration_is_the_operators_mistake(watcher: Watcher, tmp_path: Path) -> None:
    said = watcher("once", "-c", tmp_path / "nowhere.yaml")
    assert said.code == 2
    assert "nowhere.yaml" in said.err


def test_a_database_of_somebody_else_is_refused_and_left_alone(
    watcher: Watcher, setting: Setting
) -> None:
    foreign = setting.config.parent / "watcher.db"
    foreign.write_bytes(b"these are my letters, and no database")
    said = watcher("once", "-c", setting.config)
    assert said.code == 2
    assert "watcher.db" in said.err
    assert foreign.read_bytes() == b"these are my letters, and no database"


def test_init_copies_an_example_that_passes_check(watcher: Watcher, tmp_path: Path) -> None:
    said = watcher("init", tmp_path / "mine")
    assert said.code == 0
    assert watcher("check", "-c", tmp_path / "mine" / "watcher.yaml").code == 0
    again = watcher("init", tmp_path / "mine")
    assert again.code == 2, "what is there already is never written over"


def test_version_and_help(watcher: Watcher) -> None:
    assert watcher("--version").out.startswith("watcher 0.")
    assert "once" in watcher("--help").out


def test_the_daemon_delivers_reloads_and_stops_cleanly(setting: Setting) -> None:
    setting.publish(HEADLINE)
    daemon = Daemon(setting.config)
    try:
        daemon.until("state=sent")
        rules = setting.config.parent / "rules.yaml"
        good = rules.read_text()
        rules.write_text(good.replace("when: flood", "when: flood OR"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until("E122")
        rules.write_text(good.replace("id: flood", "id: deluge"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until("reloaded")
        assert daemon.end(signal.SIGTERM) == 0, daemon.log
    finally:
        daemon.kill()
    story, *notices = map(json.loads, setting.alerts.read_text().splitlines())
    assert HEADLINE in json.dumps(story)
    told = [notice["data"]["headline"] for notice in notices]
    both = [
        "Configuration refused; the one before stays in service",
        "The configuration is good again, and in service",
    ]
    assert told == both[: len(told)], "what it could not say before it ended, it says next time"


def test_a_daemon_that_is_killed_goes_on_where_it_was(setting: Setting) -> None:
    setting.publish(HEADLINE)
    first = Daemon(setting.config)
    try:
        first.until("state=sent")
    finally:
        first.kill()
    second = Daemon(setting.config)
    try:
        second.until("watching 1 feed with 1 rule")
        assert second.end(signal.SIGTERM) == 0
    finally:
        second.kill()
    assert len(setting.alerts.read_text().splitlines()) == 1
