"""What a path holds, and several of them as one stream in the order of time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Protocol

from watcher.errors import ConfigError
from watcher.model import Fault, Feed, FeedId, FullText, PagesAsked
from watcher.recording.folder import RecordedFolder
from watcher.recording.pages import PagesTold
from watcher.recording.record import Record
from watcher.recording.recorder import segments
from watcher.recording.timeline import Timeline, is_archive, moment_of

NOTHING_THERE = (
    "holds neither records (`--record`), nor timelines (NAME.tar.xz), nor documents that are named "
    "like 20260302T080000Z.xml"
)


class Source(Protocol):
    """Records that can be gone through again and again."""

    torn: set[str]

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    def records(self) -> Iterator[Record]:
        """Give the records in the order of time, one in memory at a time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What there is in all sources together."""

    feeds: tuple[Feed, ...]  # by id, as the records name them
    records: int
    first: datetime
    torn: tuple[str, ...]  # segments that end in a record which was interrupted
    # visits that waited for their items' pages, by the moments of their documents
    waited: frozenset[tuple[FeedId, datetime]] = frozenset()


def sources_in(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Find what each path holds; raises ConfigError, with all faults, where one holds nothing."""
    faults: list[Fault] = []
    sources: list[Source] = []
    for path in paths:
        found = tuple(_sources_at(path))
        sources += found
        if not found:
            message = NOTHING_THERE if path.exists() else "is not there"
            faults.append(Fault(code="R003", file=str(path), message=message))
    faults += _taken_twice(sources)
    if faults:
        raise ConfigError(faults)
    return tuple(sources)


def _sources_at(path: Path) -> Iterator[Source]:
    if path.is_file() and is_archive(path):
        yield Timeline(path)
    if not path.is_dir():
        return
    if segments(path):
        yield RecordedFolder(path)
    within = sorted(path.iterdir())
    yield from (Timeline(one) for one in within if one.is_file() and is_archive(one))
    if any(moment_of(one.name) for one in within):
        yield Timeline(path)


def _taken_twice(sources: Iterable[Source]) -> Iterator[Fault]:
    """Refuse two timelines of one name: their documents would be taken for one feed's."""
    first: dict[str, Timeline] = {}
    for one in sources:
        if isinstance(one, Timeline) and first.setdefault(one.name, one) is not one:
            message = f"a timeline of the feed {one.name} is there already: {first[one.name].path}"
            yield Fault(code="R004", file=str(one.path), message=message)


def surveyed(sources: Iterable[Source]) -> Survey:
    """Go through all records once; raises ConfigError where they cannot be read, or are none."""
    feeds: dict[FeedId, Feed] = {}
    moments: list[datetime] = []
    records, torn, waited = 0, set[str](), set[tuple[FeedId, datetime]]()
    for source in sources:
        visited: dict[FeedId, datetime] = {}
        for number, record in enumerate(source.records()):
            if not number:
                moments.append(record.at)
            records += 1
            if not isinstance(record.answer, (PagesAsked, PagesTold)):
                visited[record.feed] = record.at
                feeds[record.feed] = Feed(id=record.feed, url=record.url)
            elif record.feed in visited:
                waited.add((record.feed, visited[record.feed]))
        torn |= source.torn
    if not moments:
        raise ConfigError([Fault(code="R003", message="there is no whole record to replay")])
    with_pages = {feed for feed, _ in waited}
    return Survey(
        feeds=tuple(_with_pages(feeds[name], with_pages) for name in sorted(feeds)),
        records=records,
        first=min(moments),
        torn=tuple(sorted(torn)),
        waited=frozenset(waited),
    )


def _with_pages(feed: Feed, with_pages: Collection[FeedId]) -> Feed:
    """Let the items of a feed whose pages were recorded say what these say."""
    return replace(feed, full_text=FullText.YES) if feed.id in with_pages else feed


def merged(sources: Iterable[Source]) -> Iterator[Record]:
    """Give the records of all sources in the order of time; those of one moment by feed."""
    streams = [source.records() for source in sources]
    return merge(*streams, key=lambda record: (record.at, record.feed))
