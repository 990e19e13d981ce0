"""What cannot be a rule is told with its place, however large, within little time and memory."""

import json

import pytest

from tests.rules.bounded import MILLION, Match, rule

LARGE = "with its lists put in, this is too large"
LONG = "the expression is longer than 50000 characters; use lists"
DEEP = "more than 50 parentheses inside each other"
MANY = "a term has at most 400 words"
MULTIPLYING = ", ".join(
    ["l0: [x1, x2]", *(f"l{n}: [{', '.join([f'$l{n - 1}'] * 10)}]" for n in range(1, 30))]
)
EXPRESSIONS = {
    "parentheses": ("(" * 10_000 + "foo" + ")" * 10_000, f'6:57: error E127 in rule "r": {DEEP}'),
    "fields": ("title:(" * 5000 + "a" + ")" * 5000, f'6:363: error E127 in rule "r": {DEEP}'),
    "thresholds": ("1 OF (" * 5000 + "a" + ")" * 5000, f'6:312: error E127 in rule "r": {DEEP}'),
    "many terms": (
        " OR ".join(f"word{n}" for n in range(100_000)),
        f'6:50007: error E127 in rule "r": {LONG}',
    ),
    "a long phrase": (f'"{"word " * 500}"', f'6:7: error E127 in rule "r": {MANY}'),
    "a very long phrase": (f'"{"word " * 10_000}"', f'6:50007: error E127 in rule "r": {LONG}'),
    "a long regex": (f"/{'ab' * 500_000}/", f'6:50007: error E127 in rule "r": {LONG}'),
    "a word of 50 MB": ("a" * 50 * MILLION, f'6:50007: error E127 in rule "r": {LONG}'),
    "repeated repeats": (
        "/a{1000}{1000}/",
        '6:7: error E117 in rule "r": this regex cannot be used: '
        "bad repetition operator: {1000}{1000}",
    ),
    "nested repeats": (
        "/((a{100}){100}){100}/",
        '6:7: error E117 in rule "r": this regex cannot be used: invalid repetition size: {100}',
    ),
    "a regex that grows": (
        "/" + r"[\pL\pN]{500}" * 20 + "/",
        '6:7: error E117 in rule "r": this regex cannot be used: '
        "pattern too large - compile failed",
    ),
    "a huge threshold": (
        "9" * 5000 + " OF (foo, bar)",
        '6:7: error E111 in rule "r": the number before OF must be 1 to 2, '
        "what the members add up to",
    ),
    "a giant weight": (
        f"2 OF (foo^{'9' * 400}, bar)",
        '6:16: error E113 in rule "r": a whole number must follow ^',
    ),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_too_large_to_be_meant_is_told_with_its_place(
    match: Match, name: str
) -> None:
    expression, fault = EXPRESSIONS[name]
    answer = match(rule(expression))
    assert (answer.code, answer.faults) == (2, [fault])
    assert all(len(line) < 250 for line in answer.err.splitlines()[1:])
    (error,) = map(json.loads, answer.out.splitlines())
    assert error["error"]["col"] == int(fault.split(":")[1]) - 6


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        ("{a: [$a]}", '2:13: error E121 in rule "r": lists use each other in a circle: a -> a'),
        (
            "{a: [$b], b: [x1, $c], c: [$a]}",
            '2:35: error E121 in rule "r": lists use each other in a circle: a -> b -> c -> a',
        ),
    ],
)
def test_a_list_that_names_itself_is_told_where_it_does(
    match: Match, lists: str, fault: str
) -> None:
    answer = match(rule("$a", lists))
    assert (answer.code, answer.faults) == (2, [fault])


def test_lists_that_multiply_are_refused_before_they_do(match: Match) -> None:
    answer = match(rule("$l29", f"{{{MULTIPLYING}}}"))
    column = MULTIPLYING.index("$l5") + len("lists: {") + 1
    assert answer.code == 2
    assert answer.faults[0] == f'2:{column}: error E127 in rule "r": {LARGE}'


def test_lists_inside_lists_a_thousand_deep_are_refused(match: Match) -> None:
    chain = ", ".join(["l0: [x1]", *(f"l{n}: [$l{n - 1}]" for n in range(1, 1000))])
    answer = match(rule("$l999", f"{{{chain}}}"))
    assert answer.code == 2
    assert all("E127" in fault and LARGE in fault for fault in answer.faults)


def test_a_list_of_200_000_entries_is_too_large_and_that_is_said_once(match: Match) -> None:
    entries = ", ".join(f"word{n}" for n in range(200_000))
    answer = match(rule("$big", f"{{big: [{entries}]}}"))
    assert (answer.code, answer.faults) == (2, [f'6:7: error E127 in rule "r": {LARGE}'])
