"""`expected` of a rule: how long it may go without a hit."""

from datetime import timedelta
from pathlib import Path

import pytest

from watcher.config import load_rules
from watcher.errors import ConfigError

RULE = "version: 1\nrules:\n  - {id: flood, when: flood, expected: %s}\n"


def written(folder: Path, expected: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(RULE % expected)
    return path


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30d", timedelta(days=30)),
        ("1h", timedelta(hours=1)),
        ("3600s", timedelta(hours=1)),
        ("2w", timedelta(weeks=2)),
        ("3660d", timedelta(days=3660)),
    ],
)
def test_a_rule_carries_what_is_expected_of_it(
    tmp_path: Path, text: str, length: timedelta
) -> None:
    rules, _ = load_rules(written(tmp_path, text))
    assert [info.expected for info in rules.infos] == [length]


def test_of_a_rule_that_says_nothing_nothing_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
    rules, _ = load_rules(path)
    assert [info.expected for info in rules.infos] == [None]


TOO_SHORT = "is too short; a rule may be expected to match within 1h or longer"
NO_DURATION = "is not a duration; write 90s, 30m, 24h, 7d or 2w"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0d", f'"0d" {TOO_SHORT}'),
        ("59m", f'"59m" {TOO_SHORT}'),
        ("3599s", f'"3599s" {TOO_SHORT}'),
        ("-30d", f'"-30d" {NO_DURATION}'),
        ("30", f'"30" {NO_DURATION}'),
        ("1.5d", f'"1.5d" {NO_DURATION}'),
        ("30 d", f'"30 d" {NO_DURATION}'),
        ("30D", f'"30D" {NO_DURATION}'),
        ("monthly", f'"monthly" {NO_DURATION}'),
        ("'30d '", f'"30d " {NO_DURATION}'),
        ("999999w", '"999999w" is longer than ten years'),
    ],
)
def test_a_bad_duration_is_a_fault_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_rules(written(tmp_path, text))
    (fault,) = refused.value.faults
    assert (fault.rule, fault.line, fault.column) == ("flood", 3, 40)
    assert message in fault.message


@pytest.mark.parametrize("text", ["", "[30d]", "{d: 30}"])
def test_what_is_no_text_is_no_duration(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_rules(written(tmp_path, text))
    assert [fault.line for fault in refused.value.faults] == [3]
