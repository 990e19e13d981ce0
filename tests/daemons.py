"""`watcher run` as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

PATIENCE = 30  # seconds to wait for what must come


class Daemon:
    """A daemon, and what it has logged so far."""

    def __init__(self, config: Path, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "watcher", "run", "-v", "-c", str(config)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},  # noqa: TID251 - a process of its own
        )
        self.log: list[str] = []
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line)

    def until(self, words: str) -> None:
        """Read the log until a line has these words."""
        while not self.log or words not in self.log[-1]:
            try:
                self.log.append(self._lines.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"no {words!r} in:\n" + "".join(self.log)) from None

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return self.process.returncode

    def kill(self) -> None:
        """Leave nothing of it behind, however the test ended."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()
