"""Warnings: what is right and yet doubtful is told of, and stops nothing."""

from typing import Any

import pytest
import snowballstemmer

from tests.rules.making import codes, faults, spec
from watcher.rules import RuleTests, compile_rules
from watcher.rules.doubts import _COLLIDING

DOUBTS: list[tuple[str | dict[str, Any], str, int]] = [
    ("=x1 OR AT&T", "W201", 8),
    ("C++", "W201", 1),
    ('"R & D"', "W201", 1),
    ("title:US", "W202", 7),
    ("2 OF (ab, =x1)", "W202", 7),
    ("NSA", "W202", 1),
    ('"to be"', "W203", 1),
    ("x1y AND (door OR doors)", "W204", 18),
    ('"back door" OR backdoor', "W204", 16),
    ("x1y OR x1y", "W204", 8),
    ("=Sea OR x1y OR =Sea", "W204", 16),
    ("sea* OR ship* OR sea*", "W204", 18),
    ("/sea/ OR x1y OR /sea/", "W204", 17),
    ("FORMS(tap) OR FORMS(taps) OR FORMS(tap)", "W204", 30),
    ({"when": "$w OR x1y OR $w", "lists": {"w": ["sea"]}}, "W204", 14),
    ("(doors) AND x1y", "W205", 2),
    ("((US)) AND x1y", "W202", 3),
    ("door NOT doors", "W205", 10),
    ("agencies NEAR/3 =x1", "W205", 1),
    ("=x1 EXCEPT boxes", "W205", 12),
    ("FORMS(lawful)", "W206", 1),
]


@pytest.mark.parametrize(("rule", "code", "column"), DOUBTS)
def test_a_doubt_has_its_code_and_place(rule: str, code: str, column: int) -> None:
    told = [fault for fault in faults(rule) if fault.code == code]
    assert [fault.column for fault in told] == [column]
    assert told[0].warning
    assert compile_rules([spec(rule)]).ruleset is not None


@pytest.mark.parametrize(
    "rule",
    [
        *("BlackBerry", "=US", "黑", "snowdens~2", "news", "virus", '"back door" OR gate'),
        *("FORMS(tap)", "press", "wiretap*", "IBM1", "/ab/", "phone OR telephone"),
        *("=doors OR title:door", "黑莓 OR 黑", '"back door" OR door', "back OR door"),
        *("5G", "x1", "42", "=US OR US1", "politics", "Reuters", "Brussels"),
        *("sea* OR seal", "/ab/ OR /ab/i", "FORMS(tap) OR tap", "seaport~1 OR seaport"),
    ],
)
def test_a_rule_beyond_doubt_is_not_doubted(rule: str) -> None:
    assert faults(rule) == ()


def test_forms_are_doubted_in_english_only() -> None:
    assert faults("FORMS(lawful)", language="german") == ()


@pytest.mark.parametrize("words", _COLLIDING)
def test_colliding_words_do_share_a_stem(words: tuple[str, ...]) -> None:
    stems = {snowballstemmer.stemmer("english").stemWord(word) for word in words}
    assert len(stems) == 1


def test_a_rule_without_tests_is_told_of() -> None:
    assert codes(faults("BlackBerry", tests=RuleTests())) == ["W207"]


def test_a_doubt_names_the_part_of_the_rule() -> None:
    rule = {"when": "$w", "any": ["gate", "doors"], "lists": {"w": ["x1y", "NSA"]}}
    assert {(fault.code, fault.part) for fault in faults(rule)} == {
        ("W205", ("any", 1)),
        ("W202", ("lists", "w", 1)),
    }


@pytest.mark.parametrize(("rule", "others"), [("US", "us and Us"), ("ai", "AI and Ai")])
def test_a_short_word_is_told_with_what_else_it_finds(rule: str, others: str) -> None:
    assert f"{rule} also finds {others}" in [fault.message for fault in faults(rule)]


def test_a_short_number_is_no_doubt() -> None:
    assert faults("42") == ()


def test_a_doubt_about_a_shared_list_is_told_once() -> None:
    shared = {"w": ("NSA",)}
    compiled = compile_rules([spec("$w", str(n), lists=dict(shared)) for n in range(3)])
    assert codes(compiled.faults) == ["W202"]


def test_entries_that_are_alternatives_are_compared_with_each_other() -> None:
    rule = {
        "any": ["back door", "x1y", "backdoor"],
        "all": ["gate", "gate"],
        "lists": {"w": ["$v", "sea", "Sea"], "v": ["sea"]},
    }
    assert [(fault.code, fault.part) for fault in faults(rule)] == [
        ("W204", ("any", 2)),
        ("W204", ("lists", "w", 2)),
    ]
