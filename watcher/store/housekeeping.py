"""Forgetting: texts first, then all trace of what no feed shows any more."""

from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update

from watcher.model import AlertState
from watcher.store.part import Part
from watcher.store.tables import (
    alert,
    hit,
    item,
    item_version,
    known_by,
    placement,
    rule,
    story,
    story_claim,
    story_text,
)

SETTLED = (
    AlertState.SENT,
    AlertState.DEAD,
    AlertState.SUPPRESSED,
    AlertState.DIGESTED,
)
NOTHING = {"title": "", "summary": "", "content": ""}


class Housekeeping(Part):
    """How a transaction tidies up."""

    def forget(self, *, texts_before: datetime, everything_before: datetime) -> int:
        """Drop old texts, and older things whole; see `ports.Transaction`.

        What a living story needs stays however old it is: the identities of its lead and of the
        item whose name it bears, and its alerts, so that a late copy does not alert again.
        """
        forgotten = self._forget_texts(texts_before)
        self._keep_last_hits()
        self._forget_items(everything_before)
        self._forget_alerts(everything_before)
        self._sweep_indexes()
        return forgotten

    def is_text_older(self, than: datetime) -> bool:
        """Tell whether there is an older text; see `ports.Transaction`."""
        old = select(item.c.id).where(item.c.has_text, item.c.last_seen_at < than)
        return bool(self._connection.execute(select(old.exists())).scalar())

    def _keep_last_hits(self) -> None:
        """Write down each rule's last hit, because hits are about to be forgotten."""
        latest = select(func.max(hit.c.at)).where(hit.c.rule == rule.c.id).scalar_subquery()
        later = or_(rule.c.last_hit_at.is_(None), rule.c.last_hit_at < latest)
        self._connection.execute(
            update(rule).where(later).values(last_hit_at=func.coalesce(latest, rule.c.last_hit_at))
        )

    def _forget_texts(self, before: datetime) -> int:
        old = and_(item.c.has_text, item.c.last_seen_at < before)
        done = self._connection.execute(
            update(item)
            .where(old)
            .values(**NOTHING, authors="[]", tags="[]", links="[]", has_text=False)
        )
        textless = select(item.c.id).where(~item.c.has_text)
        self._connection.execute(
            update(item_version).where(item_version.c.item.in_(textless)).values(NOTHING)
        )
        return done.rowcount

    def _forget_items(self, before: datetime) -> None:
        shown = (
            select(placement.c.story)
            .join(item, item.c.id == placement.c.item)
            .where(item.c.last_seen_at >= before)
        )
        needed = select(story.c.lead).where(story.c.id.in_(shown)).union(shown)
        self._connection.execute(
            delete(item).where(item.c.last_seen_at < before, item.c.id.not_in(needed))
        )

    def _forget_alerts(self, before: datetime) -> None:
        of_no_story = or_(alert.c.story.is_(None), alert.c.story.not_in(select(story.c.id)))
        since = func.coalesce(alert.c.settled_at, alert.c.created_at)
        self._connection.execute(
            delete(alert).where(alert.c.state.in_(SETTLED), since < before, of_no_story)
        )

    def _sweep_indexes(self) -> None:
        numbers = select(item.c.number)
        self._connection.execute(delete(known_by).where(known_by.c.item.not_in(numbers)))
        self._connection.execute(delete(story_claim).where(story_claim.c.item.not_in(numbers)))
        self._connection.execute(
            delete(story_text).where(story_text.c.item.not_in(numbers.where(item.c.has_text)))
        )
