"""Measures the rule engine beside its peers, on real texts, in one run: `make bench-rules`.

CPU time of one core in microseconds an item, the best of some rounds in which all take turns;
ours includes making the item's words comparable. An item is made anew for every look at it.

python bench/rules.py [--quick] [--data FOLDER | --items FILE] [--seed 1]
"""

import argparse
import gc
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.drawn import Drawn, sample, written
from bench.peers import Find, Peer, loop, missing, peers
from bench.rule_sets import Corpus, TooFewTexts, booleans, phrases
from bench.texts import Published, Texts, texts_made_up, texts_of_data, texts_of_file
from watcher.model import FeedId, Item, ItemId, RuleId, RuleInfo
from watcher.rules import RuleSet, RuleSpec, compile_rules

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("title + summary", "article")
SIZES = (100, 1_000, 10_000, 100_000)
MEASURED = 10_000
LOOP = "re, a loop"
BUDGET = 2.0  # seconds that a slow peer gets for a size, at the least one item


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    sizes: tuple[int, ...]
    items: Mapping[str, int]
    rounds: int

    @property
    def measured(self) -> int:
        """The size that the targets are about."""
        return min(MEASURED, self.sizes[-1])


WHOLE = Plan(SIZES, {"title + summary": 2_000, "article": 200}, 5)
QUICK = Plan((50, 500), {"title + summary": 60, "article": 10}, 1)


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="everything, at a small size")
    options.add_argument("--data", type=Path, default=DATA, help="the folder of real texts")
    options.add_argument("--items", type=Path, help="items of one's own instead, lines of JSON")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    plan = QUICK if asked.quick else WHOLE
    try:
        texts = _texts(asked.data, asked.items, plan, asked.seed)
        bench = _Bench(texts, plan, asked.seed)
    except (OSError, TooFewTexts) as trouble:
        print(f"nothing was measured: {trouble}", file=sys.stderr)
        return 1
    bench.run()
    return 0


def _texts(data: Path, items: Path | None, plan: Plan, seed: int) -> Texts:
    if items is not None:
        return texts_of_file(items)
    counts = plan.items
    try:
        return texts_of_data(
            data, short=counts["title + summary"], articles=counts["article"], seed=seed
        )
    except OSError as trouble:
        print(f"NOT THE REAL TEXTS: {trouble}. Made-up ones instead: the figures mean little.")
        return texts_made_up(seed)


class _Bench:
    """One run."""

    def __init__(self, texts: Texts, plan: Plan, seed: int) -> None:
        self.texts, self.plan, self.seed = texts, plan, seed
        self.corpus = Corpus(texts.corpus, often=1.0 if len(texts.corpus) < 5_000 else 0.002)
        self.items: Mapping[str, Sequence[Published]] = {
            kind: [one.plain for one in some]
            for kind, some in zip(KINDS, (texts.short, texts.articles), strict=True)
        }
        self.phrases = [p.words for p in phrases(self.corpus, plan.sizes[-1], seed=seed)]

    def run(self) -> None:
        print(f"texts: {self.texts.source}; seed {self.seed}")
        for kind, some in self.items.items():
            words = sum(len(one.whole.split()) for one in some) / max(1, len(some))
            print(f"  {kind}: {len(some)} items of {words:.0f} words")
        if missing():
            print(f"not installed, so not measured: {', '.join(missing())}")
        for kind in KINDS:
            self._phrases(kind)
        self._idle()
        self._booleans()
        self._load()

    # --- phrases, beside the peers ----------------------------------------------------------------

    def _phrases(self, kind: str) -> None:
        print(f"\n{kind}: microseconds an item, phrases")
        print(f"{'':30}" + "".join(f"{size:>13,}" for size in self.plan.sizes) + "   rules")
        costs: dict[str, dict[int, float]] = {}
        agreeing: dict[str, str] = {}
        for size in self.plan.sizes:
            chosen = self.phrases[:size]
            ours = _compiled(map(_quoted, chosen))
            runs = {"watcher": _ours(ours)}
            built = {peer.name: peer for peer in peers() if size <= peer.largest}
            runs |= {name: peer.build(chosen) for name, peer in built.items()}
            for name, cost in _in_turns(runs, self.items[kind], self.plan.rounds).items():
                costs.setdefault(name, {})[size] = cost
            if size == self.plan.measured:
                agreeing = self._agreement(kind, chosen, runs, built)
        for name, by_size in costs.items():
            cells = (f"{by_size[size]:>13,.1f}" if size in by_size else f"{'-':>13}"
                     for size in self.plan.sizes)  # fmt: skip
            print(f"{name:30}" + "".join(cells))
        self._ratios(costs)
        for line in agreeing.values():
            print(line)

    def _ratios(self, costs: Mapping[str, Mapping[int, float]]) -> None:
        least, most, measured = self.plan.sizes[0], self.plan.sizes[-1], self.plan.measured
        ours = costs["watcher"]
        for name in costs:
            if name != "watcher" and measured in costs[name]:
                ratio = costs[name][measured] / ours[measured]
                wanted = " (wanted: 1,000)" if name == LOOP else ""
                print(f"  {name} / watcher at {measured:,} rules: {ratio:,.2f}{wanted}")
        grown = ours[most] / ours[least]
        print(f"  watcher at {most:,} / at {least:,} rules, with the hits that more rules have: "
              f"{grown:.2f}")  # fmt: skip

    def _agreement(
        self,
        kind: str,
        chosen: Sequence[str],
        runs: Mapping[str, Find],
        built: Mapping[str, Peer],
    ) -> dict[str, str]:
        """Tell whether all find the same in some items, and why not."""
        some = self.items[kind][: max(5, len(self.items[kind]) // 20)]
        found = {name: [run(one.whole) for one in some] for name, run in runs.items()}
        told = {}
        for name, peer in built.items():
            both = zip(found["watcher"], found[name], some, strict=True)
            more, fewer = [], []
            for ours, theirs, one in both:
                more += [(chosen[number], one) for number in ours - theirs]
                fewer += [(chosen[number], one) for number in theirs - ours]
            same = sum(map(len, found[name])) - len(fewer)
            told[name] = f"  hits of {name} in {len(some)} items: {same} the same"
            if more:
                why = _causes(more) if peer.is_complete else "of phrases that overlap it finds one"
                told[name] += f", {len(more)} that only we have ({why})"
            if fewer:
                told[name] += f", {len(fewer)} that only it has ({_causes(fewer)})"
        return told

    # --- rules that have nothing to do with the items ---------------------------------------------

    def _idle(self) -> None:
        """Measure what rules cost that do not hit: what their number costs, and not their hits."""
        print("\nown cost: rules of which none hits the items, microseconds an item")
        least, most = self.plan.sizes[0], self.plan.sizes[-1]
        for kind in KINDS:
            some = self.items[kind][:200]
            busy: set[str] = set()
            ours = _compiled(map(_quoted, self.phrases))
            for one in some:
                busy.update(str(hit) for hit in ours.matching(_item(one), NOW))
            idle = [p for n, p in enumerate(self.phrases) if f"r{n}" not in busy]
            runs = {
                name: _ours(_compiled(map(_quoted, chosen)))
                for name, chosen in (("few", idle[:least]), ("many", idle))
            }
            costs = _in_turns(runs, some, self.plan.rounds)
            few, many = costs["few"], costs["many"]
            print(f"  {kind}: {few:.1f} with {least:,} rules, {many:.1f} with {len(idle):,}: "
                  f"{many / few:.2f} times (wanted at {most:,}: 1.5)")  # fmt: skip

    # --- boolean rules ----------------------------------------------------------------------------

    def _booleans(self) -> None:
        size = self.plan.measured
        rules = booleans(self.corpus, size, seed=self.seed)
        ours = _compiled(map(written, rules))
        print(f"\n{size:,} boolean rules: items a second")
        for kind, wanted in zip(KINDS, (8_000, 1_500), strict=True):
            some = self.items[kind]
            hits = sum(len(ours.match(_item(one), NOW)) for one in some) / max(1, len(some))
            gc.collect()
            cost = _in_turns({"ours": _ours(ours)}, some, self.plan.rounds)["ours"]
            gc.disable()
            without = _in_turns({"ours": _ours(ours)}, some, self.plan.rounds)["ours"]
            gc.enable()
            print(f"  {kind}: {1e6 / cost:,.0f} (wanted: {wanted:,}), {hits:.1f} hits an item; "
                  f"{1 - without / cost:.0%} of it is garbage collection")  # fmt: skip

    # --- loading ----------------------------------------------------------------------------------

    def _load(self) -> None:
        size = self.plan.measured
        rules = booleans(self.corpus, size, seed=self.seed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rules.yaml"
            path.write_text(_file(rules), encoding="utf-8")
            loading = Path(__file__).with_name("loading.py")
            command = [sys.executable, str(loading), str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(f"\n{done.stdout.strip() or done.stderr.strip()}")


def _ours(rules: RuleSet) -> Find:
    """Match an item that is made anew, with all that a hit tells."""

    def find(text: str) -> set[int]:
        title, _, rest = text.partition("\n")
        hits = rules.match(_made(title, rest), NOW)
        return {int(hit.rule.id[1:]) for hit in hits}

    return find


def _item(one: Published) -> Item:
    title, _, rest = one.whole.partition("\n")
    return _made(title, rest)


def _made(title: str, content: str) -> Item:
    return Item(id=ItemId("i"), feed=FeedId("f"), title=title, content=content, seen_at=NOW)


def _compiled(expressions: Iterable[str]) -> RuleSet:
    """Compile rules; they are called r0, r1 and so on."""
    specs = [
        RuleSpec(info=RuleInfo(id=RuleId(f"r{number}")), when=expression)
        for number, expression in enumerate(expressions)
    ]
    compiled = compile_rules(specs)
    if compiled.ruleset is None:
        raise AssertionError(next(fault for fault in compiled.faults if not fault.warning))
    return compiled.ruleset


def _quoted(phrase: str) -> str:
    return f'"{phrase}"'


def _in_turns(
    runs: Mapping[str, Find], items: Sequence[Published], rounds: int
) -> Mapping[str, float]:
    """Measure microseconds of CPU an item: the best round of each, all taking turns.

    Who is slow gets fewer items, but one at the least.
    """
    texts = [one.whole for one in items]
    counts = {name: _affordable(run, texts) for name, run in runs.items()}
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            some = texts[: counts[name]]
            gc.collect()
            began = time.process_time()
            for text in some:
                run(text)
            best[name] = min(best[name], (time.process_time() - began) / len(some) * 1e6)
    return best


def _affordable(run: Find, texts: Sequence[str]) -> int:
    """Tell how many of the texts can be looked at in the time that there is."""
    began = time.process_time()
    run(texts[0])
    each = max(1e-7, time.process_time() - began)
    return max(1, min(len(texts), int(BUDGET / each)))


def _causes(hits: Sequence[tuple[str, Published]]) -> str:
    """Sort hits that two do not share by what makes them differ."""
    causes = Counter(_cause(phrase, one.whole) for phrase, one in hits)
    return ", ".join(f"{cause}: {number}" for cause, number in causes.most_common())


def _cause(phrase: str, text: str) -> str:
    if loop([phrase])(text):
        # a regex has a word boundary at `'`, `_`, `.` and `-`; for us these may be inside a word
        return "a sign beside it is part of the word"
    bare = phrase.lower().rsplit(" ", 1)[-1]
    if any(re.search(rf"(?i)\b{re.escape(form)}", text) for form in (f"{bare}s", f"{bare}es")):
        return "plural"
    return "hyphen, accent, apostrophe or white space"


def _file(rules: Sequence[Drawn]) -> str:
    """Write a rule file in which every rule has two tests."""
    lines = ["version: 1", "rules:"]
    for number, rule in enumerate(rules):
        lines += [
            f"  - id: r{number}",
            f"    when: {_in_quotes(written(rule))}",
            "    tests:",
            f"      match: [{_in_quotes(sample(rule))}]",
            "      no_match: [nothing of the kind]",
        ]
    return "\n".join([*lines, ""])


def _in_quotes(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    sys.exit(main())
