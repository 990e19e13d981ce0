"""Replays recorded timelines twice and holds what comes of them against the documents themselves.

    python tools/replay_timelines.py [--data ../shared/data/feeds/dev/timelines] [NAME …]

Exit 1 where the two runs differ by a byte, where a feed has an item twice, or where the notices of
gaps are not those that the documents ask for. Gaps are found anew, by feedparser and nothing else:
a document has one before it where it shows items, and neither guid, link nor title of any of them
was in the last document that showed items. So a feed that was empty so far has no gap, and one that
was emptied has one only if it comes back with other items. `retold` counts items with the title and
text of an earlier one that have another guid or link: feeds do that, and so would a fault.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import feedparser

from watcher.cli.replaying import replay_records
from watcher.model import Fetched, Item, Visit
from watcher.ports import Store
from watcher.recording import merged, sources_in, surveyed
from watcher.replay import Tally, play, set_up
from watcher.store import open_store

DATA = Path("../shared/data/feeds/dev/timelines")
RULES = {
    "openai": "OpenAI OR ChatGPT",
    "anthropic": "Anthropic OR Claude",
    "chips": "Nvidia OR TSMC OR =AMD",
    "privacy": "privacy OR surveillance OR encryption",
    "breach": '"data breach" OR ransomware OR "zero day" OR vulnerability',
    "markets": 'inflation OR tariff OR "interest rate" OR bourse',
    "energy": "Energie OR Wasserstoff OR energy",
    "linux": "Linux OR docker OR self-hosted",
    "space": "NASA OR SpaceX OR satellite",
    "europe": "EU OR Europe OR Bruxelles",
}
EVER = datetime(1970, 1, 1, tzinfo=UTC)
PAGE = 1000


@dataclass
class Ran:
    """What one run came to."""

    output: bytes
    tallies: dict[str, Tally] = field(default_factory=dict)
    gaps: set[tuple[str, datetime]] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    retold: Counter[str] = field(default_factory=Counter)  # the same words under another name


def run(names: Sequence[Path], *, look: bool) -> Ran:
    """Replay the timelines together; with `look`, look through the items too."""
    with tempfile.TemporaryDirectory() as folder:
        rules, state = Path(folder, "rules.yaml"), str(Path(folder, "replay.db"))
        listed = [{"id": name, "when": when} for name, when in RULES.items()]
        rules.write_text(json.dumps({"version": 1, "rules": listed}))  # YAML reads JSON
        sources = sources_in(names)
        survey = surveyed(sources)
        ran, lines, items = Ran(output=b""), [], Items()
        store: Store | None = None
        config = set_up(None, rules, survey, state)
        for number, came in enumerate(play(config, survey, merged(sources)), 1):
            feed = came.feed if isinstance(came, Visit) else came.message.lead.feed  # type: ignore[union-attr]
            ran.tallies.setdefault(feed, Tally()).add(came)
            lines += [json.dumps(record, ensure_ascii=False) for record in replay_records(came)]
            if isinstance(came, Visit):
                gaps = [notice for notice in came.notices if notice.topic == "gap"]
                ran.gaps |= {(notice.feed, came.at) for notice in gaps}
            if look and isinstance(came, Visit) and came.fresh:
                store = store or open_store(state)
                items.look(store)
            if look and number % 500 == 0:
                print(f"  {number} visits and alerts", file=sys.stderr, flush=True)
        ran.output = "\n".join(lines).encode()
        ran.twice, ran.retold = items.twice, items.retold
        if store:
            store.close()
        return ran


class Items:
    """The items as they come, and those that came before under another id."""

    def __init__(self) -> None:
        self.last = 0
        self.by_guid: dict[tuple[str, str, str], Item] = {}
        self.by_page: dict[tuple[str, str, str], Item] = {}
        self.by_words: dict[tuple[str, str, str], Item] = {}
        self.twice: list[str] = []
        self.retold: Counter[str] = Counter()

    def look(self, store: Store) -> None:
        """Take the items that were kept since the last look."""
        while True:
            with store.reading() as tx:
                page = tx.past_items(EVER, self.last, PAGE)
            for past in page:
                self.last = past.number
                self._add(past.item)
            if not page:
                return

    def _add(self, item: Item) -> None:
        named = (item.feed, item.guid or item.id, item.normal_link)
        before = self.by_guid.setdefault(named, item)
        if before.id != item.id:
            self.twice.append(f"{item.feed}: guid {item.guid!r}: {before.id} and {item.id}")
        if not item.title:
            return
        words = (item.feed, item.title.casefold(), item.summary or item.content)
        self.retold[item.feed] += self.by_words.setdefault(words, item).id != item.id
        if not item.normal_link:
            return
        key = (item.feed, item.normal_link, item.title.casefold())
        before = self.by_page.setdefault(key, item)
        if before.id != item.id:
            self.twice.append(f"{item.feed}: page {item.link!r}: {before.id} and {item.id}")


def gaps_in(path: Path) -> set[tuple[str, datetime]]:
    """Find where documents have nothing in common with the last one that showed anything."""
    found: set[tuple[str, datetime]] = set()
    before: set[str] = set()
    for record in sources_in([path])[0].records():
        if not isinstance(record.answer, Fetched):
            continue
        names = set(names_in(record.answer.body))
        if not names:
            continue
        if before and not names & before:
            found.add((record.feed, record.at))
        before = names
    return found


def names_in(body: bytes) -> Iterator[str]:
    """Name the items of a document in each way that they may be known by."""
    for entry in feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries:
        for name in ("id", "link", "title"):
            if text := str(entry.get(name, "")).strip():
                yield f"{name} {text.casefold()}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("names", nargs="*", help="only these timelines")
    chosen = options.parse_args()
    paths = sorted(chosen.data.glob("*.tar.xz")) if chosen.data.is_dir() else []
    if not paths:
        sys.exit(f"LOUDLY: {chosen.data} holds no timelines, so there is nothing to replay")
    wanted = [path for path in paths if not chosen.names or path.name.split(".")[0] in chosen.names]
    # fresh processes, so that their hashes differ: order must not come from chance
    with ProcessPoolExecutor(2, get_context("spawn"), max_tasks_per_child=1) as pool:
        runs = [pool.submit(run, wanted, look=look) for look in (True, False)]
        gaps = [pool.submit(gaps_in, path) for path in wanted]
        first, second = (one.result() for one in runs)
        asked = set().union(*(one.result() for one in gaps))
    sys.exit(report(first, second, asked))


def report(first: Ran, second: Ran, asked: set[tuple[str, datetime]]) -> int:
    columns = (
        "timeline",
        "documents",
        "items",
        "edits",
        "copies",
        "gaps",
        "alerts",
        "asked gaps",
        "retold",
    )
    print("".join(f"{name:>12}" if n else f"{name:26}" for n, name in enumerate(columns)))
    of_feed = Counter(feed for feed, _ in asked)
    for name, tally in sorted(first.tallies.items()):
        row = (tally.documents, tally.items, tally.edits, tally.copies, tally.gaps, tally.alerts)
        print(
            f"{name:26}"
            + "".join(f"{number:12}" for number in (*row, of_feed[name], first.retold[name]))
        )
    failures = [f"an item is there twice: {line}" for line in first.twice]
    failures += [
        f"no notice of the gap: {feed} {at:%Y%m%dT%H%M%SZ}"
        for feed, at in sorted(asked - first.gaps)
    ]
    failures += [
        f"a notice and no gap: {feed} {at:%Y%m%dT%H%M%SZ}"
        for feed, at in sorted(first.gaps - asked)
    ]
    if first.output != second.output:
        failures.append("the second run told something else than the first")
    print(f"{len(first.output)} bytes of output, the same twice: {first.output == second.output}")
    print("\n".join(failures) if failures else "no item twice; every gap told, and no other")
    return 1 if failures else 0


if __name__ == "__main__":
    main()
