"""A little storm: `make chaos-delivery` is the large one."""

from pathlib import Path

import pytest

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
