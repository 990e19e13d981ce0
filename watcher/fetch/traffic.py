"""Many requests at once: the pool, its threads, and the way their answers come back.

Whoever fetches hands in jobs, feeds and pages alike, and they share one gate: a host that has both
is asked no more often than a host that has one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Condition, Lock, Thread, current_thread
from time import monotonic
from typing import Any, Generic, TypeVar

from watcher.fetch.gate import Gate
from watcher.fetch.lifeline import JOIN_WAIT, Lifeline, Watchdog, started
from watcher.fetch.settings import FetchSettings

NOT_WANTED = "given up: nobody waits for it any more"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job(Generic[Answer]):
    """One request to a host, redirects and all; it answers, whatever happens."""

    host: str
    do: Callable[[Lifeline], Answer]
    deadline: timedelta
    gap: float = 0.0  # seconds that the host wants before the next one, if more than the usual


class Batch(Generic[Answer]):
    """The jobs of one caller, and those of its answers that were not taken yet."""

    def __init__(
        self,
        room: int,
        fills: Callable[[Answer], bool] = lambda _: True,
        emptied: Callable[[], None] = lambda: None,
    ) -> None:
        """Be full with `room` answers that fill it; `emptied` is called when it no longer is."""
        self._changed = Condition()
        self._answers: deque[Answer] = deque()
        self._missing = 0
        self._room, self._fills, self._emptied = room, fills, emptied
        self._filling = 0
        self._lines: set[Lifeline] = set()
        self.abandoned = False

    def expect(self, more: int) -> None:
        """Wait for so many answers more."""
        with self._changed:
            self._missing += more

    def begin(self, line: Lifeline) -> None:
        """Let this job end when the batch is abandoned."""
        with self._changed:
            self._lines.add(line)
            if self.abandoned:
                line.cut(NOT_WANTED)

    def end(self, line: Lifeline) -> None:
        """Note that this job is over."""
        with self._changed:
            self._lines.discard(line)

    def put(self, answer: Answer) -> None:
        """Hand an answer over."""
        with self._changed:
            self._answers.append(answer)
            self._filling += self._fills(answer)
            self._changed.notify_all()

    @property
    def full(self) -> bool:
        """Whether so many answers wait to be taken that nothing more should be begun.

        Bodies are large, and what waits here grows old.
        """
        with self._changed:
            return self._filling >= self._room and not self.abandoned

    def answers(self) -> Iterator[Answer]:
        """Yield the answers as they come, until all have come or the batch is abandoned."""
        while answers := self.handful(1, None):
            yield from answers

    def handful(self, most: int, patience: float | None) -> Sequence[Answer]:
        """Take the answers that are there, once there is one; none when nothing comes in time.

        None as well when all have come or the batch is abandoned.
        """
        with self._changed:
            if self._missing:
                self._changed.wait_for(lambda: self.abandoned or self._answers, patience)
            if self.abandoned:  # what comes now was cut short, and says nothing about its feed
                return ()
            taken = [self._answers.popleft() for _ in range(min(most, len(self._answers)))]
            self._missing -= len(taken)
            was_full = self._filling >= self._room
            self._filling -= sum(map(self._fills, taken))
            self._changed.notify_all()
        if was_full:
            self._emptied()
        return taken

    @property
    def over(self) -> bool:
        """Whether no answer will come any more."""
        return self.abandoned or not self._missing

    def abandon(self) -> None:
        """Give up what has not been taken: jobs under way are cut, the rest never begins."""
        with self._changed:
            self.abandoned = True
            self._answers.clear()
            for line in self._lines:
                line.cut(NOT_WANTED)
            self._changed.notify_all()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Queued:
    """A job with the batch that it belongs to."""

    job: Job[Any]
    batch: Batch[Any] = field(repr=False)


class Traffic:
    """A pool of threads behind a gate; the threads start with the first job, end with `close`."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._watchdog = Watchdog()
        self._changed = Condition(Lock())  # guards all that follows
        self._gate: Gate[_Queued] = Gate(settings.per_host, settings.host_gap.total_seconds())
        self._threads: list[Thread] = []
        self._batches: set[Batch[Any]] = set()
        self._closed = False

    @contextmanager
    def batch(
        self, room: int, fills: Callable[[Any], bool] = lambda _: True
    ) -> Iterator[Batch[Any]]:
        """Give a batch to add jobs to; what has not been taken at its end is given up.

        While so many answers wait in one that fill it, no job begins.
        """
        batch: Batch[Any] = Batch(room, fills, self._look_again)
        with self._changed:
            if self._closed:
                batch.abandon()
            else:
                self._batches.add(batch)
        try:
            yield batch
        finally:
            self._withdraw(batch)

    def add(
        self,
        batch: Batch[Answer],
        jobs: Sequence[Job[Answer]],
        put_off: Callable[[Job[Answer], float], Answer] | None = None,
    ) -> None:
        """Queue jobs, each behind the others of its host.

        One that has to wait for its host takes up no place in the pool. With `put_off`, one whose
        host has a long queue is not queued; that gives its answer instead, told after how many
        seconds it may come back.
        """
        too_many: list[tuple[Job[Answer], float]] = []
        with self._changed:
            if self._closed:
                batch.abandon()
                return
            batch.expect(len(jobs))
            now = monotonic()
            self._gate.forget_idle(now)
            for job in jobs:
                if put_off is not None and (wait := self._gate.put_off(job.host, now)):
                    too_many.append((job, wait))
                else:
                    self._gate.add(job.host, _Queued(job=job, batch=batch), job.gap)
            self._staff(self._gate.load())
            self._changed.notify_all()
        for job, wait in too_many:
            assert put_off is not None
            batch.put(put_off(job, wait))

    def crowd(self) -> int:
        """Count the jobs under way and those that wait for nothing but a free hand."""
        with self._changed:
            return self._gate.crowd()

    def close(self) -> None:
        """Cut what is under way and let the threads end; nothing more is done afterwards."""
        with self._changed:
            self._closed = True
            batches, threads = tuple(self._batches), tuple(self._threads)
            self._changed.notify_all()
        for batch in batches:
            batch.abandon()
        ends_at = monotonic() + JOIN_WAIT
        for thread in threads:
            if thread is not current_thread():
                thread.join(max(0.0, ends_at - monotonic()))
        self._watchdog.close()

    def _look_again(self) -> None:
        """Let those who wait for a job look whether one may begin by now."""
        with self._changed:
            self._changed.notify_all()

    def _staff(self, wanted: int) -> None:
        for number in range(len(self._threads), min(self._settings.concurrency, wanted)):
            self._threads.append(started(self._work, f"watcher-fetch-{number}"))

    def _withdraw(self, batch: Batch[Any]) -> None:
        batch.abandon()
        with self._changed:
            self._batches.discard(batch)
            self._gate.withdraw(lambda queued: queued.batch is batch)
            self._changed.notify_all()  # it may have been full

    # --- in the pool's threads

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            host, queued = taken
            try:
                answer = self._done(queued)
            finally:
                self._give_back(host)
            queued.batch.put(answer)

    def _next(self) -> tuple[str, _Queued] | None:
        """Wait for a job that may start; None when all is closed."""
        with self._changed:
            while not self._closed:
                if any(batch.full for batch in self._batches):
                    self._changed.wait()
                    continue
                now = monotonic()
                taken = self._gate.take(now)
                if taken is not None:
                    self._changed.notify()  # another may be startable: wake one more, not all
                    return taken
                opens_at = self._gate.opens_at()
                self._changed.wait(None if opens_at is None else max(0.0, opens_at - now))
        return None

    def _give_back(self, host: str) -> None:
        with self._changed:
            self._gate.done(host)
            self._changed.notify()

    def _done(self, queued: _Queued) -> object:
        with self._watchdog.lifeline(queued.job.deadline) as line:
            queued.batch.begin(line)
            try:
                return queued.job.do(line)
            finally:
                queued.batch.end(line)
