"""A whole daemon whose database gets into trouble: it stays up, says so, and goes on by itself."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

import pytest

from tests.daemons import Daemon
from tests.disks import fill
from watcher.cli.daemon_state import daemon_record
from watcher.config import load
from watcher.demo.loopback import FeedServer
from watcher.service.mending import is_suspect
from watcher.store import open_store

PATIENCE = 90.0
SINCE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORDS = ("river", "harbour", "valley", "bridge", "market", "station", "forest", "tunnel")


class Watched:
    """A daemon, the feed that it visits every second, and what came out."""

    def __init__(
        self, folder: Path, state: Path, server: FeedServer, more: str = "backup: {enabled: no}"
    ) -> None:
        self.folder, self.state, self.server = folder, state, server
        self.config = folder / "watcher.yaml"
        self.alerts = folder / "alerts.jsonl"
        self.titles: list[str] = []
        self.config.write_text(
            "version: 1\n"
            f"state: {state}\n"
            "include: {feeds: [feeds.yaml], rules: [rules.yaml]}\n"
            "poll: {default: 1s, min: 1s, max: 1s}\n"
            "fetch: {allow_networks: [127.0.0.0/8], per_host_gap: 0s, deadline: 2s}\n"
            "channels: {out: {type: file, path: alerts.jsonl}}\n"
            "routes: {desk: {channel: out, group_wait: 0s}}\n"
            "operator: desk\n"
            f"{more}\n"
        )
        (folder / "feeds.yaml").write_text(
            f"version: 1\nfeeds: [{{id: paper, url: '{server.url}/paper.xml'}}]\n"
        )
        (folder / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
        self.publish("The day before")

    def publish(self, title: str, text: str = "") -> None:
        self.titles.insert(0, title)
        items = "".join(
            f"<item><title>{one}</title><guid>{one}</guid><description>{text}</description></item>"
            for one in self.titles
        )
        body = f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
        self.server.show({"paper.xml": body.encode()}, SINCE)

    def told(self) -> list[dict[str, object]]:
        lines = self.alerts.read_text().splitlines() if self.alerts.exists() else []
        return [json.loads(line) for line in lines]

    def stories(self) -> list[str]:
        found = [one for one in self.told() if one["type"] == "story.matched"]
        return [str(one["data"]["headline"]) for one in found]  # type: ignore[index]

    def notices(self) -> list[str]:
        found = [one for one in self.told() if one["type"] == "service.notice"]
        return [str(one["data"]["headline"]) for one in found]  # type: ignore[index]

    def status(self) -> str:
        return json.dumps(daemon_record(load(self.config, {})))


def until(holds: object, daemon: Daemon) -> None:
    assert callable(holds)
    end = monotonic() + PATIENCE
    while not holds():
        assert daemon.process.poll() is None, "the daemon has ended"
        assert monotonic() < end, "".join(daemon.log)
        Event().wait(0.1)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        yield one


WENT = "The database does not do its work; no feed is visited meanwhile"
DAMAGED = "The database was damaged or gone; its last good backup is in its place"
CAME = "The database works again, and feeds are visited"


def test_a_full_disk_ends_nothing_and_when_there_is_room_it_goes_on(
    tmp_path: Path, small_disk: Path, server: FeedServer
) -> None:
    one = Watched(tmp_path, small_disk / "a.db", server)
    daemon = Daemon(one.config)
    try:
        daemon.until("outcome='read'")
        filler = fill(small_disk)
        long_text = " ".join(Random(1).choice(WORDS) for _ in range(5000))
        one.publish("Flood while the disk is full", long_text)
        daemon.until("there is no room left on the disk that holds")
        until(lambda: "no room left on the disk" in one.status(), daemon)
        until(lambda: one.notices() == [WENT], daemon)
        assert one.stories() == []
        filler.unlink()
        until(one.stories, daemon)
        until(lambda: one.notices() == [WENT, CAME], daemon)
        assert one.stories() == ["Flood while the disk is full"]
        assert '"troubles": []' in one.status()
    finally:
        daemon.kill()


def test_a_database_that_another_program_locks_is_waited_for(
    tmp_path: Path, server: FeedServer
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server)
    daemon = Daemon(one.config)
    try:
        daemon.until("outcome='read'")
        with closing(sqlite3.connect(one.state, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            one.publish("Flood behind a lock")
            daemon.until("another process has held")
            until(lambda: one.notices() == [WENT], daemon)
            other.execute("COMMIT")
        until(one.stories, daemon)
        until(lambda: one.notices() == [WENT, CAME], daemon)
    finally:
        daemon.kill()


def test_a_database_that_is_damaged_under_way_is_told_and_the_daemon_stays(
    tmp_path: Path, server: FeedServer
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server)
    daemon = Daemon(one.config)
    try:
        daemon.until("outcome='read'")
        luck = Random(3)
        with closing(sqlite3.connect(one.state)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        with one.state.open("r+b") as file:
            for page in range(1, one.state.stat().st_size // 4096):
                file.seek(page * 4096)
                file.write(luck.randbytes(512))
        # SQLite keeps pages in memory until somebody else has written; so somebody does
        one.publish("Flood in a damaged book")
        with closing(sqlite3.connect(one.state)) as raw:
            raw.execute("PRAGMA user_version = 7")
            raw.commit()
        daemon.until("is damaged; put a backup in its place")
        until(lambda: WENT in one.notices(), daemon)
        assert daemon.process.poll() is None
        assert "start Watcher anew, which puts the last good backup in its place" in one.status()
        assert is_suspect(one.state)
    finally:
        daemon.kill()


@pytest.mark.parametrize("damage", ["random", "cut", "newer", "foreign"])
def test_a_database_that_is_not_as_it_should_be_is_refused_and_left_untouched(
    tmp_path: Path, server: FeedServer, damage: str
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server)
    open_store(str(one.state)).close()
    if damage == "newer":
        with closing(sqlite3.connect(one.state)) as raw:
            raw.execute("UPDATE watcher_schema SET version_num = '9999'")
            raw.commit()
    content = bytearray(one.state.read_bytes())
    if damage == "random":
        for start in range(4096, len(content), 4096):
            content[start : start + 64] = Random(start).randbytes(64)
    if damage == "cut":
        content = content[: len(content) // 2]
    if damage == "foreign":
        content[68:72] = b"\0\0\0\0"
    one.state.write_bytes(content)
    daemon = Daemon(one.config)
    try:
        assert daemon.process.wait(PATIENCE) == {"newer": 2, "foreign": 2}.get(damage, 1)
        daemon.until(
            {
                "random": "is damaged; put a backup in its place",
                "cut": "is damaged; put a backup in its place",
                "newer": "was written by a newer Watcher",
                "foreign": "another program's database",
            }[damage]
        )
    finally:
        daemon.kill()
    assert one.state.read_bytes() == content


def test_a_damaged_database_is_mended_at_the_start_and_nothing_that_feeds_still_show_is_lost(
    tmp_path: Path, server: FeedServer
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server, more="")
    _visited_once(one)
    daemon = Daemon(one.config)
    try:
        until(lambda: list((tmp_path / "backups").glob("a.db.*Z")), daemon)
        one.publish("Flood after the backup")
        until(one.stories, daemon)
    finally:
        daemon.end(signal.SIGTERM)
        daemon.kill()
    content = bytearray(one.state.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 64] = Random(start).randbytes(64)
    one.state.write_bytes(content)
    one.publish("Flood while it was away")
    daemon = Daemon(one.config)
    try:
        daemon.until("was put in its place")
        until(lambda: DAMAGED in one.notices(), daemon)
        until(lambda: len(one.stories()) == 3, daemon)
        told = status_of(one)
        assert "restored  The database was found to be damaged at " in told
        assert re.search(r"^backup    .* ago \(.*\), .*/backups/a\.db\.", told, re.MULTILINE)
    finally:
        daemon.kill()
    assert sorted(one.stories()) == [
        "Flood after the backup",
        "Flood after the backup",  # it went out since, and comes again …
        "Flood while it was away",
    ]
    keys = {str(told["data"]["key"]) for told in one.told() if told["type"] == "story.matched"}  # type: ignore[index]
    assert len(keys) == 2, "… under the same key"
    daemon = Daemon(one.config)
    try:
        daemon.until("outcome=")
        daemon.end(signal.SIGTERM)
    finally:
        daemon.kill()
    assert one.notices().count(DAMAGED) == 1, "told once, however often it starts"


def _visited_once(one: Watched) -> None:
    """Let the feed have its baseline before the first backup is made."""
    done = [sys.executable, "-m", "watcher", "once", "-c", str(one.config)]
    subprocess.run(done, check=True, capture_output=True)


def status_of(one: Watched) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "watcher", "status", "-c", one.config],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
