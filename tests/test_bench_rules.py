"""The measurement of the rule engine runs, also without the real texts, and then says so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    nowhere = tmp_path_factory.mktemp("data") / "none"
    command = [sys.executable, str(ROOT / "bench/rules.py"), "--quick", "--data", str(nowhere)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_says_loudly_that_the_texts_are_made_up(told: str) -> None:
    assert told.startswith("NOT THE REAL TEXTS: ")


@pytest.mark.parametrize("name", ["watcher", "re, a loop", "re, one alternation", "SQLite FTS5"])
def test_all_are_measured_on_items_of_both_lengths_with_few_and_many_rules(
    told: str, name: str
) -> None:
    rows = re.findall(rf"(?m)^{name}[^\d/]*(?:FTS5[^\d]*)?\s([\d,]+\.\d)\s+([\d,]+\.\d)$", told)
    assert len(rows) == 2
    assert all(float(cell.replace(",", "")) > 0 for row in rows for cell in row)


def test_our_hits_are_those_of_a_loop_of_regular_expressions(told: str) -> None:
    hits = re.findall(r"hits of re, a loop in \d+ items: (\d+) the same(.*)", told)
    assert len(hits) == 2
    assert sum(int(same) for same, _ in hits) > 0
    assert all("only it has" not in more for _, more in hits)


def test_loading_and_own_cost_are_told(told: str) -> None:
    assert re.search(r"loading 500 rules with their tests: [\d.]+ s", told)
    assert len(re.findall(r"times \(wanted at 500: 1\.5\)", told)) == 2
    assert len(re.findall(r"\d \(wanted: (?:8,000|1,500)\), [\d.]+ hits an item", told)) == 2
