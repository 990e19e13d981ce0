"""Feeds: what the configuration says of them, what we remember, whose turn it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, func, or_, select, update

from watcher.model import DueFeed, Feed, FeedId, FeedMemory
from watcher.store.coding import read_feed, write_feed
from watcher.store.part import Part
from watcher.store.tables import feed

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
                id=wanted.id, configured=True, settings=write_feed(wanted), **_remember(memory)
            )
        )

    def _reconfigure(self, row: Row[Any], wanted: Feed, now: datetime) -> None:
        """Take over what the configuration says now; a feed that is back is tried at once."""
        memory = _memory(row)
        if read_feed(row.settings).url != wanted.url:
            memory = _without_validators(memory, now)
        elif not row.configured:
            memory = replace(memory, due_at=now, gone=False)
        elif row.settings == write_feed(wanted):
            return
        self._connection.execute(
            update(feed)
            .where(feed.c.id == wanted.id)
            .values(configured=True, settings=write_feed(wanted), **_remember(memory))
        )
        if memory.due_at == now:
            self._connection.execute(
                update(feed).where(feed.c.id == wanted.id).values(lease_until=None)
            )

    def claim_due_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[DueFeed, ...]:
        """Take due feeds, longest due first; see `ports.Transaction`."""
        free = or_(feed.c.lease_until.is_(None), feed.c.lease_until <= now)
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

    def make_all_due(self, now: datetime) -> None:
        """Make every configured feed that is not gone due now."""
        self._connection.execute(
            update(feed).where(VISITED, feed.c.due_at > now).values(due_at=now)
        )

    def feeds(self) -> tuple[DueFeed, ...]:
        """List the configured feeds with what is remembered of them, by id."""
        rows = self._connection.execute(select(feed).where(feed.c.configured).order_by(feed.c.id))
        return tuple(_due(row) for row in rows)

    def next_due_at(self) -> datetime | None:
        """Tell when the next feed is due; one that is being visited is, when its lease ends."""
        taken = case((feed.c.lease_until > feed.c.due_at, feed.c.lease_until), else_=feed.c.due_at)
        next_due: datetime | None = self._connection.execute(
            select(func.min(taken)).where(VISITED)
        ).scalar_one()
        return next_due

    def record_visit(self, memory: FeedMemory) -> None:
        """Remember the feed like this and give back its lease."""
        self.record_visits([memory])

    def record_visits(self, memories: Sequence[FeedMemory]) -> None:
        """Do so for several feeds."""
        if memories:
            self._connection.execute(
                update(feed).where(feed.c.id == bindparam("of")).values(lease_until=None),
                [{"of": memory.feed, **_remember(memory)} for memory in memories],
            )


def _without_validators(memory: FeedMemory, now: datetime) -> FeedMemory:
    return replace(
        memory,
        due_at=now,
        etag="",
        last_modified="",
        validators_url="",
        body_hash="",
        gone=False,
    )


def _due(row: Row[Any], leased_until: datetime | None = None) -> DueFeed:
    feed = read_feed(row.settings)
    return DueFeed(feed=feed, memory=_memory(row), leased_until=leased_until)


def _remember(memory: FeedMemory) -> dict[str, object]:
    return {
        "due_at": memory.due_at,
        "first_read_at": memory.first_read_at,
        "last_visit_at": memory.last_visit_at,
        "last_read_at": memory.last_read_at,
        "etag": memory.etag,
        "last_modified": memory.last_modified,
        "validators_url": memory.validators_url,
        "body_hash": memory.body_hash,
        "failures": memory.failures,
        "trouble": memory.trouble,
        "gone": memory.gone,
        "visits": memory.visits,
        "interval": memory.interval,
        "last_fresh_at": memory.last_fresh_at,
    }


def _memory(row: Row[Any]) -> FeedMemory:
    return FeedMemory(
        feed=FeedId(row.id),
        due_at=row.due_at,
        first_read_at=row.first_read_at,
        last_visit_at=row.last_visit_at,
        last_read_at=row.last_read_at,
        etag=row.etag,
        last_modified=row.last_modified,
        validators_url=row.validators_url,
        body_hash=row.body_hash,
        failures=row.failures,
        trouble=row.trouble,
        gone=row.gone,
        visits=row.visits,
        interval=row.interval,
        last_fresh_at=row.last_fresh_at,
    )
