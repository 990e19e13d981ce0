"""What `match` and `explain` show to people, and what `explain` tells to programs."""

import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Setting, Watcher

RULES = """version: 1
lists:
  access: [back door, unfettered access, wiretap*]
rules:
  - id: bb-access
    title: BlackBerry and access
    severity: critical
    when: =BlackBerry AND $access NOT recipe
    tests: {match: [BlackBerry back door], no_match: [back door]}
  - {id: fresh, when: flood AND age<7d, tests: {match: [{title: flood, published: 2026-01-01}]}}
  - {id: off, when: flood, enabled: no, tests: {match: [flood]}}
  - {id: broken-test, when: flood, tests: {match: [fire]}}
"""
STORY = {
    "id": "8f3a",
    "title": "BlackBerry to exit Pakistan over ‘back door’ entrance",
    "content": "<p>It would not support back doors.</p><p>Nor wiretaps.</p>",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start where no configuration is."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def items(folder: Path, *records: object) -> Path:
    path = folder / "items.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


# --- match ----------------------------------------------------------------------------------------


def test_match_shows_rules_with_their_words(watcher: Watcher, rules: Path, tmp_path: Path) -> None:
    said = watcher("match", "--rules", rules, items(tmp_path, STORY, {"id": "2", "title": "x"}))
    assert said.code == 0
    assert said.out.splitlines() == [
        "8f3a  BlackBerry to exit Pakistan over ‘back door’ entrance",
        "  bb-access  critical  BlackBerry and access",
        "    title    exact        «BlackBerry» to exit Pakistan over ‘back door’ …",
        "    title    list:access  … to exit Pakistan over ‘«back door»’ entrance",
        "    content  list:access  It would not support «back doors». / Nor wiretaps.",
        "    content  list:access  It would not support back doors. / Nor «wiretaps».",
    ]
    assert said.err.splitlines()[-1] == "2 items, 1 matched, 1 hit"


def test_match_shows_items_without_a_hit_when_asked(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    said = watcher("match", "--rules", rules, "--all", items(tmp_path, {"id": "2", "title": "x"}))
    assert said.out == "2  x\n"


def test_match_takes_the_rules_of_the_configuration(watcher: Watcher, setting: Setting) -> None:
    path = items(setting.config.parent, {"id": "1", "title": "the flood"})
    assert "flood  info" in watcher("match", path, "-c", setting.config).out
    assert "flood  info" in watcher("match", path).out  # ./watcher.yaml
    faulty = watcher("match", path, "--json", "-c", "nowhere.yaml")
    assert faulty.code == 2
    assert "error" in faulty.records[0]


def test_match_gathers_what_one_term_finds_in_one_text(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    rules.write_text("version: 1\nrules: [{id: r, when: flood}]\n")
    said = watcher("match", "--rules", rules, items(tmp_path, {"title": "flood and flood"}))
    assert said.out.splitlines()[-1] == "    title  plain  «flood» and «flood»"


# --- explain: an item -----------------------------------------------------------------------------


def test_explain_shows_every_part_of_a_match(watcher: Watcher, rules: Path, tmp_path: Path) -> None:
    said = watcher("explain", "--rules", rules, "bb-access", items(tmp_path, STORY))
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[:5] == [
        "MATCH  bb-access  critical  BlackBerry and access",
        "8f3a  BlackBerry to exit Pakistan over ‘back door’ entrance",
        "  ✓ =BlackBerry",
        "      =BlackBerry  exact  title  0-10  «BlackBerry» to exit Pakistan over …",
        "  ✓ $access",
    ]
    assert lines[-1] == "  ✓ NOT recipe  not found"


def test_explain_shows_what_is_nearest_in_the_first_false_part(
    watcher: Watcher, rules: Path
) -> None:
    said = watcher("explain", "--rules", rules, "bb-access", "--text", "BlackBerry: back the doors")
    assert said.code == 1
    assert said.out.splitlines()[2:] == [
        "  ✓ =BlackBerry",
        "      =BlackBerry  exact  title  0-10  «BlackBerry»: back the doors",
        "  ✗ $access",
        "      back door  its words are found, with 1 word between; back NEAR/1 door would match",
        "        back  plain   title  12-16  BlackBerry: «back» the doors",
        "        door  plural  title  21-26  BlackBerry: back the «doors»",
        "      not found: unfettered access, wiretap*",
        "  ✓ NOT recipe  not found",
    ]


def test_explain_tells_programs_all_of_it(watcher: Watcher, rules: Path) -> None:
    said = watcher(
        "explain", "--rules", rules, "bb-access", "--json", "--text", "BlackBerry back the doors",
        "--now", "2026-03-01",
    )  # fmt: skip
    (record,) = said.records
    assert {key: record[key] for key in ("rule", "at", "matches", "enabled", "failing")} == {
        "rule": "bb-access",
        "at": "2026-03-01T00:00:00Z",
        "matches": False,
        "enabled": True,
        "failing": "$access",
    }
    assert set(record) == {
        "rule", "item", "at", "matches", "enabled", "hits", "parts", "failing", "misses", "absent",
    }  # fmt: skip
    assert isinstance(record["misses"], list)
    (miss,) = record["misses"]
    assert {**miss, "hits": len(miss["hits"])} == {
        "term": "back door",
        "list": "access",
        "kind": "apart",
        "why": "its words are found, with 1 word between",
        "distance": 1,
        "would": "back NEAR/1 door",
        "hits": 2,
    }
    assert record["absent"] == ["unfettered access", "wiretap*"]
    parts = record["parts"]
    assert isinstance(parts, list)
    assert [(part["part"], part["holds"], part["why"]) for part in parts] == [
        ("=BlackBerry", True, ""), ("$access", False, ""), ("NOT recipe", True, "not found"),
    ]  # fmt: skip


def test_explain_takes_an_expression_without_any_configuration(watcher: Watcher) -> None:
    said = watcher("explain", '"back door" NEAR/3 blackberry', "--text", "BlackBerry: a back door")
    assert said.code == 0
    assert said.out.startswith('MATCH  "back door" NEAR/3 blackberry\n')
    assert watcher("explain", "blackberry", "--text", "nothing").code == 1


def test_an_expression_may_use_the_lists_of_the_rules(watcher: Watcher, rules: Path) -> None:
    said = watcher("explain", "--rules", rules, "$access AND x", "--text", "a wiretap x")
    assert said.code == 0


def test_a_faulty_expression_is_told_with_a_caret(watcher: Watcher) -> None:
    said = watcher("explain", "back door", "--text", "x")
    assert said.code == 2
    assert said.err.splitlines()[1:3] == ["    back door", "         ^^^^"]


def test_an_unknown_rule_that_looks_like_one_is_a_mistake(watcher: Watcher, rules: Path) -> None:
    said = watcher("explain", "--rules", rules, "bb-acces", "--text", "x")
    assert said.code == 2
    assert "did you mean bb-access?" in said.err
    other = watcher("explain", "--rules", rules, "pineapple", "--text", "pineapple")
    assert other.code == 0
    assert "it is taken for an expression" in other.err


def test_a_rule_that_is_switched_off_is_explained_and_told_so(
    watcher: Watcher, rules: Path
) -> None:
    said = watcher("explain", "--rules", rules, "off", "--text", "a flood")
    assert said.code == 0
    assert "switched off" in said.out


def test_items_come_as_lines_as_one_object_and_as_plain_text(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    two = items(tmp_path, {"title": "a flood"}, {"title": "a fire"})
    said = watcher("explain", "flood", two, "--json")
    assert ([record["matches"] for record in said.records], said.code) == ([True, False], 1)
    for source in (
        '{"title": "x",\n "content": "a flood"}',
        '[{"title": "a flood"}]',
        "[Update] a flood",
        "A title\n\nThe first paragraph.\n\nIn the second a\nflood.",
    ):
        monkeypatch.setattr(sys, "stdin", io.StringIO(source))
        assert watcher("explain", "flood", "-").code == 0, source
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\na\n\nflood"))
    assert watcher("explain", '"a flood"', "-").code == 1  # not across paragraphs


@pytest.mark.parametrize("source", ["", "{broken", "[1]", '{"id": "1"}'])
def test_what_is_no_item_is_a_mistake(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(source))
    said = watcher("explain", "flood", "-")
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_an_item_is_judged_at_its_own_time_or_the_one_given(watcher: Watcher, rules: Path) -> None:
    path = items(rules.parent, {"title": "flood", "published": "2026-01-01"})

    def code(*arguments: object) -> int:
        return watcher("explain", "--rules", rules, "fresh", path, *arguments).code

    assert code("--now", "2026-01-02") == 0
    assert code("--now", "2026-02-02") == 1
    items(rules.parent, {"title": "flood", "published": "2026-01-01", "now": "2026-01-03"})
    assert code() == 0


def test_an_item_of_the_store_is_judged_when_it_was_seen(
    watcher: Watcher, setting: Setting
) -> None:
    setting.publish("Flood closes the bridge", "Flood opens the bridge")
    watcher("once", "-c", setting.config)
    said = watcher("explain", "flood", "http://paper.example/Flood", "-c", setting.config)
    assert said.code == 2
    assert "may be any of these" in said.err
    first = said.err.split("\n")[1].split()[0]
    with closing(sqlite3.connect(setting.config.parent / "watcher.db")) as database:
        database.execute("UPDATE item SET seen_at = seen_at - 86400000000")
        database.commit()
    one = watcher("explain", "flood", first, "-c", setting.config)
    assert one.code == 0
    assert "«Flood»" in one.out
    (record,) = watcher("why", first, "-c", setting.config, "--json").records
    (told,) = watcher("explain", "flood", first, "-c", setting.config, "--json").records
    assert told["at"] == str(record["item"]["seen"])[:19] + "Z"  # type: ignore[index]
    assert watcher("explain", "flood", "nothing", "-c", setting.config).code == 2


def test_of_a_long_list_the_nearest_misses_are_shown(watcher: Watcher, tmp_path: Path) -> None:
    entries = ", ".join(f"a1 b{n}" for n in range(30))
    rules = tmp_path / "long.yaml"
    rules.write_text(
        f"version: 1\nlists: {{l: [{entries}, back door]}}\nrules: [{{id: r, when: $l}}]\n"
    )
    said = watcher("explain", "--rules", rules, "r", "--text", "a1, and the back x door")
    assert said.out.count("only part of it is found") == 3
    assert said.out.index("back door  its words") < said.out.index("only part")
    assert "and 27 more of $l that are less near" in said.out
    (record,) = watcher(
        "explain", "--rules", rules, "r", "--json", "--text", "a1, and the back x door"
    ).records
    assert len(record["misses"]) == 31  # type: ignore[arg-type]


def test_narrow_terminals_get_words_below_their_labels(
    watcher: Watcher, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said = watcher("explain", "--rules", rules, "bb-access", "--text", "BlackBerry gives wiretaps")
    assert (
        "      =BlackBerry  exact  title  0-10\n        «BlackBerry» gives wiretaps\n" in said.out
    )


# --- explain: a rule ------------------------------------------------------------------------------


def test_a_rule_is_put_in_words(watcher: Watcher, rules: Path) -> None:
    said = watcher("explain", "--rules", rules, "bb-access")
    assert said.code == 0
    assert said.out.splitlines()[:9] == [
        "bb-access  critical  BlackBerry and access",
        "  all of these",
        "      =BlackBerry  exactly these characters, case included",
        "        finds    BlackBerry, BlackBerry’s, BlackBerry-based",
        "        but not  blackberry, BLACKBERRY, Blackberry",
        "      $access  any of the list access, 3 entries",
        "          back door  a phrase",
        "            finds    back door, back-door, backdoor, back doors",
        "            but not  backs door, back the door, door back",
    ]
    assert said.out.splitlines()[-1] == "2 tests: all pass"


def test_a_failing_test_of_the_rule_is_told(watcher: Watcher, rules: Path) -> None:
    said = watcher("explain", "--rules", rules, "broken-test")
    assert said.code == 1
    assert "T301 match.0: this must match, and does not" in said.out
    (record,) = watcher("explain", "--rules", rules, "broken-test", "--json").records
    assert record["failed"][0]["code"] == "T301"  # type: ignore[index]


def test_an_expression_is_put_in_words_with_its_doubts(watcher: Watcher) -> None:
    said = watcher("explain", "AT&T OR /x/")
    assert said.code == 0
    assert said.out.startswith("  any of these\n")
    assert "W201 & is ignored in AT&T" in said.out
    assert "W207" not in said.out
    (record,) = watcher("explain", "AT&T OR /x/", "--json").records
    assert set(record) == {
        "rule", "title", "severity", "enabled", "feeds", "language", "parts", "warnings", "tests",
        "failed",
    }  # fmt: skip
    assert isinstance(record["parts"], list)
    (part,) = record["parts"]
    assert set(part) == {"written", "said", "finds", "not", "notes", "parts", "more"}
