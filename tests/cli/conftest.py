"""A command line to call, and a folder with a configuration whose feeds are on loopback."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.cli import main
from watcher.demo.loopback import FeedServer

SINCE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Watcher = Callable[..., Said]


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Watcher:
    """Call the command line as a shell would."""

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["watcher", *map(str, arguments)])
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        told = capsys.readouterr()
        assert isinstance(code, int)
        return Said(code, told.out, told.err)

    return call


@dataclass
class Setting:
    """A configuration in a folder, and the server that plays its feed."""

    config: Path
    server: FeedServer
    alerts: Path

    def publish(self, *titles: str) -> None:
        """Let the feed show these items, newest first."""
        items = "".join(
            f"<item><title>{title}</title><link>http://paper.example/{title.split()[0]}"
            f"</link><guid>{title}</guid></item>"
            for title in titles
        )
        body = f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
        self.server.show({"paper.xml": body.encode()}, SINCE)


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    with FeedServer() as server:
        config = tmp_path / "watcher.yaml"
        config.write_text(
            "version: 1\n"
            "state: watcher.db\n"
            "include: {feeds: [feeds.yaml], rules: [rules.yaml]}\n"
            "fetch: {allow_networks: [127.0.0.0/8], per_host_gap: 0s}\n"
            "channels: {out: {type: file, path: alerts.jsonl}}\n"
            "routes: {desk: {channel: out, group_wait: 0s}}\n"
            "operator: desk\n"
        )
        (tmp_path / "feeds.yaml").write_text(
            f"version: 1\nfeeds: [{{id: paper, url: '{server.url}/paper.xml', backfill: 1}}]\n"
        )
        (tmp_path / "rules.yaml").write_text(
            "version: 1\n"
            "rules:\n"
            "  - id: flood\n"
            "    when: flood\n"
            "    tests: {match: [the flood came], no_match: [the food came]}\n"
        )
        yield Setting(config=config, server=server, alerts=tmp_path / "alerts.jsonl")
