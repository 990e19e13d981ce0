"""A checkup from beginning to end: ask, read, ask again as at the next visit, judge."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher import parse
from watcher.cadence import Harvest, Pace, after, held
from watcher.checkup.findings import findings
from watcher.checkup.found import Asked, Checkup
from watcher.model import (
    Asking,
    Document,
    DueFeed,
    Feed,
    FeedMemory,
    Fetched,
    Look,
    NotModified,
    Offer,
    ReadResult,
    Unreadable,
)
from watcher.ports import Clock

MOST_ASKED = 3  # the first time, the second, and once more if there is another way to ask
STEPS = 100  # visits that bring nothing, until the interval has grown as far as it does


def checkup(
    feed: Feed, look: Callable[[DueFeed], Look], clock: Clock, pace: Pace, *, served: bool = True
) -> Checkup:
    """Look at a feed; one that is a file and not `served` is asked for once only."""
    now = clock.now()
    due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=now))
    first = look(due)
    read = _read(due, first, now)
    due = _remembered(due, first, read, now, pace)
    found = Checkup(
        feed=feed,
        at=now,
        look=first,
        read=read,
        memory=due.memory,
        wait=_wait(due, pace),
        idle=_wait(_idle(due, now, pace), pace),
        offers=_offers(first, read),
    )
    if found.document is not None and served:
        found = replace(found, again=tuple(_again(due, look, clock, pace)))
    return replace(found, findings=findings(found))


def _read(due: DueFeed, look: Look, now: datetime) -> ReadResult | None:
    answer = look.answer
    return parse.read(due, answer, now) if isinstance(answer, Fetched) else None


def _remembered(
    due: DueFeed, look: Look, read: ReadResult | None, now: datetime, pace: Pace
) -> DueFeed:
    """Remember a visit as the daemon would."""
    items = len(read.items) if isinstance(read, Document) else 0
    known = due.memory.first_read_at is not None
    harvest = Harvest(again=items) if known else Harvest(fresh=items)
    memory = after(due, look.answer, read, harvest, now, pace).memory
    if isinstance(look.answer, Fetched) and isinstance(read, Document):
        memory = replace(memory, body_hash=parse.body_hash(look.answer.body))
    return replace(due, memory=memory)


def _again(
    due: DueFeed, look: Callable[[DueFeed], Look], clock: Clock, pace: Pace
) -> Sequence[Asked]:
    """Ask whether anything has changed, and once more where the daemon would try another way."""
    asked: list[Asked] = []
    while len(asked) + 1 < MOST_ASKED:
        way = due.memory.asking
        if asked and way in (asked[-1].way, Asking.HOPELESS):
            break
        seen, now = look(due), clock.now()
        read = _read(due, seen, now)
        asked.append(Asked(way=way, look=seen, read=read))
        due = _remembered(due, seen, read, now, pace)
    return asked


def _wait(due: DueFeed, pace: Pace) -> timedelta:
    """Tell how long the daemon would wait, without the little that it adds to spread visits."""
    interval = due.memory.interval or timedelta(0)
    return max(interval, held(due.feed, due.memory.wishes, pace).length)


def _idle(due: DueFeed, now: datetime, pace: Pace) -> DueFeed:
    """Remember what the daemon would after many visits that brought nothing."""
    nothing = NotModified(url=due.feed.url)
    for _ in range(STEPS if due.memory.last_read_at else 0):
        due = replace(due, memory=after(due, nothing, None, Harvest(), now, pace).memory)
    return due


def _offers(look: Look, read: ReadResult | None) -> tuple[Offer, ...]:
    answer = look.answer
    if not (isinstance(answer, Fetched) and isinstance(read, Unreadable)):
        return ()
    return parse.offered(answer.body, answer.headers.get("content-type", ""), answer.url)
