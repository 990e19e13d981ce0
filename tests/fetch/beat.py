"""A whole Watcher over real HTTP, whose time jumps from one visit to the next.

beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Flood closes the bridge"))))
beat.visit()                      # at the very moment when the feed is due
assert beat.memory.habits.window == 1
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import FakeClock
from tests.fetch.conftest import Desk
from tests.world import World
from watcher.fetch import HttpFetcher
from watcher.model import DueFeed, Feed, FeedId, FeedMemory, Visit
from watcher.pipeline import Pipeline
from watcher.ports import Answered, Store

NAME = FeedId("paper")


def rss(*titles: str, head: str = "", dates: tuple[str, ...] = ()) -> bytes:
    """Write a feed with these items; a title is its item's guid too."""
    dated = (*dates, *[""] * (len(titles) - len(dates)))
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid>"
        f"{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for title, date in zip(titles, dated, strict=True)
    )
    return f'<rss version="2.0"><channel><title>t</title>{head}{items}</channel></rss>'.encode()


def numbered(*numbers: int) -> tuple[str, ...]:
    """Give titles that have nothing to do with each other."""
    return tuple(f"Flood {number} {chr(97 + number % 26) * 7}" for number in numbers)


class OneRound:
    """Asks for feeds until there are some, and then no more.

    The fetcher asks again after a moment of real time. What became due meanwhile, as older pages do
    at once, would be a second visit of the same round on a machine that is slow, and only there.
    """

    def __init__(self, fetcher: HttpFetcher) -> None:
        self.fetch_all = fetcher.fetch_all
        self._fetcher = fetcher

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        supplied = False

        def once(room: int) -> Sequence[DueFeed]:
            nonlocal supplied
            found = () if supplied else more(room)
            supplied = supplied or bool(found)
            return found

        return self._fetcher.keep_fetching(once)


class Beat:
    """One feed under watch, and the clock that everything goes by."""

    def __init__(self, store: Store, desk: Desk, url: str, **feed: Any) -> None:
        self.clock: FakeClock = desk.clock
        self.fetcher = desk.fetcher()
        self.world = World(store, {"flood": "flood"}, operator=True)
        self.world.clock = self.clock
        self.store = store
        self.world.feeds[url] = Feed(id=NAME, url=url, **feed)
        self.pipeline = self.start()
        self.world.configure()

    def start(self) -> Pipeline:
        """Start the program (again) on what the store holds."""
        self.pipeline = self.world.start()
        self.pipeline.fetcher = self.fetcher
        return self.pipeline

    def add(self, url: str) -> None:
        """Watch one more feed."""
        self.world.feeds[url] = Feed(id=FeedId(url), url=url)
        self.world.configure()

    def configure(self, url: str) -> None:
        """Change the feed's address in the configuration."""
        [feed] = self.world.feeds.values()
        self.world.feeds = {url: replace(feed, url=url)}
        self.world.configure()

    @property
    def due(self) -> DueFeed:
        with self.store.reading() as tx:
            [due] = tx.feeds()
        return due

    @property
    def memory(self) -> FeedMemory:
        return self.due.memory

    @property
    def wait(self) -> timedelta:
        """How long until the next visit."""
        return self.memory.due_at - self.clock.now()

    def visit(self) -> Visit:
        """Wait until the feed is due, and visit it; one visit, and nothing else."""
        self.until(self.memory.due_at)
        self.pipeline.fetcher = OneRound(self.fetcher)
        [visit] = self.pipeline.poll()
        self.pipeline.fetcher = self.fetcher
        if not self.due.looks_back:  # its older pages are due at once
            assert self.pipeline.poll() == ()
        return visit

    def until(self, then: datetime) -> None:
        self.clock.time = max(self.clock.time, then)

    @property
    def told(self) -> list[str]:
        """What was sent so far, alerts and notices."""
        self.pipeline.deliver_all()
        return self.world.phone.headlines
