"""The index in memory of what was told, in step with the database."""

from array import array
from collections.abc import Callable, Iterator
from datetime import datetime
from struct import pack
from sys import byteorder
from threading import RLock

from sqlalchemy import Connection, func, select

from watcher.model import Sketch
from watcher.store.tables import story_text as texts
from watcher.stories import Recall, held_since

AT_ONCE = 5_000


class Recalled:
    """Shared by the transactions of a store; loaded when it is first asked.

    It holds the texts of the window that is asked for, from the beginning of the day before on, so
    that it forgets once a day. Other processes that write to the same database are caught up with
    by number, once a transaction: texts get their numbers while no other transaction takes in
    (`ports.Transaction.take_in_alone`), so none comes in late. Where that is not so, it is loaded
    anew.
    """

    def __init__(self) -> None:
        self._recall = Recall()
        self._turn = RLock()
        self._floor: datetime | None = None  # None: not loaded
        self._is_forgetting = True
        self._loads = 0

    def like(self, reader: "Reader", sketch: Sketch, since: datetime, limit: int) -> list[int]:
        """Find the numbers of the items that share the most with a text; see `Recall.like`."""
        with self._turn:
            self._reach(reader, since)
            return self._recall.like(sketch, since, limit)

    def _reach(self, reader: "Reader", since: datetime) -> None:
        """Hold the window that begins then, and no more than that."""
        floor = held_since(since)
        if self._floor is None:
            self._load(reader, floor)
        elif since < self._floor:
            self._is_forgetting = False  # what is asked for is not in the order of time
            self._load(reader, floor)
        elif floor > self._floor and self._is_forgetting:
            self._recall.forget_before(floor)
            self._floor = floor
        self._catch_up(reader)

    def _load(self, reader: "Reader", floor: datetime) -> None:
        self._recall = Recall()
        self._floor = floor
        self._loads += 1
        first = select(func.min(texts.c.id)).where(texts.c.seen_at >= floor).scalar_subquery()
        self._hold(reader.connection(), texts.c.id >= first)
        reader.loads = self._loads

    def _catch_up(self, reader: "Reader") -> None:
        if reader.loads != self._loads:
            self._hold(reader.connection(), texts.c.id > self._recall.last)
            reader.loads = self._loads

    def _hold(self, connection: Connection, which: object) -> None:
        query = select(texts).where(which).order_by(texts.c.id)  # type: ignore[arg-type]
        rows = connection.execute(query.execution_options(yield_per=AT_ONCE))
        for row in rows:
            self._recall.add(row.id, row.item, row.seen_at, unpacked(row.words, row.text))

    def add(self, reader: "Reader", number: int, item: int, at: datetime, sketch: Sketch) -> None:
        """Hold a text that this transaction has just written."""
        with self._turn:
            reader.added.append((number, sketch))
            if self._floor is None:
                return
            self._catch_up(reader)  # finds it too where it has not been caught up with before
            if number > self._recall.last:
                self._recall.add(number, item, at, sketch)
            elif not self._recall.holds(number):
                self._floor = None

    def committed(self, reader: "Reader") -> None:
        """Make sure that what a transaction wrote is held."""
        with self._turn:
            if any(not self._recall.holds(number) for number, _ in reader.added):
                self._floor = None

    def rolled_back(self, reader: "Reader") -> None:
        """Forget what a transaction added."""
        with self._turn:
            for number, sketch in reader.added:
                self._recall.take_back(number, sketch)


class Reader:
    """What the index has to know of a transaction."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self.connection = connection  # with all written that the transaction has decided
        self.loads = -1  # which loading of the index it has caught up with
        self.added: list[tuple[int, Sketch]] = []


def packed(sketch: Sketch) -> dict[str, bytes]:
    """Write a sketch as columns of its table."""
    return {
        "words": pack(f"<{len(sketch.words)}I", *sketch.words),
        "text": pack(f"<{len(sketch.text)}H", *sketch.text),
    }


def unpacked(words: bytes, text: bytes) -> Sketch:
    """Read a sketch from the columns of its table."""
    return Sketch(words=tuple(_numbers("I", words)), text=tuple(_numbers("H", text)))


def _numbers(kind: str, column: bytes) -> Iterator[int]:
    found = array(kind)
    found.frombytes(column)
    if byteorder == "big":
        found.byteswap()
    return iter(found)
