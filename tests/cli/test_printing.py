"""How lines look: in colour on a terminal, plain elsewhere, harmless everywhere."""

import io
import sys
from collections.abc import Callable

import pytest

from watcher.cli.printing import Page

Terminal = Callable[[int], Page]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Have standard output taken for a colour terminal of so many columns."""

    def of(columns: int) -> Page:
        monkeypatch.delenv("NO_COLOR", raising=False)
        for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", str(columns))):
            monkeypatch.setenv(name, value)
        return Page()

    return of


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def test_on_a_terminal_matched_words_are_red(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    page = terminal(80)
    page.show(*page.words("a back door", [(2, 11)]))
    assert capsys.readouterr().out == "a \x1b[1;31mback door\x1b[0m\n"


@pytest.mark.usefixtures("pipe")
def test_elsewhere_matched_words_stand_in_signs(capsys: pytest.CaptureFixture[str]) -> None:
    page = Page()
    page.show("x  ", *page.words("a back door", [(2, 11)]))
    assert capsys.readouterr().out == "x  a «back door»\n"


def test_without_colours_a_terminal_gets_signs_too(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(80)
    monkeypatch.setenv("NO_COLOR", "1")
    page = Page()
    page.show(*page.words("a back door", [(2, 11)]))
    assert capsys.readouterr().out == "a «back door»\n"


@pytest.mark.usefixtures("pipe")
def test_an_output_that_cannot_write_signs_gets_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    page = Page()
    page.show(*page.words("a back door … 黑 ‘x’", [(2, 11)]))
    sys.stdout.flush()
    assert written.getvalue() == b"a [back door] ... \\u9ed1 'x'\n"


@pytest.mark.usefixtures("pipe")
def test_nothing_is_taken_for_markup_or_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    Page().show("[red]x[/] :smile: \x1b[2J\nnext", ("y\x07", "rule"))
    assert capsys.readouterr().out == "[red]x[/] :smile: [2J / nexty\n"


def test_a_long_line_goes_on_below_its_own_column(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(20).show("  so  ", "one two three four five", hang=6)
    assert capsys.readouterr().out == "  so  one two three\n      four five\n"


@pytest.mark.usefixtures("pipe")
def test_elsewhere_a_line_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    Page().show("  so  ", "one two " * 40 + "end", hang=6)
    assert capsys.readouterr().out.count("\n") == 1
