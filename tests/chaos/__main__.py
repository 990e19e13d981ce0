"""`make chaos-delivery [SEED=1] [ALERTS=500]`: exit 1 where something was lost or sent anew."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.storm import storm


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--alerts", type=int, default=500)
    asked.add_argument("--kills", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = f"sqlite:///{folder}/watcher.db"
        toll = storm(
            Path(folder), state, alerts=options.alerts, kills=options.kills, seed=options.seed
        )
    sys.stdout.write(f"seed {options.seed}: {toll.told()}\n")
    sys.exit(bool(toll.lost or toll.second_keys or toll.repeats > toll.may_repeat))


if __name__ == "__main__":
    main()
