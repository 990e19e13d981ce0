"""The alarm clock: APScheduler 3 with a handful of jobs, never one for each feed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition, Event, Thread
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from watcher.clock import SystemClock
from watcher.daemon.pulse import Pulse
from watcher.errors import StoreError

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks at the clock, and at what failed
SET_BACK = timedelta(seconds=2)  # smaller corrections are waited out
LONGEST_PAUSE = 30.0  # seconds, of a job that fails again and again
SAID_AGAIN = 600.0  # seconds until the same trouble is logged again
WHILE_CLOSING = 1.0  # seconds between two signs of life while jobs come to their end


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again; never twice at the same time.

    What is done may tell when to come back for more, if sooner than that.
    """

    name: str
    every: timedelta
    do: Callable[[], timedelta | object]
    limit: timedelta | None = None  # the longest that it may show no sign of life; None: any time
    parts: Mapping[str, timedelta] = field(default_factory=dict)  # and each of these parts of it
    alone: timedelta | None = None  # how long it may keep all others waiting, where it does


class Telling(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        ...


class Alarm:
    """Runs jobs, each in a thread of its own, until it is closed.

    A bug that flies out of a job is logged with its traceback, and the job runs again at its next
    time: one bad moment must not end the watch. `broken` then tells of it until a run succeeds. A
    job that fails again pauses longer each time, up to half a minute, so that a full disk or a
    database that is down costs others nothing; the same trouble is logged every ten minutes only.

    `ring` lets a job run at once; one that is running runs once more then. That it never runs twice
    at the same time is seen to here: APScheduler would forget the ring.

    A clock that is set forward makes each job run once. One that is set back by an hour would let
    APScheduler wait for an hour, so then all jobs are called at once and go on from there.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        clock: Telling | None = None,
        steady: Callable[[], float] = monotonic,
        pulse: Pulse | None = None,
        while_closing: Callable[[], object] = lambda: None,
    ) -> None:
        self.broken: dict[str, str] = {}
        self.without_store: dict[str, StoreError] = {}  # those of the broken that lack the database
        self._running: set[str] = set()
        self._rung: set[str] = set()
        self._changed = Condition()  # guards how jobs do; told when one ends
        self._pulse = pulse or Pulse()
        self._while_closing = while_closing
        self._failed: dict[str, int] = {}  # times in a row
        self._paused: dict[str, float] = {}  # until when, by the steady clock
        self._said: dict[str, tuple[str, float]] = {}
        limits = {job.name: job.limit for job in jobs if job.limit is not None}
        self._pulse.expect(
            dict(limits, **{part: most for job in jobs for part, most in job.parts.items()})
        )
        self._clock, self._steady = clock or SystemClock(), steady
        self._closing = Event()
        self._looking = Thread(target=self._look_at_the_clock, name="watcher-clock", daemon=True)
        # A run that is still going on at its next time is the rule with slow feeds, not a warning.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(max(1, 2 * len(jobs)))},
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )
        for job in jobs:
            self._scheduler.add_job(
                self._guarded,
                "interval",
                args=(job,),
                id=job.name,
                seconds=job.every.total_seconds(),
                next_run_time=SystemClock().now(),
            )

    def __enter__(self) -> Self:
        self._scheduler.start()
        self._looking.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Start nothing more, and wait for what is going on."""
        self._closing.set()
        self._looking.join()
        self._scheduler.pause()
        while not self._all_ended(WHILE_CLOSING):
            self._while_closing()
        # Not before: it holds locks, and would wait for a job that says when to come back.
        self._scheduler.shutdown(wait=True)

    def _all_ended(self, patience: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, patience)

    def ring(self, name: str) -> None:
        """Let a job run now; if it is running, once more right afterwards."""
        with self._changed:
            if name in self._running:
                self._rung.add(name)
                return
        self._call_at(name, SystemClock().now())

    def _call_at(self, name: str, moment: datetime) -> None:
        if not self._closing.is_set():
            with suppress(JobLookupError):  # somebody rang for what we never had
                self._scheduler.modify_job(name, next_run_time=moment)

    def _look_at_the_clock(self) -> None:
        """Call all jobs when the clock tells less than it should by now."""
        began = self._began()
        while not self._closing.wait(LOOK_EVERY):
            if (now := self._began()) < began - SET_BACK:
                log.warning("the clock was set back by %s", began - now)
                self._call_all()
            began = now
            self._call_whose_pause_is_over()

    def _call_whose_pause_is_over(self) -> None:
        """Call the jobs that failed and whose own time is far off.

        Not in the thread of the job: closing would wait for it, and hold what it needs.
        """
        now = self._steady()
        with self._changed:
            over = {name for name, until in self._paused.items() if until <= now}
        for job in self._scheduler.get_jobs():
            if job.id in over and not self._is_soon(job.next_run_time):
                with self._changed:
                    self._paused.pop(job.id, None)
                job.modify(next_run_time=SystemClock().now())

    def _is_soon(self, time: datetime) -> bool:
        return time < SystemClock().now() + timedelta(seconds=LONGEST_PAUSE)

    def _began(self) -> datetime:
        """Tell when, by the clock as it goes now, the steady clock began."""
        return self._clock.now() - timedelta(seconds=self._steady())

    def _call_all(self) -> None:
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=SystemClock().now())

    def _guarded(self, job: Job) -> None:
        """Run a job, unless it is running; again while somebody rings, or it has more to do."""
        with self._changed:
            if job.name in self._running or self._closing.is_set():
                return  # and no sign of life: that it is called again says nothing of it
            paused = self._steady() < self._paused.get(job.name, 0.0)
            if not paused:
                self._running.add(job.name)
        self._pulse.beat(job.name)
        if paused:
            return
        while True:
            wait = self._run(job)
            self._pulse.beat(job.name)
            with self._changed:
                again = job.name in self._rung or wait == timedelta(0)
                self._rung.discard(job.name)
                if not again or self._closing.is_set():
                    if wait is not None:  # first: whoever rings from now on wants it sooner
                        self._call_at(job.name, SystemClock().now() + wait)
                    self._running.discard(job.name)
                    self._changed.notify_all()
                    return

    def _run(self, job: Job) -> timedelta | None:
        """Run a job once: the one place where bugs are caught. Tells when to come back for more."""
        wait = None
        try:
            wait = self._done(job)
        except StoreError as trouble:
            self.without_store[job.name] = trouble
            if self._note(job, str(trouble)):
                log.error("%s: %s", job.name, trouble)
        except Exception as bug:
            self.without_store.pop(job.name, None)
            if self._note(job, f"{type(bug).__name__}: {bug}"):
                log.exception("%s failed and will be tried again", job.name)
        else:
            self.without_store.pop(job.name, None)
            self._note(job, "")
        return wait if isinstance(wait, timedelta) and wait < job.every else None

    def _done(self, job: Job) -> timedelta | object:
        if job.alone is None:
            return job.do()
        self._pulse.begin_alone(job.name, job.alone)
        try:
            return job.do()
        finally:
            self._pulse.end_alone(job.name)

    def _note(self, job: Job, trouble: str) -> bool:
        """Note how a run ended; tells whether that is to be logged."""
        with self._changed:
            if not trouble:
                if self.broken.pop(job.name, None):
                    log.info("%s works again", job.name)
                for remembered in (self._failed, self._paused, self._said):
                    remembered.pop(job.name, None)
                return False
            self.broken[job.name] = trouble
            self._failed[job.name] = self._failed.get(job.name, 0) + 1
            pause = job.every.total_seconds() * 2 ** min(self._failed[job.name], 20)
            now = self._steady()
            self._paused[job.name] = now + min(LONGEST_PAUSE, pause)
            said, at = self._said.get(job.name, ("", 0.0))
            if said == trouble and now < at + SAID_AGAIN:
                return False
            self._said[job.name] = (trouble, now)
            return True
