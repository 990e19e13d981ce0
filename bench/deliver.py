"""Delivery, measured on loopback: `make bench-deliver`.

    python bench/deliver.py [--only drain,apart,wire] [--alerts 10000] [--feeds 1000]

drain   pending alerts on one webhook whose receiver answers after 20 ms: how fast they leave, and
        what each costs us in CPU, of which the outbox alone
apart   four webhooks, alerts promised all the time; then the same with one of them black-holed:
        how long after the promise the others' requests are on the wire
wire    a daemon with many feeds: from a feed's document with a new item leaving its server to the
        alert's request arriving at the receiver, group wait 0; the start, where all feeds are due
        at once, apart from what comes after it

Receiver and feed server are one process of their own, so that CPU is ours alone. Nothing asserts.
"""

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from threading import Event, Thread
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.store.nouns import make_alert
from watcher.app import App, opened
from watcher.config import load
from watcher.daemon import Alarm
from watcher.model import Alert, ChannelName, Message, Outcome, RouteName, Sent, StoryId

DELAY = 0.02  # seconds in which the receiver answers
WORDS = [f"{a}{b}" for a in ("alder", "birch", "cedar", "elm", "fir") for b in range(400)]


# --- the other side, a process of its own


class World:
    """Takes alerts at /take, never answers at /hole, shows feeds at /feed/N; tells at /log."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, str]] = []
        self.rng = Random(1)
        self.shown: dict[str, list[str]] = {}

    async def serve(self) -> None:
        """Answer until killed."""
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0, backlog=1000)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            at = time.time()
            length = head.partition("content-length:")[2].split("\r\n")[0].strip()
            body = (await reader.readexactly(int(length or 0))).decode()
            path = head.split()[1]
            if path == "/hole":
                await asyncio.sleep(3600)
            writer.write(await self.said(path, body, at))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def said(self, path: str, body: str, at: float) -> bytes:
        """Give the answer to a request."""
        kind, text = "text/plain", "ok"
        if path.startswith("/take"):
            self.taken.append((at, json.loads(body)["data"]["headline"]))
            await asyncio.sleep(DELAY)
        elif path == "/log":
            text, self.taken = json.dumps(self.taken), []
        elif path.startswith("/feed/"):
            kind, text = "application/rss+xml", self.feed(path)
        raw = text.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\n"
        return f"{head}Connection: close\r\n\r\n".encode() + raw

    def feed(self, path: str) -> str:
        """Show a feed with an item that is new."""
        words, stamp = " ".join(self.rng.choices(WORDS, k=8)), f"{time.time():.6f}"
        items = self.shown.setdefault(path, [])
        items.insert(
            0,
            f"<item><title>Flood {words} at {stamp}</title><guid>{path} {stamp}</guid></item>",
        )
        del items[5:]
        top = f'<rss version="2.0"><channel><title>Feed {path}</title>'
        return f"{top}{''.join(items)}</channel></rss>"


@contextmanager
def other_side() -> Iterator[str]:
    """Run the other side; give its address."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()


def log(url: str) -> list[tuple[float, str]]:
    """Give what was taken since the last time: when, and the headline."""
    with urlopen(f"{url}/log") as answer:
        return [(at, headline) for at, headline in json.load(answer)]


# --- our side


def made(key: str, channel: str, headline: str) -> Alert:
    now = datetime.now(UTC)
    return make_alert(
        key,
        story=StoryId(key),
        route=RouteName(channel),
        channel=ChannelName(channel),
        created_at=now,
        due_at=now,
        message=Message(headline=headline),
    )


@contextmanager
def app(folder: Path, channels: dict[str, str], feeds: Sequence[str] = ()) -> Iterator[App]:
    """Open a whole Watcher with these webhooks and feeds."""
    settings = {
        "version": 1,
        "state": "watcher.db",
        "include": {"feeds": ["feeds.yaml"], "rules": ["rules.yaml"]},
        "poll": {"default": "1m", "min": "1m"},
        "fetch": {
            "allow_networks": ["127.0.0.0/8"],
            "per_host_gap": "0s",
            "per_host": "32",
            "concurrency": "32",
        },
        "channels": {
            name: {"type": "webhook", "url": url, "timeout": "5s"} for name, url in channels.items()
        },
        "routes": {name: {"channel": name, "group_wait": "0s"} for name in channels},
        "notify": [next(iter(channels))],
    }
    named = [{"id": f"f{n}", "url": url, "backfill": "1"} for n, url in enumerate(feeds)]
    (folder / "watcher.yaml").write_text(json.dumps(settings))
    (folder / "feeds.yaml").write_text(json.dumps({"version": 1, "feeds": named}))
    (folder / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
    with opened(load(folder / "watcher.yaml", {})) as app:
        yield app


class Sleepy:
    """A channel that costs nothing and answers like the receiver: what is left is the outbox."""

    name = ChannelName("take")

    def send(self, alert: Alert) -> Outcome:  # noqa: ARG002
        """Take the time, and the alert."""
        Event().wait(DELAY)
        return Sent()


def drain(url: str, number: int) -> None:
    print(f"drain: {number} alerts, a receiver that answers in {DELAY * 1000:.0f} ms")
    name = ChannelName("take")
    for at_once, kind in ((1, "webhook"), (8, "webhook"), (8, "outbox alone")):
        with (
            tempfile.TemporaryDirectory() as folder,
            app(Path(folder), {"take": f"{url}/take"}) as ours,
        ):
            pipeline = ours.pipeline
            manners = replace(pipeline.watch.manners[name], at_once=at_once)
            pipeline.watch = replace(pipeline.watch, manners={name: manners})
            if kind != "webhook":
                pipeline.channels = {name: Sleepy()}
            count = number if at_once > 1 else number // 10
            with ours.store.transaction() as tx:
                for n in range(count):
                    tx.promise(made(f"{n:06}", "take", f"h{n}"))
            began, cpu, sent = time.monotonic(), time.process_time(), 0
            while deliveries := pipeline.deliver(name):
                sent += len(deliveries)
            took, cost = time.monotonic() - began, time.process_time() - cpu
            assert sent == count, sent
            print(
                f"  {kind:12} {at_once} at once  {sent / took:7.1f}/s  "
                f"{cost / sent * 1000:.2f} ms CPU each"
            )
            log(url)


def apart(url: str) -> None:
    print("apart: four webhooks, 10 alerts a second each for 20 s; promise to request on the wire")
    names = ["one", "two", "three", "four"]
    for hole in ("", "four"):
        channels = {name: f"{url}/{'hole' if name == hole else 'take'}" for name in names}
        with tempfile.TemporaryDirectory() as folder, app(Path(folder), channels) as ours:
            _promise_for_a_while(ours, names, 20)
        found = [(at - float(told.split()[1])) for at, told in log(url) if "four" not in told]
        print(f"  {'four black-holed' if hole else 'all well':17} the other three: {spread(found)}")


def _promise_for_a_while(ours: App, names: Sequence[str], seconds: int) -> None:
    jobs = [job for job in ours.jobs() if job.name.startswith("deliver")]
    with Alarm(jobs) as ours.alarm:
        for n in range(seconds * 10):
            with ours.store.transaction() as tx:
                for name in names:
                    tx.promise(made(f"{name}{n:06}", name, f"{name} {time.time():.6f}"))
            ours.ring()
            Event().wait(0.1)
        Event().wait(1)
        ours.stop()


def wire(url: str, feeds: int) -> None:
    print(f"wire: {feeds} feeds, visited once a minute, a new item at every visit; 3 minutes")
    addresses = [f"{url}/feed/{n}" for n in range(feeds)]
    with (
        tempfile.TemporaryDirectory() as folder,
        app(Path(folder), {"take": f"{url}/take"}, addresses) as ours,
    ):
        began, cpu = time.time(), time.process_time()
        with Alarm(ours.jobs()) as ours.alarm:
            stop = Thread(target=lambda: (Event().wait(180), ours.stop()))
            stop.start()
            stop.join()
        cpu = time.process_time() - cpu
        taken = [(float(told.split()[-1]), at) for at, told in log(url) if told.startswith("Flood")]
    first = [at - shown for shown, at in taken if shown < began + 60]
    later = [at - shown for shown, at in taken if shown >= began + 60]
    print(f"  the first minute, all due at the start: {spread(first)}")
    print(f"  afterwards: {spread(later)}; {cpu / 180:.0%} of a processor on the whole")


def spread(seconds: Sequence[float]) -> str:
    """Tell the middle, the 95th percentile and the worst in milliseconds."""
    cut = quantiles(seconds, n=100)
    shown = (cut[49], cut[94], cut[98], max(seconds))
    told = ", ".join(
        f"{n} {s * 1000:.1f}" for n, s in zip(("p50", "p95", "p99", "max"), shown, strict=True)
    )
    return f"{told} ms ({len(seconds)} alerts)"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--serve", action="store_true")
    asked.add_argument("--only", default="drain,apart,wire")
    asked.add_argument("--alerts", type=int, default=10_000)
    asked.add_argument("--feeds", type=int, default=1_000)
    options = asked.parse_args()
    logging.basicConfig(level=logging.ERROR)
    if options.serve:
        asyncio.run(World().serve())
        return
    wanted = options.only.split(",")
    with other_side() as url:
        if "drain" in wanted:
            drain(url, options.alerts)
        if "apart" in wanted:
            apart(url)
        if "wire" in wanted:
            wire(url, options.feeds)


if __name__ == "__main__":
    main()
