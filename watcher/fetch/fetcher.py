"""Many visits at once: the pool, its threads, and the way their answers come back."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
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
from watcher.ports import Answered, Clock

log = logging.getLogger(__name__)

NOT_WANTED = "given up: nobody waits for it any more"
SHORT_LEASE = "not asked: it may be somebody else's before the answer comes"
LONG_QUEUE = "not asked yet: many feeds of its host are waiting"
HANDFUL = 64  # answers that are given out at a time
SUPPLY = 4  # visits that are begun or wait for a free hand, for each hand that we have
ASK_AGAIN = 1.0  # seconds after which there may be new supply


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


def not_asked(why: str, wait: float) -> FetchFailed:
    """Answer for a feed that was not asked, and is to be asked after so many seconds."""
    return FetchFailed(reason=why, retry_after=timedelta(seconds=wait), postponed=True)


class Batch:
    """The feeds of one `fetch_all`, and those of its answers that were not taken yet."""

    def __init__(self, room: int) -> None:
        self._changed = Condition()
        self._answers: deque[Answered] = deque()
        self._missing = 0
        self._room = room  # how many answers may wait: bodies are large
        self._lines: set[Lifeline] = set()
        self.abandoned = False

    def expect(self, more: int) -> None:
        """Wait for so many answers more."""
        with self._changed:
            self._missing += more

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

    def put_at_once(self, due: DueFeed, result: FetchResult) -> None:
        """Hand over an answer that has no body, without waiting for room."""
        with self._changed:
            self._answers.append((due, result))
            self._changed.notify_all()

    def put(self, due: DueFeed, result: FetchResult) -> None:
        """Hand an answer over; waits while too many are waiting to be taken."""
        with self._changed:
            self._changed.wait_for(lambda: self.abandoned or len(self._answers) < self._room)
            self._answers.append((due, result))
            self._changed.notify_all()

    def answers(self) -> Iterator[Answered]:
        """Yield the answers as they come, until all have come or the batch is abandoned."""
        while answers := self.handful(1, None):
            yield from answers

    def handful(self, most: int, patience: float | None) -> Sequence[Answered]:
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
            self._changed.notify_all()
        return taken

    @property
    def over(self) -> bool:
        """Whether no answer will come any more."""
        return self.abandoned or not self._missing

    def abandon(self) -> None:
        """Give up what has not been taken: visits under way are cut, the rest never begins."""
        with self._changed:
            self.abandoned = True
            self._answers.clear()
            for line in self._lines:
                line.cut(NOT_WANTED)
            self._changed.notify_all()


class _Supply:
    """Asks for more feeds when it is worth while: where there is room, and not again and again."""

    def __init__(self, more: Callable[[int], Sequence[DueFeed]], most: int) -> None:
        self._more = more
        self._most = most
        self._plenty = True  # it gave all that it was asked for
        self._asked_at = -ASK_AGAIN

    def feeds(self, crowd: int) -> Sequence[DueFeed]:
        room, now = self._most - crowd, monotonic()
        soon = self._plenty and room >= self._most // 2
        if room <= 0 or not (soon or now - self._asked_at >= ASK_AGAIN):
            return ()
        found = self._more(room)
        self._plenty, self._asked_at = len(found) >= room, now
        return found


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

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake. A feed that has to wait for its host takes up no place
        in the pool. Closing the iterator early gives up what has not come yet, at once; so does
        closing the fetcher, which ends the iterator.
        """
        batch = Batch(2 * self._settings.concurrency)
        try:
            self._queue(due, batch)
            yield from batch.answers()
        finally:
            self._withdraw(batch)

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        """Visit what `more` supplies, and yield the answers by handfuls; see `ports.Fetcher`."""
        batch = Batch(2 * self._settings.concurrency)
        supply = _Supply(more, SUPPLY * self._settings.concurrency)
        try:
            while True:
                if due := supply.feeds(self._crowd()):
                    self._queue(due, batch, patient=False)
                if batch.over:
                    return
                if answers := batch.handful(HANDFUL, ASK_AGAIN):
                    yield answers
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

    def _queue(self, due: Sequence[DueFeed], batch: Batch, *, patient: bool = True) -> None:
        jobs = [(host_of(one.address) or one.address, Job(due=one, batch=batch)) for one in due]
        put_off: list[tuple[Job, float]] = []
        with self._changed:
            if self._closed:
                batch.abandon()
                return
            self._batches.add(batch)
            batch.expect(len(due))
            now = monotonic()
            self._gate.forget_idle(now)
            for host, job in jobs:
                if not patient and (wait := self._gate.put_off(host, now)):
                    put_off.append((job, wait))
                else:
                    self._gate.add(host, job)
            self._staff(self._gate.load())
            self._changed.notify_all()
        for job, wait in put_off:
            job.batch.put_at_once(job.due, not_asked(LONG_QUEUE, wait))

    def _staff(self, wanted: int) -> None:
        for number in range(len(self._threads), min(self._settings.concurrency, wanted)):
            self._threads.append(started(self._work, f"watcher-fetch-{number}"))

    def _crowd(self) -> int:
        with self._changed:
            return self._gate.crowd()

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
        leased_until, now = job.due.leased_until, self._clock.now()
        if leased_until and now + self._settings.deadline > leased_until:
            return not_asked(SHORT_LEASE, 0)  # another daemon might ask while we still do
        address, asked = job.due.address, conditions(job.due, now)
        with self._watchdog.lifeline(self._settings.deadline) as line:
            job.batch.begin(line)
            try:
                return self._visitor.visit(address, asked, line)
            except Exception as bug:  # one feed must not take the others with it
                log.exception("a bug while fetching %s (%s)", job.due.feed.id, redacted(address))
                return FetchFailed(reason=f"a fault in Watcher itself ({type(bug).__name__})")
            finally:
                job.batch.end(line)
