"""Has the text of pages read by a process that is killed when it takes too long.

Some pages are made, or broken, so that reading them takes minutes (5 MB of tags: 36 s; 900 kB of
attributes: 80 s), and what is read by C cannot be interrupted in any other way.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any

from watcher.fetch import extractor

PATIENCE = timedelta(seconds=10)  # for one page


class TooHardError(Exception):
    """Reading was given up; `str()` says why."""


class PageReader:
    """Gives the article of a page; its process starts with the first one. Not for two threads.

    Only `close` may come from another thread, and ends a reading that is under way.
    """

    def __init__(self, patience: timedelta = PATIENCE) -> None:
        self._patience = patience.total_seconds()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def read(self, html: bytes, charset: str) -> dict[str, Any]:
        """Give `text`, `canonical` and `og` of a page; `TooHardError` where it cannot be read."""
        process = self._running()
        timer = Timer(self._patience, process.kill)
        timer.daemon = True
        timer.start()
        try:
            line = _asked(process, html, charset)
        finally:
            timer.cancel()
        if not line:
            self._drop()
            raise TooHardError("it is too hard to read")
        answer: dict[str, Any] = json.loads(line)
        if "trouble" in answer:
            self._drop()  # it may be short of memory from now on
            raise TooHardError(f"it cannot be read ({answer['trouble']})")
        return answer

    def close(self) -> None:
        """End the process, whatever it does."""
        with self._lock:
            self._closed = True
        self._drop()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self._drop()  # it ended when nobody asked it anything
        with self._lock:
            if self._closed:
                raise TooHardError("given up: nobody waits for it any more")
            if self._process is None:
                self._process = _started()
            return self._process

    def _drop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _closed(pipe)


def _started() -> "subprocess.Popen[bytes]":
    """Start it with our modules to import from and nothing else of our surroundings."""
    return subprocess.Popen(  # noqa: S603 - our own script, nothing of the page is in it
        [sys.executable, "-P", str(Path(extractor.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(place for place in sys.path if place)},
        start_new_session=True,  # Ctrl-C is for us
    )


def _asked(process: "subprocess.Popen[bytes]", html: bytes, charset: str) -> bytes:
    """Ask; empty when the process ended instead of answering."""
    assert process.stdin is not None
    assert process.stdout is not None
    question = json.dumps({"size": len(html), "charset": charset}).encode()
    try:
        process.stdin.write(question + b"\n" + html)
        process.stdin.flush()
        line = process.stdout.readline()
    except (OSError, ValueError):  # it was killed, or closed by another thread
        return b""
    return line if line.endswith(b"\n") else b""


def _closed(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        return  # what was not written yet never will be
