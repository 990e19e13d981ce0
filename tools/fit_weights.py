"""Fits the weights of the verdict's score on labelled pairs beside the checkout.

Usage: python tools/fit_weights.py [--write] [--seed 1] [--rounds 900] [--prior 0.05]
                                   [--wrong 5]

Logistic regression over `stories.verdict.features`, by gradient descent, drawn towards the weights
that there are (`--prior`: how strongly), so that what the pairs say little about stays as it is. A
pair that is wrongly held for a copy counts `--wrong` times as much as one that is missed. Half of
the pairs are fitted on, the other half is looked at afterwards; pairs of one original are in one
half. Prints the weights before and after with what each half comes to; `--write` puts them into
watcher/stories/data/weights.txt. Exits 1 where the pairs are not there.
"""

import argparse
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.evaluate_stories import DATA, item, pairs
from watcher.stories import verdict
from watcher.stories.comparing import longest_pairing
from watcher.stories.lexicon import lexicon

TARGET = Path(__file__).resolve().parents[1] / "watcher/stories/data/weights.txt"
STEP = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled pair as the model sees it."""

    name: str
    copy: bool
    features: Mapping[str, float]
    half: int


def examples(seed: int) -> list[Example]:
    """Measure all pairs that no veto decides."""
    found = []
    for name, earlier, later in pairs():
        one, other = item(earlier, "earlier", "one", 0), item(later, "later", "other", 1)
        pairing = longest_pairing(other, one)
        if pairing is None or pairing.bodies is None or pairing.whole.caseless:
            continue
        if verdict.veto(pairing.whole, lambda pairing=pairing: pairing.bodies):
            continue
        half = Random(f"{seed}|{one.title}|{one.summary[:40]}|{one.content[:40]}").randrange(2)
        measured = verdict.features(pairing.whole)
        found.append(Example(name=name, copy=name.startswith("copy"), features=measured, half=half))
    return found


def fitted(
    some: Sequence[Example], start: Mapping[str, float], least: float, asked: argparse.Namespace
) -> dict[str, float]:
    """Descend from the weights that there are; `least` is the score that a copy needs."""
    names = list(some[0].features)
    weights = {name: start[name] for name in names}
    sizes: dict[str, int] = defaultdict(int)
    for example in some:
        sizes[example.name] += 1
    # Each set counts alike, however many pairs it has; wrong copies count more.
    heft = [
        (1.0 if example.copy else asked.wrong) / math.sqrt(sizes[example.name]) for example in some
    ]
    total = sum(heft)
    for _ in range(asked.rounds):
        slope = dict.fromkeys(names, 0.0)
        for example, weight in zip(some, heft, strict=True):
            score = sum(weights[name] * example.features[name] for name in names) - least
            wrong = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - example.copy
            for name in names:
                slope[name] += weight * wrong * example.features[name]
        for name in names:
            pull = asked.prior * (weights[name] - start[name]) / len(names)
            weights[name] -= STEP * (slope[name] / total + pull / 100)
    return weights


def shares(some: Iterable[Example], weights: Mapping[str, float], least: float) -> dict[str, float]:
    """Tell what share of each set the score holds for copies."""
    counted: dict[str, list[bool]] = defaultdict(list)
    for example in some:
        score = sum(weights[name] * value for name, value in example.features.items())
        counted[example.name].append(score >= least)
    return {name: sum(held) / len(held) for name, held in counted.items()}


def main() -> int:
    """Print the table; write the weights where that is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=900)
    options.add_argument("--prior", type=float, default=0.05)
    options.add_argument("--wrong", type=float, default=5.0)
    asked = options.parse_args()
    if not DATA.is_dir():
        print(f"no labelled pairs: {DATA} is not there, nothing was fitted", file=sys.stderr)
        return 1
    start = lexicon().weights
    least = start["copy"]
    found = examples(asked.seed)
    halves = [[example for example in found if example.half == half] for half in (0, 1)]
    after = fitted(halves[0], start, least, asked)
    print(f"{'weight':18}{'before':>9}{'after':>9}")
    for name, value in after.items():
        print(f"{name:18}{start[name]:>9.2f}{value:>9.2f}")
    lines = table(halves, start, after, least)
    print("\n" + "\n".join(lines))
    if asked.write:
        write(after, lines)
        print(f"written to {TARGET.name}")
    return 0


def table(
    halves: Sequence[Sequence[Example]],
    start: Mapping[str, float],
    after: Mapping[str, float],
    least: float,
) -> list[str]:
    """Tell, set by set, what share the score alone holds for copies, before and after."""
    lines = [f"{'held for copies by score':34}{'fit: before':>12}{'after':>8}"
             f"{'check: before':>15}{'after':>8}"]  # fmt: skip
    columns = [shares(half, weights, least) for half in halves for weights in (start, after)]
    for name in sorted({name for column in columns for name in column}, reverse=True):
        told = [f"{column[name]:.3f}" if name in column else "-" for column in columns]
        lines.append(f"{name:34}{told[0]:>12}{told[1]:>8}{told[2]:>15}{told[3]:>8}")
    return lines


def write(weights: Mapping[str, float], lines: Sequence[str]) -> None:
    """Put the weights into their file, with the table that they came to."""
    text = TARGET.read_text(encoding="utf-8")
    for name, value in weights.items():
        text = re.sub(rf"^{name} .*$", f"{name} {value:.2f}", text, flags=re.MULTILINE)
    body = text[text.index("\nconstant ") + 1 :]
    head = [
        "Weights of the verdict's score S, `name value` a line.",
        "Origin: fitted by tools/fit_weights.py on labelled pairs of feed items (see there), drawn",
        "towards the weights of a prototype that was fitted on the same sort of pairs. What the",
        "score alone, without the other rules, comes to:",
        *lines,
    ]
    commented = "".join(f"# {line}".rstrip() + "\n" for line in head)
    TARGET.write_text(commented + body, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
