"""The table in docs/delivery.md is the one that the tests of the channels make."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.write_answers import CHANNELS, Class, cases
from watcher.channels import FORMATS, KINDS

ROOT = Path(__file__).parent.parent


def test_the_table_of_answers_is_as_the_tests_have_it() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "tools/write_answers.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_every_channel_that_is_answered_is_in_the_table() -> None:
    rows = set(CHANNELS)
    assert {row.partition(",")[0] for row in rows} == set(KINDS) - {"console", "file"}
    assert {row.partition("`")[2].rstrip("`") for row in rows if "webhook, `" in row} == set(
        FORMATS
    )


@pytest.mark.parametrize("channel", [name for name in CHANNELS if name not in {"email", "apprise"}])
def test_every_http_channel_has_a_case_of_each_class(channel: str) -> None:
    found = {kind for _, kind in cases(*CHANNELS[channel])}
    assert found == set(Class)
