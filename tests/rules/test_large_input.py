"""Rules and items that are large and right are answered rightly, within bounded time and memory."""

import json
from pathlib import Path

import pytest

from tests.rules.bounded import MILLION, Match, answer_to, rule

SCRIPTS = {  # one word of each, and a rule that finds it
    "Latin": "Überwachung",
    "Greek": "παρακολούθηση",
    "Cyrillic": "наблюдение",
    "Arabic": "مراقبة",
    "Hebrew": "מעקב",
    "Devanagari": "निगरानी",
    "Thai": "เฝ้าระวัง",
    "Hangul": "감시",
    "Han": "監視",
    "Kana": "みはり",
    "Georgian": "მეთვალყურეობა",
    "Armenian": "հսկողություն",
}


# --- what is large and right ----------------------------------------------------------------------


def test_a_file_of_50_mb_is_read(match: Match) -> None:
    note = "n" * 10_000
    rules = "".join(
        f"  - {{id: r{n}, when: word{n}, note: {note}, tests: {{match: [word{n}]}}}}\n"
        for n in range(5000)
    )
    answer = match("version: 1\nrules:\n" + rules, title="word77 and word4999")
    assert answer.rules == ["r77", "r4999"]


def test_a_hundred_lists_of_a_hundred_words_in_a_thousand_rules(match: Match) -> None:
    lists = "".join(f"  l{n}: [{', '.join(f'w{n}x{m}' for m in range(100))}]\n" for n in range(100))
    rules = "".join(
        f"  - {{id: r{n}, when: $l{n % 100} AND own{n}, tests: {{match: [x]}}}}\n"
        for n in range(1000)
    )
    answer = match(f"version: 1\nlists:\n{lists}rules:\n{rules}", title="own205 w5x99 w6x1")
    assert answer.rules == ["r205"]


LARGE_AND_RIGHT = {
    "NOT after NOT": ("foo AND " + "NOT " * 8000 + "bar", {"title": "foo bar"}, True),
    "as many ORs as there may be": (
        " OR ".join(f"w{n}" for n in range(5000)), {"title": "w4999"}, True),
    "a phrase of 400 words": (
        f'"{" ".join(f"w{n}" for n in range(400))}"',
        {"content": "w0 w1 " + " ".join(f"w{n}" for n in range(400))}, True),
    "a word of 40,000 letters": ("f" * 40_000, {"content": "f" * 40_000}, True),
    "a fuzzy word of 10,000 letters": ("f" * 10_000 + "~2", {"content": "f" * 9_999 + "g"}, True),
    "a wildcard made to backtrack": (
        "*a" * 50 + "*b", {"content": "a" * 50_000 + " " + "a" * 50_000}, False),
    "a wildcard of many letters": (
        "*a*b*c*d*e*f*g*h*i*j*k*l*", {"content": "abcdefghijk" * 3000 + "l"}, True),
    "forms of a long word": (
        f"FORMS({'ing' * 3000})", {"content": "ing" * 3001}, False),
    "a regex made to explode": ("/^(a+)+$/", {"title": "a" * 50_000 + "b"}, False),
    "another regex made to explode": (
        "/(x+x+)+y/", {"content": "x" * 500_000}, False),
    "weights as large as there may be": (
        "999999999 OF (foo^999999999, bar^-999999999)", {"title": "foo"}, True),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE_AND_RIGHT)
def test_what_is_large_and_allowed_is_answered_rightly(match: Match, name: str) -> None:
    expression, item, right = LARGE_AND_RIGHT[name]
    assert match(rule(expression), **item).rules == (["r"] if right else [])


def test_ten_thousand_regexes_are_tried(match: Match) -> None:
    rules = "".join(
        f"  - {{id: r{n}, when: '/ab{n}[a-z]+c/', tests: {{match: [x]}}}}\n" for n in range(10_000)
    )
    answer = match("version: 1\nrules:\n" + rules, content="plain words " * 100 + "ab4711xxc")
    assert answer.rules == ["r4711"]


# --- items ----------------------------------------------------------------------------------------


RULES = """\
version: 1
lists: {doors: [back door, wiretap*, blackbery~]}
rules:
  - {id: phrase, when: '"back door"', tests: {match: [back door]}}
  - {id: near, when: 'alpha NEAR/50 $doors', tests: {match: [alpha wiretap]}}
  - {id: except, when: 'alpha EXCEPT "alpha beta"', tests: {match: [alpha]}}
  - {id: tag, when: 'tag:alpha', tests: {match: [{tag: alpha}]}}
  - {id: author, when: 'author:"alpha 99"', tests: {match: [{author: alpha 99}]}}
  - {id: exact, when: '=C++', tests: {match: [C++]}}
  - {id: forms, when: 'FORMS(intercept)', tests: {match: [interception]}}
"""
TEN_MB = 10 * MILLION
ITEMS: dict[str, tuple[dict[str, object], list[str]]] = {
    "prose": ({"content": "a wiretapped back door, alpha beta. " * (TEN_MB // 36)},
              ["phrase", "near"]),
    "one word": ({"content": "a" * TEN_MB}, []),
    "signs of tags": ({"content": "alpha " + "<" * TEN_MB}, ["except"]),
    "tags begun": ({"content": "alpha " + "<b " * (TEN_MB // 3)}, ["except"]),
    "tags": ({"title": "alpha", "content": "<div>" * (TEN_MB // 5)}, ["except"]),
    "attributes": ({"content": "<a " + "b=c " * (TEN_MB // 4) + ">alpha"}, ["except"]),
    "comments begun": ({"title": "alpha", "content": "<!--" * (TEN_MB // 4)}, ["except"]),
    "references": ({"content": "alpha " + "&amp;" * (TEN_MB // 5)}, ["except"]),
    "references begun": ({"content": "alpha " + "&" * TEN_MB}, ["except"]),
    "combining marks": ({"content": "alpha a" + "\u0301" * TEN_MB}, ["except"]),
    "marks in turn": ({"content": "alpha a" + "\u0301\u0316" * (TEN_MB // 4)}, ["except"]),
    "hyphens": ({"content": "alpha " + "-" * TEN_MB}, ["except"]),
    "parts of one chunk": ({"content": "back-door-" * MILLION}, ["phrase"]),
    "breaks": ({"content": "back<p>door<p>" * (TEN_MB // 14)}, []),
    "white space": ({"content": "back" + " " * TEN_MB + "door"}, ["phrase"]),
    "letters of many letters": ({"content": "alpha " + "\ufdfa" * MILLION}, ["except"]),
    "a control character": ({"content": "\0" * MILLION + " alpha"}, ["except"]),
    "many tags": ({"title": "x", "tag": ["beta", "alpha"] * 50_000}, ["tag"]),
    "many authors": ({"title": "x", "author": [f"alpha {n}" for n in range(100_000)]}, ["author"]),
    "lone surrogates": ({"title": "\ud800 back door \udfff", "content": "\udc80" * MILLION},
                        ["phrase"]),
    "a suffix again and again": ({"content": "C++ intercept" + "ing" * MILLION}, ["exact"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_of_ten_megabytes_is_answered_rightly(match: Match, name: str) -> None:
    item, right = ITEMS[name]
    assert match(RULES, **item).rules == right


def test_a_text_in_many_scripts_is_found_by_a_rule_in_each(match: Match) -> None:
    rules = "".join(
        f"  - {{id: {name}, when: {word}, tests: {{match: [{word}]}}}}\n"
        for name, word in SCRIPTS.items()
    )
    text = " ".join(["start", *SCRIPTS.values(), "end"]) * 20_000
    assert match("version: 1\nrules:\n" + rules, content=text).rules == list(SCRIPTS)


def test_lines_that_are_no_items_are_told_with_their_number(tmp_path: Path, match: Match) -> None:
    match(RULES)
    lines = ["{", "[]", '{"title": 7}', "[" * 100_000, '{"title": "back door"}', "\0", "NaN"]
    (tmp_path / "items.jsonl").write_text("\n".join(lines))
    answer = answer_to(
        ["match", "--json", "--rules", str(tmp_path / "rules.yaml"), str(tmp_path / "items.jsonl")]
    )
    assert answer.code == 2
    assert [line.partition("items.jsonl:")[2].split(":")[0] for line in answer.err.splitlines()
            ] == ["1", "2", "3", "4", "6", "7"]  # fmt: skip
    (line,) = answer.out.splitlines()
    assert [hit["rule"] for hit in json.loads(line)["rules"]] == ["phrase"]
