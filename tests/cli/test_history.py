"""Rules tried on the past by the command line. On a real database, at the real time."""

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher
from watcher.clock import SystemClock
from watcher.config import load
from watcher.model import FeedId, Item, ItemId
from watcher.pipeline import place_stream
from watcher.store import open_store

DAY = timedelta(days=1)
RULES = """\
version: 1
rules:
  - {id: flood, when: flood, tests: {match: [flood], no_match: [food]}}
"""
OTHERS = """\
version: 1
rules:
  - {id: flood, when: flood NOT council, tests: {match: [flood], no_match: [food]}}
  - {id: fire, when: fire, tests: {match: [fire], no_match: [fibre]}}
"""
SEEN = [
    ("The flood came to Northam at night", 20 * DAY),
    ("Council debates why a flood was not foreseen", 2 * DAY),
    ("Fire in the mill, nobody hurt", DAY),
    ("An old flood, forgotten by most of us", 40 * DAY),
]


def live(setting: Setting, seen: Sequence[tuple[str, timedelta]], first: int = 0) -> None:
    """See these titles so long ago."""
    now = SystemClock().now()
    items = [
        Item(
            id=ItemId(f"item{number:03}"),
            feed=FeedId("paper" if number % 2 else "wire"),
            link=f"http://paper.example/{number}",
            title=title,
            seen_at=now - ago,
        )
        for number, (title, ago) in enumerate(seen, first)
    ]
    with closing(open_store(load(setting.config, {}).state)) as store, store.transaction() as tx:
        list(place_stream(tx, items))


@pytest.fixture
def past(setting: Setting) -> Setting:
    (setting.config.parent / "rules.yaml").write_text(RULES)
    live(setting, SEEN)
    return setting


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(RULES)
    new.write_text(OTHERS)
    return old, new


# --- rules try ------------------------------------------------------------------------------------


def test_an_expression_is_tried_on_what_is_kept(watcher: Watcher, past: Setting) -> None:
    said = watcher("rules", "try", "flood OR deluge", "-c", past.config)
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[1].startswith("  finds 2 of 3 items first seen since ")
    assert lines[2:4] == ["  2 stories, 2 alerts, 0.1 a day", "  in wire 1, paper 1"]
    bars = [line for line in lines if line.endswith("█" * 40)]
    assert len(bars) == 2
    assert all("      1  █" in bar for bar in bars)
    latest = lines[lines.index("latest stories") + 1 :]
    assert latest[1].strip() == "title: Council debates why a «flood» was not foreseen"
    assert latest[3].strip() == "title: The «flood» came to Northam at night"


def test_a_rule_of_the_configuration_is_tried_by_its_id(watcher: Watcher, past: Setting) -> None:
    said = watcher("rules", "try", "flood", "--json", "-c", past.config, "--since", "90d")
    (told,) = said.records
    assert (told["rule"], told["hits"], told["items"], told["alerts"]) == ("flood", 3, 4, 3)
    assert told["feeds"] == {"wire": 1, "paper": 2}
    days = told["days"]
    assert isinstance(days, dict)
    assert (len(days), sum(days.values())) == (90, 3)
    assert (told["warning"], told["forgotten"], told["backlog"]) == (None, 0, 0)


def test_only_some_feeds_are_asked_for_and_only_some_samples(
    watcher: Watcher, past: Setting
) -> None:
    said = watcher(
        *("rules", "try", "flood OR fire", "--json", "-c", past.config),
        *("--feed", "wi*", "--samples", 1),
    )
    (told,) = said.records
    assert told["hits"] == 2
    assert told["items"] == 3
    samples = told["samples"]
    assert isinstance(samples, list)
    assert [sample["title"] for sample in samples] == ["Fire in the mill, nobody hurt"]


def test_a_rule_that_finds_nothing_says_so(watcher: Watcher, past: Setting) -> None:
    said = watcher("rules", "try", "zeppelin*", "-c", past.config)
    assert said.code == 0
    assert said.out.splitlines()[1].startswith("  finds 0 of 3 items")
    assert len(said.out.splitlines()) == 2


def test_a_broken_expression_is_told_with_its_place(watcher: Watcher, past: Setting) -> None:
    said = watcher("rules", "try", "foo AND", "-c", past.config)
    assert said.code == 2
    assert "error E" in said.err
    assert "^" in said.err


def test_a_flood_of_alerts_is_warned_of(watcher: Watcher, past: Setting) -> None:
    live(past, [(f"Gale number {n} of {n * n}", DAY) for n in range(60)], first=10)
    said = watcher("rules", "try", "gale", "-c", past.config)
    assert said.err == (
        "no rule 'gale' is known: it is taken for an expression\n"
        "warning H401: it matches 60 of 63 items (95%)\n"
    )


def test_looking_back_makes_no_database(watcher: Watcher, setting: Setting) -> None:
    (setting.config.parent / "rules.yaml").write_text(RULES)
    for verb in (("rules", "try", "flood"), ("check", "--since", "7d")):
        said = watcher(*verb, "-c", setting.config)
        assert said.code == 2
        assert "there is no database" in said.err
    assert not list(setting.config.parent.glob("*.db*"))


# --- rules diff -----------------------------------------------------------------------------------


def test_a_change_of_rules_is_told_by_the_alerts_that_it_moves(
    watcher: Watcher, past: Setting, files: tuple[Path, Path]
) -> None:
    said = watcher("rules", "diff", *files, "-c", past.config)
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0] == "rules   1 added (fire), 1 changed (flood), 0 the same"
    assert lines[1].startswith("items   3 items first seen since ")
    assert lines[2] == "alerts  2 with the old rules, 2 with the new"
    gained, lost = lines.index("gained: 1 alert"), lines.index("lost: 1 alert")
    assert lines[gained + 1].startswith("  + ")
    assert lines[gained + 1].endswith("  desk  Fire in the mill, nobody hurt  fire")
    assert lines[lost + 1].endswith("  desk  Council debates why a flood was not foreseen  flood")
    assert lines[-2:] == ["        0        1  fire", "        2        1  flood"]


def test_a_change_of_rules_is_told_to_programs(
    watcher: Watcher, past: Setting, files: tuple[Path, Path]
) -> None:
    (told,) = watcher("rules", "diff", *files, "-c", past.config, "--json").records
    assert told["rules"] == {"added": ["fire"], "removed": [], "changed": ["flood"], "same": 0}
    assert told["alerts"] == {"old": 2, "new": 2}
    assert told["hits"] == {"fire": {"old": 0, "new": 1}, "flood": {"old": 2, "new": 1}}
    gained, lost = told["gained"], told["lost"]
    assert isinstance(gained, list)
    assert isinstance(lost, list)
    assert [(one["story"], one["rules"]) for one in gained] == [("item002", ["fire"])]
    assert [one["story"] for one in lost] == ["item001"]
    assert (told["same"], told["changed"], told["warnings"]) == (1, [], {})


def test_folders_of_rules_are_compared(
    watcher: Watcher, past: Setting, files: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "a.yaml").write_text(OTHERS)
    (folder / "b.yml").write_text("version: 1\nrules:\n  - {id: ice, when: ice}\n")
    (told,) = watcher("rules", "diff", files[0], folder, "-c", past.config, "--json").records
    rules = told["rules"]
    assert isinstance(rules, dict)
    assert rules["added"] == ["fire", "ice"]


def test_rules_that_are_faulty_are_told_and_nothing_is_compared(
    watcher: Watcher, past: Setting, files: tuple[Path, Path]
) -> None:
    files[1].write_text(OTHERS.replace("when: fire", "when: fire AND"))
    said = watcher("rules", "diff", *files, "-c", past.config)
    assert (said.code, said.out) == (2, "")
    assert "new.yaml:4:" in said.err


# --- check --since --------------------------------------------------------------------------------


def test_the_check_warns_of_rules_that_would_fire_too_often(
    watcher: Watcher, past: Setting
) -> None:
    live(past, [(f"Flood number {n} of {n * n}", DAY) for n in range(60)], first=10)
    said = watcher("check", "--since", "7d", "-c", past.config)
    assert said.code == 0
    assert "rules.yaml:3: warning H401" in said.err
    assert 'rule "flood": in the last 7d, it matches 61 of 62 items (98%)' in said.err
    assert "H401" not in watcher("check", "-c", past.config).err
