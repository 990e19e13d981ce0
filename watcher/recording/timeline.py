"""One feed at many moments: an archive of documents that are named by their moments, or a folder.

`NAME.tar.xz` (any tar will do) with members `YYYYMMDDTHHMMSSZ.xml` in time order is the feed NAME.
Members of other names are passed over. An archive is read from start to end and never unpacked.
"""

import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from watcher.errors import ConfigError
from watcher.model import Fault, FeedId, Fetched, FetchFailed, FetchResult
from watcher.recording.record import MOST_BYTES, Record

TAR = re.compile(r"\.(?:tar(?:\.(?:xz|gz|bz2))?|txz|tgz)$")
_NAMED = re.compile(r"(\d{8}T\d{6}Z)(?:\.\w+)?")
_BROKEN = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError)


def moment_of(name: str) -> datetime | None:
    """Read the moment that a document is named by; None where it is named otherwise."""
    named = _NAMED.fullmatch(PurePosixPath(name).name)
    if named is None:
        return None
    try:
        return datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def is_archive(path: Path) -> bool:
    """Tell whether a file is named like an archive."""
    return TAR.search(path.name) is not None


@dataclass(slots=True)
class Timeline:
    """The documents of one feed; each is what a visit at its moment got."""

    path: Path
    torn: set[str] = field(default_factory=set)  # none ever is: a broken archive is a fault

    @property
    def name(self) -> str:
        """The feed's name, and what messages call the timeline."""
        return TAR.sub("", self.path.name)

    def records(self) -> Iterator[Record]:
        """Give the documents; raises ConfigError where they cannot be read, or are in disorder."""
        before: datetime | None = None
        for name, at, answer in self._documents():
            if before is not None and at < before:
                raise _fault(self.path, f"{name} is earlier than the document before it")
            before = at
            yield Record(at=at, feed=FeedId(self.name), url="", answer=answer)

    def _documents(self) -> Iterator[tuple[str, datetime, FetchResult]]:
        reading = _in_folder(self.path) if self.path.is_dir() else _in_archive(self.path)
        try:
            yield from reading
        except _BROKEN as trouble:
            raise _fault(self.path, f"cannot be read as a timeline: {trouble}") from trouble


def _in_folder(folder: Path) -> Iterator[tuple[str, datetime, FetchResult]]:
    for path in sorted(folder.iterdir()):
        if (at := moment_of(path.name)) is not None and path.is_file():
            small = path.stat().st_size <= MOST_BYTES
            yield path.name, at, _answer(path.read_bytes() if small else None)


def _in_archive(path: Path) -> Iterator[tuple[str, datetime, FetchResult]]:
    with tarfile.open(path, "r|*") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined] # it would keep every one of them
            if (at := moment_of(member.name)) is None or not member.isfile():
                continue
            file = archive.extractfile(member) if member.size <= MOST_BYTES else None
            yield member.name, at, _answer(file.read() if file else None)


def _answer(body: bytes | None) -> FetchResult:
    if body is None:
        return FetchFailed(reason=f"larger than {MOST_BYTES // 2**20} MB")
    return Fetched(status=200, url="", body=body)


def _fault(path: Path, message: str) -> ConfigError:
    return ConfigError([Fault(code="R002", file=str(path), message=message)])
