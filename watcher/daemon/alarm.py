"""The alarm clock: APScheduler 3 with a handful of jobs, never one for each feed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from watcher.clock import SystemClock
from watcher.errors import StoreError

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks whether the clock was set back
SET_BACK = timedelta(seconds=2)  # smaller corrections are waited out


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again; never twice at the same time."""

    name: str
    every: timedelta
    do: Callable[[], object]


class Telling(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
        ...


class Alarm:
    """Runs jobs, each in a thread of its own, until it is closed.

    A bug that flies out of a job is logged with its traceback, and the job runs again at its next
    time: one bad moment must not end the watch. `broken` then tells of it until a run succeeds.

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
        self._lock = Lock()
        self._clock, self._steady = clock or SystemClock(), steady
        self._closing = Event()
        self._looking = Thread(target=self._look_at_the_clock, name="watcher-clock", daemon=True)
        # A run that is still going on at its next time is the rule with slow feeds, not a warning.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
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
        """Run a job: the one place where bugs are caught."""
        try:
            job.do()
        except StoreError as trouble:
            self._note(job.name, str(trouble))
            log.error("%s: %s", job.name, trouble)
        except Exception as bug:
            self._note(job.name, f"{type(bug).__name__}: {bug}")
            log.exception("%s failed and will be tried again", job.name)
        else:
            self._note(job.name, "")

    def _note(self, name: str, trouble: str) -> None:
        with self._lock:
            if trouble:
                self.broken[name] = trouble
            else:
                self.broken.pop(name, None)
