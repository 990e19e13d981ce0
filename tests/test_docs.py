"""Every command, option, setting and channel is in the manual, and no others."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from watcher.channels import KINDS
from watcher.cli.root import app

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
CHANNELS = (ROOT / "docs/channels.md").read_text(encoding="utf-8")


def commands(command: Any = None, name: str = "watcher") -> Iterator[tuple[str, Any]]:
    """Give every verb with its command, as typer builds it."""
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for verb, below in command.commands.items():
            yield from commands(below, f"{name} {verb}")
    else:
        yield name, command


def row(name: str) -> str:
    found = re.search(rf"^\| `{name}[` ].*$", COMMANDS, re.MULTILINE)
    assert found, f"{name} is not in docs/command-line.md"
    return found.group()


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_is_in_the_manual(name: str, command: Any) -> None:
    told = row(name)
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert f"`{parameter.opts[0]}" in told, f"{name} {parameter.opts[0]}"


def test_the_manual_names_no_command_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `(watcher [a-z ]+?)[` ]*(?:[A-Z\[].*?)?`", COMMANDS, re.MULTILINE))
    assert {name.strip() for name in told} == {name for name, _ in commands()}


def test_every_setting_is_in_the_manual_as_the_code_has_it() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "tools/write_settings.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_channel_is_in_the_manual(kind: str) -> None:
    assert f"## {kind}" in CHANNELS


def test_every_picture_is_shown_and_every_shown_picture_is_there() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    shown = set(re.findall(r'(?:src|srcset)="pictures/([\w-]+\.png)"', pages))
    assert shown == {picture.name for picture in (ROOT / "docs/pictures").iterdir()}


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_the_help_of_every_command_shows_how_it_is_called(name: str, command: Any) -> None:
    examples = re.findall(
        r"`([^`]+)`", "\n".join(re.findall(r"^- .*", command.help or "", re.MULTILINE))
    )
    calls = [
        call
        for each in examples
        for call in re.split(r" \| ", each)
        if f"{call} ".startswith(f"{name} ")
    ]
    assert calls, f"{name} --help has no example"
    for call in calls:
        for option in re.findall(r" (--?[a-z-]+)", call):
            assert any(option in each.opts for each in command.params), f"{call}: {option}"
