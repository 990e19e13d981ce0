"""One writing process: a lock file beside the state says who it is, and since when.

The lock is the kernel's (`flock`): it is gone with the process, however that ends. What stands in
the file is only for people; a file that nobody locks means nothing.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.errors import AlreadyRunning, ServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a lock."""

    pid: int
    since: str
    what: str

    def told(self) -> str:
        """Say who it is."""
        return f"{self.what}, process {self.pid}, since {self.since}"


@contextmanager
def locked(path: Path, what: str, now: datetime) -> Iterator[None]:
    """Hold the lock for a while; raises AlreadyRunning where somebody else does."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ServiceError(f"the lock file {path} cannot be made: {error.strerror}") from error
    try:
        _take(file, path)
        told = {"pid": os.getpid(), "since": f"{now:%Y-%m-%dT%H:%M:%SZ}", "what": what}
        _write(file, json.dumps(told).encode() + b"\n")
        yield
        _write(file, b"")
    finally:
        os.close(file)  # gives the lock back; the file stays, or two could each lock their own


def _write(file: int, text: bytes) -> None:
    """Say who we are, as far as there is room on the disk: the lock does not depend on it."""
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, text, 0)
    except OSError:
        return


def _take(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read(file)
        told = holder.told() if holder else "another process, which has not said who it is"
        raise AlreadyRunning(f"the state is in use: {told} (it holds {path})") from None


def holder(path: Path) -> Holder | None:
    """Tell who holds a lock; None where nobody does."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(file) or Holder(pid=0, since="", what="another process")
    finally:
        os.close(file)
    return None


def _read(file: int) -> Holder | None:
    try:
        told = json.loads(os.pread(file, 1000, 0))
        return Holder(pid=int(told["pid"]), since=str(told["since"]), what=str(told["what"]))
    except (ValueError, KeyError, TypeError, OSError):
        return None
