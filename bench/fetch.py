"""Fetching and scheduling beside `reader`, on loopback: `make bench-fetch [FEEDS=1000]`.

    python bench/fetch.py [--feeds 1000] [--data ../shared/data/feeds] [--only http,https,real]

`reader`, `rss2email` and `feed2exec` are installed into environments of their own in a temporary
folder, so that they cannot touch ours. All run as processes of their own, we and `reader` with 32
visits at a time and the others with one as they do, against the same nginx, each feed on a host of
its own; names are resolved to loopback inside the processes. What is compared is CPU time a feed,
which other work on the machine changes little; feeds a second are told beside it. For the rows with
304 small documents stand in, since none of them is sent again.

`reader` refuses some documents; rows about whole documents use those that it reads. It neither
finds copies nor matches rules: "first visit" compares our whole pipeline with its reading and
keeping.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.fetch_site import Site, site

HERE = Path(__file__).parent
READER = ("reader==3.26", "sgmllib3k")
OTHERS = {"rss2email": ("rss2email==3.14",), "feed2exec": ("feed2exec==0.23.0",)}
SMALL = (
    '<rss version="2.0"><channel><title>Paper {n}</title><item><title>Flood number {n}</title>'
    "<guid>{n}</guid></item></channel></rss>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one round came to."""

    milliseconds: float  # of CPU, a feed
    speed: float  # feeds a second
    peak: int  # MB, of the whole process so far
    outcomes: dict[str, int]

    @property
    def told(self) -> str:
        """Say it in a cell."""
        return f"{self.milliseconds:.2f} ms, {self.speed:.0f}/s"


class Sides:
    """Ours and theirs, each with its interpreter; of the others, those that install."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0
        self._pythons = {"ours": sys.executable, "reader": _peer(folder / "reader", READER)}
        self.others = [name for name in OTHERS if self._installed(name)]

    def _installed(self, name: str) -> bool:
        try:
            self._pythons[name] = _peer(self.folder / name, OTHERS[name])
        except subprocess.CalledProcessError:
            print(f"LOUDLY: {name} does not install here, so it is not compared with")
            return False
        return True

    def costs(self, side: str, urls: Sequence[str], at: Site, rounds: int = 2) -> list[Cost]:
        """Visit these feeds so often, in a new process, on a new database that is made before."""
        self._number += 1
        work = self.folder / f"work-{self._number}.json"
        command = [self._pythons[side], str(HERE / f"fetch_{side}.py"), str(work)]
        for times in (0, rounds):  # a daemon finds its database there
            told = {"urls": urls, "state": str(work.with_suffix(".db")), "rounds": times,
                    "ca_file": str(at.authority), "bundle": str(at.bundle)}  # fmt: skip
            work.write_text(json.dumps(told))
            ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(ran.stdout)
        return [_cost(one, found["peak"]) for one in found["rounds"]]

    def readable(self, bodies: Sequence[bytes], folder: Path) -> list[bytes]:
        """Give those documents that reader reads."""
        with site(bodies, folder) as at:
            work = self.folder / "readable.json"
            urls = at.urls(len(bodies), always=True)
            told = {"urls": urls, "state": str(self.folder / "readable.db"), "rounds": 1,
                    "ca_file": str(at.authority), "bundle": str(at.bundle)}  # fmt: skip
            work.write_text(json.dumps(told))
            command = [self._pythons["reader"], str(HERE / "fetch_reader.py"), str(work)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            read = set(json.loads(ran.stdout)["read"])
            return [body for url, body in zip(urls, bodies, strict=True) if url in read]


def _peer(folder: Path, packages: Sequence[str]) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def _cost(told: dict[str, Any], peak: int) -> Cost:
    feeds = told["feeds"]
    return Cost(
        milliseconds=1_000 * told["cpu"] / feeds,
        speed=feeds / told["seconds"],
        peak=peak,
        outcomes=told["outcomes"],
    )


def row(name: str, ours: str, theirs: str, ratio: str, wanted: str) -> None:
    print(f"{name:44} {ours:>20} {theirs:>20} {ratio:>8}  {wanted}", flush=True)


def compared(name: str, ours: Cost, theirs: Cost, wanted: str) -> None:
    row(name, ours.told, theirs.told, f"{theirs.milliseconds / ours.milliseconds:.1f}×", wanted)


def not_modified(sides: Sides, feeds: int, *, tls: bool) -> None:
    """Visit again what has not changed."""
    bodies = [SMALL.format(n=n).encode() for n in range(feeds)]
    wanted = "6×" if tls else "4×"
    name = f"304, HTTP{'S' if tls else ''}, {feeds:,} hosts"
    with site(bodies, sides.folder / f"site-{tls}") as at:
        urls = at.urls(feeds, tls=tls)
        _, ours = sides.costs("ours", urls, at)
        _, theirs = sides.costs("reader", urls, at)
        others = {peer: sides.costs(peer, urls, at)[1] for peer in sides.others}
    _expect(ours, "not modified", feeds)
    _expect(theirs, "same", feeds)
    compared(name, ours, theirs, wanted)
    for peer, cost in others.items():
        _expect(cost, "same", feeds, peer)
        compared(f"    beside {peer}", ours, cost, "")
    if tls:
        wanted = "at most 100 MB"
        row(f"peak memory, {feeds:,} HTTPS hosts", f"{ours.peak} MB", f"{theirs.peak} MB",
            f"{theirs.peak / ours.peak:.1f}×", wanted)  # fmt: skip


def whole_documents(sides: Sides, data: Path) -> None:
    """Visit real documents for the first time, and again when they come whole though unchanged."""
    bodies = [path.read_bytes() for path in sorted((data / "real").iterdir())]
    kept = sides.readable(bodies, sides.folder / "site-readable")
    print(f"    {len(bodies)} real documents; reader reads {len(kept)} of them: those are used")
    with site(kept, sides.folder / "site-real") as at:
        urls = at.urls(len(kept), always=True)
        ours = sides.costs("ours", urls, at)
        theirs = sides.costs("reader", urls, at)
        others = {peer: sides.costs(peer, urls, at) for peer in sides.others}
    _expect(ours[0], "read", len(kept))
    _expect(ours[1], "same", len(kept))
    for turn, name, wanted in (
        (1, "200, body unchanged", "30×"),
        (0, "200, first visit, everything new", "2.5×"),
    ):
        compared(name, ours[turn], theirs[turn], wanted)
        for peer, cost in others.items():
            _expect(cost[turn], "read", len(kept), peer)
            compared(f"    beside {peer}", ours[turn], cost[turn], "")


def _expect(cost: Cost, outcome: str, feeds: int, whose: str = "") -> None:
    if cost.outcomes.get(outcome, 0) != feeds:
        print(f"LOUDLY: not all {feeds} feeds were {outcome!r}: {cost.outcomes} {whose}")


def schedule(data: Path) -> None:
    """Measure what is compared with no peer."""
    due = _alone("due")
    row("due table of 100,000: to lease a feed", f"{due['lease']:.3f} ms", "", "", "< 0.05 ms")
    row("due table of 100,000: to record a visit", f"{due['record']:.3f} ms", "", "", "")
    row("idle daemon, 1,000 feeds", f"{_alone('idle')['share']:.1f} % CPU", "", "", "< 1 %")
    told = _alone("timelines", str(data / "timelines"))
    ratio = f"{told['theirs'] / told['ours']:.1f}×"
    row("hourly timelines: a visit / feedparser on all", f"{told['ours']:.1f} ms",
        f"{told['theirs']:.1f} ms", ratio, "10×")  # fmt: skip


def _alone(*what: str) -> dict[str, float]:
    command = [sys.executable, str(HERE / "schedule_cost.py"), *what]
    found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--data", type=Path, default=Path("../shared/data/feeds/dev"))
    options.add_argument("--only", default="http,https,real,schedule")
    chosen = options.parse_args()
    wanted = chosen.only.split(",")
    row("CPU time a feed, feeds a second", "ours", "reader 3.26", "ratio", "wanted")
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx gives up its rights
        sides = Sides(folder)
        if "http" in wanted:
            not_modified(sides, chosen.feeds, tls=False)
        if "https" in wanted:
            not_modified(sides, chosen.feeds, tls=True)
        if not chosen.data.exists():
            sys.exit(f"LOUDLY: {chosen.data} is not there, so there are no real documents to visit")
        if "real" in wanted:
            whole_documents(sides, chosen.data)
    if "schedule" in wanted:
        schedule(chosen.data)


if __name__ == "__main__":
    main()
