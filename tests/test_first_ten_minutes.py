"""docs/first-ten-minutes.md, followed word for word in an empty folder."""

import os
import re
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from watcher.demo.loopback import FeedServer

PAGE = (Path(__file__).parent.parent / "docs/first-ten-minutes.md").read_text(encoding="utf-8")
SINCE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FEED = '<rss version="2.0"><channel><title>Paper</title>{}</channel></rss>'
ITEM = "<item><title>{0}</title><link>http://p.example/{1}</link><guid>{1}</guid></item>"
OLD, NEWS = ITEM.format("Old news", 1), ITEM.format("Flood closes the north bridge", 2)
STEPS = re.compile(r"^    (watcher [^\n]*)$|^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def called(command: str, folder: Path) -> str:
    """Run a command as it stands there; the daemon is ended as Ctrl-C would."""
    arguments = [sys.executable, "-m", *shlex.split(command)]
    environment = {**os.environ, "NO_COLOR": "1"}  # noqa: TID251 - a program's, not ours
    with subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        if shlex.split(command)[1] != "run":
            told = process.stdout.read()
        else:
            told = ""
            while "started" not in told:
                told += process.stdout.readline()
            process.send_signal(signal.SIGINT)
            told += process.stdout.read()
        assert process.wait(120) == 0, f"{command}\n{told}"
    return told


def test_the_first_ten_minutes_are_as_the_page_tells_them(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    with FeedServer() as server:
        page = '<link rel="alternate" type="application/rss+xml" href="/paper.xml">'
        shown = {"index.html": page.encode(), "paper.xml": FEED.format(OLD).encode()}
        server.show(shown, SINCE)
        for step in STEPS.finditer(PAGE):
            if step[2]:
                (tmp_path / "mine/rules/mine.yaml").write_text(step[2])
                continue
            command = step[1].replace("FEED", f"{server.url}/index.html")
            if "once --all" in command:
                server.show({**shown, "paper.xml": FEED.format(NEWS + OLD).encode()}, SINCE)
            said[command.split(" --config")[0]] = called(command, tmp_path)
            if command == "watcher init mine":  # the feeds of the example are on the network
                _only_loopback(tmp_path / "mine")
    assert "Flood closes the north bridge" not in said["watcher once"]
    assert "Flood closes the north bridge" in said["watcher once --all"]
    assert "Flood closes the north bridge" in said["watcher alerts list"]
    assert "paper" in said["watcher feeds list"]
    assert "finds 0 of 1 item " in said["watcher rules try floods"]
    assert "alerts arrive here" in said["watcher channels test console"]
    assert "stopped" in said["watcher run"]


def _only_loopback(folder: Path) -> None:
    """Let the example visit loopback, and nothing else: a test may not use the network."""
    main = folder / "watcher.yaml"
    fetch = "fetch: {allow_networks: [127.0.0.0/8], per_host_gap: 0s}\n"
    main.write_text(main.read_text() + fetch)
    (folder / "feeds.yaml").write_text("version: 1\nfeeds: []\n")
