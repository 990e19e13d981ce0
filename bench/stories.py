"""Measures story identity beside its peers, on real items, in one run: `make bench-stories`.

End to end: a stream of real items, and copies of some of them that come a day later from another
source, made afresh by the spinners of `tools/spinning`. Recall is told for each kind of copy. Then
what is merged that must not be, on labelled pairs; speed, memory and cold start; and every copy
found across publishers in the streams as they were, to be read (`--list FILE`).

python bench/stories.py [--split fit|check|all] [--each 300] [--seed 7] [--list FILE]
                        [--only recall|pairs|replay|cost …] [--without-peers] [--quick]
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.story_data import KINDS, STREAMS, Copied, Kind, copies, crowded, documents, stream
from bench.story_peers import PEERS
from tools.evaluate_stories import item as paired
from tools.evaluate_stories import pairs, told
from tools.spinning import Text
from watcher import stories
from watcher.model import Item, Placement, Verdict
from watcher.pipeline import place_stream
from watcher.shelf import Shelf

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data" / "dedup" / "dev"
FEEDS = DATA.parents[1] / "feeds"
PARTS = ("recall", "pairs", "replay", "cost")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("fit", "check", "all"), default="all")
    parser.add_argument("--each", type=int, default=300, help="copies of a kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--list", type=Path, help="where to write the copies of the replay")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--sizes", nargs="+", type=int, default=[200_000, 1_000_000])
    asked = parser.parse_args()
    if not DATA.is_dir():
        print(f"NOT MEASURED: the real items are not there ({DATA})", file=sys.stderr)
        return 1
    names = [name for split in ("fit", "check") if asked.split in (split, "all")
             for name in STREAMS[split]]  # fmt: skip
    streams = {name: list(stream(DATA, name)) for name in names}
    print(f"split {asked.split}: " + ", ".join(f"{k} {len(v):,}" for k, v in streams.items()))
    if asked.list:
        asked.list.unlink(missing_ok=True)
    everything = [item for items in streams.values() for item in items]
    if "recall" in asked.only:
        recall(crowded(everything), asked.each, asked.seed, peers=not asked.without_peers)
    if "pairs" in asked.only:
        wrong_merges(peers=not asked.without_peers)
    if "replay" in asked.only:
        replay(everything, "the streams", asked.list)
        replay(crowded(list(documents(FEEDS))), "whole feed documents", asked.list)
    if "cost" in asked.only:
        for size in asked.sizes:
            subprocess.run([sys.executable, ROOT / "bench/story_cost.py", str(size)], check=True)
    return 0


# --- end to end -----------------------------------------------------------------------------------


def recall(items: list[Item], each: int, seed: int, *, peers: bool) -> None:
    """Print how many copies of each kind join the story of their original."""
    made = list(copies(items, KINDS, each, seed))
    for kind in KINDS:
        if all(copied.kind is not kind for copied in made):
            print(f"NOT MEASURED: {kind.name}: its dictionary is not installed", file=sys.stderr)
    found, seconds = _placed(items, made)
    columns: dict[str, Counter[Kind]] = {"Watcher": found}
    asked = {"Watcher": Counter(copied.kind for copied in made)}
    if peers:
        for name, hits, tried in _of_peers(items, made):
            columns[name], asked[name] = hits, tried
    print(f"\nrecall, end to end, {len(items):,} items in the window, seed {seed}")
    print(f"{'copies':36}{'made':>6}{'wanted':>8}" + "".join(f"{name:>20}" for name in columns))
    for kind in KINDS:
        if asked["Watcher"][kind]:
            shares = "".join(
                f"{hits[kind] / max(1, asked[name][kind]):>20.3f}" for name, hits in columns.items()
            )
            print(f"{kind.name:36}{asked['Watcher'][kind]:>6}{kind.wanted:>8.2f}{shares}")
    total = len(items) + len(made)
    print(f"{'Watcher, milliseconds an item':36}{1_000 * seconds / total:>34.2f}")


def _placed(items: Sequence[Item], made: Sequence[Copied]) -> tuple[Counter[Kind], float]:
    arriving = sorted((*items, *(one.item for one in made)), key=lambda item: item.seen_at)
    begun = time.process_time()
    placed = {item.id: placement for item, placement in place_stream(Shelf(), arriving)}
    seconds = time.process_time() - begun
    found: Counter[Kind] = Counter()
    for one in made:
        placement = placed[one.item.id]
        joined = placement.story == placed[one.original.id].story
        found[one.kind] += joined and placement.verdict is Verdict.COPY
    return found, seconds


def _of_peers(
    items: Sequence[Item], made: Sequence[Copied]
) -> Iterator[tuple[str, Counter[Kind], Counter[Kind]]]:
    number = {item.id: n for n, item in enumerate(items)}
    for peer in PEERS:
        index = peer.index()
        for n, item in enumerate(items):
            index.add(n, Text(item.title, item.summary))
        hits: Counter[Kind] = Counter()
        tried: Counter[Kind] = Counter()
        begun = time.process_time()
        for one in made:
            if tried[one.kind] < peer.asked:
                tried[one.kind] += 1
                same = index.same(Text(one.item.title, one.item.summary))
                hits[one.kind] += number[one.original.id] in same
        spent = 1_000 * (time.process_time() - begun) / max(1, sum(tried.values()))
        print(f"{peer.name}: {spent:.2f} ms a look", file=sys.stderr)
        yield peer.name, hits, tried


# --- labelled pairs -------------------------------------------------------------------------------


def wrong_merges(*, peers: bool) -> None:
    """Print what share of each labelled set is merged, by us and by the peers."""
    merged: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for name, earlier, later in pairs():
        if name.startswith("copy  "):
            continue  # spun by others: what is spun here is told end to end
        sizes[name] += 1
        one, other = paired(earlier, "earlier", "one", 0), paired(later, "later", "other", 1)
        placed = stories.place(other, (), (), (told(one),))
        merged[name]["Watcher"] += placed.verdict is Verdict.COPY
        for peer in PEERS if peers else ():
            index = peer.index()
            index.add(1, Text(one.title, one.summary or one.content))
            merged[name][peer.name] += bool(
                index.same(Text(other.title, other.summary or other.content))
            )
    columns = ["Watcher", *(peer.name for peer in PEERS if peers)]
    print("\nlabelled pairs, share merged: wanted high for copies, low for what is apart")
    print(f"{'set':36}{'pairs':>6}" + "".join(f"{name:>20}" for name in columns))
    for name in sorted(sizes, reverse=True):
        shares = "".join(f"{merged[name][column] / sizes[name]:>20.3f}" for column in columns)
        print(f"{name:36}{sizes[name]:>6}{shares}")


# --- as it was ------------------------------------------------------------------------------------


def replay(items: Sequence[Item], name: str, listed: Path | None) -> None:
    """Place items as they came; add every copy across publishers to a list."""
    by_id = {item.id: item for item in items}
    found: list[tuple[Item, Item, Placement]] = []
    verdicts: Counter[str] = Counter()
    arriving = sorted(items, key=lambda one: one.seen_at)
    for item, placement in place_stream(Shelf(), arriving):
        verdicts[placement.verdict] += 1
        if placement.verdict is Verdict.COPY and placement.of is not None:
            original = by_id[placement.of]
            across = original.feed != item.feed
            verdicts["across publishers" if across else "within one"] += 1
            if across:
                found.append((original, item, placement))
    print(
        f"\nreplay of {name}, {len(items):,} items: "
        + ", ".join(f"{v} {k}" for k, v in verdicts.items())
    )
    if listed is not None:
        with listed.open("a", encoding="utf-8") as lines:
            for original, item, placement in found:
                record = {
                    "score": placement.score, "because": placement.because,
                    "original": [original.feed, original.title, original.summary],
                    "copy": [item.feed, item.title, item.summary],
                }  # fmt: skip
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        print(f"{len(found)} copies across publishers in {listed}: read them")


if __name__ == "__main__":
    sys.exit(main())
