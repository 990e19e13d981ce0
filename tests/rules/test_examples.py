"""The standard's own examples, where they lie beside the project; and its table in section 10."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rules.making import faults, matches

SHARED = Path(__file__).parents[3] / "shared" / "data" / "rules"


def _lines(name: str) -> list[dict[str, Any]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the standard's examples are not here: {path} does not exist")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_all_examples_of_the_standard_agree() -> None:
    examples = _lines("examples.jsonl")
    wrong = [one for one in examples if matches(one["rule"], one["item"]) is not one["expected"]]
    assert examples
    assert wrong == []


def test_all_faulty_examples_of_the_standard_are_told_in_their_place() -> None:
    examples = _lines("errors.jsonl")
    told = [(one["id"], faults(one["rule"])[0]) for one in examples]
    assert examples
    assert [(name, fault.code, fault.column) for name, fault in told] == [
        (one["id"], one["code"], one["col"]) for one in examples
    ]


TABLE: list[tuple[str, str, bool]] = [
    ('"back door"', "final ‘back door’ entrance", True),
    ('"back door"', "We do not support ‘back doors’", True),
    ('"back door"', "Backdoors found", True),
    ("backdoor", "a back door", False),
    ('"lawful interception"', "lawful intercepts", False),
    ("BlackBerry", "fresh blackberries", True),
    ("=AT&T", "AT&amp;T", True),
    ("BlackBerry NEAR/3 exit", "exit Pakistan, BlackBerry", True),
    ("黑莓", "加拿大黑莓公司", True),
    ("title:Pakistan AND age<7d", "Pakistan", False),
    ('2 OF (BlackBerry, "back door", Pakistan)', "Pakistan back-door", True),
]


@pytest.mark.parametrize(("rule", "text", "expected"), TABLE)
def test_the_table_of_the_standard_holds(rule: str, text: str, expected: bool) -> None:
    assert matches(rule, text) is expected
