"""Speed, memory and cold start of story identity with so many items in the window.

python bench/story_cost.py SIZE

The items are the real ones, each many times with most of its names and numbers renamed, so that
words are as frequent as in life. Runs in a process of its own: it tells the memory of all of it.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.loading import memory
from bench.story_data import BEGIN, STREAMS, crowded, stream
from bench.story_shelf import Shelf
from watcher import stories
from watcher.model import Sketch
from watcher.pipeline import place
from watcher.store import open_store
from watcher.store.recalled import packed
from watcher.store.types import microseconds

DATA = Path(__file__).parents[2] / "shared" / "data" / "dedup" / "dev"
RENAMED = 0.6  # share of the first words of a sketch, which are names and numbers
MEASURED = 3_000


def main() -> int:
    """Print one line for each figure."""
    size = int(sys.argv[1])
    rng = Random(size)
    items = [item for names in STREAMS.values() for name in names for item in stream(DATA, name)]
    rng.shuffle(items)
    measured, held = crowded(items[:MEASURED]), items[MEASURED:]
    sketches = [stories.sketch(item) for item in held]
    before = memory("VmRSS")
    shelf = Shelf()
    window = timedelta(days=10)
    for number, sketch in enumerate(islice(_clones(sketches, rng), size), 1):
        shelf.recall.add(number, number, BEGIN + number * window / size, sketch)
    print(f"\n{size:,} items in the window: index of {memory('VmRSS') - before} MB")
    shelf.hold(size, lambda number: held[(number - 1) % len(held)])
    later = BEGIN + window
    begun = time.process_time()
    for item in measured:
        place(shelf, replace(item, seen_at=later), later)  # type: ignore[arg-type]
    spent = 1_000 * (time.process_time() - begun) / len(measured)
    print(f"{size:,} items in the window: {spent:.2f} ms an item, reading it included (wanted 0.8)")
    print(f"{size:,} items in the window: cold start {_cold_start(sketches, size):.1f} s")
    return 0


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
