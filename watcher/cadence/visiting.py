"""What a visit leaves behind: what to remember, when to come back, what to tell the operator.

The next visit is `now + max(wishes, interval) + jitter`, outside of the hours and days that the
feed leaves out.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from watcher.cadence import interval, looking_back, telling
from watcher.cadence.day import day_of, with_visit
from watcher.cadence.good_visit import GoodVisit, after_good_visit
from watcher.cadence.interval import Wait
from watcher.cadence.moment import moment
from watcher.cadence.pace import Harvest, Pace
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
            visit = GoodVisit(due=due, answer=answer, document=None, harvest=harvest, now=now)
            return after_good_visit(visit, pace)
        case FetchFailed(postponed=True):
            return _put_off(due, answer, now)
        case FetchFailed():
            return _after_failure(due, answer, now, pace)
        case _:
            assert_never(answer)


def noted(memory: FeedMemory, visit: Visit) -> FeedMemory:
    """Remember a visit in short, and let go of the one ten visits before, and of a day ago."""
    past = PastVisit(
        at=visit.at,
        outcome=visit.outcome,
        reason=visit.reason[:200],
        items=visit.items,
        fresh=visit.fresh,
    )
    gap = any(notice.topic == "gap" for notice in visit.notices)
    return replace(
        memory,
        recent=(past, *memory.recent)[:REMEMBERED],
        day=with_visit(memory.day or day_of(memory.recent), past, gap=gap),
    )


def _after_body(
    due: DueFeed,
    answer: Fetched,
    read: ReadResult | None,
    harvest: Harvest,
    now: datetime,
    pace: Pace,
) -> Afterwards:
    visit = GoodVisit(due=due, answer=answer, document=None, harvest=harvest, now=now)
    match read:
        case Document():
            return after_good_visit(replace(visit, document=read), pace)
        case Unchanged():
            return after_good_visit(visit, pace)
        case Unreadable():
            return _after_failure(due, FetchFailed(reason=read.reason), now, pace)
        case None:
            raise AssertionError("a fetched body is always read")
        case _:
            assert_never(read)


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
