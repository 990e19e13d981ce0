"""Every error of section 8: its code, its place, and what to write instead."""

from typing import Any

import pytest

from tests.rules.making import codes, faults, spec
from watcher.rules import RuleFault, compile_rules

ERRORS = [
    ("titel:x", "E101", 1),
    ("a1 AND site:b1", "E101", 8),
    ("Title:x", "E101", 1),
    ("age:7d", "E101", 1),
    ("http://a.example", "E101", 1),
    ("title: x", "E102", 6),
    ("(title:)", "E102", 7),
    ("a1 OR title:", "E102", 12),
    ("lawful interception", "E103", 8),
    ('"a b" c1', "E103", 7),
    ("a1 (b1 OR c1)", "E103", 4),
    ("a1 and b1", "E103", 4),
    ("title:back door", "E103", 12),
    ('foo"bar"', "E103", 4),
    ("2 OF (a1 b1, c1)", "E103", 10),
    ("domain:(a.b c.d)", "E103", 13),
    ("lang:de foo", "E103", 9),
    ("a1 AND b1 OR c1", "E104", 11),
    ("a1 OR b1 AND c1", "E104", 10),
    ("a1 NOT b1 OR c1", "E104", 11),
    ("a1 OR b1 NOT c1", "E104", 10),
    ("a1 NEAR/3 b1 NEAR/3 c1", "E105", 14),
    ("a1 EXCEPT b1 EXCEPT c1", "E105", 14),
    ("ab*", "E106", 1),
    ("*", "E106", 1),
    ('a1 AND "* b1"', "E106", 8),
    ('"b1 *"', "E106", 1),
    ('"… * b1"', "E106", 1),
    ("back-door*", "E107", 1),
    ("black~berry", "E107", 1),
    ("inter*~", "E107", 1),
    ("back-door~", "E107", 1),
    ('"back door"~2', "E107", 12),
    ('="back door"~2', "E107", 13),
    ('"back door"*', "E107", 1),
    ("FORMS(intercept*)", "E107", 7),
    ("FORMS(lawful intercept*)", "E107", 14),
    ('FORMS("a * b")', "E107", 7),
    ("a1 AND 黑莓*", "E107", 8),
    ("abcd~", "E108", 1),
    ("abcdefg~2", "E108", 1),
    ("blackberry~3", "E108", 1),
    ("blackberry~0", "E108", 1),
    ("a1 NEAR/3 (b1 AND c1)", "E109", 11),
    ("/a/ NEAR/3 b1", "E109", 1),
    ("title:a1 NEAR/3 b1", "E109", 1),
    ("a1 NEAR/3 title:b1", "E109", 11),
    ("a1 EXCEPT /b/", "E109", 11),
    ("a1 NEAR/3 NOT b1", "E122", 11),
    ("(a1 NEAR/3 b1) NEAR/3 c1", "E109", 1),
    ("(/a1/) NEAR/3 c1", "E109", 1),
    ("b1 AND c1 EXCEPT ((/a1/))", "E109", 18),
    ("age<7d NEAR/3 b1", "E109", 1),
    ("title:(a1 AND content:b1)", "E110", 15),
    ("title:content:b1", "E110", 7),
    ("title:(link:b1)", "E110", 8),
    ("title:(a1 AND age<7d)", "E110", 15),
    ("title:age<7d", "E110", 7),
    ("0 OF (a1)", "E111", 1),
    ("a1 AND 3 OF (a1, b1)", "E111", 8),
    ("3 OF (a1^2, b1^-5)", "E111", 1),
    (f"{'9' * 5000} OF (a1)", "E111", 1),
    ("-a1", "E112", 1),
    ("a1 -b1", "E112", 4),
    ("!a1", "E112", 1),
    ("a1 && b1", "E112", 4),
    ("a1 || b1", "E112", 4),
    ("a1^2", "E113", 3),
    ("^2", "E113", 1),
    ("a1 AND ^2", "E113", 8),
    ("FORMS(a1^2)", "E113", 9),
    ("feed:(a^2)", "E113", 8),
    ("1 OF (b1) AND (a1 ^2)", "E113", 19),
    ("(a1^2)", "E113", 4),
    ("2 OF (a1^1.5, b1)", "E113", 9),
    ("2 OF ((a1^2), b1)", "E113", 10),
    ("2 OF (a1^2^2, b1)", "E113", 11),
    ("(a1", "E114", 1),
    ("a1)", "E114", 3),
    ("2 OF (a1, b1", "E114", 6),
    ("FORMS(a1", "E114", 6),
    ("a1) AND (b1", "E114", 3),
    ('a1 AND "b1', "E115", 8),
    ("“b1", "E115", 1),
    ("a1 AND /b1", "E116", 8),
    ("/(/", "E117", 1),
    ("/(?=a)/", "E117", 1),
    (r"/(a)\1/", "E117", 1),
    (r"/\C/", "E117", 1),
    ("/a/g", "E117", 1),
    ("//", "E117", 1),
    ("/\ud800/", "E117", 1),
    ("domain:/a/", "E117", 8),
    ("link:/(/", "E117", 6),
    ("", "E118", 1),
    ("  ", "E118", 1),
    ("…", "E119", 1),
    ("a1 OR ...", "E119", 7),
    ('""', "E119", 1),
    ("=", "E119", 1),
    ('a1 OR =""', "E119", 7),
    ("=++", "E119", 1),
    ('link:""', "E119", 6),
    ("NOT a1", "E120", 1),
    ("a1 OR NOT b1", "E120", 1),
    ("2 OF (NOT a1, NOT b1)", "E120", 1),
    ("$nothing", "E121", 1),
    ("a1 AND $", "E121", 8),
    ("a1 AND ($nothing)", "E121", 9),
    ("a1 AND (($nothing))", "E121", 10),
    ("a1 AND $5", "E121", 8),
    ("AND a1", "E122", 1),
    ("a1 AND", "E122", 7),
    ("a1 AND OR b1", "E122", 8),
    ("a1 NOT", "E122", 7),
    ("()", "E122", 2),
    ("a1, b1", "E122", 3),
    ("2 OF a1", "E122", 6),
    ("2 OF (a1,)", "E122", 10),
    ("2 OF (a1^2 b1)", "E122", 12),
    ("a1 OF (b1)", "E122", 4),
    ("FORMS a1", "E122", 7),
    ("FORMS()", "E122", 7),
    ("FORMS(a1, b1)", "E122", 9),
    ("title:NOT", "E122", 7),
    ("link:=a", "E122", 6),
    ("domain:(a.b AND c.d)", "E122", 13),
    ("age<", "E122", 5),
    ("age< AND a1", "E122", 6),
    ("NEAR/3 a1", "E122", 1),
    ("a1 NEAR/3", "E122", 10),
    ("a1 NEAR b1", "E123", 4),
    ("a1 ONEAR/x b1", "E123", 4),
    ("a1 NEAR/ b1", "E123", 4),
    ("a1 NEAR/51 b1", "E124", 4),
    (f"a1 NEAR/{'9' * 5000} b1", "E124", 4),
    ("'back door'", "E125", 1),
    ("a1 AND ‘b1’", "E125", 8),
    ("age<7", "E126", 5),
    ("age < -7d", "E126", 7),
    ("published>yesterday", "E126", 11),
    ("published>2015-13-01", "E126", 11),
    ("published>0001-01-01T00:00:00+23:59", "E126", 11),
    ("words>many", "E126", 7),
    (f"words>{'9' * 5000}", "E126", 7),
    ("(" * 10_000, "E127", 51),
    ("(" * 10_000 + "a1" + ")" * 10_000, "E127", 51),
    ("x" * 60_000, "E127", 50_001),
    (f'"{"a " * 500}"', "E127", 1),
]


@pytest.mark.parametrize(("rule", "code", "column"), ERRORS)
def test_an_error_has_its_code_and_place(rule: str, code: str, column: int) -> None:
    (fault,) = faults(rule)
    assert (fault.code, fault.column) == (code, column)
    assert not fault.warning
    assert fault.width >= 1
    assert fault.message
    assert fault.expression == rule


def test_every_code_of_the_standard_is_in_this_table() -> None:
    assert {code for _, code, _ in ERRORS} == {f"E{number}" for number in range(101, 128)}


TWICE_WRONG = "a1 or b1 and not c1"
SUGGESTIONS = [
    ("titel:x AND y", ("title:x AND y", '"titel:x" AND y')),
    ("site:cnet.com", ("domain:cnet.com", '"site:cnet.com"')),
    ("title: x", ("title:x",)),
    (
        "a1 AND lawful interception",
        ('a1 AND "lawful interception"', "a1 AND lawful AND interception"),
    ),
    ("a1 OR back door key", ('a1 OR "back door key"', "a1 OR (back AND door AND key)")),
    ("back door OR a1", ('"back door" OR a1', "(back AND door) OR a1")),
    ("title:back door", ('title:"back door"', "title:(back AND door)")),
    ("a1 and b1", ("a1 AND b1",)),
    (TWICE_WRONG, ("a1 OR b1 AND NOT c1",)),
    ("lang:de foo", ('lang:"de foo"', "lang:de AND foo")),
    ("a1 (b1 OR c1)", ("a1 AND (b1 OR c1)",)),
    ("a1 AND b1 OR c1", ("(a1 AND b1) OR c1", "a1 AND (b1 OR c1)")),
    ("a1 OR b1 NOT c1 OR d1", ("a1 OR (b1 NOT c1) OR d1", "(a1 OR b1) NOT (c1 OR d1)")),
    ("(a1 OR b1 AND c1)", ("(a1 OR (b1 AND c1))", "((a1 OR b1) AND c1)")),
    ("a1 && b1", ("a1 AND b1",)),
    ("a1 || b1", ("a1 OR b1",)),
    ("a1 -b1", ("a1 NOT b1",)),
    ("a1 AND -b1", ("a1 AND NOT b1", 'a1 AND "-b1"')),
    ("+a1", ("a1", '"+a1"')),
    ("a1 +b1", ("a1 AND b1",)),
    ("'back door'", ('"back door"',)),
    ("a1 NEAR b1", ("a1 NEAR/5 b1",)),
    ("a1 NEAR/99 b1", ("a1 NEAR/50 b1",)),
]


@pytest.mark.parametrize(("rule", "suggested"), SUGGESTIONS)
def test_an_error_says_what_to_write_instead(rule: str, suggested: tuple[str, ...]) -> None:
    (fault,) = faults(rule)
    assert fault.suggestions == suggested


@pytest.mark.parametrize(
    "suggestion",
    [one for rule, several in SUGGESTIONS if rule != TWICE_WRONG for one in several],
)
def test_what_to_write_instead_is_no_error_itself(suggestion: str) -> None:
    assert [fault.code for fault in faults(suggestion) if not fault.warning] == []


def test_a_caret_covers_the_place() -> None:
    (fault,) = faults('BlackBerry AND "back door" OR wiretap')
    assert (fault.column, fault.width) == (28, 2)


OBJECTS: list[tuple[dict[str, Any], str, tuple[str | int, ...], int]] = [
    ({"any": ["a1", "title:back door"]}, "E103", ("any", 1), 12),
    ({"any": ["a1", ""]}, "E118", ("any", 1), 1),
    ({"all": ["a1 b1 OR c1 AND d1"]}, "E104", ("all", 0), 13),
    ({"none": ["a1"]}, "E120", ("none", 0), 1),
    ({"any": ["NOT a1"], "none": ["b1"]}, "E120", ("any", 0), 1),
    ({"all": []}, "E120", ("all",), 1),
    ({}, "E118", ("when",), 1),
    ({"when": "a1", "any": []}, "E118", ("any",), 1),
    ({"when": "a1", "language": "klingon"}, "E128", ("language",), 1),
    ({"when": "a1", "lists": {"w": ["x1", "b1 &"]}}, "E112", ("lists", "w", 1), 4),
    ({"when": "a1", "lists": {"1x": ["x1"]}}, "E121", ("lists", "1x"), 1),
    ({"when": "a1", "lists": {"w": []}}, "E118", ("lists", "w"), 1),
    ({"when": "$w", "lists": {"w": ["$w"]}}, "E121", ("lists", "w", 0), 1),
    ({"when": "$w", "lists": {"w": ["x1 OR $v"], "v": ["$w"]}}, "E121", ("lists", "v", 0), 1),
    ({"when": "$w", "lists": {"w": ["$nothing"]}}, "E121", ("lists", "w", 0), 1),
    ({"when": "title:$w", "lists": {"w": ["tag:x1"]}}, "E110", ("when",), 7),
    ({"when": "title:(a1 OR (b1 NOT $w))", "lists": {"w": ["tag:x1"]}}, "E110", ("when",), 22),
    ({"when": "a1 NEAR/3 $w", "lists": {"w": ["x1 AND y1"]}}, "E109", ("when",), 11),
    ({"when": "a1 EXCEPT $w", "lists": {"w": ["/x1/"]}}, "E109", ("when",), 11),
    ({"when": "($w) EXCEPT a1", "lists": {"w": ["/x1/"]}}, "E109", ("when",), 1),
    ({"when": "title:(a1 OR ($w))", "lists": {"w": ["tag:x1"]}}, "E110", ("when",), 15),
    ({"when": "$w", "lists": {"w": ["NOT x1"]}}, "E120", ("when",), 1),
]


@pytest.mark.parametrize(("rule", "code", "part", "column"), OBJECTS)
def test_an_error_names_the_part_of_the_rule(
    rule: dict[str, Any], code: str, part: tuple[str | int, ...], column: int
) -> None:
    (fault,) = (fault for fault in faults(rule) if not fault.warning)
    assert (fault.code, fault.part, fault.column) == (code, part, column)


def test_an_unknown_list_suggests_the_nearest() -> None:
    (fault,) = faults({"when": "$wirtap", "lists": {"wiretap": ["x1"]}})
    assert fault.suggestions == ("$wiretap",)


def test_all_faults_of_all_rules_are_told_at_once() -> None:
    compiled = compile_rules([spec("a1 b1", "one"), spec("fine", "two"), spec("(", "three")])
    assert compiled.ruleset is None
    assert [(f.rule, f.code) for f in compiled.faults] == [("one", "E103"), ("three", "E114")]


def test_a_fault_in_a_shared_list_is_told_once() -> None:
    shared = {"w": ("a1 &",)}
    compiled = compile_rules([spec("$w", str(n), lists=dict(shared)) for n in range(3)])
    assert codes(compiled.faults) == ["E112"]


@pytest.mark.parametrize("depth", [3_000])
def test_lists_inside_lists_are_bounded(depth: int) -> None:
    lists = {f"l{n}": [f"$l{n + 1}"] for n in range(depth)} | {f"l{depth}": ["x1"]}
    told = faults("$l0", lists=lists)
    assert "E127" in codes(told)


def test_lists_that_double_are_bounded() -> None:
    lists = {f"l{n}": [f"$l{n + 1}", f"$l{n + 1}"] for n in range(40)} | {"l40": ["x1"]}
    told: tuple[RuleFault, ...] = faults("$l0", lists=lists)
    assert {fault.code for fault in told if not fault.warning} == {"E127"}


def test_a_broken_list_hides_no_fault_of_rules_that_do_not_use_it() -> None:
    lists = {"w": ("a1 &",), "v": ("$w",), "u": ("b1",)}
    rules = {"one": "NOT a1", "two": "NOT $w", "three": "NOT $v", "four": "a1 OR NOT $u"}
    specs = [spec(rule, name, lists=lists) for name, rule in rules.items()]
    told = compile_rules([*specs, spec({}, "five", lists=lists)]).faults
    assert [(f.rule, f.code) for f in told if not f.warning] == [
        ("one", "E112"),
        ("one", "E120"),
        ("four", "E120"),
        ("five", "E118"),
    ]


def test_a_broken_list_hides_no_doubt_about_anything_else() -> None:
    told = faults({"when": "NSA", "lists": {"w": ["a1 &", "FBI"], "v": ["CIA"]}})
    assert [(f.code, f.part) for f in told] == [
        ("E112", ("lists", "w", 0)),
        ("W202", ("when",)),
        ("W202", ("lists", "v", 0)),
    ]
