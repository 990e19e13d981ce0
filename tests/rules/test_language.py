"""What rules mean: one line a rule, an item and the answer, by section of the standard."""

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.making import found, hits, matches, ruleset, spec
from watcher.model import RuleId
from watcher.rules import Sample
from watcher.rules.samples import item_of

YES, NO = True, False
LONG = " ".join(f"w{number}" for number in range(30))

TERMS: list[tuple[str, Sample, bool]] = [
    # plain words: case, accents, hyphens and plurals are forgiven, other words are not
    ("apple", "pineapple", NO),
    ("apple", "Apple’s", YES),
    ("apple", "l'Apple", YES),
    ("cafe", "CAFÉ society", YES),
    ("Café", "cafe", YES),
    ("node.js", "node js", YES),
    ("AT&T", "at t", YES),
    ("C++", "the c language", YES),
    ('"a \\"b\\" \\\\ c"', "a b c", YES),
    ("“back door”", "back door", YES),
    ('"back door”', "back door", YES),
    ("12:30", "at 12:30 sharp", YES),
    ("don't", "we don’t", YES),
    ("we'll", "we", YES),
    # divided and joined
    ('"back door"', "the back, door", YES),
    ('"back door"', "the back</p><p>door", NO),
    ("backdoor", "back-door", YES),
    ("backdoor", "back door", NO),
    ("endtoend", "end-to-end", YES),
    ("toend", "end-to-end", YES),
    ("endend", "end-to-end", NO),
    ("obrien", "O'Brien", YES),
    ('"o brien"', "obrien", YES),
    ('"ab c"', "a-bc", NO),
    ('"end to end"', "endtoend", YES),
    ('"end to end"', "end toend", YES),
    ('"黑 莓"', "黑莓", YES),
    ("abc黑", "a-bc黑", YES),
    (f'"{LONG}"', LONG.replace(" ", "-"), YES),
    (f'"{LONG}"', LONG.replace(" ", ""), YES),
    (f'"{LONG}"', LONG.replace("w17 ", ""), NO),
    # plural, one way
    ("door", "doors", YES),
    ("doors", "door", NO),
    ("box", "boxes", YES),
    ("church", "churches", YES),
    ("day", "daies", NO),
    ("day", "days", YES),
    ("agency", "agencies", YES),
    ("ab", "abs", NO),
    ("5th", "5ths", NO),
    ('"back door"', "back doors", YES),
    ('"back door"', "backdoors", YES),
    ("backdoor", "back-doors", YES),
    # wildcards
    ("intercept*", "intercept", YES),
    ("intercept*", "Interception", YES),
    ("wom?n", "women", YES),
    ("wom?n", "womn", NO),
    ("*café*", "intercafeteria", YES),
    ("inter*tion", "interception", YES),
    ("door*", "back-door", YES),
    ('"(intercept*)"', "interceptor", YES),
    ('"law * agencies"', "law coercion agencies", YES),
    ('"law * agencies"', "law and order agencies", NO),
    ('"law * agency"', "law x agencies", YES),
    ('"law * agencies"', "law x<hr>agencies", NO),
    # fuzzy
    ("blackbery~", "blackberry", YES),
    ("snowden~1", "snowdens", YES),
    ("snowden~1", "nowden", NO),
    ("blackberry~2", "blackbrery", YES),
    ("blackberry~2", "blckbry", NO),
    ('"lawful intercepton~2"', "lawful interception", YES),
    # exact
    ("=C++", "C++11", YES),
    ("=C++", "c++", NO),
    ("=US", "US-based", YES),
    ("=US", "USB us", NO),
    ("=.NET", "ASP.NET", YES),
    ("=AT&T", "AT&amp;T", YES),
    ('="Big Blue"', "the Big  Blue.", YES),
    ('="Big Blue"', "Big<p>Blue", NO),
    ("=don", "don't", YES),
    ("=don", "don’t", YES),
    ("='s", "Apple's", YES),
    ("=ll", "we'll", YES),
    ("=黑莓", "大黑莓", NO),
    ("=黑莓", "(黑莓)", YES),
    ("=aXa", "aXaXa aXa", YES),
    ('="n\'t"', "don't", NO),
    # inflections
    ("FORMS(intercept)", "interception", YES),
    ("FORMS(intercept)", "intercepted", YES),
    ("FORMS(lawful)", "law", YES),
    ("FORMS(back door)", "backdoor", NO),
    # regex
    ("/CVE-20\\d\\d-\\d+/i", "cve-2015-1234", YES),
    ("/a\\/b/", "a/b", YES),
    ("/a.b/s", "<p>a</p>b", YES),
    ("/a.b/", "<p>a</p>b", NO),
    ("/\\bé/", "é", NO),
]


@pytest.mark.parametrize(("rule", "sample", "expected"), TERMS)
def test_a_term_occurs_where_the_standard_says(rule: str, sample: Sample, expected: bool) -> None:
    assert matches(rule, sample) is expected


ITEM = {
    "title": "BlackBerry to exit Pakistan",
    "content": "<p>Back doors were asked for.</p><p>Servers stay.</p>",
    "author": ["Marty Beard", "Ann Example"],
    "tag": "security",
    "link": "https://News.Example.com:443/Sponsored/1?q=a:b",
    "feed": "tech-Ars",
    "lang": "en-GB",
    "published": "2015-11-30T12:00:00+02:00",
    "now": "2015-12-01T10:00:00Z",
}
EXPRESSIONS: list[tuple[str, bool]] = [
    ("blackberry AND servers", YES),
    ("title:(blackberry AND servers)", NO),
    ("text:(blackberry AND servers)", YES),
    ("content:servers NOT title:servers", YES),
    ("blackberry NOT servers", NO),
    ("NOT jam AND blackberry", YES),
    ("blackberry AND NOT NOT servers", YES),
    ("jam OR servers", YES),
    ("author:beard AND author:ann", YES),
    ("author:(beard NEAR/50 ann)", NO),
    ('author:"beard ann"', NO),
    ("beard", NO),
    ("tag:security", YES),
    ("2 OF (blackberry, jam, pakistan)", YES),
    ("3 OF (blackberry, jam, pakistan)", NO),
    ("3 OF (blackberry^2, jam^5, servers)", YES),
    ("3 OF (blackberry^2, servers, exit^-1, jam)", NO),
    ("2 OF (blackberry AND exit^2, jam)", YES),
    ("title:(2 OF (blackberry, servers))", NO),
    ("exit NEAR/0 pakistan", YES),
    ("blackberry NEAR/1 exit", YES),
    ("blackberry NEAR/0 exit", NO),
    ("exit NEAR/3 blackberry", YES),
    ("exit ONEAR/3 blackberry", NO),
    ("asked NEAR/50 servers", NO),
    ("(jam OR exit) NEAR/3 (servers OR blackberry)", YES),
    ("blackberry NEAR/3 blackberry", NO),
    ("=exit NEAR/0 FORMS(pakistan)", YES),
    ('blackberry EXCEPT "blackberry to"', NO),
    ('blackberry EXCEPT "blackberry messenger"', YES),
    ('title:(blackberry EXCEPT "servers stay")', YES),
    ("link:sponsored", YES),
    ("link:SPONSORED/1?Q", YES),
    ("link:a:b", YES),
    ("link:/sponsored/", NO),
    ("link:/Spons.*d/", YES),
    ('link:"/sponsored/"', YES),
    ("link:(nothing OR example)", YES),
    ("domain:example.com", YES),
    ("domain:Example.COM", YES),
    ("domain:ample.com", NO),
    ("domain:(cnet.com OR news.example.com)", YES),
    ("feed:TECH-ars", YES),
    ("feed:tech-*", YES),
    ("feed:tech-a?s", YES),
    ("feed:tech", NO),
    ("lang:EN", YES),
    ("lang:en-gb", YES),
    ("lang:e", NO),
    ("age<24h", NO),
    ("age<=24h", YES),
    ("age >= 1d", YES),
    ("age>1d", NO),
    ("age<2w AND age>30m AND age>90s", YES),
    ("published>=2015-11-30T10:00:00Z", YES),
    ("published>2015-11-30T12:00:00+02:00", NO),
    ("published>2015-11-30", YES),
    ("words=7 OR words>=7", YES),
    ("words>7", NO),
    ("words <= 7", YES),
    ("words", NO),
]


@pytest.mark.parametrize(("rule", "expected"), EXPRESSIONS)
def test_an_expression_is_true_where_the_standard_says(rule: str, expected: bool) -> None:
    assert matches(rule, ITEM) is expected


@pytest.mark.parametrize("rule", ["age<7d", "age>=0s", "published>1999-01-01", "words<9"])
def test_a_comparison_with_what_is_missing_is_false(rule: str) -> None:
    assert not matches(rule, "only a title")


def test_an_age_may_be_negative() -> None:
    sample = {"title": "x", "published": "2015-12-02", "now": "2015-12-01"}
    assert matches("age<1s", sample)


def test_the_words_of_the_summary_count_where_there_is_no_content() -> None:
    assert matches("words>=3", {"summary": "one two three"})
    assert not matches("words>=3", {"summary": "one two three", "content": "one"})


@pytest.mark.parametrize("rule", ["link:a", "domain:a", "feed:*", "lang:a", "link:/.*/", "/.*/"])
def test_a_missing_field_matches_nothing(rule: str) -> None:
    assert not matches(rule, {"author": "a"})


OBJECTS: list[tuple[dict[str, Any], Sample, bool]] = [
    ({"any": ["lawful interception", "jam"]}, "lawful interception", YES),
    ({"any": ["lawful interception"]}, "lawful and interception", NO),
    ({"any": ["back and door"]}, "back and door", YES),
    ({"any": ["back door NEAR/2 found"]}, "found the back door", YES),
    ({"any": ["law * agencies"]}, "law x agencies", YES),
    ({"any": ["lawful intercept*"]}, "lawful intercepts", YES),
    ({"any": ["back door OR top"]}, "top", YES),
    ({"any": ["2 OF (back door, jam pot)"]}, "jam pot, back door", YES),
    ({"any": ["title:(back door)"]}, "back door", YES),
    ({"all": ["a1", "b1"]}, "b1 a1", YES),
    ({"all": ["a1", "b1"]}, "a1", NO),
    ({"when": "a1", "none": ["b1", "c1"]}, "a1", YES),
    ({"when": "a1", "none": ["b1", "c1"]}, "a1 c1", NO),
    ({"when": "a1", "any": ["b1"], "all": ["c1"], "none": ["d1"]}, "a1 b1 c1", YES),
    ({"when": "a1", "any": ["b1"], "all": ["c1"], "none": ["d1"]}, "a1 b1", NO),
    ({"when": "NOT a1", "all": ["b1"]}, "b1", YES),
    ({"any": ["1984", "no", "2015-11-30"]}, "2015 11 30", YES),
    ({"when": "$w", "lists": {"w": ["back door", "title:jam"]}}, "jam", YES),
    ({"when": "$w", "lists": {"w": ["$v", "x"], "v": ["back door"]}}, "back door", YES),
    ({"when": "title:$w", "lists": {"w": ["jam"]}}, {"content": "jam"}, NO),
    ({"when": "$w EXCEPT jam", "lists": {"w": ["jam", "pot"]}}, "jam pot", YES),
    ({"when": "FORMS(häuser)", "language": "german"}, "haus hauser", YES),
]


@pytest.mark.parametrize(("rule", "sample", "expected"), OBJECTS)
def test_a_rule_object_joins_its_parts(
    rule: dict[str, Any], sample: Sample, expected: bool
) -> None:
    assert matches(rule, sample) is expected


# --- hits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "sample", "told"),
    [
        ("door", "a door, doors", [("door", "plain"), ("doors", "plural")]),
        ('"back door"', "Backdoors, back-door", [("Backdoors", "joined"), ("back-door", "plain")]),
        ("backdoor", "Back-Doors", [("Back-Doors", "divided")]),
        ("inter*", "an Internet", [("Internet", "wildcard")]),
        ('"law * order"', "law and order", [("law and order", "wildcard")]),
        ("snowdens~2", "Snowdnes", [("Snowdnes", "fuzzy:1")]),
        ("FORMS(law)", "lawful", [("lawful", "stem")]),
        ("=C++", "C++11", [("C++", "exact")]),
        ("/o+/", "foo o", [("oo", "regex"), ("o", "regex")]),
        ("a NEAR/1 c", "a x b a c", [("a", "plain"), ("c", "plain")]),
        ("a1 OR b1", "b1", [("b1", "plain")]),
        ("a1 EXCEPT a1b", "a1 x a1", [("a1", "plain"), ("a1", "plain")]),
        ("2 OF (a1, b1, c1^-1)", "b1 a1", [("b1", "plain"), ("a1", "plain")]),
        ("a1 NOT b1", "a1", [("a1", "plain")]),
        ("(a1 AND x1) OR b1", "a1 b1", [("b1", "plain")]),
        ("/x*/", "ax", [("x", "regex")]),
    ],
)
def test_a_hit_carries_the_words_that_made_it(
    rule: str, sample: str, told: list[tuple[str, str]]
) -> None:
    assert found(rule, sample) == told


def test_an_occurrence_says_where_it_is() -> None:
    (hit,) = hits("author:beard", {"author": ["Ann", "Marty <b>Beard</b>"]})
    (one,) = hit.occurrences
    assert (one.field, one.value, one.start, one.end) == ("author", 1, 6, 11)
    assert one.term == "beard"


def test_an_occurrence_of_a_list_names_the_list_and_its_entry() -> None:
    lists = {"outer": ("$inner",), "inner": ("back door",)}
    (hit,) = hits("$outer", "back doors", lists=lists)
    assert [(o.how, o.term) for o in hit.occurrences] == [("list:outer", "back door")]


def test_occurrences_are_in_the_order_of_the_text() -> None:
    (hit,) = hits("b1 AND a1", {"title": "a1 b1", "content": "a1"})
    places = [(o.field, o.text) for o in hit.occurrences]
    assert places == [("title", "a1"), ("title", "b1"), ("content", "a1")]


def test_hits_come_in_the_order_of_the_rules_and_disabled_rules_are_silent() -> None:
    rules = ruleset(spec("a1", "z"), spec("a1", "off", enabled=False), spec("NOT b1 AND a1", "a"))
    assert [info.id for info in rules.infos] == ["z", "a"]
    hit = rules.match(*item_of("a1"))
    assert [one.rule.id for one in hit] == [RuleId("z"), RuleId("a")]


def test_a_rule_may_be_for_some_feeds_only() -> None:
    rules = ruleset(spec("a1", feeds=("tech-*", "law")))
    assert rules.match(*item_of({"title": "a1", "feed": "Tech-ars"}))
    assert rules.match(*item_of({"title": "a1", "feed": "law"}))
    assert not rules.match(*item_of({"title": "a1", "feed": "sports"}))


# --- hostile texts --------------------------------------------------------------------------------


def test_half_characters_do_no_harm() -> None:
    item, now = item_of("x")
    broken = replace(item, title="back\ud800 door", link="http://a/\udfff")
    rules = ruleset('"back door"', "/door/", "link:/a/", "=door")
    assert len(rules.match(broken, now)) == 4


@pytest.mark.parametrize(
    "rule",
    [
        "a NEAR/50 a",
        "a EXCEPT b",
        '"a a a a a"',
        "aa",
        '"a * a * a"',
        "a*a*a*a*b",
        "=a",
        "aaaaaa~1",
    ],
)
def test_a_text_of_one_word_over_and_over_is_no_trouble(rule: str) -> None:
    for text in ("a " * 5_000, "a-" * 5_000, "a" * 20_000):
        matches(rule, text)
