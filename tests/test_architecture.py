"""What ARCHITECTURE.md says is what the code is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def rooms() -> set[str]:
    return {
        path.stem
        for path in (ROOT / "watcher").iterdir()
        if not path.name.startswith(("__", ".")) and (path.is_dir() or path.suffix == ".py")
    }


def test_architecture_names_exactly_the_rooms_that_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert told == rooms()


def test_the_picture_of_the_rooms_is_drawn_from_the_code() -> None:
    drawn = subprocess.run(
        [sys.executable, ROOT / "tools/draw_rooms.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert drawn.returncode == 0, drawn.stderr


@pytest.mark.parametrize("line", ["make run", "make test"])
def test_the_readme_says_the_two_commands_first(line: str) -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8")[:2000]
    assert line in first
