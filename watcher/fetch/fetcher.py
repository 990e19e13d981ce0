"""Feeds, many at once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from time import monotonic

from watcher.cadence import Conditions, conditions
from watcher.fetch.address import host_of, redacted
from watcher.fetch.guard import LookUp, look_up
from watcher.fetch.lifeline import Lifeline, Watchdog
from watcher.fetch.pages import HttpPages
from watcher.fetch.settings import FetchSettings
from watcher.fetch.traffic import Batch, Job, Traffic
from watcher.fetch.visit import Visitor
from watcher.model import DueFeed, Fetched, FetchFailed, FetchResult, FullText
from watcher.ports import Answered, Clock

log = logging.getLogger(__name__)

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


class HttpFetcher:
    """Fetches feeds over HTTP, politely and within bounds; fulfils `ports.Fetcher`.

    Its threads start with the first feed and end with `close`. `pages` fetches the pages of items
    with the same threads, through the same gate.
    """

    def __init__(self, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up) -> None:
        self._settings = settings
        self._clock = clock
        self._visitor = Visitor(settings, clock, look_up)
        self._traffic = Traffic(settings)
        self.pages = HttpPages(settings, clock, self._visitor, self._traffic)

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake. A feed that has to wait for its host takes up no place
        in the pool. Closing the iterator early gives up what has not come yet, at once; so does
        closing the fetcher, which ends the iterator.
        """
        with self._batch() as batch:
            self._traffic.add(batch, [self._job(one) for one in due])
            yield from batch.answers()

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        """Visit what `more` supplies, and yield the answers by handfuls; see `ports.Fetcher`."""
        supply = _Supply(more, SUPPLY * self._settings.concurrency)
        with self._batch() as batch:
            while True:
                if due := supply.feeds(self._traffic.crowd()):
                    self._queue(due, batch)
                if batch.over:
                    return
                yield batch.handful(HANDFUL, ASK_AGAIN)

    def _batch(self) -> AbstractContextManager[Batch[Answered]]:
        """Give a batch that half as many documents fill as we have hands."""
        return self._traffic.batch(max(2, self._settings.concurrency // 2), _has_a_body)

    def close(self) -> None:
        """Cut what is under way and let the threads end; a closed fetcher fetches nothing more."""
        self._traffic.close()
        self.pages.close()

    def _queue(self, due: Sequence[DueFeed], batch: Batch[Answered]) -> None:
        """Queue feeds, but let those come back later whose host has a long queue."""
        jobs = {self._job(one): one for one in due}
        self._traffic.add(batch, list(jobs), lambda job, wait: _put_off(jobs[job], wait))

    def _job(self, due: DueFeed) -> Job[Answered]:
        return Job(
            host=host_of(due.address) or due.address,
            do=partial(self._visit, due),
            deadline=self._settings.deadline,
        )

    # --- in the pool's threads

    def _visit(self, due: DueFeed, line: Lifeline) -> Answered:
        now = self._clock.now()
        if due.leased_until and now + self._longest(due) > due.leased_until:
            return due, not_asked(SHORT_LEASE, 0)  # another daemon might ask while we still do
        try:
            return due, self._visitor.visit(due.address, conditions(due, now), line)
        except Exception as bug:  # one feed must not take the others with it
            log.exception("a bug while fetching %s (%s)", due.feed.id, redacted(due.address))
            return due, FetchFailed(reason=f"a fault in Watcher itself ({type(bug).__name__})")

    def _longest(self, due: DueFeed) -> timedelta:
        """Tell how long a visit may take, until its pages have come, where it may want some."""
        if due.feed.full_text is FullText.NO:
            return self._settings.deadline
        return self._settings.deadline + self._settings.pages.longest_wait


def _has_a_body(answered: Answered) -> bool:
    return isinstance(answered[1], Fetched)


def _put_off(due: DueFeed, wait: float) -> Answered:
    return due, not_asked(LONG_QUEUE, wait)
