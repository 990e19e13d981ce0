"""What a visit leaves behind at which the feed could be read, or had not changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from watcher.cadence import interval, looking_back, telling
from watcher.cadence.coverage import habits_after, rolled_over
from watcher.cadence.freshness import freshness, says_how_fresh
from watcher.cadence.moment import moment
from watcher.cadence.moving import move_after
from watcher.cadence.pace import Harvest, Pace
from watcher.cadence.validators import after_other_answer, after_same_body
from watcher.model import (
    Afterwards,
    Document,
    DueFeed,
    FeedMemory,
    Fetched,
    NotModified,
    Wishes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodVisit:
    """A visit, its answer, and what was found in it; no document where nothing had changed."""

    due: DueFeed
    answer: Fetched | NotModified
    document: Document | None
    harvest: Harvest
    now: datetime


def after_good_visit(visit: GoodVisit, pace: Pace) -> Afterwards:
    """Tell what to remember, when to come back, and what began or is over with this visit."""
    due, gap = visit.due, _gap(visit)
    memory = _scheduled(visit, _read(visit), pace, gap=gap is not None)
    if gap is not None:
        memory = _with_gap(visit, memory, gap)
    elif visit.harvest.fresh and visit.harvest.known:
        memory = replace(memory, gap_at=None)
    notices = (
        *telling.of_recovery(due),
        *telling.of_move(due, memory),
        *telling.of_gap(due, memory),
        *telling.of_coverage(due, memory),
        *telling.of_silence(due, memory, visit.now),
    )
    return Afterwards(memory=memory, notices=notices)


def _gap(visit: GoodVisit) -> Document | None:
    """Give the document if it shows that the feed may have rolled over since the last visit."""
    answer, document = visit.answer, visit.document
    if document is None or not isinstance(answer, Fetched):
        return None
    return document if rolled_over(visit.due, answer, document, visit.harvest) else None


def _read(visit: GoodVisit) -> FeedMemory:
    """Remember that the feed could be read, and what the answer taught us of it."""
    before, headers, now = visit.due.memory, visit.answer.headers, visit.now
    sent = isinstance(visit.answer, Fetched)
    move = move_after(visit.due, visit.answer.moved_to)
    memory = replace(
        _asked(visit),
        first_read_at=before.first_read_at or now,
        last_visit_at=now,
        last_read_at=now,
        last_body_at=now if sent else before.last_body_at or now,
        etag=headers.get("etag", "" if visit.document else before.etag),
        last_modified=headers.get("last-modified", "" if visit.document else before.last_modified),
        failures=0,
        trouble="",
        visits=before.visits + 1,
        last_fresh_at=now if visit.harvest.fresh else before.last_fresh_at,
        wishes=_wishes(visit),
        habits=habits_after(before, visit.document, visit.harvest, now),
        move=move,
        # validators come from where we were led to, so that they hold for the new address too
        validators_url=move.to or visit.due.feed.url,
    )
    quiet_at = (before.quiet_at or now) if telling.is_quiet(memory, now) else None
    return memory if memory.quiet_at == quiet_at else replace(memory, quiet_at=quiet_at)


def _asked(visit: GoodVisit) -> FeedMemory:
    """Learn whether the way in which we asked is one that the server understands."""
    before, answer = visit.due.memory, visit.answer
    if isinstance(answer, Fetched) and visit.document is None:
        return after_same_body(before, conditional=answer.conditional)
    return after_other_answer(before, not_modified=isinstance(answer, NotModified))


def _wishes(visit: GoodVisit) -> Wishes:
    """Take over what this answer says; a 304 keeps what it does not repeat (RFC 9111 4.3.4)."""
    wishes, headers, document = visit.due.memory.wishes, visit.answer.headers, visit.document
    if isinstance(visit.answer, Fetched) or says_how_fresh(headers):
        wishes = replace(wishes, fresh_for=freshness(headers))
    if document is None:
        return wishes
    return replace(
        wishes,
        interval=document.suggested_interval,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def _scheduled(visit: GoodVisit, memory: FeedMemory, pace: Pace, *, gap: bool) -> FeedMemory:
    """Decide when to come back."""
    chosen = interval.usual(
        visit.due.feed,
        visit.due.memory.interval,
        memory.habits,
        pace,
        news=bool(visit.harvest.fresh),
        gap=gap,
    )
    wait = interval.longest(chosen, interval.held(visit.due.feed, memory.wishes, pace))
    return replace(
        memory,
        interval=chosen.length,
        due_at=moment(visit.due, memory.wishes, visit.now, wait.length),
        because=wait.because,
    )


def _with_gap(visit: GoodVisit, memory: FeedMemory, document: Document) -> FeedMemory:
    """Count a gap, and look for what it hides on older pages, if the feed has some.

    While we look, nothing is said of it: there may be nothing missing in the end.
    """
    memory = replace(memory, gaps=memory.gaps + 1)
    look_back = looking_back.begin(visit.due, document, memory.due_at, visit.now)
    if look_back is None:
        return replace(memory, gap_at=memory.gap_at or visit.now)
    return replace(memory, look_back=look_back, due_at=visit.now)
