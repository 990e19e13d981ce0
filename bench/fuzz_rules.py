"""Runs the properties of rules for long: `make fuzz-rules SEED=7 EXAMPLES=50000`.

Prints the seed first, so that a failure can be had again, and what was tried at the end.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.rules import properties


def main() -> None:
    """Try all properties with the seed and the number of examples of the command line."""
    arguments = _arguments()
    print(f"seed {arguments.seed}, {arguments.examples} examples", flush=True)
    began = time.perf_counter()
    tally: Counter[str] = Counter()
    share = {"agree": 0.5, "read": 0.2, "unharmed": 0.3}
    for name, part in share.items():
        _run(name, round(arguments.examples * part), arguments.seed, tally)
        print(f"  {name}: {tally[name]} examples", flush=True)
    seconds = time.perf_counter() - began
    total = sum(tally[name] for name in share)
    print(f"{total} examples in {seconds:.0f} s, seed {arguments.seed}: no disagreement")
    print(f"{tally['pairs']} pairs of a rule and an item, {tally['hits']} hits")
    print(f"{tally['rules']} of {tally['unharmed']} texts at random are rules")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--examples", type=int, default=50_000)
    return parser.parse_args()


def _run(name: str, examples: int, number: int, tally: Counter[str]) -> None:
    tried: Callable[..., Any] = getattr(properties, name)

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    @given(getattr(properties, name.upper()))
    def one(drawn: tuple[Any, ...]) -> None:
        tally[name] += 1
        found = tried(*drawn)
        if name == "agree":
            tally["pairs"] += found[0]
            tally["hits"] += found[1]
        elif name == "unharmed":
            tally["rules"] += found

    one()


if __name__ == "__main__":
    main()
