"""Tries hostile documents on all that reads them: `make fuzz-reading SEED=7 EXAMPLES=50000`.

Prints the seed first, so that a failure can be had again, and what was tried at the end.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.parse.hostile import TARGETS, Target


def main() -> None:
    """Try every target with its share of the examples."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--examples", type=int, default=50_000)
    chosen = options.parse_args()
    print(f"seed {chosen.seed}, {chosen.examples} examples", flush=True)
    total = 0
    for target in TARGETS:
        began = time.perf_counter()
        tried = _tried(target, chosen.examples // len(TARGETS), chosen.seed)
        total += tried
        print(f"  {target.name}: {tried} in {time.perf_counter() - began:.0f} s", flush=True)
    print(f"{total} documents, seed {chosen.seed}: none could stop a reader")


def _tried(target: Target, examples: int, number: int) -> int:
    tally = [0]

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    @given(target.given)
    def one(drawn: Any) -> None:  # noqa: ANN401 - whatever the target is given
        tally[0] += 1
        target.reads(drawn)

    one()
    return tally[0]


if __name__ == "__main__":
    main()
