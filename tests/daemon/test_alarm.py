"""The alarm clock runs jobs, one at a time each, and outlives their bugs."""

import logging
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue
from threading import Event
from time import monotonic

import pytest

from watcher.daemon import Alarm, Job, Pulse
from watcher.daemon import alarm as alarm_module
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


class SteppingClock:
    """A clock that is set by hand; the steady one beside it stands still."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


def test_37_a_clock_that_is_set_back_silences_nobody(caplog: pytest.LogCaptureFixture) -> None:
    runs, clock = Queue[int](), SteppingClock()
    hourly = Job(name="hourly", every=timedelta(hours=1), do=lambda: runs.put(1))
    with caplog.at_level(logging.WARNING), Alarm([hourly], clock, lambda: 0.0):
        runs.get(timeout=PATIENCE)
        clock.time -= timedelta(hours=5)
        runs.get(timeout=PATIENCE)
    assert "the clock was set back by 5:00:00" in caplog.text


def test_37_a_clock_that_is_set_forward_or_a_little_back_wakes_nobody() -> None:
    runs, clock, looks = [0], SteppingClock(), Queue[int]()

    def steady() -> float:
        looks.put(1)
        return 0.0

    def count() -> None:
        runs[0] += 1

    with Alarm([Job(name="hourly", every=timedelta(hours=1), do=count)], clock, steady):
        looks.get(timeout=PATIENCE)
        for step in (timedelta(days=1), -timedelta(seconds=1)):
            clock.time += step
            for _ in range(2):  # the second look surely began after the step
                looks.get(timeout=PATIENCE)
    assert runs == [1]


def test_a_job_that_is_rung_for_runs_at_once() -> None:
    runs = Queue[int]()
    hourly = Job(name="hourly", every=timedelta(hours=1), do=lambda: runs.put(1))
    with Alarm([hourly]) as alarm:
        for _ in range(3):
            runs.get(timeout=PATIENCE)
            alarm.ring("hourly")
        runs.get(timeout=PATIENCE)
        alarm.ring("nobody")


def test_a_job_that_is_rung_for_while_it_runs_runs_once_more_and_never_beside_itself() -> None:
    runs, go_on = Queue[int](), Event()

    def slow() -> None:
        runs.put(1)
        go_on.wait(PATIENCE)

    with Alarm([Job(name="slow", every=timedelta(hours=1), do=slow)]) as alarm:
        runs.get(timeout=PATIENCE)
        for _ in range(5):
            alarm.ring("slow")
        assert runs.empty()
        go_on.set()
        runs.get(timeout=PATIENCE)


class Ringing(Pulse):
    """Rings when a job has come to its end and before anybody looks whether somebody rang."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = Queue[int]()
        self.alarm: Alarm | None = None
        self.times = 3

    def run(self) -> None:
        self.runs.put(1)

    def beat(self, name: str) -> None:
        super().beat(name)
        if self.alarm is not None and self.times and not self.runs.empty():
            self.times -= 1
            self.alarm.ring(name)


def test_a_ring_at_the_very_end_of_a_run_is_never_lost() -> None:
    pulse = Ringing()
    job = Job(name="hourly", every=timedelta(hours=1), do=pulse.run)
    pulse.alarm = Alarm([job], pulse=pulse)
    with pulse.alarm:
        end = monotonic() + PATIENCE
        while pulse.runs.qsize() < 4:
            assert monotonic() < end, f"{pulse.runs.qsize()} runs of 4"
            Event().wait(0.01)


@pytest.mark.parametrize("again", [None, timedelta(minutes=30)])
def test_nor_is_one_lost_between_two_runs(again: timedelta | None) -> None:
    runs = Queue[int]()

    def do() -> timedelta | None:
        runs.put(1)
        return again

    with Alarm([Job(name="hourly", every=timedelta(hours=1), do=do)]) as alarm:
        runs.get(timeout=PATIENCE)
        for number in range(600):  # many fall into the end of the run before
            Event().wait(number % 20 * 0.00005)
            alarm.ring("hourly")
            runs.get(timeout=PATIENCE)


def test_a_job_says_when_to_come_back_for_more() -> None:
    runs = Queue[int]()
    waits = iter([timedelta(0), timedelta(milliseconds=30), None, timedelta(hours=2)])

    def more() -> timedelta | None:
        runs.put(1)
        return next(waits)

    with Alarm([Job(name="more", every=timedelta(hours=1), do=more)]):
        for _ in range(3):
            runs.get(timeout=PATIENCE)
    assert runs.empty()


def test_a_job_that_fails_again_pauses_and_its_trouble_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs, steady, thrice = [0], [0.0], Queue[int]()

    def full() -> None:
        runs[0] += 1
        thrice.put(runs[0])
        raise StoreLocked("there is no room left on the disk")

    with (
        caplog.at_level(logging.ERROR),
        Alarm([Job(name="poll", every=SOON, do=full)], steady=lambda: steady[0]) as alarm,
    ):
        thrice.get(timeout=PATIENCE)
        with pytest.raises(Empty):  # its time stands still, so its pause does not end
            thrice.get(timeout=0.3)
        assert set(alarm.without_store) == {"poll"}
        steady[0] += 60
        thrice.get(timeout=PATIENCE)
    assert [r.message for r in caplog.records] == ["poll: there is no room left on the disk"]


def test_while_it_closes_somebody_is_told_that_it_lives() -> None:
    started, told = Event(), Event()

    def slow() -> None:
        started.set()
        told.wait(PATIENCE)

    with Alarm([Job(name="slow", every=SOON, do=slow)], while_closing=told.set):
        assert started.wait(PATIENCE)
    assert told.is_set()


def test_a_daily_job_that_failed_is_called_again_after_its_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs, twice = [0], Event()

    def once_full() -> None:
        runs[0] += 1
        if runs[0] == 1:
            raise StoreLocked("there is no room left on the disk")
        twice.set()

    monkeypatch.setattr(alarm_module, "LONGEST_PAUSE", 0.05)
    daily = Job(name="prune", every=timedelta(days=1), do=once_full)
    with Alarm([daily]) as alarm:
        assert twice.wait(PATIENCE)
    assert alarm.broken == {}


def test_a_job_that_hangs_gives_no_sign_of_life_however_often_it_is_called() -> None:
    time, started, go_on = [0.0], Event(), Event()
    pulse = Pulse(lambda: time[0])

    def hanging() -> None:
        started.set()
        go_on.wait(PATIENCE)

    job = Job(name="poll", every=SOON, do=hanging, limit=timedelta(seconds=30))
    with Alarm([job], pulse=pulse) as alarm:
        assert started.wait(PATIENCE)
        time[0] += 31
        for _ in range(20):
            alarm._guarded(job)
        assert "poll" in pulse.silent()
        go_on.set()


def test_parts_of_a_job_are_expected_to_show_signs_of_their_own() -> None:
    time = [0.0]
    pulse = Pulse(lambda: time[0])
    seconds = timedelta(seconds=1)
    parts = {"visits": 100 * seconds}
    job = Job(name="poll", every=SOON, do=lambda: None, limit=30 * seconds, parts=parts)
    with Alarm([job], pulse=pulse):
        time[0] = 101.0
        pulse.beat("poll")
        assert pulse.silent() == {"visits": 101.0}
        pulse.beat("visits")
        assert pulse.silent() == {}
