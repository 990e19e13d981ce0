"""Watcher's side of `bench/fetch.py`, in a process of its own: visits feeds twice, tells the cost.

python bench/fetch_ours.py WORK.json

WORK.json: `{"urls": […], "state": PATH, "ca_file": PATH, "rounds": 2}`. Prints one JSON object with
a list of rounds: feeds, seconds, CPU seconds, outcomes; and the peak memory in MB.
"""

import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.soak import RULES
from watcher.fetch import FetchSettings, HttpFetcher
from watcher.model import Feed, FeedId, RuleId, RuleInfo
from watcher.pipeline import Pipeline, Watch
from watcher.rules import RuleSpec, compile_rules
from watcher.store import open_store

CONCURRENCY = 32


class LateClock:
    """The machine's clock, and so many hours on."""

    def __init__(self) -> None:
        self.late = timedelta(0)

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self.late


def main() -> int:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    clock = LateClock()
    settings = FetchSettings(
        concurrency=CONCURRENCY,
        host_gap=timedelta(0),
        allow_networks=(ip_network("127.0.0.0/8"),),
        ca_file=Path(work["ca_file"]),
    )
    fetcher = HttpFetcher(settings, clock, lambda _host, _port: ("127.0.0.1",))
    store = open_store(work["state"])
    feeds = [Feed(id=FeedId(f"f{n:04}"), url=url) for n, url in enumerate(work["urls"])]
    specs = [RuleSpec(info=RuleInfo(id=RuleId(name)), when=when) for name, when in RULES.items()]
    ruleset = compile_rules(specs).ruleset
    assert ruleset is not None
    with store.transaction() as tx:
        tx.configure_feeds(feeds, clock.now())
    pipeline = Pipeline(
        store=store,
        fetcher=fetcher,
        channels={},
        watch=Watch(rules=ruleset, routes={}, feeds={feed.id: feed for feed in feeds}),
        clock=clock,
        rng=Random(1),
    )
    rounds = []
    for _ in range(work["rounds"]):
        rounds.append(_round(pipeline))
        clock.late += timedelta(days=2)
    fetcher.close()
    store.close()
    print(json.dumps({"rounds": rounds, "peak": peak()}))
    return 0


def _round(pipeline: Pipeline) -> dict[str, object]:
    began, cpu = time.perf_counter(), time.process_time()
    outcomes = Counter(visit.outcome for visit in pipeline.visits(spread=False))
    return {
        "feeds": outcomes.total(),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "outcomes": outcomes,
    }


def peak() -> int:
    """Tell the most memory that this process has had, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
