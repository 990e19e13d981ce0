"""Explaining: what made a rule true, or what came nearest to it."""

from typing import Any

import pytest

from tests.rules.making import ruleset, spec
from watcher.model import RuleId
from watcher.rules import Explanation, Sample
from watcher.rules.samples import item_of


def explained(rule: Any, sample: Sample, **more: Any) -> Explanation:
    item, now = item_of(sample)
    made = rule if not isinstance(rule, str | dict) else spec(rule, **more)
    return ruleset(made).explain(RuleId("r"), item, now)


def test_a_match_tells_its_occurrences() -> None:
    told = explained('$w AND "back door"', "BlackBerry: back doors", lists={"w": ("BlackBerry",)})
    assert told.matches
    assert told.told() == (
        "MATCH  r",
        '  BlackBerry  list:w  title 0-10  "BlackBerry"',
        '  "back door"  plural  title 12-22  "back doors"',
    )


@pytest.mark.parametrize(
    ("rule", "sample", "failing"),
    [
        ("a1 AND b1 AND c1", "a1 c1", "b1"),
        ("a1 NOT (b1 OR c1)", "a1 c1", "NOT (b1 OR c1)"),
        ("a1 OR b1", "c1", "a1 OR b1"),
        ({"when": "a1", "any": ["b1", "back door"]}, "a1", "any: b1, back door"),
        ({"when": "a1", "all": ["b1", "c1"]}, "a1 b1", "all: c1"),
        ({"when": "a1", "none": ["b1", "c1"]}, "a1 b1", "none: b1"),
    ],
)
def test_no_match_names_the_first_false_conjunct(rule: Any, sample: str, failing: str) -> None:
    told = explained(rule, sample)
    assert not told.matches
    assert told.failing == failing


def misses(rule: str, sample: Sample, **more: Any) -> list[tuple[str, str]]:
    return [(miss.term, miss.why) for miss in explained(rule, sample, **more).misses]


@pytest.mark.parametrize(
    ("rule", "sample", "told"),
    [
        ("title:beard", {"content": "a beard"}, [("beard", "found in content")]),
        ("beard", {"author": "Beard", "tag": "beard"}, [("beard", "found in author, tag")]),
        ("title:/x+/", {"tag": "xx"}, [("/x+/", "found in tag")]),
        ("/x+/", "y", []),
        ("a1 AND b1", "a1", []),
        (
            '"lawful interception"',
            "lawful and full interception",
            [
                (
                    '"lawful interception"',
                    "its words are found in this order, with 2 other words between",
                )
            ],
        ),
        (
            '"a1 * b1"',
            "b1 a1",
            [('"a1 * b1"', "its words are found, but not in this order in one text")],
        ),
        ('"a1 b1"', "x a1", [('"a1 b1"', "only part of it is found; missing: b1")]),
        ('"a1 inter*"', "x a1", [('"a1 inter*"', "only part of it is found; missing: inter*")]),
        ("=BlackBerry", "blackberry", [("=BlackBerry", 'title has "blackberry"')]),
        ("=BlackBerry", "x", []),
        (
            '"a1 snowdens~1 * b1"',
            "x a1 b1",
            [('"a1 snowdens~1 * b1"', "only part of it is found; missing: snowdens~1")],
        ),
        (
            "FORMS(a1 laws)",
            "a1 x a1",
            [("FORMS(a1 laws)", "only part of it is found; missing: a form of law")],
        ),
        (
            '"a1 b1"',
            {"title": "a1 x x b1 x b1", "content": "a1 x b1"},
            [('"a1 b1"', "its words are found in this order, with 1 other words between")],
        ),
        ("a1 NEAR/0 b1", "b1 x x a1 x b1", [("a1 and b1", "have 1 words between")]),
        ("a1 NEAR/1 b1", "a1 x y z b1", [("a1 and b1", "have 3 words between")]),
        ("a1 ONEAR/1 b1", "b1 a1", [("a1 and b1", "are in the other order")]),
        ("a1 NEAR/1 b1", "<p>a1</p><p>b1</p>", [("a1 and b1", "are never in one block")]),
        ("a1 NEAR/1 b1", {"tag": "b1", "title": "a1"},
         [("b1", "found in tag")]),
        ("a1 EXCEPT a1", "a1", [("a1", "covers every occurrence")]),
        ("a1 EXCEPT b1", {"tag": "a1"}, [("a1", "found in tag")]),
        ("2 OF (a1, b1, c1^-1)", {"title": "a1 c1", "tag": "b1"},
         [("b1", "found in tag"), ("NOT", "is found, and must not be"),
          ("2 OF", "the true members add up to 0")]),
        ("feed:x", {"feed": "y"}, [("feed:x", "feed is y")]),
        ("age<7d", "x", [("age<7d", "age is not known")]),
        ("words>9", {"content": "one two"}, [("words>9", "words is 2")]),
        ("a1 NOT feed:x", {"title": "a1", "feed": "x"}, [("feed:x", "feed is x")]),
    ],
)  # fmt: skip
def test_a_near_miss_says_what_is_lacking(
    rule: str, sample: Sample, told: list[tuple[str, str]]
) -> None:
    assert misses(rule, sample) == told


def test_a_blocking_not_shows_its_occurrence() -> None:
    told = explained("a1 NOT b1", "a1 b1")
    assert told.told() == (
        "NO MATCH  r: first false part: NOT b1",
        "  NOT: is found, and must not be",
        '    b1  plain  title 3-5  "b1"',
    )


def test_a_value_of_several_is_numbered() -> None:
    told = explained("tag:b1", {"tag": ["a1", "b1"]})
    assert told.told()[1] == '  b1  plain  tag[1] 0-2  "b1"'


def test_an_item_of_another_feed_is_told_so() -> None:
    told = explained(spec("a1", feeds=("tech-*",)), {"title": "a1", "feed": "law"})
    assert told.failing == "feeds: tech-*"
    assert told.misses[0].why == "the item is of the feed law"


def test_an_unknown_rule_cannot_be_explained() -> None:
    item, now = item_of("x")
    with pytest.raises(KeyError):
        ruleset("a1").explain(RuleId("nobody"), item, now)
