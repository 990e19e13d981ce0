"""Loads a rule file with its tests in a process of its own, and tells what that takes.

python bench/loading.py FILE
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from watcher.config import load_rules
from watcher.errors import ConfigError


def main() -> int:
    """Print time and memory."""
    path = Path(sys.argv[1])
    began = time.process_time()
    try:
        rules, _ = load_rules(path, check_tests=True)
    except ConfigError as bad:
        print(f"{len(bad.faults)} faults, the first: {bad.faults[0].told()}")
        return 1
    seconds = time.process_time() - began
    print(f"loading {len(rules.infos):,} rules with their tests: {seconds:.1f} s (wanted: 10 s)")
    print(f"memory with these rules: {memory('VmRSS')} MB, at most {memory('VmHWM')} MB while "
          "loading (wanted: 150 MB)")  # fmt: skip
    return 0


def memory(what: str) -> int:
    """Tell what the kernel says of this process, in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == what:
            return int(value.split()[0]) // 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
