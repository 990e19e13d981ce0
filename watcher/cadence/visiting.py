"""What a visit leaves behind: what to remember, when to come back, what to tell the operator.

The next visit is `now + max(wishes, interval) + jitter`, outside of the hours and days that the
feed leaves out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from watcher.cadence import interval, looking_back, telling
from watcher.cadence.coverage import habits_after, rolled_over
from watcher.cadence.freshness import freshness, says_how_fresh
from watcher.cadence.interval import Wait
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
    FetchFailed,
    FetchResult,
    LookBack,
    Move,
    NotModified,
    PastVisit,
    ReadResult,
    Unchanged,
    Unreadable,
    Visit,
    Wishes,
)

NEVER = timedelta(days=36_500)  # for feeds that are gone
REMEMBERED = 10  # visits


def after(
    due: DueFeed,
    answer: FetchResult,
    read: ReadResult | None,
    harvest: Harvest,
    now: datetime,
    pace: Pace,
) -> Afterwards:
    """Tell what to remember after a visit, when to come back, and what the operator should know.

    `read` is None unless the answer was `Fetched`.
    """
    if due.memory.look_back is not None:
        return _after_older_page(due, due.memory.look_back, answer, read, harvest, now)
    match answer:
        case Fetched():
            return _after_body(due, answer, read, harvest, now, pace)
        case NotModified():
            return _after_good_visit(due, answer, None, harvest, now, pace)
        case FetchFailed(postponed=True):
            return _put_off(due, answer, now)
        case FetchFailed():
            return _after_failure(due, answer, now, pace)
        case _:
            assert_never(answer)


def noted(memory: FeedMemory, visit: Visit) -> FeedMemory:
    """Remember a visit in short, and let go of the one ten visits before."""
    past = PastVisit(
        at=visit.at,
        outcome=visit.outcome,
        reason=visit.reason[:200],
        items=visit.items,
        fresh=visit.fresh,
    )
    return replace(memory, recent=(past, *memory.recent)[:REMEMBERED])


def _after_body(
    due: DueFeed,
    answer: Fetched,
    read: ReadResult | None,
    harvest: Harvest,
    now: datetime,
    pace: Pace,
) -> Afterwards:
    match read:
        case Document():
            return _after_good_visit(due, answer, read, harvest, now, pace)
        case Unchanged():
            return _after_good_visit(due, answer, None, harvest, now, pace)
        case Unreadable():
            return _after_failure(due, FetchFailed(reason=read.reason), now, pace)
        case None:
            raise AssertionError("a fetched body is always read")
        case _:
            assert_never(read)


def _after_good_visit(
    due: DueFeed,
    answer: Fetched | NotModified,
    document: Document | None,
    harvest: Harvest,
    now: datetime,
    pace: Pace,
) -> Afterwards:
    gap = (
        document is not None
        and isinstance(answer, Fetched)
        and rolled_over(due, answer, document, harvest)
    )
    memory = _read(due, answer, document, harvest, now)
    memory = _scheduled(due, memory, harvest, now, pace, gap=gap)
    if gap and document is not None:
        memory = _with_gap(due, memory, document, now)
    elif harvest.fresh and harvest.known:
        memory = replace(memory, gap_at=None)
    notices = (
        *telling.of_recovery(due),
        *telling.of_move(due, memory),
        *telling.of_gap(due, memory),
        *telling.of_coverage(due, memory),
        *telling.of_silence(due, memory, now),
    )
    return Afterwards(memory=memory, notices=notices)


def _read(
    due: DueFeed,
    answer: Fetched | NotModified,
    document: Document | None,
    harvest: Harvest,
    now: datetime,
) -> FeedMemory:
    """Remember that the feed could be read, and what the answer taught us of it."""
    before, headers = due.memory, answer.headers
    memory = replace(
        _asked(before, answer, document),
        first_read_at=before.first_read_at or now,
        last_visit_at=now,
        last_read_at=now,
        last_body_at=now if isinstance(answer, Fetched) else before.last_body_at or now,
        etag=headers.get("etag", "" if document else before.etag),
        last_modified=headers.get("last-modified", "" if document else before.last_modified),
        failures=0,
        trouble="",
        visits=before.visits + 1,
        last_fresh_at=now if harvest.fresh else before.last_fresh_at,
        wishes=_wishes(before.wishes, headers, document, modified=isinstance(answer, Fetched)),
        habits=habits_after(before, document, harvest, now),
        move=move_after(due, answer.moved_to),
    )
    # validators come from where we were led to, so that they hold for the new address too
    memory = replace(memory, validators_url=memory.move.to or due.feed.url)
    if not telling.is_quiet(memory, now):
        return replace(memory, quiet_at=None)
    return replace(memory, quiet_at=before.quiet_at or now)


def _asked(
    before: FeedMemory, answer: Fetched | NotModified, document: Document | None
) -> FeedMemory:
    if isinstance(answer, Fetched) and document is None:
        return after_same_body(before, conditional=answer.conditional)
    return after_other_answer(before, not_modified=isinstance(answer, NotModified))


def _wishes(
    before: Wishes, headers: Mapping[str, str], document: Document | None, *, modified: bool
) -> Wishes:
    """Take over what this answer says; a 304 keeps what it does not repeat (RFC 9111 4.3.4)."""
    wishes = before
    if modified or says_how_fresh(headers):
        wishes = replace(wishes, fresh_for=freshness(headers))
    if document is None:
        return wishes
    return replace(
        wishes,
        interval=document.suggested_interval,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def _scheduled(
    due: DueFeed, memory: FeedMemory, harvest: Harvest, now: datetime, pace: Pace, *, gap: bool
) -> FeedMemory:
    """Decide when to come back after a good visit."""
    chosen = interval.usual(
        due.feed,
        due.memory.interval,
        memory.habits,
        pace,
        news=bool(harvest.fresh),
        gap=gap,
    )
    wait = interval.longest(chosen, interval.held(due.feed, memory.wishes, pace))
    return replace(
        memory,
        interval=chosen.length,
        due_at=moment(due, memory.wishes, now, wait.length),
        because=wait.because,
    )


def _with_gap(due: DueFeed, memory: FeedMemory, document: Document, now: datetime) -> FeedMemory:
    """Count a gap, and look for what it hides on older pages, if the feed has some.

    While we look, nothing is said of it: there may be nothing missing in the end.
    """
    memory = replace(memory, gaps=memory.gaps + 1)
    look_back = looking_back.begin(due, document, memory.due_at, now)
    if look_back is None:
        return replace(memory, gap_at=memory.gap_at or now)
    return replace(memory, look_back=look_back, due_at=now)


def _after_older_page(
    due: DueFeed,
    look_back: LookBack,
    answer: FetchResult,
    read: ReadResult | None,
    harvest: Harvest,
    now: datetime,
) -> Afterwards:
    """Go on to the next older page, or back to the feed itself; its health is not touched."""
    before = due.memory
    memory = replace(before, last_visit_at=now, visits=before.visits + 1)
    further = looking_back.go_on(look_back, answer, read, harvest)
    if further is not None:
        return Afterwards(memory=replace(memory, look_back=further, due_at=now))
    done = looking_back.counted(look_back, read, harvest)
    asked = answer.retry_after if isinstance(answer, FetchFailed) else None
    due_at = max(look_back.resume_at, now + (asked or timedelta(0)))
    memory = replace(memory, look_back=None, due_at=due_at)
    if harvest.reaches:
        return Afterwards(memory=memory, notices=telling.of_look_back(due, done))
    memory = replace(memory, gap_at=before.gap_at or now)
    return Afterwards(memory=memory, notices=telling.of_gap(due, memory))


def _put_off(due: DueFeed, answer: FetchFailed, now: datetime) -> Afterwards:
    """Come back when the host may be asked again; the feed itself has not failed."""
    before = due.memory
    due_at = moment(due, before.wishes, now, answer.retry_after or timedelta(0))
    memory = replace(before, due_at=due_at, because=answer.reason, visits=before.visits + 1)
    return Afterwards(memory=memory)


def _after_failure(due: DueFeed, failed: FetchFailed, now: datetime, pace: Pace) -> Afterwards:
    """Count a failure, back off, and go back to the old address where the new one failed."""
    before = due.memory
    gone = failed.gone and not before.move.to
    failures = before.failures + 1
    backed_off = interval.backed_off(due.feed, failed, failures, pace)
    wait = Wait(length=NEVER, because="it is gone for good (410)") if gone else backed_off
    memory = replace(
        before,
        due_at=moment(due, before.wishes, now, wait.length),
        because=wait.because,
        last_visit_at=now,
        failures=failures,
        trouble=failed.reason,
        gone=gone,
        visits=before.visits + 1,
        move=Move(),
    )
    return Afterwards(memory=memory, notices=telling.of_failure(due, failed, memory))
