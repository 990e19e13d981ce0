"""reader's side of `bench/fetch.py`: the same feeds, in an environment and a process of its own.

python bench/fetch_reader.py WORK.json

Imports nothing of ours. Host names lead to loopback, as for us.
"""

import json
import socket
import sys
import time
from collections import Counter
from pathlib import Path

import requests.adapters

CONCURRENCY = 32


def main() -> int:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    requests.adapters.DEFAULT_CA_BUNDLE_PATH = work["bundle"]  # it does not read the environment
    look_up = socket.getaddrinfo
    socket.getaddrinfo = lambda _host, *more, **named: look_up("127.0.0.1", *more, **named)
    from reader import make_reader  # noqa: PLC0415 - after the resolver is in place

    reader = make_reader(work["state"])
    for url in work["urls"]:
        reader.add_feed(url, exist_ok=True)
    rounds = [_round(reader) for _ in range(work["rounds"])]
    read = [feed.url for feed in reader.get_feeds(broken=False)]
    reader.close()
    print(json.dumps({"rounds": rounds, "peak": _peak(), "read": read}))
    return 0


def _round(reader: object) -> dict[str, object]:
    began, cpu = time.perf_counter(), time.process_time()
    outcomes: Counter[str] = Counter()
    for result in reader.update_feeds_iter(workers=CONCURRENCY, scheduled=False):  # type: ignore[attr-defined]
        if result.error and not outcomes["failed"]:
            print(f"reader: {result.error!r}", file=sys.stderr)
        outcomes["failed" if result.error else "same" if result.not_modified else "read"] += 1
    return {
        "feeds": outcomes.total(),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "outcomes": outcomes,
    }


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
