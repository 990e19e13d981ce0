"""The alarm clock: APScheduler 3 with a handful of jobs, never one for each feed."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from watcher.clock import SystemClock
from watcher.errors import StoreError

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks whether the clock was set back
SET_BACK = timedelta(seconds=2)  # smaller corrections are waited out


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again; never twice at the same time.

    What is done may tell when to come back for more, if sooner than that.
    """

    name: str
    every: timedelta
    do: Callable[[], timedelta | object]


class Telling(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        ...


class Alarm:
    """Runs jobs, each in a thread of its own, until it is closed.

    A bug that flies out of a job is logged with its traceback, and the job runs again at its next
    time: one bad moment must not end the watch. `broken` then tells of it until a run succeeds.

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
    ) -> None:
        self.broken: dict[str, str] = {}
        self._running: set[str] = set()
        self._rung: set[str] = set()
        self._lock = Lock()
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
        self._scheduler.shutdown(wait=True)

    def ring(self, name: str) -> None:
        """Let a job run now; if it is running, once more right afterwards."""
        with self._lock:
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

    def _began(self) -> datetime:
        """Tell when, by the clock as it goes now, the steady clock began."""
        return self._clock.now() - timedelta(seconds=self._steady())

    def _call_all(self) -> None:
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=SystemClock().now())

    def _guarded(self, job: Job) -> None:
        """Run a job, unless it is running; again while somebody rings, or it has more to do."""
        with self._lock:
            if job.name in self._running:
                return
            self._running.add(job.name)
        while True:
            wait = self._run(job)
            with self._lock:
                again = job.name in self._rung or wait == timedelta(0)
                self._rung.discard(job.name)
                if not again or self._closing.is_set():
                    self._running.discard(job.name)
                    break
        if wait is not None:
            self._call_at(job.name, SystemClock().now() + wait)

    def _run(self, job: Job) -> timedelta | None:
        """Run a job once: the one place where bugs are caught. Tells when to come back for more."""
        wait = None
        try:
            wait = job.do()
        except StoreError as trouble:
            self._note(job.name, str(trouble))
            log.error("%s: %s", job.name, trouble)
        except Exception as bug:
            self._note(job.name, f"{type(bug).__name__}: {bug}")
            log.exception("%s failed and will be tried again", job.name)
        else:
            self._note(job.name, "")
        return wait if isinstance(wait, timedelta) and wait < job.every else None

    def _note(self, name: str, trouble: str) -> None:
        with self._lock:
            if trouble:
                self.broken[name] = trouble
            else:
                self.broken.pop(name, None)
