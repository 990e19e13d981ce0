"""Whose turn it is: feeds are claimed for as long as a visit may take, and given back.

That a clock was set back shows here first: there are visits that lie in front of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher import alerts, cadence
from watcher.cadence import Pace
from watcher.model import DueFeed, FeedId, Visit
from watcher.pipeline.pages import Waiting
from watcher.ports import Transaction

SKEW = timedelta(minutes=1)  # clocks of daemons that share a database may differ so much


@dataclass(slots=True, kw_only=True)
class Tour:
    """What is under way from the first feed that is due until none is any more."""

    spread: bool  # whether a rush is put off a little
    waiting: Waiting
    held: dict[FeedId, DueFeed] = field(default_factory=dict)  # claimed, and not taken in yet
    bugs: list[tuple[DueFeed, Exception]] = field(default_factory=list)
    early: list[Visit] = field(default_factory=list)  # taken in while feeds were asked for

    def told(self, visits: Iterable[Visit]) -> Iterator[Visit]:
        """Pass on visits that are taken in; their feeds are ours no longer."""
        for visit in visits:
            self.held.pop(visit.feed, None)
            yield visit

    def told_early(self) -> Iterator[Visit]:
        """Pass on those that were taken in meanwhile."""
        while self.early:
            yield from self.told([self.early.pop(0)])

    @contextmanager
    def keeping_bugs(self, due: DueFeed) -> Iterator[None]:
        """Keep a bug for later: one bad feed must not delay the others."""
        try:
            yield
        except Exception as bug:  # noqa: BLE001 - it flies when those under way are taken in
            bug.add_note(f"while taking in feed {due.feed.id}")
            self.bugs.append((due, bug))


class Turns:
    """Claims the feeds whose time has come."""

    def __init__(self) -> None:
        self._last_at: datetime | None = None

    def claim(
        self, tx: Transaction, now: datetime, lease: timedelta, most: int, spread_by: Pace | None
    ) -> tuple[DueFeed, ...]:
        """Claim what is due; with a pace to spread by, a rush is put off a little."""
        self._trust_the_clock(tx, now)
        if spread_by is not None:
            rush = tx.overdue(now, lease, cadence.AT_ONCE)
            tx.put_off(cadence.spread(rush, now, spread_by.default))
        return tx.claim_due_feeds(now, lease, most)

    def _trust_the_clock(self, tx: Transaction, now: datetime) -> None:
        """Let nothing wait for a time that a clock set back will reach in days only."""
        before, self._last_at = self._last_at, now
        if before is not None and before <= now:
            return
        ahead = tx.visited_after(now + SKEW)
        for memory in ahead:
            tx.wait_anew(cadence.set_back(memory, now))
        if visits := [memory.last_visit_at for memory in ahead if memory.last_visit_at]:
            _set_back(tx, max(visits) - now, now)


def _set_back(tx: Transaction, by: timedelta, now: datetime) -> None:
    """Let alerts and channels wait by the clock as it goes now."""
    tx.resettle([alerts.set_back(alert, by, now) for alert in tx.unsettled()])
    for health in tx.channels().values():
        earlier = alerts.health_set_back(health, by, now)
        if earlier != health:
            tx.keep_health(earlier)


def give_back(tx: Transaction, tour: Tour, until: datetime) -> None:
    """Let others have the feeds that we took and did not take in; a bug's feed later."""
    ill = [due for due, _ in tour.bugs]
    names = {due.feed.id for due in ill}
    tx.release([due for name, due in tour.held.items() if name not in names])
    tx.release(ill, until)
