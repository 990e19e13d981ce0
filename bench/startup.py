"""How long the command line takes to say something, beside its peers: median CPU time in one run.

python bench/startup.py     exit code 1 where `watcher --help` takes more than 150 ms

The peers (rss2email, feed2exec, reader) come from PyPI into an environment of their own, beside
ours. The runs of all take turns, so that whatever else the machine does meets each alike.
"""

import argparse
import resource
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

AT_MOST = 150  # ms
OURS = Path(sys.executable).parent
PEERS = Path(__file__).parent.parent / "build" / "peers"
PACKAGES = ("rss2email", "feed2exec", "reader[cli]")
Command = Sequence[str | Path]


def commands() -> dict[str, Command]:
    """Name what is measured; peers that could not be installed are left out, and said."""
    found: dict[str, Command] = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "watcher --help": (OURS / "watcher", "--help"),
        "watcher --version": (OURS / "watcher", "--version"),
        "watcher run --help": (OURS / "watcher", "run", "--help"),
    }
    theirs: dict[str, Command] = {
        "r2e --help": (PEERS / "bin/r2e", "--help"),
        "feed2exec --help": (PEERS / "bin/feed2exec", "--help"),
        "reader --help": (PEERS / "bin/python", "-m", "reader", "--help"),
    }
    return found | {name: command for name, command in theirs.items() if _runs(name, command)}


def _runs(name: str, command: Command) -> bool:
    there = Path(command[0]).exists()
    if there and not subprocess.run(command, capture_output=True, check=False).returncode:
        return True
    print(f"{name} does not run here, and is left out", file=sys.stderr)
    return False


def install_peers() -> None:
    if (PEERS / "ready").exists():
        return
    subprocess.run((sys.executable, "-m", "venv", PEERS), check=True)
    for package in PACKAGES:  # one by one: what cannot be had keeps no other away
        subprocess.run((PEERS / "bin/pip", "install", "-q", package), check=False)
    (PEERS / "ready").touch()


def cpu(command: Command) -> float:
    """Milliseconds of CPU, of this process's children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1000


def measured(asked: Mapping[str, Command], runs: int) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(runs):
        for name, command in asked.items():
            found[name].append(cpu(command))
    return {name: statistics.median(times) for name, times in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    install_peers()
    found = measured(commands(), runs)
    ours = found["watcher --help"]
    print(f"median CPU time of {runs} runs, and how many times that of `watcher --help` it is")
    for name, spent in found.items():
        print(f"{name:20} {spent:6.0f} ms  {spent / ours:5.2f}")
    return int(ours > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
