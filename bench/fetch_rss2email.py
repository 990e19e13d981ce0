"""rss2email's side of `bench/fetch.py`: the same feeds, in an environment and a process of its own.

python bench/fetch_rss2email.py WORK.json

Imports nothing of ours. As `r2e run --no-send` does it: one feed after the other, each new entry
made into a message that is not sent, the state saved at the end of each round.
"""

import json
import logging
import os
import socket
import sys
import time
from collections import Counter
from pathlib import Path


def main() -> int:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.environ["SSL_CERT_FILE"] = work["bundle"]
    look_up = socket.getaddrinfo
    socket.getaddrinfo = lambda _host, *more, **named: look_up("127.0.0.1", *more, **named)
    from rss2email import feeds as rss2email  # noqa: PLC0415 - after the resolver is in place

    logging.getLogger("rss2email").setLevel(logging.CRITICAL)
    config = Path(work["state"]).with_suffix(".cfg")
    feeds = rss2email.Feeds(configfiles=[str(config)], datafile_path=work["state"])
    feeds.load()
    if not len(feeds):
        for url in work["urls"]:
            feeds.new_feed(url=url, to="reader@press.example")
        feeds.save_config()
        feeds.save_feeds()
    rounds = [_round(feeds) for _ in range(work["rounds"])]
    feeds.close()
    print(json.dumps({"rounds": rounds, "peak": _peak()}))
    return 0


def _round(feeds: object) -> dict[str, object]:
    began, cpu = time.perf_counter(), time.process_time()
    outcomes: Counter[str] = Counter()
    for feed in feeds:  # type: ignore[attr-defined]
        outcomes[_visit(feed)] += 1
    feeds.save_feeds()  # type: ignore[attr-defined]
    return {
        "feeds": outcomes.total(),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "outcomes": outcomes,
    }


def _visit(feed: object) -> str:
    fetch, statuses = type(feed)._fetch, []

    def noting_the_status() -> object:
        parsed = fetch(feed)
        statuses.append(parsed.get("status"))
        return parsed

    feed._fetch = noting_the_status  # type: ignore[attr-defined]
    try:
        feed.run(send=False)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever it makes of a document
        return "failed"
    finally:
        del feed._fetch  # type: ignore[attr-defined]
    return "same" if statuses == [304] else "read"


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
