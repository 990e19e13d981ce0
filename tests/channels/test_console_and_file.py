"""The two ways out that need nobody: the console and a file."""

import fcntl
import io
import json
import os
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from jsonschema import Draft202012Validator

from tests.channels.contract import ChannelContract
from tests.channels.samples import ALERT, HOSTILE, LEAD, with_title
from tests.fakes import FakeClock
from watcher.channels import ConsoleSettings, FileSettings, open_channel
from watcher.model import Alert, ChannelName, Outcome, Refused, Sent, TryLater

NAME = ChannelName("out")
SCHEMA = Path(__file__).parents[2] / "watcher" / "channels" / "schema" / "alert.schema.json"


class ConsoleBench:
    secrets = ()

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.settings = ConsoleSettings(name=NAME, stream=self.stream)
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [said for said in self.stream.getvalue().split("\n\n\n") if ALERT.key in said] or [
            self.stream.getvalue()
        ]

    def judge(self) -> None:
        said = self.stream.getvalue()
        assert not [c for c in said if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
        self.stream.seek(0)
        self.stream.truncate()

    def go_dark(self) -> None:
        self.stream.close()


class TestConsole(ChannelContract):
    @pytest.fixture
    def bench(self) -> ConsoleBench:
        return ConsoleBench()

    def test_a_second_try_has_the_same_key(self, bench: ConsoleBench) -> None:  # type: ignore[override]
        bench.channel.send(ALERT)
        bench.channel.send(ALERT)
        assert bench.stream.getvalue().count(f"Key: {ALERT.key}\n") == 2


def test_the_console_is_standard_output_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_channel(ConsoleSettings(name=NAME), FakeClock()).send(ALERT)
    assert capsys.readouterr().out.startswith(f"{LEAD.title} · Example News\n{LEAD.link}\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, alert: Alert = ALERT, **settings: Any) -> str:
    channel = open_channel(ConsoleSettings(name=NAME, stream=stream, **settings), FakeClock())
    assert channel.send(alert) == Sent()
    return stream.getvalue()


def test_on_a_terminal_matched_words_are_red_and_the_headline_says_how_much_it_matters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    said = shown(Terminal())
    assert said.startswith(f"\x1b[1;35m{LEAD.title} · Example News\x1b[0m\n")
    assert "over ‘\x1b[1;31mback doors\x1b[0m’" in said
    assert "*" not in said


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_whoever_wants_no_colour_gets_none(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(name, value)
    assert shown(Terminal()) == shown(io.StringIO())


def test_lines_in_colour_are_the_lines_without() -> None:
    plain = shown(io.StringIO(), width=50)
    colour = re.sub(r"\x1b\[[0-9;]*m", "", shown(io.StringIO(), width=50, colour=True))
    assert colour == plain.replace("*", "")
    assert max(map(len, colour.split("\n")[1:])) <= 50


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_no_feed_paints_a_terminal(text: str) -> None:
    said = shown(io.StringIO(), with_title(text), colour=True)
    ours = r"\x1b\[(0|[12]|36|1;31|1;35)m"
    assert not [c for c in re.sub(ours, "", said) if c != "\n" and (ord(c) < 32 or ord(c) == 127)]
    assert said.count("\x1b[0m") * 2 == said.count("\x1b")


def test_what_a_terminal_cannot_show_is_a_question_mark() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    assert (
        open_channel(ConsoleSettings(name=NAME, stream=stream), FakeClock()).send(ALERT) == Sent()
    )
    assert raw.getvalue().startswith(b"Phone maker leaves country over ?back doors? ? Example News")
    stream.close()


def test_a_console_that_nobody_reads_any_more_is_tried_later() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream: IO[str] = os.fdopen(writing, "w", encoding="utf-8", buffering=1, closefd=False)
    settings = ConsoleSettings(name=NAME, stream=stream)  # type: ignore[arg-type]
    outcome = open_channel(settings, FakeClock()).send(ALERT)
    assert outcome == TryLater(reason="cannot write to the console: Broken pipe")
    os.close(writing)
    with pytest.raises(OSError, match=r"Bad file descriptor|Broken pipe"):
        stream.close()


class FileBench:
    secrets = ()

    def __init__(self, folder: Path) -> None:
        self.path = folder / "alerts.jsonl"
        self.settings = FileSettings(name=NAME, path=self.path)
        self.channel = open_channel(self.settings, FakeClock())
        self._validator = Draft202012Validator(json.loads(SCHEMA.read_text()))

    def arrived(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()

    def judge(self) -> None:
        (line,) = self.path.read_bytes().split(b"\n")[:-1]
        self._validator.validate(json.loads(line))
        self.path.unlink()

    def go_dark(self) -> None:
        self.path.mkdir()


@pytest.fixture
def file(tmp_path: Path) -> FileBench:
    return FileBench(tmp_path)


class TestFile(ChannelContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> FileBench:
        return FileBench(tmp_path)


def test_the_file_can_be_read_by_its_owner_only(file: FileBench) -> None:
    file.channel.send(ALERT)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_moved_away_is_begun_anew(file: FileBench, tmp_path: Path) -> None:
    file.channel.send(ALERT)
    file.path.rename(tmp_path / "old")
    file.channel.send(ALERT)
    assert len(file.arrived()) == 1


def test_a_line_that_somebody_else_broke_off_does_not_spoil_ours(file: FileBench) -> None:
    file.path.write_text('{"type": "sto')
    file.channel.send(ALERT)
    torn, line = file.arrived()
    assert torn == '{"type": "sto'
    assert json.loads(line)["data"]["key"] == ALERT.key


def test_a_file_that_is_locked_is_tried_later(file: FileBench) -> None:
    with file.path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        outcome = file.channel.send(ALERT)
    assert outcome == TryLater(reason="the file is locked by another program")
    assert file.path.read_bytes() == b""


def test_a_symbolic_link_is_not_followed(file: FileBench, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    file.path.symlink_to(tmp_path / "elsewhere")
    assert file.channel.send(ALERT) == never("it is a symbolic link")
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_a_pipe_is_no_file(file: FileBench) -> None:
    os.mkfifo(file.path)
    assert file.channel.send(ALERT) == never("it is no regular file")


def test_a_folder_is_no_file(file: FileBench) -> None:
    file.path.mkdir()
    assert file.channel.send(ALERT) == never("it is a folder")


def test_a_folder_that_is_not_mounted_yet_is_waited_for(tmp_path: Path) -> None:
    outcome = FileBench(tmp_path / "later").channel.send(ALERT)
    assert outcome == TryLater(reason="the file cannot be written: no such file or directory")


def never(why: str) -> Outcome:
    return Refused(reason=f"the file cannot be written: {why}")


def test_what_a_full_disk_took_of_a_line_is_taken_back(file: FileBench) -> None:
    file.channel.send(ALERT)
    before = file.path.read_bytes()
    with room_in_files(len(before) + 100):
        outcome = file.channel.send(ALERT)
    assert outcome == TryLater(reason="the file cannot be written: file too large")
    assert file.path.read_bytes() == before


@contextmanager
def room_in_files(size: int) -> Iterator[None]:
    """Let the system take only so many bytes into any file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
