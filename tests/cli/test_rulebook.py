"""How rules do, as the command line tells it. On a real database, at the real time."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher
from watcher.clock import SystemClock
from watcher.config import Config, load
from watcher.model import Ailment, FeedId, Item, ItemId, RuleId, RuleInfo, RuleNotice
from watcher.store import open_store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RULES = """\
version: 1
rules:
  - id: flood
    title: Floods
    severity: high
    expected: 30d
    when: flood
    tests: {match: [the flood came], no_match: [the food came]}
  - id: fire   # and smoke
    when: fire
    expected: 2h
  - {id: hail, when: hail, enabled: false, tests: {match: [hail]}}
  - {id: all, when: 'day OR flood', tests: {match: [day, night]}}
"""


@pytest.fixture
def rules(setting: Setting) -> Setting:
    (setting.config.parent / "rules.yaml").write_text(RULES)
    return setting


def serve(config: Config, since: datetime) -> None:
    """Be a daemon that came into service then."""
    with closing(open_store(config.state)) as store, store.transaction() as tx:
        tx.configure_feeds(config.feeds, since)
        tx.configure_rules(config.rules.infos, since)


def live(config: Config, seen: Sequence[tuple[str, timedelta]]) -> None:
    """See these titles so long ago, and match them."""
    now = SystemClock().now()
    with closing(open_store(config.state)) as store, store.transaction() as tx:
        for number, (title, ago) in enumerate(seen):
            item = Item(
                id=ItemId(f"item{number:03}"),
                feed=FeedId("paper"),
                link=f"http://paper.example/{number}",
                title=title,
                seen_at=now - ago,
            )
            tx.keep([item])
            tx.keep_hits(config.rules.match(item, now), now - ago)


@pytest.fixture
def lived(rules: Setting) -> Setting:
    """Forty days of service: floods of late, never a fire, and nearly everything has a `day`."""
    config = load(rules.config, {})
    serve(config, SystemClock().now() - 40 * DAY)
    days = [(f"Quiet day {n}", n * timedelta(minutes=10)) for n in range(60)]
    live(config, [*days, ("The flood", 2 * DAY), ("A flood again", 2 * DAY), ("Flood", 20 * DAY)])
    return rules


def test_the_list_has_every_rule_in_the_order_of_the_file(watcher: Watcher, lived: Setting) -> None:
    records = watcher("rules", "list", "-c", lived.config, "--json").records
    assert [(record["rule"], record["state"]) for record in records] == [
        ("flood", []),
        ("fire", ["quiet", "untested"]),
        ("hail", ["disabled"]),
        ("all", ["noisy"]),
    ]


def test_the_list_tells_programs_hits_of_each_day(watcher: Watcher, lived: Setting) -> None:
    now = SystemClock().now()
    flood = watcher("rules", "list", "-c", lived.config, "--json").records[0]
    days = flood.pop("days")
    assert isinstance(days, dict)
    assert len(days) == 30
    assert {day: hits for day, hits in days.items() if hits} == {
        f"{now - 20 * DAY:%Y-%m-%d}": 1,
        f"{now - 2 * DAY:%Y-%m-%d}": 2,
    }
    assert (flood["hits"], flood["per_day"]) == (3, 0.1)
    assert (flood["expected"], flood["line"]) == (30 * 86_400, 3)
    assert flood["lately"] == {"items": 60, "hits": 0}
    assert str(flood["last_hit"]).startswith(f"{now - 2 * DAY:%Y-%m-%d}")


def test_the_average_is_of_the_span_that_one_asks_for(watcher: Watcher, lived: Setting) -> None:
    for span, hits, average in (("4d", 2, 0.5), ("1d", 0, 0.0), ("10w", 3, round(3 / 41, 3))):
        said = watcher("rules", "list", "-c", lived.config, "--since", span, "--json")
        assert (said.records[0]["hits"], said.records[0]["per_day"]) == (hits, average)


def test_the_average_of_a_young_rule_is_of_its_own_time(watcher: Watcher, rules: Setting) -> None:
    config = load(rules.config, {})
    serve(config, SystemClock().now() - DAY)
    live(config, [("Flood", HOUR), ("The flood", HOUR)])
    (flood, *_) = watcher("rules", "list", "-c", rules.config, "--json").records
    assert flood["per_day"] == 1.0


def test_the_list_draws_the_last_days_for_people(watcher: Watcher, lived: Setting) -> None:
    said = watcher("rules", "list", "-c", lived.config)
    flood, fire, hail, _all = (line.split("\t") for line in said.out.splitlines())
    assert flood[:3] == ["flood", "high", "ok"]
    assert flood[4].startswith("2 days ago (")
    assert flood[5:] == ["···········█··", "0.1", "30 days"]
    assert fire[2:3] + fire[4:] == ["quiet, untested", "never", "·" * 14, "0", "2 hours"]
    assert hail[2:5] == ["disabled", "-", "-"]


def test_a_rule_that_no_daemon_has_seen_is_said_to_be_so(watcher: Watcher, rules: Setting) -> None:
    (flood, *_) = watcher("rules", "list", "-c", rules.config, "--json").records
    assert (flood["state"], flood["since"]) == (["not in service yet"], None)


def test_a_rule_that_was_disabled_since_is_not_blamed(watcher: Watcher, lived: Setting) -> None:
    path = lived.config.parent / "rules.yaml"
    path.write_text(RULES.replace("    when: fire\n", "    when: fire\n    enabled: false\n"))
    fire = watcher("rules", "list", "-c", lived.config, "--json").records[1]
    assert fire["state"] == ["disabled", "untested"]


def test_a_rule_that_the_daemon_left_out_is_not_in_service(
    watcher: Watcher, lived: Setting
) -> None:
    """Its notice is still open, so the store still tells of it."""
    config, now = load(lived.config, {}), SystemClock().now()
    fire = RuleInfo(id=RuleId("fire"))
    notice = RuleNotice(rule=fire, ailment=Ailment.QUIET, opens=True, opened_at=now, text="so")
    with closing(open_store(config.state)) as store, store.transaction() as tx:
        tx.note_rule(notice)
        tx.configure_rules([info for info in config.rules.infos if info.id != "fire"], now)
    (_, told, *_) = watcher("rules", "list", "-c", lived.config, "--json").records
    assert told["state"] == ["not in service yet", "untested"]


def test_a_span_that_is_none_is_the_operators_mistake(watcher: Watcher, lived: Setting) -> None:
    for verb in (("list",), ("show", "flood")):
        said = watcher("rules", *verb, "-c", lived.config, "--since", "soon")
        assert said.code == 2
        assert "'soon' is not a span of time" in said.err


# --- one rule


def test_one_rule_is_shown_as_it_is_written_and_as_it_does(
    watcher: Watcher, lived: Setting
) -> None:
    out = watcher("rules", "show", "flood", "-c", lived.config).out
    for told in (
        "flood  high  Floods\n",
        "  state       ok\n",
        f"  written     {lived.config.parent / 'rules.yaml'}:3\n",
        "  notify      desk\n",
        "  expected    a hit within 30 days\n",
        "  last hit    2 days ago (",
        "  24 hours    matched 0 of 60 new items\n",
        "  tests       1 must match, 1 must not: all pass\n",
        "\n  - id: flood\n    title: Floods\n",
        "2 hits in 14 days, 0.14 a day\n",
        f"{SystemClock().now() - 2 * DAY:%a %Y-%m-%d}      2  {'█' * 40}\n",
        "    title: The «flood»\n",
        "    title: A «flood» again\n",
    ):
        assert told in out


def test_one_rule_is_shown_to_programs(watcher: Watcher, lived: Setting) -> None:
    (record,) = watcher("rules", "show", "flood", "-c", lived.config, "--json").records
    assert record["tests"] == {"match": 1, "no_match": 1, "failed": []}
    assert str(record["written"]).startswith("- id: flood\n")
    hits = record["last_hits"]
    assert isinstance(hits, list)
    assert [hit["title"] for hit in hits] == ["The flood", "A flood again", "Flood"]
    assert hits[0]["hits"][0]["text"] == "flood"


def test_a_sample_that_fails_is_told_where_the_rule_is_shown(
    watcher: Watcher, lived: Setting
) -> None:
    said = watcher("rules", "show", "all", "-c", lived.config)
    assert "2 must match, 0 must not: 1 fail" in said.out
    assert "T301 match.1: this must match, and does not" in said.out
    (record,) = watcher("rules", "show", "all", "-c", lived.config, "--json").records
    assert len(record["tests"]["failed"]) == 1  # type: ignore[index]


def test_the_words_of_an_item_that_was_edited_are_told_without_their_context(
    watcher: Watcher, lived: Setting
) -> None:
    config = load(lived.config, {})
    with closing(open_store(config.state)) as store, store.transaction() as tx:
        (past, *_) = tx.hits_of(config.rules.infos[0].id, 1)
        edited = Item(id=past.item.id, feed=past.item.feed, title="Dry", seen_at=past.item.seen_at)
        tx.keep_edits([edited], SystemClock().now())
    out = watcher("rules", "show", "flood", "-c", lived.config).out
    assert "    title: “flood”\n" in out


def test_an_open_notice_is_told(watcher: Watcher, lived: Setting) -> None:
    config, then = load(lived.config, {}), SystemClock().now() - 3 * DAY
    (fire,) = (info for info in config.rules.infos if info.id == "fire")
    notice = RuleNotice(rule=fire, ailment=Ailment.QUIET, opens=True, opened_at=then, text="so")
    with closing(open_store(config.state)) as store, store.transaction() as tx:
        assert tx.note_rule(notice)
    assert (
        "  told        quiet, 3 days ago ("
        in watcher("rules", "show", "fire", "-c", lived.config).out
    )
    (record,) = watcher("rules", "show", "fire", "-c", lived.config, "--json").records
    assert record["told"] == {"quiet": f"{then:%Y-%m-%dT%H:%M:%SZ}"}


def test_a_rule_that_is_not_there_is_said(watcher: Watcher, lived: Setting) -> None:
    said = watcher("rules", "show", "food", "-c", lived.config)
    assert (said.code, said.out) == (1, "")
    assert "no rule 'food' is known" in said.err


# --- status


def test_status_names_the_rules_in_trouble(watcher: Watcher, lived: Setting) -> None:
    said = watcher("status", "-c", lived.config)
    assert "rules     4, 1 quiet, 1 noisy\n" in said.out
    assert "quiet     fire\n" in said.out
    assert "noisy     all\n" in said.out
    (record,) = watcher("status", "-c", lived.config, "--json").records
    assert record["rules"] == {"configured": 4, "quiet": ["fire"], "noisy": ["all"]}


def test_the_daemons_job_tells_the_operator(watcher: Watcher, rules: Setting) -> None:
    rules.publish("Quiet day")
    serve(load(rules.config, {}), SystemClock().now() - 3 * HOUR)
    watcher("once", "-c", rules.config)
    lines = rules.alerts.read_text().splitlines()
    assert [line for line in lines if "Rule fire has gone quiet" in line]
    before = len(lines)
    watcher("once", "-c", rules.config)
    assert len(Path(rules.alerts).read_text().splitlines()) == before
