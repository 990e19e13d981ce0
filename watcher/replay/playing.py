"""Records, one after the other, through the pipeline."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from watcher.app import App, opened
from watcher.clock import PlayedClock
from watcher.config import Config
from watcher.model import Alert, AlertState, ChannelName, NotModified, Outcome, Sent, Visit
from watcher.recording import Record
from watcher.replay.staging import OUT

WAITING = (AlertState.HELD, AlertState.PENDING)
MANY = 1_000_000  # more alerts than ever wait at once
DAY = timedelta(days=1)  # how often the daemon forgets


def play(config: Config, first: datetime, records: Iterable[Record]) -> Iterator[Visit | Alert]:
    """Take in the records in their order; gives each visit, and each alert when it would leave.

    The same records under the same configuration give the same, whatever the machine's clock says.
    """
    clock = PlayedClock(first)
    luck = Random(0)  # noqa: S311 - every replay has the same
    with opened(config, clock, luck) as app:
        app.pipeline.channels = {OUT: _Taken()}
        yield from _Player(app, clock).play(records)


class _Taken:
    """The way out of a replay: it takes every alert; the player hands it on."""

    name: ChannelName = OUT

    def send(self, _alert: Alert) -> Outcome:
        """Take the alert."""
        return Sent()


class _Player:
    def __init__(self, app: App, clock: PlayedClock) -> None:
        self._app, self._clock = app, clock
        self._forgets_at = clock.moment + DAY

    def play(self, records: Iterable[Record]) -> Iterator[Visit | Alert]:
        for record in records:
            yield from self._delivered(before=record.at)
            self._clock.moment = record.at
            self._forget()
            visit = self._visit(record)
            if visit is not None:
                yield visit
        yield from self._delivered(before=None)

    def _visit(self, record: Record) -> Visit | None:
        """Take in a record; None where it says nothing without the ones that were not kept."""
        with self._app.store.reading() as tx:
            due = tx.feed(record.feed)
        assert due is not None, "all feeds of the records are configured"
        if isinstance(record.answer, NotModified) and due.memory.first_read_at is None:
            return None  # else the first document would be no baseline
        return self._app.pipeline.take_in(due, record.answer)

    def _delivered(self, before: datetime | None) -> Iterator[Alert]:
        """Deliver what falls due before a moment, each alert at its time; without one, all."""
        while (due_at := self._next_due()) is not None and (before is None or due_at < before):
            self._clock.moment = max(self._clock.moment, due_at)
            for delivery in self._app.pipeline.deliver_all():
                yield delivery.alert

    def _next_due(self) -> datetime | None:
        with self._app.store.reading() as tx:
            waiting = tx.alerts(WAITING, MANY)
        return min((alert.due_at for alert in waiting), default=None)

    def _forget(self) -> None:
        """Forget once a day what the daemon would have forgotten by then."""
        if self._clock.moment >= self._forgets_at:
            self._app.prune()
            self._forgets_at = self._clock.moment + DAY
