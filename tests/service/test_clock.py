"""A whole daemon whose clock is turned under way: nothing is lost, and nothing is told twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import left_out_or_failed
from tests.daemons import Daemon
from tests.service.test_trouble import Watched, until
from watcher.demo.loopback import FeedServer


class Turned:
    """A clock for another process, that can be turned while it runs; the steady one goes on."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.by(timedelta(0))

    def by(self, span: timedelta) -> None:
        """Let the clock be off by so much from now on."""
        self._file.write_text(f"{span.total_seconds():+.0f}\n")


@pytest.fixture
def clock(tmp_path: Path, request: pytest.FixtureRequest) -> Turned:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        left_out_or_failed(request, "no clock can be turned here: apt-get install faketime")
    return Turned(found[0], tmp_path / "clock")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        yield one


def test_a_clock_that_is_set_back_and_then_far_forward_loses_nothing_and_repeats_nothing(
    tmp_path: Path, server: FeedServer, clock: Turned
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server)
    daemon = Daemon(one.config, clock.environment)
    try:
        daemon.until("outcome='read'")
        one.publish("Flood before")
        until(lambda: len(one.stories()) == 1, daemon)
        clock.by(-timedelta(hours=1))
        daemon.until("the clock was set back by")
        one.publish("Flood an hour earlier")
        until(lambda: len(one.stories()) == 2, daemon)
        clock.by(timedelta(days=1))
        one.publish("Flood a day later")
        until(lambda: len(one.stories()) == 3, daemon)
        daemon.until("outcome=")  # so that what is waited for next is said anew
        clock.by(timedelta(0))
        daemon.until("the clock was set back by")
        one.publish("Flood at last")
        until(lambda: len(one.stories()) == 4, daemon)
    finally:
        daemon.kill()
    assert one.stories() == [
        "Flood before",
        "Flood an hour earlier",
        "Flood a day later",
        "Flood at last",
    ]
