"""How often feeds are visited, as the configuration wants it, and what a visit brought."""

from dataclasses import dataclass
from datetime import timedelta

IDLE = 4  # times the default: how far the interval of a feed grows that brings nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often feeds are visited, as the configuration wants it."""

    default: timedelta = timedelta(minutes=15)
    least: timedelta = timedelta(minutes=5)
    most: timedelta = timedelta(hours=24)

    @property
    def idle(self) -> timedelta:
        """The longest interval of a feed that can be read but brings nothing."""
        return self.clamp(self.default * IDLE)

    def clamp(self, wanted: timedelta) -> timedelta:
        """Bring an interval between the bounds."""
        return max(self.least, min(self.most, wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What became of a document's items."""

    fresh: int = 0
    edited: int = 0
    again: int = 0  # seen before and unchanged, or known under another key
    missed: int = 0  # of an older page: fresh ones that came between two visits
    returned: int = 0  # of those known: the document before did not show them
    reaches: bool = False  # of an older page: it shows what we had seen before the gap

    @property
    def known(self) -> int:
        """How many of the items we had seen before."""
        return self.edited + self.again

    @property
    def overlaps(self) -> bool:
        """Whether the document showed anything that the one before had shown."""
        return self.known > self.returned

    @property
    def items(self) -> int:
        """How many items the document showed."""
        return self.fresh + self.known
