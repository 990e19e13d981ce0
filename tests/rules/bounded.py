"""Try rules on items in a process of its own, with bounds on what it may use.

Everything goes through the command line, with little memory and little processor time: what runs
away fails, whatever the machine is busy with.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MEMORY = 1536 * 2**20  # of address space; what is asked here needs a third of it
PROCESSOR = 60  # seconds; what is asked here needs a tenth of it
MILLION = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What the command said."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """List the faults, without the name of the file, or what else was said."""
        told = [line for line in self.err.splitlines() if not line.startswith("    ")]
        return [line.rpartition("rules.yaml:")[2] or line for line in told if "warning" not in line]

    @property
    def rules(self) -> list[str]:
        """List the rules that the one item matched."""
        assert self.code == 0, self.err[-2000:]
        (line,) = self.out.splitlines()
        return [hit["rule"] for hit in json.loads(line)["rules"]]


Match = Callable[..., Answer]


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))


def tried(rules: Path, folder: Path, item: object) -> Answer:
    (folder / "items.jsonl").write_text(json.dumps(item))
    command = ["match", "--json", "--rules", str(rules), str(folder / "items.jsonl")]
    return answer_to(command)


def answer_to(command: list[str]) -> Answer:
    done = subprocess.run(
        [sys.executable, "-c", "from watcher.cli import main; main()", *command],
        capture_output=True,
        check=False,
        preexec_fn=bounded,
        text=True,
        errors="surrogateescape",
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def rule(when: str, lists: str = "{}") -> str:
    """Write a file of one rule, its expression in line 6 from column 7 on."""
    head = f"version: 1\nlists: {lists}\nrules:\n  - id: r\n"
    return f"{head}    when: >-\n      {when}\n    tests: {{match: [x], no_match: [y]}}\n"
