"""Alerts through a storm: what the receivers took against what was promised."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from socket import socket
from threading import Lock, Thread

from tests.channels.receivers import (
    CLOSE,
    DRIP,
    HALF,
    HANG,
    RESET,
    Behaviour,
    Receiver,
    Reply,
    Request,
)
from tests.chaos.child import GONE, POINTS, JumpingClock
from tests.store.nouns import make_alert
from watcher.model import AlertState, ChannelName, Message, RouteName, StoryId
from watcher.store import open_store

LOST = (HANG, DRIP, RESET, CLOSE, HALF)  # read, and then no whole answer
CHANNELS = ("program", "chat")


class Weather:
    """What each request meets: mostly a yes, else all that a receiver can do wrong. Seeded."""

    def __init__(self, seed: int, clock: Path) -> None:
        self._rng, self._clock = Random(seed), clock
        self._lock = Lock()
        self.calm = False
        self.taken: list[tuple[str, str]] = []  # webhook-id where there is one, and headline
        self.met = Counter[str]()

    def decide(self, request: Request) -> Behaviour:
        found = re.search(rb"Story number \d+", request.body)
        if found is None:  # its sender was killed while it wrote
            raise ConnectionError
        with self._lock:
            name, behaviour = self._met(chat="webhook-id" not in request.headers)
            self.met[name] += 1
            yes = isinstance(behaviour, Reply) and behaviour.text == "ok"
            if yes or behaviour in LOST:
                key = request.headers.get("webhook-id", "")
                self.taken.append((key, found[0].decode()))
            return behaviour

    def _met(self, *, chat: bool) -> tuple[str, Behaviour]:
        if self.calm or self._rng.random() < 0.6:
            return "200", Reply()
        later = self._now() + timedelta(seconds=40)
        choices: list[tuple[str, Behaviour]] = [
            ("429 seconds", Reply(429, "", {"Retry-After": "30"})),
            ("429 date", Reply(429, "", {"Retry-After": format_datetime(later, usegmt=True)})),
            ("429 bare", Reply(429, "")),
            ("500", Reply(500, "")),
            ("503", Reply(503, "", {"Retry-After": "5"})),
            ("302", Reply(302, "", {"Location": "http://127.0.0.1:9/"})),
            *((trouble.name.lower(), trouble) for trouble in LOST),
        ]
        if self._rng.random() < 0.03:
            return "410", Reply(410, "")
        if chat and self._rng.random() < 0.1:
            return "200 not ok", Reply(200, "invalid_payload")
        return self._rng.choice(choices)

    def _now(self) -> datetime:
        """Tell the time as the daemon sees it."""
        return JumpingClock(self._clock).now()


class Crowded(Receiver):
    """Talks to many at once."""

    def _talk(self, connection: socket) -> None:
        Thread(target=self._talk_to_one, args=(connection,), daemon=True).start()

    def _talk_to_one(self, connection: socket) -> None:
        with suppress(OSError):  # whoever asked was killed, or has given up
            super()._talk(connection)


@dataclass
class Toll:
    """What a storm came to."""

    promised: dict[str, str]  # key by headline
    taken: list[tuple[str, str]]
    met: Counter[str]
    kills: Counter[str]
    starts: int
    dead: int  # letters that were refused, and then retried by hand
    states: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> set[str]:
        """What was promised, and never arrived."""
        return set(self.promised) - {headline for _, headline in self.taken}

    @property
    def second_keys(self) -> set[str]:
        """What arrived under a key that was not promised for it."""
        return {h for key, h in self.taken if key and self.promised[h] != key}

    @property
    def repeats(self) -> int:
        """How often something arrived that was there already."""
        return len(self.taken) - len({headline for _, headline in self.taken})

    @property
    def may_repeat(self) -> int:
        """How often it may: for each lost answer, and all that was under way at a kill."""
        lost = sum(self.met[trouble.name.lower()] for trouble in LOST)
        return lost + 9 * self.kills.total()

    def told(self) -> str:
        met = ", ".join(f"{name} {number}" for name, number in sorted(self.met.items()))
        kills = ", ".join(f"{name} {number}" for name, number in sorted(self.kills.items()))
        return (
            f"{len(self.promised)} alerts: {len(self.lost)} lost, "
            f"{len(self.second_keys)} second keys, {self.repeats} repeats under the same key "
            f"({self.may_repeat} allowed), {self.dead} dead letters retried\n"
            f"receivers: {met}\n{self.kills.total()} kills in {self.starts} starts: {kills}"
        )


def storm(folder: Path, state: str, *, alerts: int, kills: int, seed: int) -> Toll:
    """Send alerts through a storm with so many kills, and then through a calm."""
    clock = folder / "clock"
    clock.write_text("0")
    weather, rng = Weather(seed, clock), Random(seed)
    promised = _promise(state, alerts)
    with _receivers(weather) as urls:
        settings = folder / "settings.json"
        settings.write_text(json.dumps({**urls, "state": state, "clock": str(clock), "seed": seed}))
        killed, starts = Counter[str](), 0
        while True:
            point = f"{rng.choice(POINTS)}:{rng.randint(1, 12)}" if killed.total() < kills else ""
            starts += 1
            ended = _run(settings, point)
            if ended == -signal.SIGKILL:
                killed[point.partition(":")[0]] += 1
                pass_time(clock, minutes=3)  # the leases of the dead run out
            elif ended not in (0, GONE):
                raise AssertionError(f"the daemon ended with {ended}")
            elif (ended == 0 and killed.total() >= kills) or ended == 0:
                break
        weather.calm = True
        dead = retry_the_dead(state)
        starts += 1
        assert _run(settings, "") == 0
    toll = Toll(promised, weather.taken, weather.met, killed, starts, dead)
    toll.states = _states(state)
    return toll


@contextmanager
def _receivers(weather: Weather) -> Iterator[dict[str, str]]:
    with Crowded(decide=weather.decide) as program, Crowded(decide=weather.decide) as chat:
        yield {"program": program.url, "chat": chat.url}


def _run(settings: Path, point: str) -> int:
    command = [sys.executable, "-m", "tests.chaos.child", str(settings)]
    environment = {**os.environ, "WATCHER_CRASH_AT": point}  # noqa: TID251
    return subprocess.run(command, env=environment, check=False, timeout=900).returncode


def pass_time(clock: Path, **how_much: float) -> None:
    """Let the daemon that starts next see a later time."""
    ahead = float(clock.read_text()) + timedelta(**how_much).total_seconds()
    clock.write_text(str(ahead))


def _promise(state: str, number: int) -> dict[str, str]:
    """Promise alerts, every fifth of them an update of the story before."""
    now, store = datetime.now(UTC), open_store(state)  # noqa: TID251
    promised = {}
    with store.transaction() as tx:
        for n in range(number):
            channel = "chat" if n % 10 == 9 else "program"
            alert = make_alert(
                f"key{n:05}",
                story=StoryId(f"{channel} {n // 5}"),
                revision=n % 5,
                route=RouteName(channel),
                channel=ChannelName(channel),
                created_at=now + timedelta(microseconds=n),
                due_at=now,
                message=Message(headline=f"Story number {n}"),
            )
            tx.promise(alert)
            promised[alert.message.headline] = str(alert.key)
    store.close()
    return promised


def retry_the_dead(state: str) -> int:
    """Send all dead letters again, as by hand; tell how many there were."""
    store = open_store(state)
    with store.transaction() as tx:
        dead = tx.alerts((AlertState.DEAD,), 100_000)
        for alert in dead:
            tx.retry_alert(alert, alert.created_at)
    store.close()
    return len(dead)


def _states(state: str) -> Counter[str]:
    store = open_store(state)
    with store.reading() as tx:
        found = Counter(alert.state.value for alert in tx.alerts((), 100_000))
    store.close()
    return found
