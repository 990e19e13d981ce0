"""Reads a folder that a recorder wrote, or is writing."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from watcher.recording.record import Record, read_at
from watcher.recording.recorder import segments


@dataclass(slots=True)
class RecordedFolder:
    """The visits of many feeds, in the order in which they were made."""

    folder: Path
    torn: set[str] = field(default_factory=set)  # segments whose end is no whole record

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.folder.name

    def records(self) -> Iterator[Record]:
        """Give the whole records; what an interruption tore is passed over.

        Where the machine's clock was set back between two runs, time stands still for a while.
        """
        newest: datetime | None = None
        for record in self._as_written():
            newest = record.at if newest is None else max(newest, record.at)
            yield replace(record, at=newest)

    def _as_written(self) -> Iterator[Record]:
        for path in segments(self.folder):
            try:
                yield from self._of(path)
            except FileNotFoundError:
                continue  # the recorder has just let it go

    def _of(self, path: Path) -> Iterator[Record]:
        with path.open("rb") as file:
            offset = 0
            while (found := read_at(file, offset)) is not None:
                record, offset = found
                yield record
            if offset < path.stat().st_size:
                self.torn.add(path.name)
