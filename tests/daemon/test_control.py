"""The daemon is asked over a socket that only its own user may use."""

import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from watcher.daemon import Control, Record, ask, asking
from watcher.errors import ServiceError

PATIENCE = 10.0


@contextmanager
def echo(request: Record) -> Iterator[Record]:
    yield {"heard": request}


def test_a_question_gets_its_answer(tmp_path: Path) -> None:
    with Control(tmp_path / "sock", echo):
        assert ask(tmp_path / "sock", {"ask": "ünicode"}, PATIENCE) == {"heard": {"ask": "ünicode"}}


def test_only_the_own_user_may_connect(tmp_path: Path) -> None:
    with Control(tmp_path / "sock", echo):
        assert stat.S_IMODE((tmp_path / "sock").stat().st_mode) == 0o600


def test_nobody_answers_where_no_daemon_runs(tmp_path: Path) -> None:
    assert ask(tmp_path / "sock", {}, PATIENCE) is None
    with Control(tmp_path / "sock", echo):
        pass
    assert not (tmp_path / "sock").exists()
    assert ask(tmp_path / "sock", {}, PATIENCE) is None


def test_a_socket_left_over_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / "sock"))
    assert ask(tmp_path / "sock", {}, PATIENCE) is None
    with Control(tmp_path / "sock", echo):
        assert ask(tmp_path / "sock", {"a": 1}, PATIENCE) == {"heard": {"a": 1}}


def test_a_path_that_is_too_long_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 108)
    with pytest.raises(ServiceError, match=r"the system allows 107: move `state` to a folder"):
        Control(path, echo)
    with pytest.raises(ServiceError, match=r"the system allows 107"):
        ask(path, {}, PATIENCE)


def test_what_is_lent_is_held_until_the_caller_goes(tmp_path: Path) -> None:
    given_back = Event()

    @contextmanager
    def lend(_request: Record) -> Iterator[Record]:
        yield {"held": True}
        given_back.set()

    with Control(tmp_path / "sock", lend):
        with asking(tmp_path / "sock", {}, PATIENCE) as answer:
            assert answer == {"held": True}
            assert not given_back.wait(0.2)
        assert given_back.wait(PATIENCE)


@pytest.mark.parametrize("nonsense", [b"\n", b"[1]\n", b"{", b"\xff\n"])
def test_nonsense_hurts_nobody(tmp_path: Path, nonsense: bytes) -> None:
    with Control(tmp_path / "sock", echo):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.connect(str(tmp_path / "sock"))
            caller.sendall(nonsense)
        assert ask(tmp_path / "sock", {}, PATIENCE) == {"heard": {}}
