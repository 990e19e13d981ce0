"""Little storms: `make chaos-delivery` and `make chaos` are the large ones."""

from pathlib import Path

import pytest

from tests.chaos.account import reckon
from tests.chaos.storm import storm


@pytest.mark.parametrize("seed", [1])
def test_what_is_promised_arrives_through_failures_and_kills(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    toll = storm(tmp_path, database_url, alerts=30, kills=5, seed=seed)
    assert toll.kills.total() == 5
    assert toll.lost == set()
    assert toll.second_keys == set()
    assert toll.repeats <= toll.may_repeat
    assert toll.states == {"sent": 30}


def test_what_feeds_show_is_told_once_whatever_fails_and_whenever_we_are_killed(
    tmp_path: Path,
) -> None:
    account = reckon(tmp_path, kills=3, seed=4, feeds=4, rounds=4)
    assert account.kills.total() == 3
    assert len(account.press.owed) > 20
    assert account.faults() == []
