"""How long to wait before something is tried again.

Waits are exponential with full jitter (Brooker, "Exponential Backoff and Jitter", AWS 2015).
"""

from datetime import timedelta
from random import Random

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
LEAST = timedelta(seconds=1)
PAUSE = timedelta(seconds=30)  # of a throttled channel that does not say how long


def back_off(tries: int, rng: Random) -> timedelta:
    """Give a wait after so many tries before: at random up to 5 s, 10 s, 20 s … 1 h."""
    longest = min(LONGEST, SHORTEST * (1 << min(max(tries, 0), 20)))
    return max(LEAST, longest * rng.random())
