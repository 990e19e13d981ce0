"""Rules in words: what they say, what their terms find, what is doubtful about them."""

from typing import Any

import pytest
from hypothesis import given, settings

from tests.rules.made import Written, terms
from tests.rules.making import matches, spec
from watcher.rules import Described, RuleTests, describe
from watcher.rules.examples import needed
from watcher.rules.grammar import parse
from watcher.rules.tree import Regex


def only(rule: Any, **more: Any) -> Described:
    (part,) = describe(spec(rule, **more)).parts
    return part


@pytest.mark.parametrize(
    ("term", "said", "finds", "spares"),
    [
        ('"back door"', "a phrase", ("back door", "back-door", "backdoor", "back doors"),
         ("backs door", "back the door", "door back")),
        ("agency", "a word", ("agency", "agencies"), ("superagency",)),
        ("agencies", "a word", ("agencies",), ("agency", "superagencies")),
        ("bus", "a word", ("bus", "buses"), ("superbus",)),
        ("Café", "a word", ("Café", "cafe", "cafes"), ("supercafe",)),
        ("intercept*", "a word, * in a word being any letters or none",
         ("intercept", "intercepts"), ("unintercept",)),
        ("wom?n", "a word, ? being any one letter", ("women", "woman"), ("womn", "unwomen")),
        ("blackberry~1", "a word, 1 spelling error forgiven",
         ("blackberry", "blackerry", "blackebrry", "blackbberry"),
         ("lackberry", "blkberry", "blberry")),
        ('"law * agencies"', "a phrase, * being any one word", ("law and agencies",),
         ("laws and agencies", "law and agency", "law the and agencies")),
        ("=BlackBerry", "exactly these characters, case included",
         ("BlackBerry", "BlackBerry’s", "BlackBerry-based"),
         ("blackberry", "BLACKBERRY", "Blackberry")),
        ("=C++", "exactly these characters, case included", ("C++",), ("c++",)),
        ("黑莓", "a phrase", ("黑莓",), ()),
    ],
)  # fmt: skip
def test_a_term_tells_what_it_finds_and_what_it_does_not(
    term: str, said: str, finds: tuple[str, ...], spares: tuple[str, ...]
) -> None:
    told = only(term)
    assert (told.said, told.finds, told.spares) == (said, finds, spares)


@settings(max_examples=100, deadline=None)
@given(terms)
def test_examples_tell_the_truth(written: Written) -> None:
    told = only(written[0])
    assert told.finds or told.written.startswith(("FORMS", "="))
    assert all(matches(written[0], text) for text in told.finds)


def test_forms_show_their_stems() -> None:
    told = only("FORMS(lawful interception)")
    assert told.said == "any form of these words"
    assert told.notes == ("stems in english: law, intercept",)
    assert only("FORMS(huizen)", language="dutch").notes == ("stems in dutch: huis",)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("a1 OR b1", "any of these"),
        ("x1 AND (a1 AND b1)", "a word"),
        ("title:a1", "in the title only"),
        ("text:a1", "in title, summary or content"),
        ("2 OF (a1, b1, c1)", "at least 2 of these"),
        ("2 OF (a1^2, b1^-1)",
         "the weights of those of these that are true add up to 2 or more"),
        ("a1 NEAR/1 b1", "both, with at most 1 word between, in either order"),
        ("a1 ONEAR/3 b1", "both, with at most 3 words between, in this order"),
        ("a1 NEAR/0 b1", "side by side, in either order"),
        ("a1 EXCEPT b1", "the first of these, somewhere outside the second"),
        ("domain:(a.example OR b.example)",
         "the site is, or is below, a.example or b.example"),
        ("link:/x+/", "the link holds /x+/"),
        ("feed:tech-*", "the feed is tech-*"),
        ("lang:en", "the language is en"),
        ("age<7d", "under 1w old"),
        ("age>=36h", "at least 36h old"),
        ("published>2015-11-30", "published after 2015-11-30 00:00 UTC"),
        ("words<=100", "at most 100 words long"),
        ("/a.b/", "a pattern, searched in the plain text as it is"),
    ],
)  # fmt: skip
def test_what_joins_terms_is_said_in_words(rule: str, said: str) -> None:
    assert describe(spec(rule)).parts[0].said == said


def test_the_parts_of_a_rule_stand_in_writing_order() -> None:
    rule = {"when": "a1 NOT b1", "any": ["c1", "d1 e1"], "all": ["f1"], "none": ["g1"]}
    told = describe(spec(rule)).parts
    assert [part.said for part in told] == [
        "a word", "not", "any of these", "a word", "none of these",
    ]  # fmt: skip
    assert [part.written for part in told[2].parts] == ["c1", "d1 e1"]


def test_a_list_shows_its_first_members_and_counts_the_rest() -> None:
    told = only("$l", lists={"l": tuple(f"w{n}" for n in range(20))})
    assert told.said == "any of the list l, 20 entries"
    assert [part.written for part in told.parts] == ["w0", "w1", "w2", "w3", "w4", "w5"]
    assert told.more == 14
    assert only("$l", lists={"l": ("w",)}).said == "any of the list l, one entry"


def test_lists_unfold_in_lists() -> None:
    told = only("$l", lists={"l": ("$m", "x1"), "m": ("y1",)})
    assert told.parts[0].parts[0].written == "y1"


def test_weights_and_flags_are_noted() -> None:
    told = only("2 OF (a1^2, b1)")
    assert [part.notes for part in told.parts] == [("counts 2",), ()]
    assert only("/x/").notes == ("case counts; the flag i would ignore it",)
    assert only("/x/im").notes == ("case does not count", "^ and $ are the ends of a paragraph")


def test_doubts_and_failing_tests_stand_beside_the_rule() -> None:
    tests = RuleTests(match=("a berry", "no"), no_match=("x",))
    told = describe(spec("berry AND UN", tests=tests))
    assert [fault.code for fault in told.warnings] == ["W202"]
    assert told.tests == 3
    assert [fault.code for fault in told.failed] == ["T301", "T301"]


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"CVE-20\d\d-\d+", "CVE-20"),
        (r"back.?door", "back"),
        (r"abc?def", "def"),
        (r"ab{0,2}cd", "cd"),
        (r"ab{2}cd", "cd"),
        (r"a+bcd", "bcd"),
        (r"(abc)?de", "de"),
        (r"(?:abc|def)xy", "xy"),
        (r"abc|de", ""),
        (r"[abc|]de", "de"),
        (r"[]x]de", "de"),
        (r"a\.b\|c", "a.b|c"),
        (r"\bfoo\b", "foo"),
        (r"(a(b)c)xy*", "x"),
        (r"(?P<n>a(b|c))xy", "xy"),
        (r"\pNab", "ab"),
        (r"\p{Greek}ab", "ab"),
        (r"\x{41}ab\x41", "ab"),
        (r"[[:alpha:]]ab", "ab"),
        (r"\Qa|b\E", ""),
    ],
)
def test_a_pattern_tells_what_it_cannot_do_without(pattern: str, literal: str) -> None:
    regex = parse(f"/{pattern}/i", entry=False)
    assert isinstance(regex, Regex)
    assert needed(regex) == literal


def test_what_a_pattern_needs_is_a_note() -> None:
    assert only("/back.?door/i").notes[0] == "nothing is found without “back”"
