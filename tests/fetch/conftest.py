"""Servers, settings for impatient tests, and names that lead to loopback."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.fakes import MORNING, FakeClock
from tests.servers import FeedServer
from watcher.fetch import FetchSettings, HttpFetcher
from watcher.model import DueFeed, Feed, FeedId, FeedMemory, Fetched, FetchFailed, FetchResult
from watcher.store import SqlStore, open_store

IMPATIENT = FetchSettings(
    user_agent_contact="https://watcher.example/about",
    host_gap=timedelta(0),
    connect_timeout=timedelta(seconds=2),
    read_timeout=timedelta(seconds=2),
    deadline=timedelta(seconds=4),
    allow_networks=(ip_network("127.0.0.0/8"),),
)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@dataclass
class Names:
    """A DNS of our own: it knows the names that it is told, and IP addresses."""

    known: dict[str, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def look_up(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host in self.known:
            return self.known[host]
        if host.replace(".", "").isdigit() or ":" in host:
            return (host,)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def due(url: str, **remembered: Any) -> DueFeed:
    feed = Feed(id=FeedId(url), url=url)
    return DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=MORNING, **remembered))


@dataclass
class Desk:
    """A fetcher for each set of settings, all closed at the end."""

    clock: FakeClock = field(default_factory=FakeClock)
    names: Names = field(default_factory=Names)
    settings: FetchSettings = IMPATIENT
    opened: list[HttpFetcher] = field(default_factory=list)

    def fetcher(self, **settings: Any) -> HttpFetcher:
        made = HttpFetcher(replace(self.settings, **settings), self.clock, self.names.look_up)
        self.opened.append(made)
        return made

    def get(
        self, url: str, remembered: Mapping[str, Any] | None = None, **settings: Any
    ) -> FetchResult:
        [(feed, result)] = self.fetcher(**settings).fetch_all([due(url, **(remembered or {}))])
        assert feed.feed.url == url
        return result

    def body(self, url: str, **settings: Any) -> bytes:
        result = self.get(url, **settings)
        assert isinstance(result, Fetched), result
        return result.body

    def failure(self, url: str, **settings: Any) -> FetchFailed:
        result = self.get(url, **settings)
        assert isinstance(result, FetchFailed), result
        return result

    def why(self, url: str, **settings: Any) -> str:
        return self.failure(url, **settings).reason


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    for fetcher in desk.opened:
        fetcher.close()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    """Here one engine is enough: its own tests run on both."""
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return file


def tls_for(authority: trustme.CA, *names: str, **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **options).configure_cert(context)
    return context


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[FeedServer]:
    """An HTTPS server that is feeds.example, other.example and 127.0.0.1."""
    tls = tls_for(authority, "feeds.example", "other.example", "127.0.0.1")
    with FeedServer(tls=tls) as server:
        yield server
