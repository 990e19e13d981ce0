"""Feeds: what the configuration says of them, what we remember, whose turn it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, delete, func, or_, select, update

from watcher.model import Asking, DueFeed, Feed, FeedId, FeedMemory, Imprint, Move
from watcher.store.coding import read_feed, read_imprint, write_feed, write_imprint
from watcher.store.memory import read_memory, write_memory
from watcher.store.part import Part
from watcher.store.tables import feed, imprint

ALL = 2**31  # SQLite has no offset without a limit
VISITED = and_(feed.c.configured, ~feed.c.gone)  # a feed that is gone is asked no more


class Feeds(Part):
    """What a transaction can do with feeds."""

    def configure_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the known feeds be these; see `ports.Transaction`."""
        rows = self._connection.execute(select(feed).with_for_update())
        known = {row.id: row for row in rows}
        for wanted in feeds:
            if wanted.id not in known:
                self._add(wanted, now)
            else:
                self._reconfigure(known[wanted.id], wanted, now)
        missing = known.keys() - {wanted.id for wanted in feeds}
        self._connection.execute(
            update(feed).where(feed.c.id.in_(self._texts(missing))).values(configured=False)
        )

    def _add(self, wanted: Feed, now: datetime) -> None:
        memory = FeedMemory(feed=wanted.id, due_at=now)
        self._connection.execute(
            self._insert_new(feed).values(
                id=wanted.id, configured=True, settings=write_feed(wanted), **write_memory(memory)
            )
        )

    def _reconfigure(self, row: Row[Any], wanted: Feed, now: datetime) -> None:
        """Take over what the configuration says now; a feed that is back is tried at once."""
        memory = read_memory(row)
        if read_feed(row.settings).url != wanted.url:
            memory = _without_validators(memory, now)
        elif not row.configured:
            memory = replace(memory, due_at=now, gone=False)
        elif row.settings == write_feed(wanted):
            return
        self._connection.execute(
            update(feed)
            .where(feed.c.id == wanted.id)
            .values(configured=True, settings=write_feed(wanted), **write_memory(memory))
        )
        if memory.due_at == now:
            self._connection.execute(
                update(feed).where(feed.c.id == wanted.id).values(lease_until=None)
            )

    def claim_due_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[DueFeed, ...]:
        """Take due feeds, longest due first; see `ports.Transaction`."""
        free = _free(now, lease)
        rows = self._connection.execute(
            select(feed)
            .where(VISITED, feed.c.due_at <= now, free)
            .order_by(feed.c.due_at, feed.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        if rows:
            self._lease([row.id for row in rows], now + lease)
        return tuple(_due(row, now + lease) for row in rows)

    def _lease(self, ids: Sequence[str], until: datetime | None) -> None:
        self._connection.execute(
            update(feed).where(feed.c.id.in_(self._texts(ids))).values(lease_until=until)
        )

    def leased(self, due: Sequence[DueFeed]) -> frozenset[FeedId]:
        """Tell which of these are still ours; see `ports.Transaction`.

        The time at which a lease ends tells it from every later one: nobody takes a feed before.
        """
        if not due:
            return frozenset()
        ids = self._texts([one.feed.id for one in due])
        rows = self._connection.execute(
            select(feed.c.id, feed.c.lease_until)
            .where(feed.c.id.in_(ids))
            .order_by(feed.c.id)  # two who lock several rows must not wait for each other
            .with_for_update()
        )
        held = {row.id: row.lease_until for row in rows}
        return frozenset(
            one.feed.id
            for one in due
            if one.leased_until is None or held.get(one.feed.id) == one.leased_until
        )

    def release(self, due: Sequence[DueFeed], until: datetime | None = None) -> None:
        """Give back the leases that are still ours, now or at the given time."""
        ours = self.leased([one for one in due if one.leased_until is not None])
        if ours:
            self._lease(sorted(ours), until)

    def overdue(self, now: datetime, lease: timedelta, at_once: int) -> tuple[FeedId, ...]:
        """List the due feeds behind the first ones; see `ports.Transaction`."""
        rows = self._connection.execute(
            select(feed.c.id)
            .where(VISITED, feed.c.due_at <= now, _free(now, lease))
            .order_by(feed.c.due_at, feed.c.id)
            .offset(at_once)
            .limit(ALL)
        )
        return tuple(FeedId(row.id) for row in rows)

    def put_off(self, times: Sequence[tuple[FeedId, datetime]]) -> None:
        """Make each of these feeds due then."""
        later = update(feed).where(feed.c.id == bindparam("one")).values(due_at=bindparam("then"))
        if times:
            self._connection.execute(later, [{"one": one, "then": then} for one, then in times])

    def visited_after(self, then: datetime) -> tuple[FeedMemory, ...]:
        """Tell of the feeds whose last visit was after this time."""
        rows = self._connection.execute(select(feed).where(VISITED, feed.c.last_visit_at > then))
        return tuple(read_memory(row) for row in rows)

    def wait_anew(self, memory: FeedMemory) -> None:
        """Take over when the feed was visited and is due, and nothing else."""
        self._connection.execute(
            update(feed)
            .where(feed.c.id == memory.feed)
            .values(due_at=memory.due_at, last_visit_at=memory.last_visit_at)
        )

    def make_all_due(self, now: datetime) -> None:
        """Make every configured feed that is not gone due now."""
        self._connection.execute(
            update(feed).where(VISITED, feed.c.due_at > now).values(due_at=now)
        )

    def feeds(self) -> tuple[DueFeed, ...]:
        """List the configured feeds with what is remembered of them, by id."""
        rows = self._connection.execute(select(feed).where(feed.c.configured).order_by(feed.c.id))
        return tuple(_due(row) for row in rows)

    def feed(self, feed_id: FeedId) -> DueFeed | None:
        """Find a configured feed with what is remembered of it."""
        row = self._connection.execute(
            select(feed).where(feed.c.id == feed_id, feed.c.configured)
        ).one_or_none()
        return None if row is None else _due(row)

    def next_due_at(self) -> datetime | None:
        """Tell when the next feed is due; one that is being visited is, when its lease ends."""
        taken = case((feed.c.lease_until > feed.c.due_at, feed.c.lease_until), else_=feed.c.due_at)
        next_due: datetime | None = self._connection.execute(
            select(func.min(taken)).where(VISITED)
        ).scalar_one()
        return next_due

    def imprint(self, feed_id: FeedId) -> Imprint | None:
        """Give what is remembered of a feed's last document; see `ports.Transaction`."""
        stored = self._connection.execute(
            select(imprint.c.stored).where(imprint.c.feed == feed_id)
        ).scalar_one_or_none()
        return None if stored is None else read_imprint(stored)

    def keep_imprint(self, feed_id: FeedId, kept: Imprint | None) -> None:
        """Remember a feed's last document like this."""
        if kept is None:
            self._connection.execute(delete(imprint).where(imprint.c.feed == feed_id))
            return
        self._connection.execute(
            self._insert_or_replace(imprint).values(feed=feed_id, stored=write_imprint(kept))
        )

    def record_visit(self, memory: FeedMemory) -> None:
        """Remember the feed like this and give back its lease."""
        self.record_visits([memory])

    def record_visits(self, memories: Sequence[FeedMemory]) -> None:
        """Do so for several feeds."""
        if memories:
            self._connection.execute(
                update(feed).where(feed.c.id == bindparam("of")).values(lease_until=None),
                [{"of": memory.feed, **write_memory(memory)} for memory in memories],
            )


def _free(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Tell feeds that nobody is visiting.

    A lease that ends much later than one that begins now is from before a clock was set back; a
    little later may be one of another daemon, whose clock differs from ours.
    """
    until = feed.c.lease_until
    return or_(until.is_(None), until <= now, until > now + 2 * lease)


def _without_validators(memory: FeedMemory, now: datetime) -> FeedMemory:
    return replace(
        memory,
        due_at=now,
        etag="",
        last_modified="",
        validators_url="",
        body_hash="",
        gone=False,
        asking=Asking.BOTH,
        same_bodies=0,
        move=Move(),
        look_back=None,
    )


def _due(row: Row[Any], leased_until: datetime | None = None) -> DueFeed:
    feed, memory = read_feed(row.settings), read_memory(row)
    return DueFeed(feed=feed, memory=memory, leased_until=leased_until)
