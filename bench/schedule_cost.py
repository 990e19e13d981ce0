"""What the schedule costs: a due table of 100,000 feeds, timelines replayed, a daemon that idles.

python bench/schedule_cost.py due | idle | timelines FOLDER

Each in a process of its own; prints one JSON object.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import feedparser

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.soak import last_members
from tests.world import rule_set
from watcher.model import DueFeed, Feed, FeedId, FeedMemory, Fetched
from watcher.pipeline import Pipeline, Watch
from watcher.ports import Answered
from watcher.store import open_store

FEEDS = 100_000
POLLED = 5_000
AT_ONCE = 200
IDLE_FEEDS = 1_000
IDLE = 10  # seconds
SNAPSHOTS = 60
HOURLY = ("olshansk-anthropic_news", "olshansk-cursor", "olshansk-google_ai", "olshansk-mistral",
          "turing-aisi-blog", "turing-mistral-news")  # fmt: skip
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def due_table() -> dict[str, float]:
    """Measure leasing feeds and recording their visits, in CPU milliseconds a feed."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/watcher.db")
        feeds = [Feed(id=FeedId(f"f{n}"), url=f"http://h{n}.example/") for n in range(FEEDS)]
        with store.transaction() as tx:
            tx.configure_feeds(feeds, START)
            tx.record_visits(
                [
                    FeedMemory(feed=feed.id, due_at=START - n * timedelta(milliseconds=20))
                    for n, feed in enumerate(feeds)
                ]
            )
        lease = record = 0.0
        for _ in range(POLLED // AT_ONCE):
            began = time.process_time()
            with store.transaction() as tx:
                due = tx.claim_due_feeds(START, timedelta(minutes=3), AT_ONCE)
            leased = time.process_time()
            later = START + timedelta(hours=1)
            with store.transaction() as tx:
                tx.record_visits([replace(one.memory, due_at=later) for one in due])
            lease, record = lease + leased - began, record + time.process_time() - leased
        store.close()
    return {"lease": 1_000 * lease / POLLED, "record": 1_000 * record / POLLED}


class Snapshots:
    """A clock and a fetcher that show one snapshot after the other; fulfils their ports."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = iter(bodies)
        self.time = START

    def now(self) -> datetime:
        """Tell the recorded time."""
        return self.time

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        """Answer with the next snapshot."""
        for one in due:
            body = next(self._bodies)
            yield one, Fetched(status=200, url=one.feed.url, body=body, headers={})

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        """Answer what is due now, once."""
        yield tuple(self.fetch_all(more(1)))


def timelines(folder: Path) -> dict[str, float]:
    """Measure visits to hourly feeds against a whole parse of each document, in CPU ms."""
    ours = theirs = 0.0
    visits = 0
    for name in HOURLY:
        bodies = last_members(folder / f"{name}.tar.xz", SNAPSHOTS)
        ours += sum(_visited(bodies)[1:])
        visits += len(bodies) - 1
        for body in bodies[1:]:
            began = time.process_time()
            feedparser.parse(BytesIO(body))
            theirs += time.process_time() - began
    return {"ours": 1_000 * ours / visits, "theirs": 1_000 * theirs / visits, "visits": visits}


def _visited(bodies: Sequence[bytes]) -> list[float]:
    """Visit a feed once a snapshot; give the CPU seconds of each visit."""
    world, spent = Snapshots(bodies), []
    feed = Feed(id=FeedId("feed"), url="http://feed.example/")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/watcher.db")
        with store.transaction() as tx:
            tx.configure_feeds([feed], world.now())
        watch = Watch(rules=rule_set({"flood": "flood"}), routes={}, feeds={feed.id: feed})
        pipeline = Pipeline(
            store=store, fetcher=world, channels={}, watch=watch, clock=world, rng=Random(1)
        )
        for _ in bodies:
            began = time.process_time()
            assert len(pipeline.poll()) == 1
            spent.append(time.process_time() - began)
            world.time += timedelta(hours=25)  # whatever the feed asks for, it is due then
        store.close()
    return spent


def idle() -> dict[str, float]:
    """Measure the share of one CPU that a daemon takes with 1,000 feeds, none of them due."""
    with tempfile.TemporaryDirectory() as name:
        config = _written(Path(name))
        command = [str(Path(sys.executable).parent / "watcher"), "run", "-c", str(config)]
        daemon = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _until_visited(config.parent / "watcher.db", daemon)
        before = _cpu(daemon.pid)
        time.sleep(IDLE)
        spent = _cpu(daemon.pid) - before
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
    return {"share": 100 * spent / IDLE}


def _written(folder: Path) -> Path:
    """Write a configuration whose feeds refuse connections at once."""
    feeds = [{"id": f"f{n}", "url": f"http://127.0.0.1:9/{n}"} for n in range(IDLE_FEEDS)]
    files = {
        "watcher.yaml": {
            "version": 1,
            "state": "watcher.db",
            "include": {"feeds": ["feeds.yaml"], "rules": ["rules.yaml"]},
            "fetch": {"allow_networks": ["127.0.0.0/8"], "per_host_gap": "0s", "per_host": 16},
            "channels": {"out": {"type": "file", "path": "alerts.jsonl"}},
        },
        "feeds.yaml": {"version": 1, "feeds": feeds},
        "rules.yaml": {"version": 1, "rules": [{"id": "flood", "when": "flood"}]},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))  # YAML reads JSON
    return folder / "watcher.yaml"


def _until_visited(state: Path, daemon: "subprocess.Popen[bytes]") -> None:
    """Wait until every feed was visited once and waits for its next visit."""
    store = open_store(str(state))  # whoever comes first makes the tables
    while daemon.poll() is None:
        with store.reading() as tx:
            due_at = tx.next_due_at()
        if due_at is not None and due_at > datetime.now(UTC) + timedelta(seconds=2 * IDLE):
            break
        time.sleep(0.5)
    store.close()


def _cpu(pid: int) -> float:
    """Tell the CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    measures: dict[str, Callable[[], dict[str, float]]] = {
        "due": due_table,
        "idle": idle,
        "timelines": lambda: timelines(Path(sys.argv[2])),
    }
    print(json.dumps(measures[sys.argv[1]]()))
