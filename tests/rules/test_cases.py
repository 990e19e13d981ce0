"""What the standard says, sentence by sentence: `cases/*.jsonl`, in the form of its section 11.

Each case goes the way a user's does: its rule through a rule file, its item through JSON.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rules.oracle import true
from tests.rules.reading import tree_of_rule
from watcher.config import load_rules
from watcher.errors import ConfigError
from watcher.model import Fault, RuleId
from watcher.parse import item_from_json
from watcher.rules import RuleSet

CASES = Path(__file__).parent / "cases"
ERRORS = CASES / "8-errors.jsonl"
NOT_YET = CASES / "engine_doubts.jsonl"  # what the engine is known to answer otherwise
NOW = datetime(2020, 1, 1, tzinfo=UTC)


def _cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _rule_file(cases: list[dict[str, Any]], folder: Path) -> Path:
    """Write the rules of all cases into one file; JSON texts are YAML texts too."""
    lines = ["version: 1", "rules:"]
    for case in cases:
        rule = case["rule"] if isinstance(case["rule"], dict) else {"when": case["rule"]}
        lines.append("- " + json.dumps({"id": case["id"], **rule}, ensure_ascii=False))
    path = folder / "rules.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _answer(rules: RuleSet, case: Mapping[str, Any]) -> bool:
    record = case["item"]
    item = item_from_json(record, NOW, 1)
    now = datetime.fromisoformat(record["now"]) if "now" in record else NOW
    hits = rules.match(item, now if now.tzinfo else now.replace(tzinfo=UTC))
    return RuleId(case["id"]) in {hit.rule.id for hit in hits}


FILES = sorted(path for path in CASES.glob("[0-9]*.jsonl") if path != ERRORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_rule_is_true_of_an_item_where_the_standard_says(path: Path, tmp_path: Path) -> None:
    cases = _cases(path)
    rules, _ = load_rules(_rule_file(cases, tmp_path))
    wrong = [case for case in cases if _answer(rules, case) is not case["expected"]]
    assert cases
    assert wrong == []


def _faults(cases: list[dict[str, Any]], folder: Path) -> dict[str, list[Fault]]:
    with pytest.raises(ConfigError) as bad:
        load_rules(_rule_file(cases, folder))
    found: dict[str, list[Fault]] = {}
    for fault in bad.value.faults:
        found.setdefault(fault.rule, []).append(fault)
    return found


def test_an_error_has_the_code_and_the_column_that_the_standard_says(tmp_path: Path) -> None:
    cases = _cases(ERRORS)
    faults = _faults(cases, tmp_path)
    told = [[(fault.code, fault.caret) for fault in faults[case["id"]]] for case in cases]
    assert cases
    assert told == [[(case["code"], case["col"])] for case in cases]


def test_an_error_stands_where_its_line_says_and_its_caret_is_under_it(tmp_path: Path) -> None:
    cases = _cases(ERRORS)
    faults = _faults(cases, tmp_path)
    for number, case in enumerate(cases):
        (fault,) = faults[case["id"]]
        assert fault.line == number + 3, case
        place, expression, carets, *_ = [*fault.told().splitlines(), "", ""]
        assert place.startswith(f"{fault.file}:{fault.line}:{fault.column}: error {fault.code} in")
        if fault.excerpt.strip() and "\n" not in fault.excerpt:
            assert expression == f"    {fault.excerpt}"
            assert carets == "    " + " " * (fault.caret - 1) + "^" * fault.width
            assert fault.caret + fault.width - 1 <= max(len(fault.excerpt), fault.caret)


# Python's regexes mean something else by these, or nothing
BEYOND_THE_ORACLE = (r"\p", "(?i)", "\\/", "/É/i")


def _oracle_says(case: Mapping[str, Any]) -> bool:
    rule = case["rule"] if isinstance(case["rule"], dict) else {"when": case["rule"]}
    record = case["item"]
    item = item_from_json(record, NOW, 1)
    fields = {"title": item.title, "summary": item.summary, "content": item.content}
    lists = {"author": item.authors, "tag": item.tags}
    values = {"feed": item.feed, "lang": item.language, "link": item.link}
    now = datetime.fromisoformat(record.get("now", NOW.isoformat()))
    return true(
        tree_of_rule(rule, rule.get("lists", {})),
        {**fields, **lists, **values, "published": item.published},
        now if now.tzinfo else now.replace(tzinfo=UTC),
        rule.get("language", "english"),
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_the_oracle_says_what_the_standard_says(path: Path) -> None:
    cases = [
        case
        for case in _cases(path)
        if not any(sign in str(case["rule"]) for sign in BEYOND_THE_ORACLE)
    ]
    wrong = [case for case in cases if _oracle_says(case) is not case["expected"]]
    assert cases
    assert wrong == []
