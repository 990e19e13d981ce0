"""What systemd is told, over a real datagram socket."""

import socket
from pathlib import Path

import pytest

from watcher.daemon import notifier, reloading, watchdog_of


@pytest.mark.parametrize("abstract", [False, True])
def test_a_state_arrives_at_the_socket_that_systemd_names(
    tmp_path: Path, *, abstract: bool
) -> None:
    name = f"@watcher-test-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + name[1:] if abstract else name)
        systemd.settimeout(10)
        notifier(name)("READY=1")
        assert systemd.recv(100) == b"READY=1"


def test_without_systemd_nothing_happens(tmp_path: Path) -> None:
    notifier("")("READY=1")
    notifier(str(tmp_path / "nobody-listens"))("READY=1")


def test_a_reload_is_told_with_its_time() -> None:
    begin, told = reloading().split("\n")
    assert begin == "RELOADING=1"
    assert int(told.removeprefix("MONOTONIC_USEC=")) > 0


@pytest.mark.parametrize(("told", "seconds"), [("60000000", 60.0), ("", None), ("0", None)])
def test_the_watchdog_says_how_long_it_waits(told: str, seconds: float | None) -> None:
    assert watchdog_of(told) == seconds
