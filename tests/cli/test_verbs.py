"""The list of verbs is there at once, and says of each what it does."""

import subprocess
import sys

import pytest
import typer

from watcher.cli.root import app
from watcher.cli.verbs import VERBS

ROOM = 80 - 13  # columns that are left of a line beside the longest name


PROGRAM = """
import sys
from watcher.cli.root import app, main
sys.argv = ["watcher", *sys.argv[1:]]
try:
    main()
except SystemExit:
    print(*(name for name in sys.modules if name.startswith("watcher")), file=sys.stderr)
"""


def asked(*arguments: str) -> tuple[str, set[str]]:
    """Give what the command line says, and which of our modules that took."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True
    )
    return answer.stdout, set(answer.stderr.split())


def test_who_asks_for_the_list_loads_no_verb_and_no_noun() -> None:
    told, loaded = asked("--help")
    for name, verb in VERBS.items():
        assert f"  {name} " in told
        assert verb.summary in told
    modules = {"cli", "cli.root", "cli.verbs", "errors"}
    assert loaded == {"watcher", *(f"watcher.{name}" for name in modules)}


def test_who_asks_for_one_verb_does_not_load_what_the_others_need() -> None:
    _, loaded = asked("verify", "--help")
    assert "watcher.cli.keeping" in loaded
    assert "watcher.cli.running" not in loaded


@pytest.mark.parametrize("name", VERBS)
def test_a_summary_is_one_short_sentence(name: str) -> None:
    summary = VERBS[name].summary
    assert summary.endswith(".")
    assert len(summary) <= ROOM


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_where_the_list_says_and_has_help_of_its_own(name: str) -> None:
    command = typer.main.get_command(app)
    found = command.commands[name]  # type: ignore[attr-defined] # it is a group
    assert found.name == name
    assert found.help
