"""A whole daemon whose configuration is changed under way."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemons import Daemon
from tests.service.test_trouble import SINCE, Watched, until
from watcher.demo.loopback import FeedServer


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        yield one


def show(one: Watched, *titles: str) -> None:
    """Let another feed, beside the paper, show these items."""
    items = "".join(f"<item><title>{each}</title><guid>{each}</guid></item>" for each in titles)
    body = f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'
    one.server.show({"paper.xml": b"<rss><channel/></rss>", "wire.xml": body.encode()}, SINCE)


def reload(one: Watched) -> str:
    command = [sys.executable, "-m", "watcher", "reload", "-c", str(one.config)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_feed_that_a_reload_adds_begins_with_a_baseline_and_then_alerts(
    tmp_path: Path, server: FeedServer
) -> None:
    one = Watched(tmp_path, tmp_path / "a.db", server)
    show(one, "Flood of last week", "Flood of last month")
    daemon = Daemon(one.config)
    try:
        daemon.until("started")
        feeds = tmp_path / "feeds.yaml"
        added = f"{{id: wire, url: '{server.url}/wire.xml'}}"
        feeds.write_text(feeds.read_text().replace("}]", "}, " + added + "]"))
        assert reload(one) == "taken: watching 2 feeds with 1 rule\n"
        daemon.until("feed=wire outcome='read'")
        show(one, "Flood of today", "Flood of last week", "Flood of last month")
        until(one.stories, daemon)
        assert one.stories() == ["Flood of today"]
    finally:
        daemon.kill()
