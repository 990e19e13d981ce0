"""Explaining: what made a rule true, or what came nearest to it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.rules.made import NOW, Written, alone, as_item, items, terms
from tests.rules.making import ruleset, spec
from watcher.model import RuleId
from watcher.rules import Explanation, Sample, compile_rules
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
        ('"a1 lawful interception"', "lawful and full interception: a1", [
            ('"a1 lawful interception"',
             "its words are found in another order, with 2 words between")]),
        ('"lawful interception"', "lawful and full interception",
         [('"lawful interception"', "its words are found, with 2 words between")]),
        ('"a1 * b1"', "b1 a1",
         [('"a1 * b1"', "its words are found in another order, with no words between")]),
        ('"a1 b1"', "x a1", [('"a1 b1"', "only part of it is found; missing: b1")]),
        ('"a1 inter*"', "x a1", [('"a1 inter*"', "only part of it is found; missing: inter*")]),
        ("=BlackBerry", "blackberry",
         [("=BlackBerry", "it is there in another case; = takes characters as they are")]),
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
            [('"a1 b1"', "its words are found, with 1 word between")],
        ),
        ("a1 NEAR/0 b1", "b1 x x a1 x b1", [("a1 and b1", "are found, with 1 word between")]),
        ("a1 NEAR/1 b1", "a1 x y z b1", [("a1 and b1", "are found, with 3 words between")]),
        ("a1 ONEAR/1 b1", "b1 a1",
         [("a1 and b1", "are in the other order, with no words between")]),
        ("a1 NEAR/1 b1", "<p>a1</p><p>b1</p>", [("a1 and b1", "are never in one paragraph")]),
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


# --- near misses in spelling, and what would find them --------------------------------------------


@pytest.mark.parametrize(
    ("rule", "sample", "would", "shown"),
    [
        ("doors", "a door", "door", "door"),
        ('"back doors"', "a back door", '"back door"', "back door"),
        ("backdoor", "the back door", '"back door"', "back door"),
        ("backdoors", "the back-ish back doors", '"back doors"', "back doors"),
        ('"lawful interception"', "lawful intercepts", "FORMS(lawful interception)",
         "lawful intercepts"),
        ('"back door"', "backs door", "FORMS(back door)", "backs door"),
        ("blackberry", "a blackbery", "blackberry~1", "blackbery"),
        ('"old blackberry"', "an old blackbery", '"old blackberry~1"', "old blackbery"),
        ("intercept", "interceptor", "intercept*", "interceptor"),
        ("blackberry", "blckbery", "blackberry~2", "blckbery"),
        ("blackberry~1", "blckbery", "blackberry~2", "blckbery"),
        ("apple", "pineapple", "*apple*", "pineapple"),
        ("wom?n", "a womans", "wom?n*", "womans"),
        ("FORMS(intercept)", "interceptors", "intercept*", "interceptors"),
        ("=BlackBerry", "blackberry jam", "BlackBerry", "blackberry"),
        ("=AT&T", "at t", '"AT&T"', "at t"),
        ("=Café", "Cafe", "Café", "Cafe"),
        ("=OF", "of", '"OF"', "of"),
        ("=US", "USB", "", "USB"),
        ("/cve-[0-9]+/m", "CVE-12", "/cve-[0-9]+/mi", "CVE-12"),
        ("title:doors", {"title": "door"}, "title:door", "door"),
        ("author:\"a1 b1\"", {"author": "a1 x b1"}, "author:(a1 NEAR/1 b1)", "a1"),
        ('"a1 b1"', "a1 x y b1", "a1 NEAR/2 b1", "a1"),
        ('"a1 b1"', "b1 a1", "a1 NEAR/0 b1", "a1"),
        ('"a1 b1 c1"', "a1 x b1 c1", '"a1 * b1 c1"', "a1"),
        ('"a1 b1 c1"', "b1 a1 c1", "", "a1"),
        ("黑莓", "黑的莓", "黑 NEAR/1 莓", "黑"),
        ("title:a1", {"content": "a1"}, "content:a1", "a1"),
    ],
)  # fmt: skip
def test_a_near_miss_names_what_would_find_it(
    rule: str, sample: Sample, would: str, shown: str
) -> None:
    (miss,) = explained(rule, sample).misses
    assert (miss.would, miss.occurrences[0].text) == (would, shown)
    assert not would or explained(would, sample).matches


def test_words_side_by_side_in_a_list_are_quoted_where_a_field_is_named() -> None:
    (miss,) = explained("$l", {"tag": "back door"}, lists={"l": ("back door",)}).misses
    assert (miss.would, miss.listed) == ('tag:"back door"', "l")


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        ("cat", "category"),  # short beginnings mean nothing
        ("blackberry", "flackberry"),  # fuzzy words keep their first letter
        ("snowdn~1", "snowdenn"),
        ("FORMS(cat)", "category"),
        ("黑莓", "白"),
    ],
)
def test_what_is_hardly_alike_is_absent(rule: str, sample: str) -> None:
    told = explained(rule, sample)
    assert (told.misses, told.absent) == ((), (rule,))


def test_absent_terms_are_named_beside_near_misses() -> None:
    told = explained("doors OR wiretap OR pakistan", "a door")
    assert [miss.term for miss in told.misses] == ["doors"]
    assert told.absent == ("wiretap", "pakistan")


def test_words_in_different_paragraphs_or_texts_are_told_so() -> None:
    (blocks,) = explained('"a1 b1"', "<p>a1</p><p>b1</p>").misses
    (texts,) = explained('"a1 b1"', {"title": "a1", "content": "b1"}).misses
    assert (blocks.kind, texts.kind) == ("blocks", "texts")
    assert [one.field for one in texts.occurrences] == ["title", "content"]


def test_the_nearest_words_of_a_pair_are_shown() -> None:
    (miss,) = explained("a1 NEAR/1 b1", "a1 x x x x a1 x x b1 x x x x x b1").misses
    assert (miss.kind, miss.distance, miss.would) == ("apart", 2, "NEAR/2")
    assert [(one.term, one.start) for one in miss.occurrences] == [("a1", 11), ("b1", 18)]


def test_a_pair_too_far_apart_for_near_names_no_distance() -> None:
    (miss,) = explained("a1 NEAR/1 b1", "a1 " + "x " * 51 + "b1").misses
    assert (miss.distance, miss.would) == (51, "")


def test_words_too_far_apart_for_near_are_not_said_to_match_it() -> None:
    (miss,) = explained('"a1 b1"', "a1 " + "x " * 51 + "b1").misses
    assert (miss.distance, miss.would) == (51, "")


def test_a_word_is_not_put_together_across_a_break() -> None:
    sample = {"content": "<p>backd</p><p>oor</p><p>a back door</p>"}
    (miss,) = explained("backdoor", sample).misses
    assert miss.would == '"back door"'


def test_a_pair_near_enough_in_the_other_order_is_told_so() -> None:
    (miss,) = explained("a1 ONEAR/1 b1", "b1 a1 x x x b1").misses
    assert (miss.kind, miss.would) == ("order", "NEAR/0")


def test_what_covers_nothing_is_not_told() -> None:
    told = explained('berry EXCEPT ("berry pie" OR pie)', "berry pie, apple pie")
    assert [miss.term for miss in told.misses] == ['"berry pie"']


def test_a_pair_in_order_but_too_far_apart_is_not_called_disordered() -> None:
    (miss,) = explained("a1 ONEAR/1 b1", "b1 x x x a1 x x b1").misses
    assert (miss.kind, miss.would) == ("apart", "ONEAR/2")


def test_a_threshold_shows_what_counted() -> None:
    told = explained("2 OF (a1, b1, c1)", "b1")
    assert told.misses[-1].occurrences[0].text == "b1"
    assert told.absent == ("a1", "c1")


def test_only_the_covering_occurrences_are_shown() -> None:
    told = explained('berry EXCEPT "berry pie"', "berry pie, a berry pie")
    assert [one.start for one in told.misses[0].occurrences] == [0, 13]


def test_a_blocking_not_tells_what_makes_it_true_without_words() -> None:
    told = explained("a1 NOT (a1 AND feed:x)", {"title": "a1", "feed": "x"})
    assert [(miss.kind, miss.term) for miss in told.misses] == [
        ("blocked", "NOT"),
        ("value", "feed:x"),
    ]


# --- parts ----------------------------------------------------------------------------------------


def test_every_part_is_answered_in_writing_order() -> None:
    sample = {"title": "a1 b1", "published": "2015-11-29T22:00:00Z", "now": "2015-12-01"}
    told = explained(
        {"when": "(a1 AND age<7d) NOT c1", "any": ["b1", "d1"], "none": ["e1"]}, sample
    )
    assert [(part.written, part.holds, part.why) for part in told.parts] == [
        ("a1", True, ""),
        ("age<7d", True, "age is 1d 2h"),
        ("NOT c1", True, "not found"),
        ("any: b1, d1", True, ""),
        ("none: e1", True, "not found"),
    ]
    assert [one.text for one in told.parts[3].occurrences] == ["b1"]


def test_parts_after_the_first_false_one_are_answered_too() -> None:
    told = explained("a1 AND b1 AND c1 AND d1", "a1 c1")
    assert [part.holds for part in told.parts] == [True, False, True, False]
    assert told.failing == "b1"


def test_feeds_are_a_part_when_the_rule_names_some() -> None:
    told = explained(spec("a1", feeds=("tech-*",)), {"title": "a1", "feed": "tech-b"})
    assert told.matches
    assert told.parts[0].why == "the item is of the feed tech-b"


@pytest.mark.parametrize(
    ("published", "shown"),
    [("2015-11-01T00:00:00Z", "30d 2h"), ("2015-12-01T01:59:30Z", "3m 34s"),
     ("2015-12-01T02:03:04Z", "0s"), ("2015-12-01T03:03:04Z", "-1h")],
)  # fmt: skip
def test_an_age_is_told_as_rules_write_it(published: str, shown: str) -> None:
    sample = {"title": "x", "published": published, "now": "2015-12-01T02:03:04Z"}
    assert explained("age>99d", sample).misses[0].why == f"age is {shown}"


def test_a_word_that_is_part_of_another_is_not_found_beside_it() -> None:
    told = explained('"seaport port"', {"title": "sea-port"})
    assert not told.matches
    assert [miss.would for miss in told.misses] == [""]


# --- what must hold for any rule and item ---------------------------------------------------------


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(alone, items())
def test_the_explanation_agrees_with_the_match(written: Written, made: dict[str, Any]) -> None:
    compiled = compile_rules([spec(written[0])])
    if compiled.ruleset is None:
        return
    found = as_item(made)
    told = compiled.ruleset.explain(RuleId("r"), found, NOW)
    hit = compiled.ruleset.match(found, NOW)
    assert told.matches == bool(hit) == all(part.holds for part in told.parts)
    if hit:
        assert told.occurrences == hit[0].occurrences
    else:
        false = next(part for part in told.parts if not part.holds)
        assert told.failing == false.written
        assert told.misses or told.absent


@settings(max_examples=300, deadline=None)
@given(terms, items())
def test_what_is_said_to_match_would_match(written: Written, made: dict[str, Any]) -> None:
    found = as_item(made)
    told = ruleset(spec(written[0])).explain(RuleId("r"), found, NOW)
    for miss in told.misses:
        if miss.would:
            assert ruleset(miss.would).match(found, NOW), (written[0], miss.would, found)
        for one in miss.occurrences:
            names = {"author": "authors", "tag": "tags"}
            text = getattr(found, names.get(one.field, one.field))
            if one.field in names:
                text = text[one.value]
            assert text[one.start : one.end] == one.text
