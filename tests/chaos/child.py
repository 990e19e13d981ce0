"""Delivers until nothing is left to be delivered, or until it is killed.

    WATCHER_CRASH_AT='after send:3' python -m tests.chaos.child SETTINGS

It kills itself at the third time that it comes to that point. Its clock jumps ahead when there is
nothing to do; how far is kept in a file, so that the next one goes on from there. It ends with 3
where a channel is gone: then only a new start helps, as a reload would.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Lock

from watcher.alerts import is_gone
from watcher.channels import SlackSettings, WebhookSettings, open_channel
from watcher.config import manners_of
from watcher.model import Alert, AlertState, ChannelName, Outcome, Route, RouteName, Secret
from watcher.pipeline import Pipeline, Watch
from watcher.ports import Channel, Store, Transaction
from watcher.rules import compile_rules
from watcher.store import open_store

GONE = 3
UNSETTLED = (AlertState.HELD, AlertState.PENDING, AlertState.SENDING, AlertState.DOUBTFUL)
POINTS = ("begin", "before commit", "after commit", "before send", "after send")
TIMEOUT = timedelta(seconds=1)


class Points:
    """Counts how often each point is passed, and kills the process at the chosen one."""

    def __init__(self, chosen: str) -> None:
        name, _, number = chosen.partition(":")
        self._name, self._number = name, int(number or 0)
        self._passed = Counter[str]()
        self._lock = Lock()

    def at(self, name: str) -> None:
        with self._lock:
            self._passed[name] += 1
            if name == self._name and self._passed[name] == self._number:
                os.kill(os.getpid(), signal.SIGKILL)


class CrashingStore:
    """A store whose transactions the process may die around."""

    def __init__(self, store: Store, points: Points) -> None:
        self._store, self._points = store, points

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self._points.at("begin")
        with self._store.transaction() as tx:
            yield tx
            self._points.at("before commit")
        self._points.at("after commit")

    def reading(self) -> AbstractContextManager[Transaction]:
        return self._store.reading()

    def close(self) -> None:
        self._store.close()


class CrashingChannel:
    """A channel that the process may die before or after it was sent to."""

    def __init__(self, channel: Channel, points: Points) -> None:
        self._channel, self._points = channel, points

    @property
    def name(self) -> ChannelName:
        return self._channel.name

    def send(self, alert: Alert) -> Outcome:
        self._points.at("before send")
        outcome = self._channel.send(alert)
        self._points.at("after send")
        return outcome


class JumpingClock:
    """The machine's clock, ahead by what a file says."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta(seconds=float(file.read_text()))

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + self._ahead  # noqa: TID251

    def jump(self, ahead: timedelta) -> None:
        self._ahead += ahead
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(self._ahead.total_seconds()))
        fresh.replace(self._file)


def pipeline_of(settings: dict[str, str], points: Points, clock: JumpingClock) -> Pipeline:
    program = WebhookSettings(
        name=ChannelName("program"), url=Secret(settings["program"]), timeout=TIMEOUT
    )
    chat = SlackSettings(name=ChannelName("chat"), url=Secret(settings["chat"]), timeout=TIMEOUT)
    channels = [open_channel(each, clock) for each in (program, chat)]
    rules = compile_rules([]).ruleset
    assert rules is not None
    forever = timedelta(days=1000)
    return Pipeline(
        store=CrashingStore(open_store(settings["state"]), points),
        fetcher=None,  # type: ignore[arg-type] # only the way out is used
        channels={each.name: CrashingChannel(each, points) for each in channels},
        watch=Watch(
            rules=rules,
            routes={
                RouteName(each.name): Route(
                    name=RouteName(each.name), channel=each.name, max_age=forever
                )
                for each in channels
            },
            manners={each.name: manners_of(each) for each in (program, chat)},
        ),
        clock=clock,
        rng=Random(int(settings["seed"])),
    )


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    points = Points(os.environ.get("WATCHER_CRASH_AT", ""))  # noqa: TID251
    clock = JumpingClock(Path(settings["clock"]))
    pipeline = pipeline_of(settings, points, clock)
    with pipeline.store.transaction() as tx:
        pipeline.put_into_service(pipeline.watch, tx, clock.now())
    while True:
        pipeline.deliver_all()
        with pipeline.store.reading() as tx:
            left = tx.alerts(UNSETTLED, 1)
            gone = any(is_gone(health) for health in tx.channels().values())
        if not left:
            return
        if gone:
            sys.exit(GONE)
        clock.jump(timedelta(seconds=1 if pipeline.gap(ChannelName("chat")) else 20))


if __name__ == "__main__":
    main()
