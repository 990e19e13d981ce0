"""Writes what visits got into a folder that stays within bounds.

Records follow each other in segments, `20260302T080000Z-0000.visits.gz`, named by the moment of
their first record. A record is appended by one write, which is undone where it fails; a new start
begins a new segment. When the limit is reached the oldest segment goes, a sixteenth of the whole.
Files for each visit would be easier to look at, but ten thousand feeds make a million a day.
"""

import fcntl
import logging
import os
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from watcher.errors import ConfigError
from watcher.model import Fault, FeedId, Fetched
from watcher.recording.record import Record, Veil, packed, without_secrets

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
SEGMENTS = 16  # that a full folder has about
SUFFIX = ".visits.gz"
MOMENT = "%Y%m%dT%H%M%SZ"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600  # what is watched may tell more than what is found
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(slots=True)
class _Segment:
    """A file of records; the open one also knows where each feed's last body stands in it."""

    path: Path
    size: int = 0
    bodies: dict[FeedId, tuple[bytes, int]] = field(default_factory=dict)


class Recorder:
    """Keeps records in a folder, as many as `limit` bytes allow; the newest stay.

    Raises ConfigError where the folder cannot be used, or another process records there.
    """

    def __init__(self, folder: Path, veil: Veil, limit: int) -> None:
        self._folder, self._veil, self._limit = folder, veil, limit
        self._file: int | None = None
        self._troubled = False
        self._newest: datetime | None = None
        try:
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            self._lock = _locked(folder)
            self._segments = deque(_Segment(path, path.stat().st_size) for path in segments(folder))
        except OSError as trouble:
            raise _unusable(folder, trouble) from trouble

    def keep(self, record: Record) -> None:
        """Write a record down. A disk that refuses is told in the log and stops nothing else."""
        try:
            self._append(without_secrets(self._in_order(record), self._veil))
        except OSError as trouble:
            if not self._troubled:
                log.error("visits are not recorded: %s: %s", self._folder, trouble.strerror)
            self._troubled = True
            return
        if self._troubled:
            log.info("visits are recorded again: %s", self._folder)
        self._troubled = False

    def close(self) -> None:
        """Let go of the folder."""
        self._end_segment()
        os.close(self._lock)

    def _in_order(self, record: Record) -> Record:
        """Let no record be earlier than the one before, though the machine's clock may be."""
        if self._newest is None or record.at > self._newest:
            self._newest = record.at
            return record
        return replace(record, at=self._newest)

    def _append(self, record: Record) -> None:
        if self._file is None or self._segments[-1].size >= self._limit // SEGMENTS:
            self._begin_segment(record.at)
        segment = self._segments[-1]
        told, digest = _told_in(segment, record)
        if not told or len(told) > self._limit:
            log.warning("feed=%s is not recorded: its body alone is over the limit", record.feed)
            return
        self._make_room(len(told))
        assert self._file is not None
        _write(self._file, told, segment.size)
        if digest:
            segment.bodies[record.feed] = digest, segment.size
        segment.size += len(told)

    def _begin_segment(self, at: datetime) -> None:
        self._end_segment()
        names = (self._folder / f"{at.strftime(MOMENT)}-{n:04}{SUFFIX}" for n in count())
        path = next(name for name in names if not name.exists())
        self._file = os.open(path, _APPEND, _FILE_MODE)
        self._segments.append(_Segment(path))

    def _end_segment(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._segments[-1].bodies.clear()
        self._file = None

    def _make_room(self, wanted: int) -> None:
        """Let go of the oldest segments until this much fits; the open one stays."""
        held = sum(segment.size for segment in self._segments)
        while held + wanted > self._limit and len(self._segments) > 1:
            oldest = self._segments.popleft()
            oldest.path.unlink(missing_ok=True)
            held -= oldest.size


def segments(folder: Path) -> tuple[Path, ...]:
    """List the segments of a folder, earliest first."""
    return tuple(sorted(folder.glob(f"*{SUFFIX}")))


def _told_in(segment: _Segment, record: Record) -> tuple[bytes, bytes]:
    """Write a record for a segment, and give its body's digest if the body stands in it anew."""
    if not isinstance(record.answer, Fetched):
        return packed(record), b""
    digest = sha256(record.answer.body).digest()
    before, offset = segment.bodies.get(record.feed, (b"", 0))
    if before == digest:  # most servers send the same again and again
        return packed(record, body_at=offset), b""
    return packed(record), digest


def _write(file: int, told: bytes, size: int) -> None:
    """Append all of it, or nothing."""
    try:
        while told:
            told = told[os.write(file, told) :]
    except OSError:
        os.ftruncate(file, size)
        raise


def _locked(folder: Path) -> int:
    """Be the only one who records here, until the lock is closed."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE_MODE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _unusable(folder: Path, trouble: OSError) -> ConfigError:
    why = trouble.strerror or str(trouble)
    if isinstance(trouble, BlockingIOError):
        why = "another Watcher records there"
    return ConfigError([Fault(code="R001", file=str(folder), message=f"cannot be recorded: {why}")])
