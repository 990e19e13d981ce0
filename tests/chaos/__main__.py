"""`make chaos-delivery [SEED=1] [ALERTS=500]` and `make chaos [SEED=1] [KILLS=100]`.

Exit 1 where something was lost, or sent anew under another key.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.chaos.account import reckon
from tests.chaos.storm import storm


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--whole", action="store_true", help="feeds too, and a whole Watcher")
    asked.add_argument("--alerts", type=int, default=500)
    asked.add_argument("--kills", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.whole:
            logging.disable()
            account = reckon(Path(folder), kills=options.kills, seed=options.seed)
            faults = account.faults()
            told = "\n".join(faults) or "nothing was lost, nothing was told twice"
            sys.stdout.write(f"seed {options.seed}\n{account.told()}\n{told}\n")
            sys.exit(bool(faults))
        state = f"sqlite:///{folder}/watcher.db"
        toll = storm(
            Path(folder), state, alerts=options.alerts, kills=options.kills, seed=options.seed
        )
    sys.stdout.write(f"seed {options.seed}: {toll.told()}\n")
    sys.exit(bool(toll.lost or toll.second_keys or toll.repeats > toll.may_repeat))


if __name__ == "__main__":
    main()
