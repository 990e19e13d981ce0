"""A file: each alert is a line of JSON, in the form that webhooks get.

The file can be moved away at any time: it is opened for each alert. What `schema/alert.schema.json`
says of a webhook's body holds for each line.
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from watcher.alerts.render import as_json
from watcher.model import Alert, ChannelName, Outcome, Refused, Sent, TryLater
from watcher.ports import Clock

_NEVER = {
    errno.EACCES: "it may not be written",
    errno.EPERM: "it may not be written",
    errno.EROFS: "its file system is read-only",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "its folder is a file",
    errno.ELOOP: "it is a symbolic link",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENXIO: "it is no regular file",
}
_MODE = 0o600  # what is watched may tell more than what is found


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """Which file to append to; its folder must exist."""

    name: ChannelName
    path: Path


def faults(settings: FileSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings."""
    return () if settings.path.name else ("`path` must name a file",)


class FileChannel:
    """Appends each alert as one line: the whole line, on the disk, or nothing of it."""

    def __init__(self, settings: FileSettings, _clock: Clock) -> None:
        self._settings = settings

    @property
    def name(self) -> ChannelName:
        """The name that the configuration gives it."""
        return self._settings.name

    def send(self, alert: Alert) -> Outcome:
        """Append the alert; it is on the disk when this says so."""
        line = json.dumps(as_json(alert), ensure_ascii=False).encode() + b"\n"
        try:
            with _opened(self._settings.path) as file:
                return _append(file, line)
        except OSError as trouble:
            return _failed(trouble)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open the file, making it where it is missing; never through a symbolic link."""
    new = not path.exists()
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    file = os.open(path, flags, _MODE)
    try:
        if new:
            _keep_name(path.parent)
        yield file
    finally:
        os.close(file)  # gives the lock back too


def _keep_name(folder: Path) -> None:
    """Put the folder's new entry on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _append(file: int, line: bytes) -> Outcome:
    if not stat.S_ISREG(os.fstat(file).st_mode):
        return Refused(reason="the file cannot be written: it is no regular file")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    size = os.fstat(file).st_size
    torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"  # a writer that died in the middle
    try:
        _write_all(file, b"\n" + line if torn else line)
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise
    return Sent()


def _write_all(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _failed(trouble: OSError) -> Outcome:
    if never := _NEVER.get(trouble.errno or 0):
        return Refused(reason=f"the file cannot be written: {never}")
    if isinstance(trouble, BlockingIOError):
        return TryLater(reason="the file is locked by another program")
    return TryLater(reason=f"the file cannot be written: {(trouble.strerror or '').lower()}")
