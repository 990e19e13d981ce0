"""feed2exec's side of `bench/fetch.py`: the same feeds, in an environment and a process of its own.

python bench/fetch_feed2exec.py WORK.json

Imports nothing of ours. As `feed2exec fetch` does it: one feed after the other; new entries go to
its plugin that does nothing with them.
"""

import json
import logging
import socket
import sys
import time
from collections import Counter
from pathlib import Path

import requests.adapters


def main() -> int:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    requests.adapters.DEFAULT_CA_BUNDLE_PATH = work["bundle"]
    look_up = socket.getaddrinfo
    socket.getaddrinfo = lambda _host, *more, **named: look_up("127.0.0.1", *more, **named)
    from feed2exec.controller import FeedManager  # noqa: PLC0415 - after the resolver is in place

    logging.disable(logging.CRITICAL)
    config = Path(work["state"]).with_suffix(".ini")
    new = not config.exists()
    manager = FeedManager(str(config), work["state"])
    if new:
        config.write_text(
            "".join(
                f"[feed-{number}]\nurl = {url}\noutput = feed2exec.plugins.null\n\n"
                for number, url in enumerate(work["urls"])
            ),
            encoding="utf-8",
        )
        manager = FeedManager(str(config), work["state"])
    rounds = [_round(manager) for _ in range(work["rounds"])]
    print(json.dumps({"rounds": rounds, "peak": _peak()}))
    return 0


def _round(manager: object) -> dict[str, object]:
    began, cpu = time.perf_counter(), time.process_time()
    outcomes = Counter(
        _visit(manager, feed)
        for feed in manager.conf_storage  # type: ignore[attr-defined]
    )
    return {
        "feeds": outcomes.total(),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "outcomes": outcomes,
    }


def _visit(manager: object, configured: object) -> str:
    """Do what `FeedManager.fetch` does with a feed; that stops for good where one fails."""
    from feed2exec.model import Feed  # noqa: PLC0415 - as above

    feed = Feed(configured["name"], configured)  # type: ignore[index]
    try:
        body = manager.fetch_one(feed)  # type: ignore[attr-defined]
        if body is None:  # from its cache: not modified
            return "same"
        if parsed := feed.parse(body):
            manager.dispatch(feed, parsed)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever it makes of a document
        return "failed"
    return "read"


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
