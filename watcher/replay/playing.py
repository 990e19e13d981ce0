"""Records, one after the other, through the pipeline."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from watcher.app import App, opened
from watcher.clock import PlayedClock
from watcher.config import Config
from watcher.model import (
    Alert,
    AlertState,
    ChannelName,
    FeedId,
    FetchResult,
    NotModified,
    Outcome,
    PagesAsked,
    Sent,
    Visit,
)
from watcher.pipeline import Seen
from watcher.recording import PagesTold, Record, Survey
from watcher.replay.staging import OUT

WAITING = (AlertState.HELD, AlertState.PENDING)
MANY = 1_000_000  # more alerts than ever wait at once
NONE = PagesTold(results={})
DAY = timedelta(days=1)  # how often the daemon forgets


def play(config: Config, survey: Survey, records: Iterable[Record]) -> Iterator[Visit | Alert]:
    """Take in the records in their order; gives each visit, and each alert when it would leave.

    The same records under the same configuration give the same, whatever the machine's clock says.
    """
    clock = PlayedClock(survey.first)
    luck = Random(0)  # noqa: S311 - every replay has the same
    with opened(config, clock, luck) as app:
        app.pipeline.channels = {OUT: _Taken()}
        yield from _Player(app, clock, survey).play(records)


class _Taken:
    """The way out of a replay: it takes every alert; the player hands it on."""

    name: ChannelName = OUT

    def send(self, _alert: Alert) -> Outcome:
        """Take the alert."""
        return Sent()


class _Player:
    def __init__(self, app: App, clock: PlayedClock, survey: Survey) -> None:
        self._app, self._clock, self._survey = app, clock, survey
        self._waiting: dict[FeedId, Seen] = {}
        self._forgets_at = clock.moment + DAY

    def play(self, records: Iterable[Record]) -> Iterator[Visit | Alert]:
        for record in records:
            yield from self._delivered(before=record.at)
            self._clock.moment = record.at
            self._forget()
            visit = self._visit(record)
            if visit is not None:
                yield visit
        yield from (self._with_pages(seen, NONE) for seen in self._waiting.values())
        yield from self._delivered(before=None)

    def _visit(self, record: Record) -> Visit | None:
        """Take in a record; None where there is nothing to be taken in, or not yet."""
        match record.answer:
            case PagesAsked():
                return None
            case PagesTold() as told:
                seen = self._waiting.pop(record.feed, None)
                return None if seen is None else self._with_pages(seen, told)
            case answer:
                return self._look_at(record, answer)

    def _look_at(self, record: Record, answer: FetchResult) -> Visit | None:
        """Take in a visit, or let it wait for its pages, where it did in its day.

        One that waited, and was followed by another before its pages came, was never taken in:
        the daemon had been stopped.
        """
        with self._app.store.reading() as tx:
            due = tx.feed(record.feed)
        assert due is not None, "all feeds of the records are configured"
        if isinstance(answer, NotModified) and due.memory.first_read_at is None:
            return None  # else the first document would be no baseline
        self._waiting.pop(record.feed, None)
        seen = self._app.pipeline.look_at(due, answer)
        if seen.wished.addresses and (record.feed, record.at) in self._survey.waited:
            self._waiting[record.feed] = seen
            return None
        return self._with_pages(seen, NONE)

    def _with_pages(self, seen: Seen, told: PagesTold) -> Visit:
        got = told.of(seen.wished.addresses)
        return self._app.pipeline.take_in(replace(seen, got=got))

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
