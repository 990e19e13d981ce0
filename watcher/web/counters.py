"""What was counted since the start: visits and deliveries, which no table adds up."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock

from watcher.model import Delivery, Doubtful, Refused, Sent, TryLater, Visit

_CLASSES = {Sent: "sent", TryLater: "try later", Doubtful: "doubtful", Refused: "refused"}


class Counters:
    """Counts, from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._visits: Counter[str] = Counter()
        self._tries: Counter[tuple[str, str]] = Counter()
        self._new_items = 0

    def visit(self, visit: Visit) -> None:
        """Count a visit and what it brought."""
        with self._lock:
            self._visits[visit.outcome] += 1
            self._new_items += visit.fresh

    def delivery(self, delivery: Delivery) -> None:
        """Count a try to deliver an alert."""
        with self._lock:
            self._tries[delivery.alert.channel, _CLASSES[type(delivery.outcome)]] += 1

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
