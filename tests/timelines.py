"""Timelines of our own making: one feed at many moments.

write_timeline(folder, "paper", [[A, B], [C, A, B]])   # newest item first, a document an hour
"""

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from tests.fakes import MORNING

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """An item as a feed shows it."""

    title: str
    guid: str = ""
    link: str = ""
    summary: str = ""

    def xml(self) -> str:
        name = self.title.replace(" ", "-")
        return (
            f"<item><title>{escape(self.title)}</title>"
            f"<guid isPermaLink='false'>{escape(self.guid or name)}</guid>"
            f"<link>{escape(self.link or f'http://paper.example/{name}')}</link>"
            f"<description>{escape(self.summary)}</description></item>"
        )


def document(entries: Sequence[Entry]) -> bytes:
    items = "".join(entry.xml() for entry in entries)
    return f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()


def name_of(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}.xml"


def write_timeline(
    folder: Path,
    name: str,
    documents: Sequence[Sequence[Entry]],
    start: datetime = MORNING,
    step: timedelta = HOUR,
) -> Path:
    """Write an archive with a document for each moment."""
    members = [
        (name_of(start + number * step), document(entries))
        for number, entries in enumerate(documents)
    ]
    return write_archive(folder / f"{name}.tar.xz", members)


def write_archive(path: Path, members: Sequence[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w:xz") as archive:
        for name, body in members:
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return path
