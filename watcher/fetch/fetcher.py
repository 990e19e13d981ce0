"""Many visits at once: the pool, its threads, and the way their answers come back."""

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Condition, Lock, Thread, current_thread
from time import monotonic

from watcher.cadence import Conditions, conditions
from watcher.fetch.address import host_of, redacted
from watcher.fetch.gate import Gate
from watcher.fetch.guard import LookUp, look_up
from watcher.fetch.lifeline import JOIN_WAIT, Lifeline, Watchdog, started
from watcher.fetch.settings import FetchSettings
from watcher.fetch.visit import Visitor
from watcher.model import DueFeed, FetchFailed, FetchResult
from watcher.ports import Clock

log = logging.getLogger(__name__)

NOT_WANTED = "given up: nobody waits for it any more"


def fetch_one(
    url: str, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up
) -> FetchResult:
    """Visit one address, unconditionally and at once, in the caller's thread."""
    watchdog = Watchdog()
    try:
        with watchdog.lifeline(settings.deadline) as line:
            return Visitor(settings, clock, look_up).visit(url, Conditions(), line)
    finally:
        watchdog.close()


class Batch:
    """The feeds of one `fetch_all`, and those of its answers that were not taken yet."""

    def __init__(self, size: int, room: int) -> None:
        self._changed = Condition()
        self._answers: deque[tuple[DueFeed, FetchResult]] = deque()
        self._missing = size
        self._room = room  # how many answers may wait: bodies are large
        self._lines: set[Lifeline] = set()
        self.abandoned = False

    def begin(self, line: Lifeline) -> None:
        """Let this visit end when the batch is abandoned."""
        with self._changed:
            self._lines.add(line)
            if self.abandoned:
                line.cut(NOT_WANTED)

    def end(self, line: Lifeline) -> None:
        """Note that this visit is over."""
        with self._changed:
            self._lines.discard(line)

    def put(self, due: DueFeed, result: FetchResult) -> None:
        """Hand an answer over; waits while too many are waiting to be taken."""
        with self._changed:
            self._changed.wait_for(lambda: self.abandoned or len(self._answers) < self._room)
            self._answers.append((due, result))
            self._changed.notify_all()

    def answers(self) -> Iterator[tuple[DueFeed, FetchResult]]:
        """Yield the answers as they come, until all have come or the batch is abandoned."""
        while self._missing:
            with self._changed:
                self._changed.wait_for(lambda: self.abandoned or self._answers)
                if self.abandoned:
                    return
                answer = self._answers.popleft()
                self._missing -= 1
                self._changed.notify_all()
            yield answer

    def abandon(self) -> None:
        """Give up what has not been taken: visits under way are cut, the rest never begins."""
        with self._changed:
            self.abandoned = True
            self._answers.clear()
            for line in self._lines:
                line.cut(NOT_WANTED)
            self._changed.notify_all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One feed of a batch."""

    due: DueFeed
    batch: Batch


class HttpFetcher:
    """Fetches feeds over HTTP, politely and within bounds; fulfils `ports.Fetcher`.

    Its threads start with the first `fetch_all` and end with `close`.
    """

    def __init__(self, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up) -> None:
        self._settings = settings
        self._clock = clock
        self._visitor = Visitor(settings, clock, look_up)
        self._watchdog = Watchdog()
        self._changed = Condition(Lock())  # guards all that follows
        self._gate: Gate[Job] = Gate(settings.per_host, settings.host_gap.total_seconds())
        self._threads: list[Thread] = []
        self._batches: set[Batch] = set()
        self._closed = False

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake. A feed that has to wait for its host takes up no place
        in the pool. Closing the iterator early gives up what has not come yet, at once; so does
        closing the fetcher, which ends the iterator.
        """
        batch = Batch(len(due), 2 * self._settings.concurrency)
        try:
            self._queue(due, batch)
            yield from batch.answers()
        finally:
            self._withdraw(batch)

    def close(self) -> None:
        """Cut what is under way and let the threads end; a closed fetcher fetches nothing more."""
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

    def _queue(self, due: Sequence[DueFeed], batch: Batch) -> None:
        jobs = [(host_of(one.address) or one.address, Job(due=one, batch=batch)) for one in due]
        with self._changed:
            if self._closed:
                batch.abandon()
                return
            self._batches.add(batch)
            self._gate.forget_idle(monotonic())
            for host, job in jobs:
                self._gate.add(host, job)
            for number in range(len(self._threads), min(self._settings.concurrency, len(due))):
                self._threads.append(started(self._work, f"watcher-fetch-{number}"))
            self._changed.notify_all()

    def _withdraw(self, batch: Batch) -> None:
        batch.abandon()
        with self._changed:
            self._batches.discard(batch)
            self._gate.withdraw(lambda job: job.batch is batch)

    # --- in the pool's threads

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            host, job = taken
            try:
                result = self._visit(job)
            finally:
                self._give_back(host)
            job.batch.put(job.due, result)

    def _next(self) -> tuple[str, Job] | None:
        """Wait for a job that may start; None when the fetcher is closed."""
        with self._changed:
            while not self._closed:
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

    def _visit(self, job: Job) -> FetchResult:
        address, asked = job.due.address, conditions(job.due, self._clock.now())
        with self._watchdog.lifeline(self._settings.deadline) as line:
            job.batch.begin(line)
            try:
                return self._visitor.visit(address, asked, line)
            except Exception as bug:  # one feed must not take the others with it
                log.exception("a bug while fetching %s (%s)", job.due.feed.id, redacted(address))
                return FetchFailed(reason=f"a fault in Watcher itself ({type(bug).__name__})")
            finally:
                job.batch.end(line)
