"""The parts of the engine agree with each other, and with the standard where its text is short."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.making import NOW, found, item, matches, ruleset
from tests.rules.oracle import exact, runs, tokenize
from watcher.model import Item, RuleId
from watcher.rules.engine import kinds, trie
from watcher.rules.engine.patterns import Patterns
from watcher.rules.grammar.terms import compiled_regex
from watcher.text.markup import unmarked
from watcher.text.tokens import is_word_character


def titled(text: str) -> Item:
    """Make an item of a plain text, which may have breaks."""
    return replace(item("x"), title=text)


# --- rules ---------------------------------------------------------------------------------------

RULES = """
"back door" OR email
title:"back door" OR law
law AND (door OR mail)
law NOT mail
back NEAR/2 mail
door EXCEPT "back door"
2 OF (law, door^2, mail^-1)
inter* OR FORMS(lawful) OR lawfull~1
=Back
="back door" AND mail
/d(oo|ee)r/i
/back.door/ AND law
feed:tech-a AND NOT law
feed:(tech-a OR tech-b) OR lang:en
domain:example.com
link:sponsored OR mail
title:(law AND door)
words>3 AND law
age<1d OR law""".splitlines()[1:]
_WORDS = ("back", "Back", "door", "doors", "mail", "e-mail", "law", "lawful", "intercept", "deer")
WORDS = st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join)
ITEMS = st.fixed_dictionaries(
    {"title": WORDS, "content": WORDS},
    optional={
        "feed": st.sampled_from(["tech-a", "tech-b"]),
        "lang": st.sampled_from(["en", "en-GB"]),
        "link": st.sampled_from(["https://a.example.com/Sponsored", "http://example.org/"]),
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(RULES), min_size=1, max_size=8), ITEMS)
def test_many_rules_at_once_answer_as_each_does_alone(
    written: list[str], sample: dict[str, Any]
) -> None:
    together = ruleset(*written)
    one = item(sample)
    hit = {hit.rule.id: hit.occurrences for hit in together.match(one, NOW)}
    assert together.matching(one, NOW) == tuple(hit)
    for number, text in enumerate(written):
        alone = ruleset(text).match(one, NOW)
        explained = together.explain(RuleId(f"r{number}"), one, NOW)
        assert explained.matches == bool(alone) == (f"r{number}" in hit)
        if alone:
            assert alone[0].occurrences == explained.occurrences == hit[RuleId(f"r{number}")]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 3), st.booleans(), WORDS)
def test_near_tells_of_all_that_stand_near(distance: int, ordered: bool, text: str) -> None:
    operator = "ONEAR" if ordered else "NEAR"
    made = item(text)
    hit = ruleset(f"(back OR mail) {operator}/{distance} (door OR law)").match(made, NOW)
    cut = tokenize(made.title)
    left = [t for t in cut if t.word in ("back", "mail")]
    right = [t for t in cut if t.word in ("door", "doors", "law")]
    pairs = [
        (one, other)
        for one, other in product(left, right)
        if 0 < other.position - one.position <= distance + 1
        or (not ordered and 0 < one.position - other.position <= distance + 1)
    ]
    told = {(o.start, o.end) for one in hit for o in one.occurrences}
    assert told == {(t.start, t.end) for pair in pairs for t in pair}


def test_a_rule_for_some_feeds_is_tried_on_no_others() -> None:
    rule_set = ruleset({"when": "law", "feeds": ["tech-*"]}, "law")
    assert rule_set.matching(item({"title": "law", "feed": "b"}), NOW) == ("r1",)
    assert rule_set.matching(item({"title": "law", "feed": "tech-b"}), NOW) == ("r0", "r1")


# --- words ---------------------------------------------------------------------------------------

LONG = st.lists(st.sampled_from(["a", "b", "ab", "bc", "c"]), min_size=6, max_size=8)


@settings(max_examples=200, deadline=None)
@given(LONG, st.lists(st.sampled_from([" ", " ", " ", "-", "", "\n"]), min_size=8, max_size=8))
def test_terms_with_too_many_spellings_to_list_are_found_too(
    words: list[str], gaps: list[str]
) -> None:
    spelled = "".join(w + g for w, g in zip(words, gaps, strict=False)).strip()
    made = titled(f"c {spelled}s a")
    term = " ".join(words)
    hit = ruleset(f'"{term}"').match(made, NOW)
    spans = {(o.start, o.end) for one in hit for o in one.occurrences}
    cut = tokenize(made.title)
    tree = ("term", term)
    expected = {(cut[a].start, cut[b - 1].end) for a, b in runs(tree, made.title, "english")}
    assert spans == expected


@pytest.mark.parametrize(
    ("rule", "text", "shown"),
    [
        ('"back door"', "back door", "plain"),
        ('"back door"', "back doors", "plural"),
        ('"back door"', "backdoors", "joined"),
        ('"back door man"', "backdoor man", "joined"),
        ("backdoor", "back-doors", "divided"),
        ('"e mail server"', "e-mail ser-ver", "divided"),
        ('"backdoor key"', "back-door key", "divided"),
        ('"black back door"', "black backdoors", "joined"),
        ('"law * agency"', "law coercion agency", "wildcard"),
        ("snowdin~1", "Snowden", "fuzzy:1"),
        ('"snowdin~1 files"', "Snowdin files", "fuzzy:0"),
        ('"snow* snowdin~1"', "snowy Snowden", "fuzzy:1"),
        ("FORMS(intercepted)", "interception", "stem"),
        ("=Snowden", "Snowden", "exact"),
        ('"one two three four five six"', "one two three four five six", "plain"),
        ('"one two three four five six"', "one two threefour five six", "joined"),
    ],
)
def test_an_occurrence_tells_how_it_was_found(rule: str, text: str, shown: str) -> None:
    assert found(rule, f"so {text} then") == [(text, shown)]


def test_of_two_ways_to_find_the_same_the_stricter_is_told() -> None:
    assert found('"bus* bus"', "buses bus") == [("buses bus", "wildcard")]
    assert found('bus OR "bus*"', "bus") == [("bus", "plain"), ("bus", "wildcard")]
    ways = found('"a bc"', "a-bc a bc abc")
    assert ways == [("a-bc", "plain"), ("a bc", "plain"), ("abc", "joined")]


@pytest.mark.parametrize("gap", ["-", "'", "\u2010", "’"])
def test_a_joined_word_is_no_divided_word(gap: str) -> None:
    assert matches("backdoor", f"back{gap}door")
    assert not matches('"ba ckdoor"', f"back{gap}door")  # two pieces on two parts, cut elsewhere
    assert matches('"ba ckdoor"', "backdoor")


def test_words_of_one_rule_are_anchored_anywhere_and_found_in_order() -> None:
    rule_set = ruleset('"the european of the union"')
    assert rule_set.match(titled("it is the European of the Union"), NOW)
    assert not rule_set.match(titled("European of the Union"), NOW)
    assert not rule_set.match(titled("the\nEuropean of the Union"), NOW)
    assert not rule_set.match(titled("the European of\nthe Union"), NOW)


def test_what_is_remembered_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trie, "_MOST_LEARNT", 50)
    monkeypatch.setattr(kinds, "_REMEMBERED", 50)
    rule_set = ruleset("inter*", '"inter* x"', "blackbery~")
    for n in range(20):
        words = " ".join(f"word{n}x{m}" for m in range(30))
        one = item(f"{words} intercept{n} x blackberry")
        assert len(rule_set.match(one, NOW)) == 3
    assert len(rule_set._finder._trie._entry.__self__) <= 50  # type: ignore[attr-defined]


def test_threads_may_match_at_the_same_time() -> None:
    rule_set = ruleset("inter*", '"back door"', "FORMS(law)", "/do+r/", "blackbery~ NEAR/9 door")
    many = [item(f"laws{n} laws intercept{n} the back-door of BlackBerry") for n in range(200)]
    alone = [rule_set.match(one, NOW) for one in many]
    with ThreadPoolExecutor(4) as pool:
        again = ruleset("inter*", '"back door"', "FORMS(law)", "/do+r/", "blackbery~ NEAR/9 door")
        assert list(pool.map(lambda one: again.match(one, NOW), many)) == alone


# --- characters ----------------------------------------------------------------------------------

SIGNS = st.text(alphabet=st.sampled_from("aBn't-’s S#+ 黑莓गि\u0301"), min_size=1, max_size=6)


@settings(max_examples=500, deadline=None)
@given(SIGNS, SIGNS, SIGNS)
def test_exact_terms_are_found_whatever_guards_them(sought: str, before: str, after: str) -> None:
    text, wanted = unmarked(before + sought + after), unmarked(sought)
    written = f'="{wanted}"'
    if not any(map(is_word_character, wanted)):
        return
    one = titled(text)
    expected = [(start, start + len(wanted)) for start in exact(wanted, text)]
    hit = ruleset(written, f"{written} NOT zzz").match(one, NOW)
    assert len(hit) == (2 if expected else 0)
    assert [(o.start, o.end) for o in hit[0].occurrences] == expected if hit else not expected


# --- patterns ------------------------------------------------------------------------------------

PATTERNS = st.lists(
    st.sampled_from(
        ["abc", "(?i)abc", "a[bx]c", "(?i)kelvin", r"\bab\b", "ab|cd", "a.*c", r"\d{2}", "", "é+"]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.text(alphabet=st.sampled_from("aAbBcCdxé12 \u212aelvin"), max_size=12))
def test_no_pattern_that_is_in_a_text_is_left_out(patterns: list[str], text: str) -> None:
    perhaps = set(Patterns(enumerate(patterns)).perhaps_in(text))
    there = {n for n, one in enumerate(patterns) if compiled_regex(one).search(text)}
    assert there <= perhaps


def test_a_pattern_whose_letters_are_missing_is_not_tried() -> None:
    patterns = Patterns([(7, "lawful.*interception"), (9, r"(?i)back\s*door")])
    assert set(patterns.perhaps_in("a Back Door")) == {9}
    assert not set(patterns.perhaps_in("nothing of the kind"))
