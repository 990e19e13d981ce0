"""What was counted since the start: visits and deliveries, which no table adds up."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from watcher.model import Delivery, Doubtful, Refused, Sent, TryLater, Visit

_CLASSES = {Sent: "sent", TryLater: "try later", Doubtful: "doubtful", Refused: "refused"}


# seconds from the promise of an alert until it was sent; what was held for a night is in the last
LATENCIES = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long alerts took: how many each span of `LATENCIES` took in, the last is for the rest."""

    numbers: tuple[int, ...] = (0,) * (len(LATENCIES) + 1)
    seconds: float = 0.0  # of all together

    def with_one(self, seconds: float) -> "Latencies":
        """Count another one."""
        place = bisect_left(LATENCIES, seconds)
        numbers = (*self.numbers[:place], self.numbers[place] + 1, *self.numbers[place + 1 :])
        return Latencies(numbers, self.seconds + seconds)


class Counters:
    """Counts, from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._visits: Counter[str] = Counter()
        self._tries: Counter[tuple[str, str]] = Counter()
        self._latencies: dict[str, Latencies] = {}
        self._new_items = self._matches = 0

    def visit(self, visit: Visit) -> None:
        """Count a visit and what it brought."""
        with self._lock:
            self._visits[visit.outcome] += 1
            self._new_items += visit.fresh
            self._matches += visit.hits

    def delivery(self, delivery: Delivery) -> None:
        """Count a try to deliver an alert, and how long it took until it was sent."""
        alert = delivery.alert
        with self._lock:
            self._tries[alert.channel, _CLASSES[type(delivery.outcome)]] += 1
            if isinstance(delivery.outcome, Sent) and alert.settled_at:
                took = max(0.0, (alert.settled_at - alert.created_at).total_seconds())
                former = self._latencies.get(alert.channel, Latencies())
                self._latencies[alert.channel] = former.with_one(took)

    @property
    def visits(self) -> Mapping[str, int]:
        """Count visits by what they came to."""
        with self._lock:
            return dict(self._visits)

    @property
    def tries(self) -> Mapping[tuple[str, str], int]:
        """Count tries to deliver by channel and by what they came to."""
        with self._lock:
            return dict(self._tries)

    @property
    def new_items(self) -> int:
        """Count the items that were new."""
        with self._lock:
            return self._new_items

    @property
    def matches(self) -> int:
        """Count the hits of rules on them."""
        with self._lock:
            return self._matches

    @property
    def latencies(self) -> Mapping[str, Latencies]:
        """Tell by channel how long alerts took from their promise until they were sent."""
        with self._lock:
            return dict(self._latencies)
