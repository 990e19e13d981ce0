"""The three contracts that other programs use: match, dedupe, parse."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Watcher

RULES = """version: 1
lists:
  access: [back door]
rules:
  - {id: access, when: "$access"}
  - {id: old, when: flood AND age>30d}
"""
BODY = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday."
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_match_tells_each_item_in_order_with_the_words(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    items = lines(
        tmp_path / "items.jsonl",
        {"id": "1", "title": "A <b>back</b>-doors story"},
        {"id": "2", "title": "nothing"},
    )
    said = watcher("match", "--rules", rules, "--json", items)
    assert said.code == 0
    assert said.records[0]["rules"] == [
        {
            "rule": "access",
            "hits": [
                {
                    "field": "title",
                    "value": 0,
                    "start": 2,
                    "end": 12,
                    "text": "back-doors",
                    "term": "back door",
                    "how": said.records[0]["rules"][0]["hits"][0]["how"],  # type: ignore[index]
                }
            ],
        }
    ]
    assert said.records[1] == {"id": "2", "rules": []}


def test_match_evaluates_at_the_time_it_is_given(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    item = {"id": "1", "title": "flood", "published": "2026-01-01T00:00:00Z"}
    items = lines(tmp_path / "items.jsonl", item)

    def names(now: str) -> list[str]:
        said = watcher("match", "--rules", rules, "--json", "--now", now, items)
        return [rule["rule"] for rule in said.records[0]["rules"]]  # type: ignore[attr-defined]

    assert names("2026-01-02T00:00:00Z") == []
    assert names("2026-03-01") == ["old"]
    assert watcher("match", "--rules", rules, "--now", "tomorrow", items).code == 2


def test_a_faulty_rule_file_is_told_on_both_streams(watcher: Watcher, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "version: 1\nrules:\n"
        "  - {id: one, when: BlackBerry AND Pakistan OR India}\n"
        "  - {id: two, when: titel:x}\n"
    )
    said = watcher("match", "--rules", rules, "--json", lines(tmp_path / "i", {"title": "x"}))
    assert said.code == 2
    errors = [record["error"] for record in said.records]
    assert [(e["code"], e["rule"], e["line"], e["col"]) for e in errors] == [  # type: ignore[index]
        ("E104", "one", 3, 25),
        ("E101", "two", 4, 1),
    ]
    assert "^^" in said.err


def test_a_faulty_line_is_told_and_the_others_are_answered(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(
        '{"id": "1", "title": "back door"}\nnot json\n[1]\n{"id": "4"}\n\n{"title":"x"}\n'
    )
    said = watcher("match", "--rules", rules, "--json", items)
    assert said.code == 2
    assert len(said.records) == 2
    for number in (2, 3, 4):
        assert f"items.jsonl:{number}:" in said.err


def test_items_come_from_standard_input_too(
    watcher: Watcher, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": "1", "title": "back door"}\n'))
    (record,) = watcher("match", "--rules", rules, "--json").records
    assert record["id"] == "1"
    assert watcher("match", "--rules", rules, "no-such-file").code == 2


def test_dedupe_places_items_in_order_of_arrival(watcher: Watcher, tmp_path: Path) -> None:
    items = lines(
        tmp_path / "items.jsonl",
        {"id": "late", "feed": "b", "title": "Flood shuts bridge", "summary": BODY,
         "seen": "2026-03-02T09:00:00Z"},
        {"id": "early", "feed": "a", "title": "Flood closes bridge", "summary": BODY,
         "published": "2026-03-02T08:00:00Z"},
        {"id": "other", "feed": "a", "title": "Choir sings for the mayor",
         "seen": "2026-03-02T10:00:00Z"},
    )  # fmt: skip
    said = watcher("dedupe", "--json", items)
    assert said.code == 0
    placed = [(r["id"], r["story"], r["verdict"], r["of"]) for r in said.records]
    assert placed == [
        ("early", "early", "new", None),
        ("late", "early", "copy", "early"),
        ("other", "other", "new", None),
    ]
    assert all(record["because"] for record in said.records)
    assert "copy    late" in watcher("dedupe", items).out


def test_dedupe_tells_a_late_original_as_a_copy_in_the_story_of_the_first_item(
    watcher: Watcher, tmp_path: Path
) -> None:
    article = "https://orig.example/2026/bridge"
    items = lines(
        tmp_path / "items.jsonl",
        {"id": "1", "feed": "a", "title": "Flood shuts bridge", "link": "https://a.example/1",
         "content": f"<p>{BODY}</p><p>Article source: <a href='{article}'>{article}</a></p>"},
        {"id": "2", "feed": "b", "title": "Flood closes bridge", "summary": BODY, "link": article},
        {"id": "3", "feed": "c", "title": "Flood closes bridge", "summary": BODY},
    )  # fmt: skip
    placed = [
        (r["id"], r["story"], r["verdict"], r["of"])
        for r in watcher("dedupe", "--json", items).records
    ]
    assert placed == [("1", "1", "new", None), ("2", "1", "copy", "1"), ("3", "1", "copy", "2")]


def test_a_second_version_of_an_item_stays_where_the_item_is(
    watcher: Watcher, tmp_path: Path
) -> None:
    items = lines(
        tmp_path / "items.jsonl",
        {"id": "1", "feed": "a", "title": "Flood closes bridge", "summary": BODY},
        {"id": "1", "feed": "a", "title": "Flood closes bridge for good", "summary": BODY},
    )
    first, second = watcher("dedupe", "--json", items).records
    assert (first["verdict"], second["verdict"], second["story"]) == ("new", "copy", "1")


def test_parse_prints_items_that_match_and_dedupe_read(
    watcher: Watcher, rules: Path, tmp_path: Path
) -> None:
    document = tmp_path / "feed.xml"
    document.write_text(
        "<rss version='2.0'><channel><title>t</title><item><title>A &lt;i&gt;back door&lt;/i&gt;"
        "</title><link>/1</link></item></channel></rss>"
    )
    said = watcher("parse", "--json", "--base", "http://paper.example/feed.xml", document)
    assert said.code == 0
    (item,) = said.records
    assert (item["title"], item["link"]) == ("A back door", "http://paper.example/1")
    assert set(item) == {
        "id", "feed", "link", "title", "summary", "content", "author", "tag", "lang",
        "published", "seen",
    }  # fmt: skip
    matched = watcher("match", "--rules", rules, "--json", lines(tmp_path / "i.jsonl", item))
    assert matched.records[0]["id"] == item["id"]
    assert len(matched.records[0]["rules"]) == 1  # type: ignore[arg-type]
    assert "A back door" in watcher("parse", document).out


def test_parse_says_why_a_document_cannot_be_read(watcher: Watcher, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html><body>Please log in</body></html>")
    said = watcher("parse", "--json", page, tmp_path / "nowhere.xml")
    assert (said.code, said.out) == (1, "")
    assert "no feed but a web page" in said.err
    assert "nowhere.xml: No such file" in said.err
