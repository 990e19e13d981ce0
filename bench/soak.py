"""Runs the real daemon against a loopback server that plays real feed documents.

    python bench/soak.py [--minutes 10] [--data ../shared/data/feeds/dev] [--report FILE]

Each document under `real/` is a feed; each archive under `timelines/` is a feed whose snapshots
follow each other, one more a minute. The daemon is `watcher run` as a process of its own, with the
rules below and a file as its channel. Prints feeds, items, stories, alerts, CPU seconds and peak
memory. The documents are other people's: they are read where they are, and nothing is kept.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RULES = {
    "blackberry": "BlackBerry",
    "back-door": '"back door"',
    "lawful-interception": '"lawful interception"',
    "ransomware": "ransomware",
    "zero-day": '"zero day"',
    "data-breach": '"data breach"',
    "encryption": "encryption AND (law OR police OR court)",
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "chips": "TSMC OR Nvidia OR =AMD",
    "linux": "Linux AND NOT Windows",
    "privacy": "privacy AND regulation",
    "antitrust": "antitrust",
    "satellite": "satellite",
    "electric-car": '"electric vehicle" OR Tesla',
    "python": "Python",
    "rust": "=Rust",
    "quantum": "quantum",
    "startup": '"raises series a" OR "series b"',
    "layoffs": "layoff",
}


class Feeds:
    """The documents by path; a timeline shows one more of its snapshots a minute."""

    def __init__(self, data: Path, started: float, minute: float) -> None:
        self.started, self.minute = started, minute
        self.snapshots: dict[str, list[bytes]] = {}
        for path in sorted((data / "real").iterdir()):
            self.snapshots[f"/real/{path.name}"] = [path.read_bytes()]
        for path in sorted((data / "timelines").glob("*.tar.xz")):
            self.snapshots[f"/timeline/{path.name}"] = last_members(path, 60)

    def body(self, path: str) -> bytes | None:
        """Give what stands at a path by now."""
        known = self.snapshots.get(path)
        if known is None:
            return None
        age = int((time.monotonic() - self.started) / self.minute)
        return known[min(age, len(known) - 1)]


def last_members(path: Path, most: int) -> list[bytes]:
    with tarfile.open(path, "r:xz") as archive:
        members = sorted(archive.getmembers(), key=lambda member: member.name)[-most:]
        files = [archive.extractfile(member) for member in members]
        return [file.read() for file in files if file is not None]


def handler(feeds: Feeds) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = feeds.body(self.path)
            if body is None:
                self.send_error(404)
                return
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def write_config(folder: Path, feeds: Feeds, port: int) -> Path:
    (folder / "rules").mkdir()
    listed = [
        {"id": f"f{n:03}", "url": f"http://127.0.0.1:{port}{path}", "backfill": 100000}
        for n, path in enumerate(feeds.snapshots)
    ]
    files = {
        "watcher.yaml": {
            "version": 1,
            "state": "watcher.db",
            "include": {"feeds": ["feeds.yaml"], "rules": ["rules/*.yaml"]},
            "poll": {"default": "60s", "min": "60s"},
            "fetch": {"allow_networks": ["127.0.0.0/8"], "per_host_gap": "0s", "per_host": 8},
            "channels": {"out": {"type": "file", "path": "alerts.jsonl"}},
            "routes": {"all": {"channel": "out", "group_wait": "10s"}},
            "operator": "all",
        },
        "feeds.yaml": {"version": 1, "feeds": listed},
        "rules/soak.yaml": {
            "version": 1,
            "rules": [{"id": name, "when": when} for name, when in RULES.items()],
        },
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))  # YAML reads JSON
    return folder / "watcher.yaml"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--data", type=Path, default=Path("../shared/data/feeds/dev"))
    chosen = options.parse_args()
    if not chosen.data.exists():
        sys.exit(f"LOUDLY: {chosen.data} is not there, so there is nothing to soak the daemon in")
    feeds = Feeds(chosen.data, time.monotonic(), 60)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(feeds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        config = write_config(Path(folder), feeds, server.server_port)
        watch(config, chosen.minutes)
    server.shutdown()


def watch(config: Path, minutes: float) -> None:
    log = config.parent / "log"
    command = [str(Path(sys.executable).parent / "watcher"), "run", "--config", str(config)]
    with log.open("w") as errors:
        daemon = subprocess.Popen(command, stderr=errors)
        enough = threading.Timer(minutes * 60, daemon.send_signal, [signal.SIGTERM])
        enough.start()
        _, status, used = os.wait4(daemon.pid, 0)
        enough.cancel()
    daemon.returncode = os.waitstatus_to_exitcode(status)  # reaped by wait4, for the usage it gives
    report(config, log, status, used)


def report(config: Path, log: Path, status: int, used: resource.struct_rusage) -> None:
    command = [str(Path(sys.executable).parent / "watcher")]
    told = subprocess.run(
        [*command, "status", "--json", "--config", str(config)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = log.read_text().splitlines()
    alerts = (config.parent / "alerts.jsonl").read_text().splitlines()
    print(told.stdout.strip() or told.stderr.strip())
    print(f"alerts delivered   {len(alerts)}")
    print(f"log lines          {len(lines)}, errors {sum(' ERROR ' in line for line in lines)}")
    print(f"CPU seconds        {used.ru_utime + used.ru_stime:.1f}")
    print(f"peak memory        {used.ru_maxrss / 1024:.0f} MB")
    print(f"exit status        {os.waitstatus_to_exitcode(status)}")
    for line in [line for line in lines if " ERROR " in line][:10]:
        print(line)


if __name__ == "__main__":
    main()
