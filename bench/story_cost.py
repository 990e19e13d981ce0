"""Speed, memory and cold start of story identity with so many items in the window.

python bench/story_cost.py SIZE

The items are the real ones, each many times with most of its names and numbers renamed, so that
words are as frequent as in life. Runs in a process of its own: it tells the memory of all of it.
"""

import gc
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.loading import memory
from bench.story_data import BEGIN, STREAMS, crowded, stream
from watcher import stories
from watcher.model import Item, ItemId, Sketch, StoryId, Told
from watcher.pipeline import place_stream
from watcher.shelf import Shelf
from watcher.store import open_store
from watcher.store.recalled import packed
from watcher.store.types import microseconds

DATA = Path(__file__).parents[2] / "shared" / "data" / "dedup" / "dev"
RENAMED = 0.6  # share of the first words of a sketch, which are names and numbers
MEASURED = 3_000
CROWD = 1 << 40  # the items of the crowd have higher numbers


def main() -> int:
    """Print one line for each figure."""
    size = int(sys.argv[1])
    rng = Random(size)
    items = [item for names in STREAMS.values() for name in names for item in stream(DATA, name)]
    rng.shuffle(items)
    measured, held = crowded(items[:MEASURED]), items[MEASURED:]
    sketches = [stories.sketch(item) for item in held]
    before = memory("VmRSS")
    shelf = _Crowded(held)
    window = timedelta(days=10)
    for number, sketch in enumerate(islice(_clones(sketches, rng), size), 1):
        shelf.recall.add(number, CROWD + number, BEGIN + number * window / size, sketch)
    print(f"\n{size:,} items in the window: index of {memory('VmRSS') - before} MB")
    later = [replace(item, seen_at=BEGIN + window) for item in measured]
    gc.collect()
    gc.freeze()  # the crowd's items are ours to make, and no daemon's to walk through
    begun = time.process_time()
    for _ in place_stream(shelf, later):
        pass
    spent = 1_000 * (time.process_time() - begun) / len(measured)
    print(f"{size:,} items in the window: {spent:.2f} ms an item, reading it included (wanted 0.8)")
    print(f"{size:,} items in the window: cold start {_cold_start(sketches, size):.1f} s")
    return 0


class _Crowded(Shelf):
    """A shelf with an index full of texts, whose items are made when they are looked at."""

    def __init__(self, held: list[Item]) -> None:
        super().__init__()
        self._crowd = held

    def told_like(self, sketch: Sketch, since: datetime, limit: int) -> tuple[Told, ...]:
        """Find items by their words, those of the crowd and those that came since."""
        numbers = self.recall.like(sketch, since, limit)
        since_then = self._told([self._held[number] for number in numbers if number < CROWD])
        return (*(self._made(number - CROWD) for number in numbers if number > CROWD), *since_then)

    def _made(self, number: int) -> Told:
        item = self._crowd[(number - 1) % len(self._crowd)]
        item = replace(item, id=ItemId(f"held-{number}"))
        return Told(item=item, story=StoryId(item.id), lead=True)


def _clones(sketches: list[Sketch], rng: Random) -> Iterator[Sketch]:
    """Yield the sketches again and again, from the second time on with most names renamed."""
    turn = 0
    while True:
        for sketch in sketches:
            yield sketch if not turn else _renamed(sketch, turn, rng)
        turn += 1


def _renamed(sketch: Sketch, turn: int, rng: Random) -> Sketch:
    telling = len(sketch.words) // 2
    return Sketch(
        words=tuple(
            (word * (2 * turn + 1)) & 0xFFFF_FFFF
            if n < telling and rng.random() < RENAMED
            else word
            for n, word in enumerate(sketch.words)
        ),
        text=sketch.text,
    )


def _cold_start(sketches: list[Sketch], size: int) -> float:
    """Measure from opening a database with so many texts to the first answer, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "watcher.db"
        open_store(str(path)).close()
        rng = Random(1)
        day = timedelta(days=10)
        with sqlite3.connect(path) as connection:
            connection.executemany(
                "INSERT INTO story_text (item, seen_at, words, text) VALUES (?, ?, ?, ?)",
                (
                    (n, microseconds(BEGIN + n * day / size), *packed(sketch).values())
                    for n, sketch in enumerate(islice(_clones(sketches, rng), size), 1)
                ),
            )
        connection.close()
        begun = time.perf_counter()
        store = open_store(str(path))
        with store.reading() as tx:
            tx.told_like(sketches[0], BEGIN, 12)
        spent = time.perf_counter() - begun
        store.close()
        return spent


if __name__ == "__main__":
    sys.exit(main())
