"""The folder in which the commands of docs/troubleshooting.md are run.

A configuration with two routes, and a database that has seen the shipped example: its editions, put
beside each other as recorded timelines, are taken in by `watcher replay` at their own times.
"""

import subprocess
import sys
from pathlib import Path

from watcher.config import environment
from watcher.demo.newsroom import find_seeds, read_newsroom

MAIN = """\
version: 1
state: watcher.db
include: {feeds: [feeds.yaml], rules: [rules.yaml]}
channels:
  chat: {type: console}
routes:
  desk: {channel: chat}
  legal: {channel: chat, severity: [critical]}
operator: desk
notify: [desk, legal]
"""


def troubled_desk(place: Path) -> None:
    """Put a configuration and its database into a folder."""
    newsroom = read_newsroom(find_seeds())
    (place / "watcher.yaml").write_text(MAIN, encoding="utf-8")
    feeds = (newsroom.config / "feeds.yaml").read_text(encoding="utf-8")
    there = feeds.replace("http://127.0.0.1:8015", "https://feeds.example")
    (place / "feeds.yaml").write_text(there, encoding="utf-8")
    rules = (newsroom.config / "rules/mission.yaml").read_text(encoding="utf-8")
    (place / "rules.yaml").write_text(_for_all_routes(rules), encoding="utf-8")
    for edition in newsroom.editions:
        for name, document in edition.documents.items():
            timeline = place / "visits" / Path(name).stem
            timeline.mkdir(parents=True, exist_ok=True)
            # a timeline's documents are called .xml, whatever they are
            (timeline / f"{edition.moment:%Y%m%dT%H%M%SZ}.xml").write_bytes(document)
    timelines = sorted((place / "visits").iterdir())
    arguments = ["--config", "watcher.yaml", "--state", "replayed.db"]
    subprocess.run(
        [sys.executable, "-m", "watcher", "replay", *timelines, *arguments],
        cwd=place,
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    (place / "replayed.db").rename(place / "watcher.db")  # a replay spares the daemon's own


def _for_all_routes(rules: str) -> str:
    """Let the rules go where `notify` of the main file says."""
    return "".join(line for line in rules.splitlines(True) if "notify:" not in line)
