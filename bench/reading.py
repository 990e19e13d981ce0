"""Incremental reading beside full reading: the same in every field, and what it saves.

    make reading [ONLY=olshansk]

Every snapshot of every timeline is read both ways, each into a store of its own; every entry, every
judgement about it and, at the end, what the stores hold are compared. Then every real and
conformance document is read as a feed that changes: without every second item, whole, without its
first item, and in reverse order. The documents belong to their publishers and are not in here.
"""

import argparse
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from sqlalchemy import Connection, select

from watcher import parse
from watcher.cadence import Harvest
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    Item,
    ReadResult,
    Shown,
    ToldApart,
    Unchanged,
)
from watcher.parse.drafts import ITEMS_AT_MOST
from watcher.parse.entry import NotAFeedError
from watcher.parse.slices import Cut, cut
from watcher.parse.xmlfeed import prepared
from watcher.pipeline import told_apart
from watcher.store import SqlStore, open_store
from watcher.store.tables import item, item_version, known_by

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds" / "dev"
START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("id", "guid", "normal_link", "title", "text_hash")
CHANNEL = ("title", "kind", "faults", "language", "home", "suggested_interval",
           "skip_hours", "skip_days", "older_page")  # fmt: skip
WAYS = ("same body", "same items", "new items only", "whole", "whole after all")


@dataclass
class Tally:
    """What came of the documents of one timeline or folder."""

    documents: int = 0
    entries: int = 0
    read: int = 0  # entries that were read, incrementally
    differences: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    full: float = 0.0  # seconds of CPU
    incremental: float = 0.0

    def add(self, other: "Tally") -> None:
        """Count another one in."""
        self.documents += other.documents
        self.entries += other.entries
        self.read += other.read
        self.differences += other.differences
        self.ways += other.ways
        self.full += other.full
        self.incremental += other.incremental

    def told(self, name: str) -> str:
        """Give a line of the table."""
        number = max(1, self.documents)
        ways = " ".join(f"{self.ways[way] / number:6.1%}" for way in WAYS)
        ratio = self.full / self.incremental if self.incremental else 0.0
        full, incremental = self.full / number * 1000, self.incremental / number * 1000
        return (
            f"{name:26.26} {self.documents:5} {self.entries:8,} {self.read:7,}"
            f" {len(self.differences):5} {ways}"
            f" {full:8.2f} {incremental:8.2f} {ratio:6.1f}"
        )


TITLE = (
    f"{'':26} {'docs':>5} {'entries':>8} {'read':>7} {'diff':>5}"
    f" {'body':>6} {'items':>6} {'new':>6} {'whole':>6} {'after':>6} {'full ms':>8} {'incr ms':>8}"
    f" {'ratio':>6}"
)


class Reader:
    """Reads one feed's documents, one after the other, as the pipeline does."""

    def __init__(self, store: SqlStore, feed: Feed, *, whole: bool) -> None:
        self.store, self.whole = store, whole
        self.due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=START))
        with store.transaction() as tx:
            tx.configure_feeds([feed], START)

    def take(self, body: bytes, now: datetime) -> tuple[ReadResult, ToldApart, str, float]:
        """Take a document in; tell what it says, what is new, how it was read, and the time."""
        answer = Fetched(status=200, url=self.due.feed.url, body=body)
        with self.store.reading() as tx:
            before = None if self.whole else tx.imprint(self.due.feed.id)
        started = process_time()
        read = parse.read(self.due, answer, now, before)
        took = process_time() - started
        with self.store.transaction() as tx:
            found = told_apart(tx, self.due, answer, read, now)
            judged, apart = found.read, found.apart
            tx.keep(reversed(apart.fresh))
            tx.keep_edits(apart.edited, now)
            for known, one in apart.rekeyed:
                tx.rekey(known, one)
            tx.touch([*apart.again, *(known for known, _ in apart.rekeyed)], now)
            memory = replace(self.due.memory, visits=self.due.memory.visits + 1)
            if isinstance(judged, Document):
                tx.keep_imprint(self.due.feed.id, parse.remember(judged, apart))
                memory = replace(memory, body_hash=parse.body_hash(body))
            tx.record_visit(memory)
        self.due = replace(self.due, memory=memory)
        return judged or read, apart, _way(read, judged, before.envelope if before else None), took


def _way(read: ReadResult, judged: ReadResult | None, envelope: str | None) -> str:
    if isinstance(read, Unchanged):
        return "same body"
    if isinstance(judged, Document) and isinstance(read, Document) and read.shown:
        if not judged.shown:
            return "whole after all"
        same = read.imprint and read.imprint.envelope == envelope and not read.items
        return "same items" if same else "new items only"
    return "whole"


def compared(name: str, bodies: Iterable[bytes], stores: tuple[SqlStore, SqlStore]) -> Tally:
    """Read documents of one feed both ways and compare everything."""
    feed = Feed(id=FeedId(name), url=f"https://{name}.example/feed")
    one, other = Reader(stores[0], feed, whole=True), Reader(stores[1], feed, whole=False)
    tally = Tally()
    for number, body in enumerate(bodies):
        now = START + timedelta(hours=number)
        full, apart, _, took = one.take(body, now)
        part, part_apart, way, part_took = other.take(body, now)
        tally.documents += 1
        tally.ways[way] += 1
        tally.full += took
        tally.incremental += part_took
        where = f"{name} [{number}]"
        tally.differences += [f"{where}: {what}" for what in _differences(full, part)]
        if apart != part_apart or _harvest(apart) != _harvest(part_apart):
            tally.differences.append(f"{where}: told apart otherwise")
        if isinstance(part, Document):
            tally.entries += len(part.entries)
            tally.read += len(part.items)
    if held(stores[0], feed.id) != held(stores[1], feed.id):
        tally.differences.append(f"{name}: the stores do not hold the same")
    return tally


def _differences(full: ReadResult, part: ReadResult) -> Iterator[str]:
    if not isinstance(full, Document) or not isinstance(part, Document):
        if full != part:
            yield f"{full} is {part}"
        return
    for key in CHANNEL:
        if getattr(full, key) != getattr(part, key):
            yield f"{key}: {getattr(full, key)!r} is {getattr(part, key)!r}"
    if len(full.entries) != len(part.entries):
        yield f"{len(full.entries)} entries are {len(part.entries)}"
    for whole, entry in zip(full.items, part.entries, strict=False):
        yield from _difference(whole, entry)


def _difference(whole: Item, entry: Item | Shown) -> Iterator[str]:
    if isinstance(entry, Item):
        if whole != entry:
            yield f"{whole} is {entry}"
        return
    for key in NAMES:
        if getattr(whole, key) != getattr(entry, key):
            yield f"{whole.id}: {key}: {getattr(whole, key)!r} is {getattr(entry, key)!r}"


def _harvest(apart: ToldApart) -> Harvest:
    again = len(apart.again) + len(apart.rekeyed)
    return Harvest(fresh=len(apart.fresh), edited=len(apart.edited), again=again)


def held(store: SqlStore, feed: FeedId) -> list[object]:
    """Give all that a store holds of a feed's items, numbers aside."""
    with store.reading() as tx:
        connection: Connection = tx._connection
        mine = select(item.c.id).where(item.c.feed == feed)
        columns = [column for column in item.columns if column.name != "number"]
        names = select(item.c.id, known_by.c.key).join(known_by, known_by.c.item == item.c.number)
        questions = (
            select(*columns).where(item.c.feed == feed).order_by(item.c.id),
            select(item_version).where(item_version.c.item.in_(mine)).order_by(*item_version.c),
            names.where(item.c.feed == feed).order_by(item.c.id, known_by.c.key),
        )
        return [tuple(row) for question in questions for row in connection.execute(question)]


# --- documents ----------------------------------------------------------------------------------


def timeline(path: Path) -> Iterator[bytes]:
    """Give a timeline's snapshots in their order."""
    with tarfile.open(path, "r:xz") as archive:
        for member in archive:
            opened = archive.extractfile(member)
            if opened is not None:
                yield opened.read()


def as_it_changes(body: bytes) -> Iterator[bytes]:
    """Make a document the last one of a feed that changed before, and changes after."""
    parts = cut_up(body)
    if parts is None:
        yield from (body, body + b"\n")
        return
    places = range(len(parts.slices))
    yield parts.with_only(places[::2])
    yield body
    yield parts.with_only(places[1:])
    yield parts.with_only(places[::-1])
    yield body


def cut_up(body: bytes) -> Cut | None:
    """Cut a document into its items, if it can be."""
    try:
        ready = prepared(body, {})
    except NotAFeedError:
        return None
    return cut(ready.body, ITEMS_AT_MOST) if ready.utf8 and not ready.faults else None


def main() -> int:
    """Compare everything there is, print what came of it, and say 1 if anything differs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="what the name begins with")
    only = arguments.parse_args().only
    if not FEEDS.is_dir():
        print(f"NOTHING COMPARED: there is no {FEEDS}", file=sys.stderr)
        return 1
    stores = open_store("sqlite://"), open_store("sqlite://")
    print(TITLE)
    whole, hourly = Tally(), Tally()
    for path in sorted((FEEDS / "timelines").glob(f"{only}*.tar.xz")):
        name = path.name.removesuffix(".tar.xz")
        tally = compared(name, timeline(path), stores)
        print(tally.told(name), flush=True)
        whole.add(tally)
        if name.startswith(("olshansk-", "xxy-")):
            hourly.add(tally)
    print(hourly.told("hourly timelines"))
    for group in ("real", "conformance"):
        together = Tally()
        for path in sorted((FEEDS / group).glob(f"{only}*")):
            name = f"{group}/{path.name}"
            together.add(compared(name, as_it_changes(path.read_bytes()), stores))
        print(together.told(group), flush=True)
        whole.add(together)
    print(whole.told("all"))
    print("\n".join(difference[:2_000] for difference in whole.differences[:20]))
    return 1 if whole.differences else 0


if __name__ == "__main__":
    sys.exit(main())
