"""Two real daemons on one PostgreSQL share the feeds; one is killed in the middle of a visit."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.daemons import PATIENCE, Daemon
from tests.servers import FeedServer, Reply
from watcher.config import load
from watcher.model import FeedMemory
from watcher.store import open_store

FEEDS = 40
DEADLINE = 5  # seconds of a visit; a lease is three of them
ITEM = """<rss version="2.0"><channel><title>Paper {n}</title><item>
<title>Flood drowns alder{n} birch{n} cedar{n}</title><guid>{n}</guid>
<description>elm{n} fir{n} hazel{n} juniper{n} larch{n} maple{n} oak{n} pine{n}</description>
</item></channel></rss>"""


class Pair:
    """Two configurations that differ in the name of their daemon only, and their feed server."""

    def __init__(self, folder: Path, url: str, server: FeedServer) -> None:
        self.folder, self.url, self.server = folder, url, server
        self.alerts = folder / "alerts.jsonl"
        self.may_answer = Event()
        for n in range(FEEDS):
            body = ITEM.format(n=n).encode()
            held = {"wait_for": self.may_answer} if n == 0 else {"pause": 0.3}
            server.on(f"/{n}", Reply(body=body, **held))
        feeds = [
            {"id": f"f{n:02}", "url": f"{server.url}/{n}", "backfill": 9} for n in range(FEEDS)
        ]
        (folder / "feeds.yaml").write_text(json.dumps({"version": 1, "feeds": feeds}))
        (folder / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
        self.configs = {name: self._config(name) for name in ("one", "two")}
        self._let_nothing_be_due()

    def _config(self, name: str) -> Path:
        settings = {
            "version": 1,
            "state": self.url,
            "include": {"feeds": ["feeds.yaml"], "rules": ["rules.yaml"]},
            "fetch": {
                "contact": f"https://{name}.example",
                "allow_networks": ["127.0.0.0/8"],
                "per_host_gap": "0s",
                "concurrency": 2,
                "deadline": f"{DEADLINE}s",
            },
            "channels": {"out": {"type": "file", "path": "alerts.jsonl"}},
            "routes": {"desk": {"channel": "out", "group_wait": "0s"}},
        }
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(settings))
        return path

    def _let_nothing_be_due(self) -> None:
        feeds = load(self.configs["one"], {}).feeds
        store, now = open_store(self.url), datetime.now(UTC)  # noqa: TID251 - as the daemons do
        later = now + timedelta(hours=1)
        with store.transaction() as tx:
            tx.configure_feeds(feeds, now)
            tx.record_visits([FeedMemory(feed=feed.id, due_at=later) for feed in feeds])
        store.close()

    def let_all_be_due(self) -> None:
        store = open_store(self.url)
        with store.transaction() as tx:
            tx.make_all_due(datetime.now(UTC))  # noqa: TID251
        store.close()

    def asked_by(self, path: str) -> list[str]:
        """Tell which daemons asked for a path, in order."""
        agents = [seen.headers["user-agent"] for seen in self.server.requests if seen.path == path]
        return ["one" if "one.example" in agent else "two" for agent in agents]

    def delivered(self) -> list[tuple[str, str]]:
        """Give headline and key of each alert that came out."""
        lines = self.alerts.read_text().splitlines() if self.alerts.exists() else []
        told = [json.loads(line) for line in lines]
        return [(one["data"]["headline"], one["data"]["key"]) for one in told]


@pytest.fixture
def pair(tmp_path: Path, postgresql_url: str) -> Iterator[Pair]:
    with FeedServer() as server:
        pair = Pair(tmp_path, postgresql_url, server)
        yield pair
        pair.may_answer.set()


def wait_until(happened: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + 4 * PATIENCE
    while not happened():
        assert time.monotonic() < give_up, f"never: {what}"
        Event().wait(0.05)


def test_37_two_daemons_share_the_feeds_and_one_that_is_killed_loses_none(pair: Pair) -> None:
    daemons = {name: Daemon(config) for name, config in pair.configs.items()}
    try:
        for daemon in daemons.values():
            daemon.until("started")
        pair.let_all_be_due()
        wait_until(lambda: bool(pair.asked_by("/0")), "the first feed is asked for")
        (victim,) = pair.asked_by("/0")
        daemons[victim].process.kill()
        daemons[victim].process.wait(PATIENCE)
        pair.may_answer.set()  # to nobody
        wait_until(lambda: len(set(pair.delivered())) == FEEDS, "an alert for every feed")
        (survivor,) = daemons.keys() - {victim}
        assert daemons[survivor].end(signal.SIGTERM) == 0
    finally:
        for daemon in daemons.values():
            daemon.kill()
    assert pair.asked_by("/0") == [victim, survivor], "taken over, once"
    shares = dict.fromkeys(daemons, 0)
    for n in range(FEEDS):
        for name in pair.asked_by(f"/{n}"):
            shares[name] += 1
    assert min(shares.values()) > 1, shares
    assert max(pair.server.most_on.values()) == 1, "no feed was in flight twice at once"
    headlines = [headline for headline, _ in set(pair.delivered())]
    assert len(set(headlines)) == len(headlines) == FEEDS, "each alert has one key"
