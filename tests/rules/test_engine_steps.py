"""What the engine's time depends on: the text and what is found in it, and nothing else."""

import random

import pytest

from tests.rules.making import NOW, item, ruleset
from tests.rules.steps import steps
from watcher.model import Item
from watcher.rules import RuleSet

LETTERS = "bcdfghjklmnpqrstvw"
TEXT = "The government asked the maker of phones for a back door, and was told to go away. " * 3


def word(number: int) -> str:
    """Give a word that is in none of the texts here, another one for each number."""
    rng = random.Random(number)
    return "".join(rng.choice(LETTERS) for _ in range(9))


def steps_of(rules: RuleSet, one: Item) -> int:
    rules.match(one, NOW)  # what is learnt once is learnt
    return steps(lambda: rules.match(one, NOW))


@pytest.mark.parametrize(
    "form",
    [
        "{0}",
        '"{0} {1}"',
        '"the {0}"',
        '"{0} government of the"',
        "{0} OR {1}",
        "government AND {0}",
        "government NOT {0} AND {1}",
        "{0} NEAR/10 phones",
        'phones EXCEPT "{0} phones" AND {1}',
        "2 OF (zzz, {0}, {1})",
        "title:{0}",
        "={0}",
        '="the {0}"',
        "{0}*",
        "*{0}*",
        "gover{0}~2",
        "FORMS({0} phones)",
        '"a {0} b c d e f g"',
        "/{0}/",
        "/(?i){0}.*{1}/",
        "feed:{0}",
        "domain:{0}.example",
        "link:{0}",
        "lang:{0}",
        "feed:{0} AND words>3",
        "$l NOT government AND {0}",
    ],
)
def test_rules_that_have_nothing_to_do_with_an_item_cost_it_nothing(form: str) -> None:
    one = item({"title": "t", "content": TEXT, "link": "https://news.example/a", "feed": "tech"})

    def cost(count: int) -> int:
        made = [form.format(word(n), word(-n)) for n in range(1, count + 1)]
        return steps_of(ruleset("zzz", *made, lists={"l": ("phones", "maker")}), one)

    assert cost(200) <= cost(20) + 10


def growth(rules: RuleSet, unit: str) -> float:
    """Give how the steps grow from one text to one of twice its length."""
    once, twice = (
        steps_of(rules, item({"title": "t", "content": (unit * count).strip()}))
        for count in (150, 300)
    )
    return twice / once


@pytest.mark.parametrize(
    ("unit", "rules"),
    [
        ("a ", ['"a a a a a"', '"aa aaa a"', "aaa"]),
        ("a-", ['"a a a a a"', '"aa a aaa"', "aaaaaaaaa", '"a aa" EXCEPT "aa a"']),
        ("a'", ['"a a a a a"', "aaaa"]),
        ("ab-", ['"ab ab ab ab ab ab ab ab"', "abababab", '"a b a b a b"']),
        ("a b ", ['"a * b"', '"a * * * * a"', "=a", '="b a b a"']),
        ("abc ", ['"abc* a?bc* abc* abc*"', '"abc* abc*"', '"*abc *abc* * abc"']),
        ("ab ", ["ab NEAR/50 ab", "ab ONEAR/50 =ab", 'ab EXCEPT "ab ab ab"', "2 OF (ab, =ab)"]),
        ("a\n", ['"a a"', "a NEAR/50 a"]),
        ("don't ", ["dont", '"dont dont"', "=don't"]),
        ("黑莓", ["黑莓", "=黑莓黑", '"黑 莓 黑"']),
        ("हिन्दी ", ["हिन्दी", "=हिन्दी"]),
        ("ab ", [" ".join(['"ab', *["ab"] * 20, 'ab"'])]),
        ("x", ["/(x+x+)+y/", "xxx*"]),
    ],
)
def test_no_text_takes_more_than_time_in_proportion_to_its_length(
    unit: str, rules: list[str]
) -> None:
    assert growth(ruleset(*rules), unit) < 2.3


def test_a_long_list_costs_only_for_its_entries_that_are_there() -> None:
    one = item(TEXT)

    def cost(count: int) -> int:
        entries = ("phones", *map(word, range(1, count + 1)))
        return steps_of(ruleset("$l", "government AND $l", lists={"l": entries}), one)

    assert cost(400) <= cost(40) + 10
