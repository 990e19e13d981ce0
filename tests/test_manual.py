"""The manual as a whole: its links lead somewhere, its commands are commands, its index is full."""

import contextlib
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.exceptions import TyperException

from tests.manual.page import Page
from tests.manual.running import rewritten
from tests.manual.scene import troubled_desk
from watcher.cli.root import app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = re.MULTILINE | re.DOTALL
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_FENCED = re.compile(r"^ *```(sh|console)\n(.*?)^ *```$", BLOCKS)
_INLINE = re.compile(r"`(watcher\s[^`]+)`")
_INDENTED = re.compile(r"^    (?:\$ )?((?:\S*bin/)?watcher .*)$", re.MULTILINE)


def told(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return page.name


# --- links ----------------------------------------------------------------------------------------


@cache
def anchors(page: Path) -> frozenset[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    prose = re.sub(r"^```.*?^```$", "", told(page), flags=BLOCKS)
    titles = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", title.lower()) for title in titles)
    return frozenset(each.strip().replace(" ", "-") for each in words)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "ARCHITECTURE.md"], ids=name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for found in _LINK.finditer(told(page)):
        target, _, anchor = (found[1] or found[2]).partition("#")
        if "://" in target:
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), found.group()
        assert not anchor or anchor in anchors(there), found.group()


def test_the_readme_is_an_index_of_all_pages() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", told(PAGES[0])))
    assert linked == {str(page.relative_to(ROOT)) for page in PAGES[1:]}


# --- commands -------------------------------------------------------------------------------------


def shell_lines(page: Path) -> Iterator[str]:
    """Give the lines of shell on a page: of blocks, and indented ones that begin with us."""
    text = told(page)
    for kind, block in _FENCED.findall(text):
        lines = block.replace("\\\n", " ").splitlines()
        prompted = [line.strip()[2:] for line in lines if line.strip().startswith("$ ")]
        yield from prompted if kind == "console" else map(str.strip, lines)
    yield from _INDENTED.findall(_FENCED.sub("", text))


def calls(line: str) -> Iterator[list[str]]:
    """Give the arguments of each call of Watcher in a line of shell."""
    line = re.sub(r"\$\([^)]*\)", "SUBSTITUTED", line)
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = list(lexer)
    starts = [n for n, word in enumerate(words) if re.fullmatch(r"([^=]*/)?watcher", word)]
    for start in starts:
        if not start or re.fullmatch(r"[|&;(]+|[A-Z_]+=.*", words[start - 1]):
            rest = words[start + 1 :]
            ends = (n for n, word in enumerate(rest) if set(word) <= set("|&;<>()"))
            yield rest[: next(ends, len(rest))]


@cache
def command_line() -> Any:
    return typer.main.get_command(app)


def parsed(arguments: list[str]) -> None:
    """Let the real command line read arguments, and call nothing; a mistake is an exception."""
    verb = command_line()
    left = list(arguments)
    while hasattr(verb, "commands") and left and not left[0].startswith("-"):
        verb = verb.commands[left.pop(0)]
    with contextlib.suppress(typer.Exit):  # --version, --help
        verb.make_context("watcher", left)


def called(page: Path) -> list[list[str]]:
    return [each for line in shell_lines(page) for each in calls(line)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_in_a_block_is_read_by_the_command_line(page: Path) -> None:
    for arguments in called(page):
        parsed(arguments)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_a_text_names_exists_with_its_options(page: Path) -> None:
    for mention in _INLINE.findall(re.sub(r"^```.*?^```$", "", told(page), flags=BLOCKS)):
        verb = command_line()
        words = mention.split()[1:]
        while hasattr(verb, "commands") and words and re.match("[a-z]", words[0]):
            verbs = words.pop(0).split("|")
            assert all(each in verb.commands for each in verbs), mention
            verb = verb.commands[verbs[0]]
        options = {word.partition("=")[0] for word in words if word.startswith("-")}
        known = {option for one in verb.params for option in (*one.opts, *one.secondary_opts)}
        assert options <= known | {"--help"}, mention


def test_the_pages_that_are_for_the_shell_have_commands() -> None:
    """A pattern that finds nothing would find no fault."""
    assert len(called(ROOT / "docs/install.md")) >= 15
    assert len(called(ROOT / "docs/troubleshooting.md")) > 6
    assert len(called(ROOT / "docs/first-ten-minutes.md")) > 10


@pytest.mark.parametrize(
    "wrong", ["watcher why", "x && watcher why ITEM --loud", "A=1 /opt/bin/watcher sing"]
)
def test_a_command_that_is_wrong_is_seen(wrong: str) -> None:
    (arguments,) = calls(wrong)
    with pytest.raises((KeyError, TyperException)):
        parsed(arguments)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_is_named_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", told(ROOT / "Makefile"), re.MULTILINE))
    lines = [*re.findall(r"`(make [^`]+)`", told(page)), *shell_lines(page)]
    named = {line.split()[1] for line in lines if line.startswith("make ")}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_of_ours_that_is_named_is_there(page: Path) -> None:
    for path in re.findall(r"`?((?:bench|tools|tests|requirements)/[\w/]+\.\w+)", told(page)):
        assert (ROOT / path).exists(), path


def test_the_tests_that_the_page_on_security_names_are_there() -> None:
    named = re.findall(r"`(\w+(?:/\w+)*\.py)`", told(ROOT / "docs/security.md"))
    assert len(named) > 30
    assert [each for each in named if not (ROOT / "tests" / each).exists()] == []


# --- outputs --------------------------------------------------------------------------------------


def test_commands_print_what_the_page_on_trouble_says(tmp_path: Path) -> None:
    page = Page(told(ROOT / "docs/troubleshooting.md"))
    assert rewritten(page, tmp_path, troubled_desk).split("\n") == page.lines, (
        "run python tools/write_manual_outputs.py"
    )
