"""How long `watcher --help` takes to say something, beside `python -c pass`: CPU time, best of ten.

python bench/startup.py     exit code 1 above 150 ms
"""

import resource
import subprocess
import sys
from pathlib import Path

RUNS = 10
AT_MOST = 150  # ms
WATCHER = str(Path(sys.executable).with_name("watcher"))
COMMANDS = (
    ("python -c pass", [sys.executable, "-c", "pass"]),
    ("watcher --help", [WATCHER, "--help"]),
    ("watcher --version", [WATCHER, "--version"]),
    ("watcher run --help", [WATCHER, "run", "--help"]),
)


def cpu(command: list[str]) -> float:
    """Milliseconds of CPU, of this process's children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1000


def main() -> int:
    found = {name: min(cpu(command) for _ in range(RUNS)) for name, command in COMMANDS}
    for name, spent in found.items():
        print(f"{name:20} {spent:6.0f} ms")
    return int(found["watcher --help"] > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
