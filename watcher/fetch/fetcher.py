"""Feeds, many at once."""

import logging
from collections.abc import Iterator, Sequence
from functools import partial

from watcher.fetch.address import host_of, redacted
from watcher.fetch.guard import LookUp, look_up
from watcher.fetch.lifeline import Lifeline, Watchdog
from watcher.fetch.pages import HttpPages
from watcher.fetch.settings import FetchSettings
from watcher.fetch.traffic import Job, Traffic
from watcher.fetch.visit import Validators, Visitor, validators_for
from watcher.model import DueFeed, FetchFailed, FetchResult
from watcher.ports import Clock

log = logging.getLogger(__name__)

Answered = tuple[DueFeed, FetchResult]


def fetch_one(
    url: str, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up
) -> FetchResult:
    """Visit one address, unconditionally and at once, in the caller's thread."""
    watchdog = Watchdog()
    try:
        with watchdog.lifeline(settings.deadline) as line:
            return Visitor(settings, clock, look_up).visit(url, Validators(), line)
    finally:
        watchdog.close()


class HttpFetcher:
    """Fetches feeds over HTTP, politely and within bounds; fulfils `ports.Fetcher`.

    Its threads start with the first `fetch_all` and end with `close`. `pages` fetches the pages of
    items with the same threads, through the same gate.
    """

    def __init__(self, settings: FetchSettings, clock: Clock, look_up: LookUp = look_up) -> None:
        self._settings = settings
        self._visitor = Visitor(settings, clock, look_up)
        self._traffic = Traffic(settings)
        self.pages = HttpPages(settings, clock, self._visitor, self._traffic)

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        """Visit every feed once and yield each answer as it comes, in no order.

        Never raises for the world's sake. A feed that has to wait for its host takes up no place
        in the pool. Closing the iterator early gives up what has not come yet, at once; so does
        closing the fetcher, which ends the iterator.
        """
        with self._traffic.batch(2 * self._settings.concurrency) as batch:
            self._traffic.add(batch, [self._job(one) for one in due])
            for _ in due:
                answered = batch.take()
                if answered is None:
                    return
                yield answered

    def close(self) -> None:
        """Cut what is under way and let the threads end; a closed fetcher fetches nothing more."""
        self._traffic.close()
        self.pages.close()

    def _job(self, due: DueFeed) -> Job[Answered]:
        return Job(
            host=host_of(due.feed.url) or due.feed.url,
            do=partial(self._visit, due),
            deadline=self._settings.deadline,
        )

    def _visit(self, due: DueFeed, line: Lifeline) -> Answered:
        feed = due.feed
        try:
            return due, self._visitor.visit(feed.url, validators_for(feed.url, due.memory), line)
        except Exception as bug:  # one feed must not take the others with it
            log.exception("a bug while fetching %s (%s)", feed.id, redacted(feed.url))
            return due, FetchFailed(reason=f"a fault in Watcher itself ({type(bug).__name__})")
