"""Print how well `stories` tells copies from look-alikes, on labelled pairs beside the checkout.

Usage: python tools/evaluate_stories.py [--each N] [--show]

The pairs are feed items of publishers and are not part of this project; they are looked for in
`../shared/data/dedup/dev` beside the checkout. Without them there is nothing to measure, and the
exit code is 1.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from watcher.model import FeedId, Item, ItemId, StoryId, Told, Verdict
from watcher.stories import new_facts, place

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "dedup" / "dev"
THEN = datetime(2026, 1, 1, tzinfo=UTC)


def item(record: Mapping[str, str], number: str, feed: str, days: int) -> Item:
    return Item(
        id=ItemId(number),
        feed=FeedId(feed),
        title=record.get("title", ""),
        summary=record.get("summary", ""),
        content=record.get("body", ""),
        seen_at=THEN + timedelta(days=days),
    )


def told(one: Item) -> Told:
    return Told(item=one, story=StoryId(one.id), lead=True)


def lines(name: str) -> Iterator[dict]:
    with (DATA / name).open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def pairs() -> Iterator[tuple[str, dict, dict]]:
    """Yield (set, earlier, later) for every labelled pair."""
    for record in lines("pairs_spun.jsonl"):
        yield f"copy  {record['spinner']}", record["orig"], record["copy"]
    for record in lines("pairs_real_labelled.jsonl"):
        wanted = "copy " if record["label"] == "D" else "apart"
        yield f"{wanted} real {record['label']} {record['kind']}", record["a"], record["b"]
    for name in ("2013", "2014"):
        for record in lines(f"sts_headlines_{name}.jsonl"):
            if record["score"] < 2:
                yield "apart titles rated below 2", {"title": record["a"]}, {"title": record["b"]}
    bodies = {record["id"]: record for record in lines("fnc1_bodies.jsonl")}
    for record in lines("fnc1_pairs.jsonl"):
        if record["label"] in "DS":
            wanted = "copy " if record["label"] == "D" else "apart"
            yield f"{wanted} articles", bodies[record["a"]], bodies[record["b"]]
    fixtures = {record["id"]: record for record in lines("blackberry_pakistan.jsonl")}
    for record in fixtures.values():
        if record["label"] != "O":
            wanted = "copy " if record["label"] == "D" else "apart"
            yield f"{wanted} founding story {record['label']}", fixtures["orig"], record


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=10**9, help="pairs of a set, at most")
    options.add_argument("--show", default="", help="print the errors of the sets so named")
    options.add_argument("--within", action="store_true", help="as if all came from one feed")
    asked = options.parse_args()
    if not DATA.is_dir():
        print(f"no labelled pairs: {DATA} is not there, nothing was measured", file=sys.stderr)
        return 1
    verdicts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    adding: Counter[str] = Counter()  # copies that bring a name or number, for `facts: yes`
    spent: dict[str, float] = defaultdict(float)
    for name, earlier, later in pairs():
        if sum(verdicts[name].values()) >= asked.each:
            continue
        one = item(earlier, "earlier", "one", 0)
        other = item(later, "later", "one" if asked.within else "other", 1)
        begun = perf_counter()
        placed = place(other, (), (), (told(one),))
        spent[name] += perf_counter() - begun
        verdicts[name][placed.verdict] += 1
        adding[name] += placed.verdict is Verdict.COPY and bool(new_facts(other, [one]))
        wrong = (placed.verdict is Verdict.COPY) != name.startswith("copy")
        if asked.show and asked.show in name and wrong:
            print(f"\n{placed.verdict} {placed.score} {placed.because}", earlier, later, sep="\n  ")
    print(f"{'set':34}{'pairs':>7}{'copy':>8}{'related':>9}{'new':>7}{'adding':>8}{'ms/pair':>9}")
    for name in sorted(verdicts, reverse=True):
        count, total = verdicts[name], sum(verdicts[name].values())
        shares = "".join(
            f"{count[verdict] / total:>{width}.3f}"
            for verdict, width in ((Verdict.COPY, 8), (Verdict.RELATED, 9), (Verdict.NEW, 7))
        )
        shares += f"{adding[name]:>8}"
        print(f"{name:34}{total:>7}{shares}{1000 * spent[name] / total:>9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
