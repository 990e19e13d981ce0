"""A whole Watcher in the worst of worlds, and the account: what feeds showed, what was told."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.channels.receivers import Behaviour, Receiver, Reply, Request
from tests.chaos.press import CASE, Press
from tests.chaos.storm import LOST, Crowded, Weather, pass_time, retry_the_dead
from tests.chaos.whole import POINTS
from watcher.model import Alert
from watcher.store import open_store

KEY = re.compile(r"Key: (\w+)")  # as chats are told it
UNDER_WAY = 9  # alerts that a killed process may have had in the air


class Ear(Weather):
    """A receiver that fails in every way, and keeps what it took: key and body, in order."""

    def __init__(self, seed: int, clock: Path) -> None:
        super().__init__(seed, clock)
        self.heard: list[tuple[str, str]] = []

    def decide(self, request: Request) -> Behaviour:
        """Take it, refuse it, or lose the answer."""
        try:
            body = json.dumps(json.loads(request.body))
        except ValueError:
            raise ConnectionError from None  # its sender was killed while it wrote
        chat = "webhook-id" not in request.headers
        key = KEY.search(body) if chat else None
        with self._lock:
            name, behaviour = self._met(chat=chat)
            if name == "200 not ok":  # as the servers say it that read Slack's webhooks
                behaviour = Reply(200, '{"success": false}')
            self.met[name] += 1
            yes = isinstance(behaviour, Reply) and behaviour.text == "ok"
            if yes or behaviour in LOST:
                self.heard.append((key[1] if key else request.headers.get("webhook-id", ""), body))
        return behaviour


@dataclass
class Account:
    """What a run came to."""

    press: Press
    ears: dict[str, Ear]
    kills: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    dead: int = 0  # dead letters that were sent again by hand at the end
    torn: list[str] = field(default_factory=list)  # what was wrong with the database at a restart
    ready: list[float] = field(default_factory=list)  # seconds from start to service
    held: dict[str, dict[str, float]] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)  # as the store has them at the end

    def heard(self, channel: str) -> list[tuple[str, str]]:
        return self.ears[channel].heard

    def lost(self, channel: str) -> set[int]:
        """Cases that a feed showed twice and whole, and that nobody was told of."""
        return set(self.press.owed) - self._told(channel)

    def updates_lost(self) -> set[int]:
        """Cases whose copy brought the deluge, of which the program was told without it."""
        owed = {case for case, more in self.press.owed.items() if more}
        return owed - self._told("program", rule="deluge")

    def _told(self, channel: str, rule: str = "flood") -> set[int]:
        """Cases told as a rule's, in a message, or in a digest that had no room to list them."""
        keys = {key for key, _ in self.heard(channel)}
        texts = [body for _, body in self.heard(channel) if rule in body]
        texts += [
            alert.message.headline
            for alert in self.alerts.values()
            if alert.digest in keys and rule in alert.rule_ids
        ]
        return {int(case) for text in texts for case in CASE.findall(text)}

    def second_alerts(self) -> dict[str, set[str]]:
        """Cases that the program was told of in two first alerts of their own."""
        keys: dict[str, set[str]] = defaultdict(set)
        for key, body in self.heard("program"):
            alert = json.loads(body)
            if alert["type"] == "story.matched":
                (case,) = set(CASE.findall(alert["data"]["headline"]))
                keys[case].add(key)
            for entry in alert["data"]["entries"]:
                for case in set(CASE.findall(entry["headline"])):
                    if self.alerts[entry["key"]].revision == 0:
                        keys[case].add(entry["key"])
        return {case: found for case, found in keys.items() if len(found) > 1}

    def replies_before_their_parents(self) -> list[str]:
        """Updates that the program was told of before the story's first alert was."""
        told: set[str] = set()
        early = []
        for key, body in self.heard("program"):
            alert: dict[str, Any] = json.loads(body)
            told |= {key, *(entry["key"] for entry in alert["data"]["entries"])}
            thread = alert["data"]["thread"]
            if thread is not None and thread not in told:
                early.append(key)
        return early

    def repeats(self, channel: str) -> int:
        """How often the same key came again."""
        keys = [key for key, _ in self.heard(channel)]
        return len(keys) - len(set(keys))

    def may_repeat(self, channel: str) -> int:
        """How often it may: for each lost answer, and all that was under way at a kill."""
        lost = sum(self.ears[channel].met[trouble.name.lower()] for trouble in LOST)
        return lost + UNDER_WAY * self.kills.total()

    def faults(self) -> list[str]:
        """Tell what must not be; empty when all is well."""
        found = [
            f"{channel} was never told of cases {sorted(self.lost(channel))}"
            for channel in self.ears
            if self.lost(channel)
        ]
        if self.updates_lost():
            found.append(f"the deluge of cases {sorted(self.updates_lost())} was never told")
        found += [f"case {case} came under {keys}" for case, keys in self.second_alerts().items()]
        if early := self.replies_before_their_parents():
            found.append(f"replies came before what they answer: {early}")
        found += [
            f"{channel}: {self.repeats(channel)} repeats, {self.may_repeat(channel)} allowed"
            for channel in self.ears
            if self.repeats(channel) > self.may_repeat(channel)
        ]
        for what in ("threads", "files"):
            if self.held and self.held["last"][what] > self.held["first"][what]:
                found.append(f"{what} grew: {self.held}")
        return found + self.torn

    def told(self) -> str:
        """Tell it as a table."""
        owed, press = self.press.owed, self.press
        lines = [
            f"feeds: {len(press.items)} items of {press._cases} cases; "
            f"{len(owed)} cases shown whole twice that match, {sum(owed.values())} with a deluge",
            f"answers of feeds: {_counted(press.met)}",
        ]
        for name, ear in self.ears.items():
            lines += [
                f"{name}: {len(self.lost(name))} lost, {self.repeats(name)} repeats under the "
                f"same key ({self.may_repeat(name)} allowed), {len(ear.heard)} messages",
                f"  answers: {_counted(ear.met)}",
            ]
        lines += [
            f"second alerts {len(self.second_alerts())}, updates lost {len(self.updates_lost())}, "
            f"replies too early {len(self.replies_before_their_parents())}, "
            f"dead letters sent again {self.dead}, torn states {len(self.torn)}",
            f"{self.kills.total()} kills in {self.starts} starts: {_counted(self.kills)}",
            f"ready after {max(self.ready):.2f} s at most; held: {self.held}",
        ]
        return "\n".join(lines)


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))


def reckon(folder: Path, *, kills: int, seed: int, feeds: int = 8, rounds: int = 6) -> Account:
    """Run a Watcher with so many kills through all of it, then through a calm; give the account."""
    clock = folder / "clock"
    clock.write_text("0")
    rng = Random(seed)
    with Press(seed, clock, feeds) as press:
        ears = {name: Ear(seed + n, clock) for n, name in enumerate(("program", "chat"))}
        with (
            Crowded(decide=ears["program"].decide) as program,
            Crowded(decide=ears["chat"].decide) as chat,
        ):
            config = _configured(folder, press, {"program": program, "chat": chat})
            account = Account(press, ears)
            _storm(account, folder, config, rng, kills, rounds)
            press.calm = True
            for ear in ears.values():
                ear.calm = True
            _calm(account, folder, config)
    account.alerts = _alerts(folder)
    return account


def _storm(
    account: Account, folder: Path, config: Path, rng: Random, kills: int, rounds: int
) -> None:
    while account.kills.total() < kills:
        point = f"{rng.choice(POINTS)}:{rng.randint(1, 25)}"
        ended = _run(account, folder, config, point, seed=rng.randrange(10**6), rounds=rounds)
        if ended == -signal.SIGKILL:
            account.kills[point.partition(":")[0]] += 1
        elif ended != 0:
            raise AssertionError(f"Watcher ended with {ended}")
        account.press.settled(killed=ended != 0)
        account.torn += _torn(folder)


def _calm(account: Account, folder: Path, config: Path) -> None:
    """Let everything be well for two days, and send the dead letters again; then again."""
    for number in range(2):
        pass_time(folder / "clock", minutes=5)
        ended = _run(account, folder, config, "", seed=number, rounds=24, jumps=0, step=60)
        assert ended == 0, ended
        account.press.settled(killed=False)
        if not number:
            account.dead = retry_the_dead(_state(folder))
    account.torn += _torn(folder, whole=True)


def _run(
    account: Account,
    folder: Path,
    config: Path,
    point: str,
    *,
    seed: int,
    rounds: int,
    jumps: float = 0.15,
    step: int = 11,
) -> int:
    settings = folder / "settings.json"
    settings.write_text(
        json.dumps(
            {
                "config": str(config),
                "clock": str(folder / "clock"),
                "seed": seed,
                "rounds": rounds,
                "jumps": jumps,
                "step": step,
            }
        )
    )
    account.starts += 1
    ended = subprocess.run(
        [sys.executable, "-m", "tests.chaos.whole", str(settings)],
        env={**os.environ, "WATCHER_CRASH_AT": point},  # noqa: TID251
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=900,
    )
    if ended.returncode == 0:
        told = json.loads(ended.stdout)
        account.ready.append(told.pop("ready"))
        account.held = told
    return ended.returncode


def _configured(folder: Path, press: Press, receivers: dict[str, Receiver]) -> Path:
    waits = {"connect_timeout": "1s", "read_timeout": "1s", "deadline": "2s"}
    main = {
        "version": 1,
        "state": "watcher.db",
        "include": {"feeds": ["feeds.yaml"], "rules": ["rules.yaml"]},
        "poll": {"default": "10m", "min": "10m", "max": "10m"},
        "fetch": {
            "allow_networks": ["127.0.0.0/8"],
            "per_host_gap": "0s",
            "per_host": "32",
            "concurrency": "4",  # which all are at work from the first round on
            "hold_host": False,
            **waits,
        },
        "channels": {
            "program": {"type": "webhook", "url": receivers["program"].url, "timeout": "1s"},
            "chat": {
                "type": "webhook",
                "format": "slack",
                "url": receivers["chat"].url,
                "timeout": "1s",
            },
        },
        "routes": {
            "program": {"channel": "program", "group_wait": "2m", "max_age": "3d"},
            "chat": {
                "channel": "chat",
                "quiet_hours": {"from": "22:00", "to": "06:00", "timezone": "Europe/Berlin"},
                "max_per_hour": 20,
            },
        },
        "notify": ["program", "chat"],
    }
    rules = [
        {"id": "flood", "when": "flood", "updates": "thread"},
        {"id": "deluge", "when": "flood AND deluge", "updates": "thread"},
    ]
    feeds = [
        {"id": shelf.name, "url": press.url + path, "backfill": "400d"}
        for path, shelf in press.feeds.items()
    ]
    (folder / "watcher.yaml").write_text(json.dumps(main))
    (folder / "feeds.yaml").write_text(json.dumps({"version": 1, "feeds": feeds}))
    (folder / "rules.yaml").write_text(json.dumps({"version": 1, "rules": rules}))
    return folder / "watcher.yaml"


def _torn(folder: Path, *, whole: bool = False) -> list[str]:
    """Ask the database what is wrong with it, as the killed process left it."""
    found = []
    with sqlite3.connect(folder / "watcher.db") as database:
        check = "integrity_check" if whole else "quick_check"
        told = [str(row[0]) for row in database.execute(f"PRAGMA {check}")]
        found += [f"{check}: {line}" for line in told if line != "ok"]
        found += [f"foreign key: {row}" for row in database.execute("PRAGMA foreign_key_check")]
        found += [
            f"sent without an attempt: {row[0]}"
            for row in database.execute(
                "SELECT key FROM alert WHERE state = 'sent' AND NOT EXISTS "
                "(SELECT 1 FROM attempt WHERE attempt.alert = alert.key)"
            )
        ]
        found += [
            f"a hit without a plan: {row[0]}"
            for row in database.execute(
                "SELECT item FROM hit WHERE NOT EXISTS "
                "(SELECT 1 FROM plan WHERE plan.item = hit.item)"
            )
        ]
    database.close()
    return found


def _state(folder: Path) -> str:
    return f"sqlite:///{folder}/watcher.db"


def _alerts(folder: Path) -> dict[str, Alert]:
    store = open_store(_state(folder))
    with store.reading() as tx:
        found = {str(alert.key): alert for alert in tx.alerts((), 100_000)}
    store.close()
    return found
