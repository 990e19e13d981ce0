"""Stand-ins for the world that keep its promises.

FakeClock      time that passes when you say so: `clock.advance(minutes=6)`
FakeInternet   a small internet to publish to: `internet.publish("http://a/", "Flood closes road")`;
               it honours ETags, shows the newest `window` items of each feed, and can be down
FakePages      pages of items: `pages.show("http://a/news/1", "The river …")`; others are 404
FakeChannel    a receiver: `phone.sent`; `FakeChannel("phone", script=[TryLater(reason="busy")])`
               answers the script first and `Sent` afterwards
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from xml.sax.saxutils import escape

from watcher.cadence import conditions
from watcher.model import (
    Alert,
    ChannelName,
    DueFeed,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    Outcome,
    PageMissed,
    PageRead,
    PageResult,
    PagesAsked,
    Sent,
    Source,
)
from watcher.ports import Answered, PagesCame

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class FakeClock:
    """Time that only passes when it is told to."""

    def __init__(self, start: datetime = MORNING) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def advance(self, **how_much: float) -> None:
        self.time += timedelta(**how_much)


@dataclass
class Page:
    """What stands at one address."""

    items: list[str] = field(default_factory=list)  # newest first
    failure: FetchFailed | None = None
    body: bytes | None = None  # instead of the items

    def document(self, window: int) -> bytes:
        if self.body is not None:
            return self.body
        items = "".join(self.items[:window])
        return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


class FakeInternet:
    """A small internet, and the fetcher that looks at it."""

    def __init__(self, window: int = 20) -> None:
        self.window = window
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, str]] = []  # (address, ETag sent along)

    def publish(
        self, address: str, title: str, summary: str = "", *, link: str = "", guid: str = ""
    ) -> None:
        page = self.pages.setdefault(address, Page())
        number = len(page.items) + 1
        link = link or f"{address}news/{number}"
        page.items.insert(
            0,
            f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
            f"<guid>{escape(guid or link)}</guid>"
            f"<description>{escape(summary)}</description></item>",
        )

    def put(self, address: str, body: bytes) -> None:
        self.pages[address] = Page(body=body)

    def break_down(self, address: str, reason: str = "503 Service Unavailable") -> None:
        self.pages.setdefault(address, Page()).failure = FetchFailed(reason=reason, status=503)

    def mend(self, address: str) -> None:
        self.pages[address].failure = None

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[tuple[DueFeed, FetchResult]]:
        for feed in due:
            yield feed, self._answer(feed)

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        while due := more(200):
            yield tuple(self.fetch_all(due))

    def _answer(self, due: DueFeed) -> FetchResult:
        address = due.address
        remembered = conditions(due, MORNING).etag
        self.requests.append((address, remembered))
        page = self.pages.get(address)
        if page is None:
            return FetchFailed(reason="404 Not Found", status=404)
        if page.failure is not None:
            return page.failure
        body = page.document(self.window)
        etag = f'"{sha256(body).hexdigest()[:12]}"'
        headers = {"etag": etag, "content-type": "application/rss+xml"}
        if remembered == etag:
            return NotModified(url=address, headers=headers)
        return Fetched(status=200, url=address, body=body, headers=headers)


class FakePages:
    """Pages with articles on them, and the one who reads them; takes no notice of sites' rules."""

    def __init__(self) -> None:
        self.results: dict[str, PageResult] = {}
        self.asked: list[str] = []
        self._came: list[PagesCame] = []

    def show(
        self, address: str, text: str, *, url: str = "", sources: Sequence[Source] = ()
    ) -> None:
        self.results[address] = PageRead(url=url or address, text=text, sources=tuple(sources))

    def forget(self) -> None:
        """Be as after a restart: nobody is waited for."""
        self._came = []

    def ask(self, asked: PagesAsked) -> None:
        self.asked += asked.addresses
        self._came.append((asked, {address: self._result(address) for address in asked.addresses}))

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
        came, self._came = self._came, []
        return came

    def _result(self, address: str) -> PageResult:
        return self.results.get(address, PageMissed(reason="404 Not Found"))


class FakeChannel:
    """A receiver that remembers what it was sent."""

    def __init__(self, name: str, script: Sequence[Outcome] = ()) -> None:
        self.name = ChannelName(name)
        self.script = list(script)
        self.sent: list[Alert] = []  # what it took, repeats included
        self.tried: list[Alert] = []  # what it was offered

    def send(self, alert: Alert) -> Outcome:
        self.tried.append(alert)
        outcome = self.script.pop(0) if self.script else Sent(reference=alert.key)
        if isinstance(outcome, Sent):
            self.sent.append(alert)
        return outcome

    @property
    def headlines(self) -> list[str]:
        return [alert.message.headline for alert in self.sent]
