"""Lists that are leafed through, newest first, and what the pages about them ask besides."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, and_, func, literal, or_, select, type_coerce

from watcher.model import Alert, AlertState, Bookmark, PastItem, RuleId, Story, StoryId
from watcher.store import tables
from watcher.store.alerts import alert_from
from watcher.store.looking import past_item_from, stories_with_leads, story_from
from watcher.store.part import Part
from watcher.store.tables import alert, feed, hit, item, placement, plan
from watcher.store.types import EPOCH

HOUR = 60 * 60 * 1_000_000


class Browsing(Part):
    """What a transaction can list page by page."""

    def alerts_page(
        self,
        states: Collection[AlertState] = (),
        *,
        limit: int,
        before: Bookmark | None = None,
        rule: RuleId | None = None,
        story: StoryId | None = None,
    ) -> tuple[Alert, ...]:
        """List a page of alerts, newest first; see `ports.Transaction`."""
        wanted = select(alert).order_by(alert.c.created_at.desc(), alert.c.key.desc()).limit(limit)
        if states:
            wanted = wanted.where(alert.c.state.in_(sorted(states)))
        if before is not None:
            earlier = and_(alert.c.created_at == before.at, alert.c.key < before.id)
            wanted = wanted.where(or_(alert.c.created_at < before.at, earlier))
        if rule is not None:
            by_rule = select(plan.c.alert).join(hit, hit.c.item == plan.c.item)
            wanted = wanted.where(alert.c.key.in_(by_rule.where(hit.c.rule == rule)))
        if story is not None:
            wanted = wanted.where(alert.c.story == story)
        return tuple(alert_from(row) for row in self._connection.execute(wanted))

    def stories_page(self, *, limit: int, before: Bookmark | None = None) -> tuple[Story, ...]:
        """List a page of stories, those that had an item last first."""
        last, name = tables.story.c.last_seen_at, tables.story.c.id
        wanted = stories_with_leads().order_by(last.desc(), name.desc())
        if before is not None:
            earlier = and_(last == before.at, name < before.id)
            wanted = wanted.where(or_(last < before.at, earlier))
        rows = self._connection.execute(wanted.limit(limit))
        return tuple(story_from(row) for row in rows)

    def find_story(self, name: StoryId) -> Story | None:
        """Find a story."""
        wanted = stories_with_leads().where(tables.story.c.id == name)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else story_from(row)

    def latest_items(self, limit: int) -> tuple[PastItem, ...]:
        """List the items that were kept last, newest first."""
        rows = self._connection.execute(
            select(item, placement, feed.c.first_read_at)
            .outerjoin(placement, placement.c.item == item.c.id)
            .outerjoin(feed, feed.c.id == item.c.feed)
            .order_by(item.c.number.desc())
            .limit(limit)
        )
        return tuple(past_item_from(row) for row in rows)

    def hits_per_hour(self, since: datetime) -> Mapping[datetime, int]:
        """Count the hits of all rules since then by the hour; hours without any are left out."""
        hour = type_coerce(hit.c.at, BigInteger) // literal(HOUR, BigInteger)
        rows = self._connection.execute(
            select(hour.label("hour"), func.count()).where(hit.c.at >= since).group_by(hour)
        )
        return {EPOCH + timedelta(hours=number): hits for number, hits in rows}
