"""The alarm clock runs jobs, one at a time each, and outlives their bugs."""

import logging
from datetime import timedelta
from threading import Event

import pytest

from watcher.daemon import Alarm, Job
from watcher.errors import StoreLocked

SOON = timedelta(milliseconds=20)
PATIENCE = 20  # seconds to wait for what must happen; a good run needs a fraction of one


def test_a_job_runs_at_once_and_again_and_again() -> None:
    runs, thrice = [0], Event()

    def count() -> None:
        runs[0] += 1
        if runs[0] == 3:
            thrice.set()

    with Alarm([Job(name="count", every=SOON, do=count)]):
        assert thrice.wait(PATIENCE)


def test_a_job_that_is_still_going_on_is_not_started_twice() -> None:
    running, most, thrice = [0], [0], Event()
    other = Event()

    def slow() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        other.wait(PATIENCE)
        running[0] -= 1

    def ticks() -> None:
        ticks.count += 1  # type: ignore[attr-defined]
        if ticks.count == 5:  # type: ignore[attr-defined]
            thrice.set()

    ticks.count = 0  # type: ignore[attr-defined]
    with Alarm([Job(name="slow", every=SOON, do=slow), Job(name="ticks", every=SOON, do=ticks)]):
        assert thrice.wait(PATIENCE), "a slow job must not hold up another"
        other.set()
    assert most[0] == 1


def test_a_bug_is_logged_with_its_traceback_and_the_job_runs_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs, again = [0], Event()

    def broken() -> None:
        runs[0] += 1
        if runs[0] == 1:
            raise KeyError("a bug")
        again.set()

    with caplog.at_level(logging.ERROR), Alarm([Job(name="poll", every=SOON, do=broken)]) as alarm:
        assert again.wait(PATIENCE)
    record = next(record for record in caplog.records if "poll failed" in record.message)
    assert record.exc_info is not None
    assert alarm.broken == {}


def test_what_is_broken_is_known_until_a_run_succeeds() -> None:
    ran = Event()

    def broken() -> None:
        ran.set()
        raise StoreLocked("locked by process 7")

    with Alarm([Job(name="poll", every=timedelta(hours=1), do=broken)]) as alarm:
        assert ran.wait(PATIENCE)
    assert alarm.broken == {"poll": "locked by process 7"}


def test_closing_waits_for_what_is_going_on() -> None:
    started, go_on, ended = Event(), Event(), Event()

    def slow() -> None:
        started.set()
        go_on.wait(PATIENCE)
        ended.set()

    with Alarm([Job(name="slow", every=timedelta(hours=1), do=slow)]):
        assert started.wait(PATIENCE)
        go_on.set()
    assert ended.is_set()
