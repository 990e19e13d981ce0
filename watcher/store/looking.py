"""Answers to people who ask what is there, and why."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from watcher.model import (
    Alert,
    AlertKey,
    AlertState,
    Attempt,
    ChannelName,
    Counts,
    FeedId,
    Hit,
    Item,
    ItemId,
    Occurrence,
    PageNote,
    PastItem,
    Placement,
    Planned,
    RouteName,
    RuleId,
    RuleInfo,
    Severity,
    Story,
    StoryId,
    Trail,
    Updates,
    Verdict,
)
from watcher.store import tables
from watcher.store.alerts import alert_from
from watcher.store.coding import read_occurrences, texts
from watcher.store.items import item_from, search_keys
from watcher.store.pages import page_note_from
from watcher.store.part import Part, begins_with
from watcher.store.stories import placement_from
from watcher.store.tables import alert, attempt, feed, hit, item, known_by, placement, plan, story


class Looking(Part):
    """What a transaction can tell."""

    def find_items(self, text: str, limit: int) -> tuple[Item, ...]:
        """Find items by id, beginning of an id, guid or link, newest first."""
        if not text:
            return ()
        named = select(known_by.c.item).where(known_by.c.key.in_(self._numbers(search_keys(text))))
        called = select(item.c.number).where(begins_with(item.c.id, text))
        rows = self._connection.execute(
            select(item)
            .where(item.c.number.in_(named.union(called)))
            .order_by(item.c.seen_at.desc(), item.c.id)
            .limit(limit)
        )
        return tuple(item_from(row) for row in rows)

    def count_items(self, since: datetime) -> int:
        """Count the items first seen since then, forgotten ones too."""
        return self._count(select(func.count()).where(item.c.seen_at >= since))

    def past_items(self, since: datetime, after: int, limit: int) -> tuple[PastItem, ...]:
        """List a page of the items first seen since then; see `ports.Transaction`."""
        # the numbers are gone through, so that a page costs what it holds; where they begin is
        # looked up by time, so that what was seen long before costs nothing
        first = select(func.min(item.c.number)).where(item.c.seen_at >= since).scalar_subquery()
        behind = item.c.number > after if after else item.c.number >= first
        rows = self._connection.execute(
            select(item, placement, feed.c.first_read_at)
            .outerjoin(placement, placement.c.item == item.c.id)
            .outerjoin(feed, feed.c.id == item.c.feed)
            .where(behind, item.c.seen_at >= since)
            .order_by(item.c.number)
            .limit(limit)
        )
        return tuple(past_item_from(row) for row in rows)

    def trail(self, item: ItemId) -> Trail | None:
        """Tell all that was decided about an item."""
        row = self._connection.execute(
            select(tables.item).where(tables.item.c.id == item)
        ).one_or_none()
        if row is None:
            return None
        placed = self._connection.execute(
            select(placement).where(placement.c.item == item)
        ).one_or_none()
        return Trail(
            item=item_from(row),
            versions=self._versions(row),
            last_seen_at=row.last_seen_at,
            page=self._page(item),
            placement=None if placed is None else placement_from(placed),
            lead=None if placed is None else self._lead(placed.story),
            hits=self._hits(item),
            plans=self._plans(item),
            attempts=self._attempts(item),
        )

    def _page(self, of: ItemId) -> PageNote | None:
        row = self._connection.execute(
            select(tables.page).where(tables.page.c.item == of)
        ).one_or_none()
        return None if row is None else page_note_from(row)

    def _versions(self, row: Row[Any]) -> int:
        version = tables.item_version.c
        former = select(func.count()).where(
            version.item == row.id, version.text_hash != row.text_hash
        )
        return 1 + self._connection.execute(former).scalar_one()

    def _lead(self, of: str) -> Item:
        return item_from(
            self._connection.execute(
                select(item).join(story, story.c.lead == item.c.id).where(story.c.id == of)
            ).one()
        )

    def _hits(self, of: ItemId) -> tuple[Hit, ...]:
        rows = self._connection.execute(
            select(hit).where(hit.c.item == of).order_by(hit.c.at, hit.c.rule)
        )
        return tuple(hit_from(row) for row in rows)

    def _plans(self, of: ItemId) -> tuple[Planned, ...]:
        rows = self._connection.execute(
            select(plan).where(plan.c.item == of).order_by(plan.c.number)
        ).all()
        keys = {row.alert for row in rows if row.alert is not None}
        promised = self._connection.execute(select(alert).where(alert.c.key.in_(self._texts(keys))))
        by_key = {row.key: alert_from(row) for row in promised}
        return tuple(
            Planned(
                item=of,
                route=RouteName(row.route),
                decision=row.decision,
                because=row.because,
                alert=by_key.get(row.alert),
            )
            for row in rows
        )

    def _attempts(self, of: ItemId) -> tuple[Attempt, ...]:
        keys = select(plan.c.alert).where(plan.c.item == of, plan.c.alert.is_not(None))
        rows = self._connection.execute(
            select(attempt).where(attempt.c.alert.in_(keys)).order_by(attempt.c.at, attempt.c.id)
        )
        return tuple(_attempt_from(row) for row in rows)

    def alerts(
        self,
        states: Collection[AlertState],
        limit: int,
        *,
        route: RouteName | None = None,
        channel: ChannelName | None = None,
        since: datetime | None = None,
    ) -> tuple[Alert, ...]:
        """List alerts in these states (all, when empty), newest first; see `ports.Transaction`."""
        wanted = select(alert).order_by(alert.c.created_at.desc(), alert.c.key).limit(limit)
        if states:
            wanted = wanted.where(alert.c.state.in_(sorted(states)))
        if route is not None:
            wanted = wanted.where(alert.c.route == route)
        if channel is not None:
            wanted = wanted.where(alert.c.channel == channel)
        if since is not None:
            wanted = wanted.where(alert.c.created_at >= since)
        return tuple(alert_from(row) for row in self._connection.execute(wanted))

    def attempts(self, key: AlertKey) -> tuple[Attempt, ...]:
        """List the attempts at an alert, oldest first."""
        rows = self._connection.execute(
            select(attempt).where(attempt.c.alert == key).order_by(attempt.c.at, attempt.c.id)
        )
        return tuple(_attempt_from(row) for row in rows)

    def plans_of(self, key: AlertKey) -> tuple[Planned, ...]:
        """List the decisions that made or amended an alert, oldest first; without the alert."""
        rows = self._connection.execute(
            select(plan).where(plan.c.alert == key).order_by(plan.c.number)
        )
        return tuple(
            Planned(
                item=ItemId(row.item),
                route=RouteName(row.route),
                decision=row.decision,
                because=row.because,
            )
            for row in rows
        )

    def members(self, digest: AlertKey) -> tuple[Alert, ...]:
        """List the alerts that a digest told of, oldest first."""
        rows = self._connection.execute(
            select(alert).where(alert.c.digest == digest).order_by(alert.c.created_at, alert.c.key)
        )
        return tuple(alert_from(row) for row in rows)

    def stories(self, since: datetime, limit: int) -> tuple[Story, ...]:
        """List stories that had an item since then, newest first."""
        rows = self._connection.execute(
            stories_with_leads()
            .where(story.c.last_seen_at >= since)
            .order_by(story.c.last_seen_at.desc(), story.c.id)
            .limit(limit)
        )
        return tuple(story_from(row) for row in rows)

    def story_items(self, story: StoryId) -> tuple[tuple[Item, Placement], ...]:
        """List a story's items with their placements, lead first, then oldest first."""
        placed = self._connection.execute(select(placement).where(placement.c.story == story))
        by_item = {row.item: placement_from(row) for row in placed}
        rows = self._connection.execute(
            select(item, tables.story.c.lead)
            .join(tables.story, tables.story.c.id == story)
            .where(item.c.id.in_(self._texts(by_item)))
            .order_by(item.c.seen_at, item.c.id)
        ).all()
        lead_first = sorted(rows, key=lambda row: row.id != row.lead)
        return tuple((item_from(row), by_item[row.id]) for row in lead_first)

    def counts(self) -> Counts:
        """Count what the store holds; feeds are those that are configured."""
        by_state = dict.fromkeys(AlertState, 0)
        for state, number in self._connection.execute(
            select(alert.c.state, func.count()).group_by(alert.c.state)
        ):
            by_state[AlertState(state)] = number
        return Counts(
            feeds=self._count(select(func.count()).where(feed.c.configured)),
            items=self._count(select(func.count()).select_from(item)),
            stories=self._count(select(func.count()).select_from(story)),
            copies=self._count(select(func.count()).where(placement.c.verdict == Verdict.COPY)),
            hits=self._count(select(func.count()).select_from(hit)),
            alerts=by_state,
        )

    def _count(self, counting: Select[Any]) -> int:
        number: int = self._connection.execute(counting).scalar_one()
        return number


def _attempt_from(row: Row[Any]) -> Attempt:
    return Attempt(
        alert=AlertKey(row.alert),
        number=row.number,
        at=row.at,
        outcome=row.outcome,
        detail=row.detail,
    )


def stories_with_leads() -> Select[Any]:
    """Ask for stories with what `story_from` wants of their leads."""
    told_together = select(func.count()).where(placement.c.story == story.c.id).scalar_subquery()
    return select(
        story,
        item.c.title,
        item.c.link,
        item.c.feed,
        told_together.label("together"),
    ).join(item, item.c.id == story.c.lead)


def story_from(row: Row[Any]) -> Story:
    """Make a story of a row that `stories_with_leads` asks for."""
    return Story(
        id=StoryId(row.id),
        lead=ItemId(row.lead),
        title=row.title,
        link=row.link,
        feed=FeedId(row.feed),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        items=row.together,
    )


def past_item_from(row: Row[Any]) -> PastItem:
    """Make an item that is kept of its row, with those of its placement and feed."""
    return PastItem(
        number=row.number,
        item=item_from(row),
        placement=None if row.story is None else placement_from(row),
        has_text=row.has_text,
        backlog=row.seen_at == row.first_read_at,
    )


def hit_from(row: Row[Any]) -> Hit:
    """Make a hit of a row that has all columns of its table."""
    occurrences: tuple[Occurrence, ...] = read_occurrences(row.occurrences)
    rule = RuleInfo(
        id=RuleId(row.rule),
        title=row.title,
        severity=Severity(row.severity),
        notify=tuple(RouteName(name) for name in texts(row.notify)),
        updates=Updates(row.updates),
    )
    return Hit(rule=rule, item=ItemId(row.item), occurrences=occurrences)
