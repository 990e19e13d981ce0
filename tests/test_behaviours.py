"""What a good reader of feeds does, forty times: each is tested, and the manual says by which."""

import subprocess
import sys
from pathlib import Path

from tools.write_behaviours import behaviours, shown

ROOT = Path(__file__).parent.parent
# behaviours that no test shows so far
NOT_YET: set[int] = set()


def test_each_of_the_forty_behaviours_is_shown_by_a_test() -> None:
    assert sorted(behaviours()) == list(range(1, 41))
    assert behaviours().keys() - shown().keys() == NOT_YET


def test_no_test_shows_a_behaviour_that_there_is_not() -> None:
    assert shown().keys() <= behaviours().keys()


def test_the_table_of_behaviours_is_up_to_date() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "tools/write_behaviours.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
