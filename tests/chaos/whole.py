"""A whole Watcher that goes its rounds until it has done them, or until it is killed.

    WATCHER_CRASH_AT='after fetch:3' python -m tests.chaos.whole SETTINGS

Each round visits what is due and sends what is due; then the clock jumps: mostly by the minutes
between two visits, now and then by hours or days, ahead or back. At the end it tells how much it
holds of the machine.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic

from tests.chaos.child import CrashingChannel, CrashingStore, JumpingClock, Points
from watcher.app import App, opened
from watcher.config import load
from watcher.model import DueFeed
from watcher.ports import Answered, Fetcher

POINTS = (
    "before fetch",
    "after fetch",
    "begin",
    "before commit",
    "after commit",
    "before send",
    "after send",
)
JUMPS = (timedelta(hours=2), timedelta(hours=-2), timedelta(days=1), timedelta(days=-1))


class CrashingFetcher:
    """A fetcher that the process may die before or after a visit of."""

    def __init__(self, fetcher: Fetcher, points: Points) -> None:
        self._fetcher, self._points = fetcher, points

    def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
        self._points.at("before fetch")
        for answered in self._fetcher.fetch_all(due):
            self._points.at("after fetch")
            yield answered

    def keep_fetching(
        self, more: Callable[[int], Sequence[DueFeed]]
    ) -> Iterator[Sequence[Answered]]:
        def asked(room: int) -> Sequence[DueFeed]:
            self._points.at("before fetch")
            return more(room)

        for answered in self._fetcher.keep_fetching(asked):
            self._points.at("after fetch")
            yield answered


def mined(app: App, points: Points) -> None:
    """Let the process die at the chosen point of whatever this Watcher does."""
    store = CrashingStore(app.store, points)
    app.store = app.pipeline.store = store  # type: ignore[assignment] # all that is asked of it
    app.pipeline.fetcher = CrashingFetcher(app.pipeline.fetcher, points)
    app.pipeline.channels = {
        name: CrashingChannel(channel, points) for name, channel in app.pipeline.channels.items()
    }


def held() -> dict[str, float]:
    """Tell what the process holds of the machine."""
    return {
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    points = Points(os.environ.get("WATCHER_CRASH_AT", ""))  # noqa: TID251
    clock = JumpingClock(Path(settings["clock"]))
    rng = Random(settings["seed"])
    config = load(Path(settings["config"]), {})
    held_at = []
    began = monotonic()
    with opened(config, clock, rng) as app:
        mined(app, points)
        ready = monotonic() - began
        for _ in range(settings["rounds"]):
            app.poll_until_done()
            app.deliver_all()
            held_at.append(held())
            step = timedelta(minutes=settings["step"])
            clock.jump(rng.choice(JUMPS) if rng.random() < settings["jumps"] else step)
    told = {"ready": ready, "first": held_at[len(held_at) // 3], "last": held_at[-1]}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
