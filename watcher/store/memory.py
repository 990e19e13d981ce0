"""What we remember of a feed, to the columns of its row and back.

The nouns inside are JSON, short, and empty where there is nothing to remember: a stored form is a
promise, so that a key that is added later needs a default in its reader.
"""

import json
from datetime import timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Row

from watcher.model import (
    Asking,
    FeedId,
    FeedMemory,
    Habits,
    HalfHour,
    LookBack,
    Move,
    PastVisit,
    Wishes,
)
from watcher.store.coding import written
from watcher.store.types import MICROSECOND, microseconds, moment


def write_memory(memory: FeedMemory) -> dict[str, object]:
    """Give the columns in which a feed is remembered."""
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
        "because": memory.because,
        "last_body_at": memory.last_body_at,
        "asking": memory.asking.value,
        "same_bodies": memory.same_bodies,
        "gaps": memory.gaps,
        "gap_at": memory.gap_at,
        "quiet_at": memory.quiet_at,
        "wishes": _write_wishes(memory.wishes),
        "habits": _write_habits(memory.habits, memory.day),
        "move": _write_move(memory.move),
        "look_back": _write_look_back(memory.look_back),
        "recent": _write_recent(memory.recent),
    }


def read_memory(row: Row[Any]) -> FeedMemory:
    """Read what a feed's row remembers."""
    habits, day = _read_habits(row.habits)
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
        because=row.because,
        last_body_at=row.last_body_at,
        asking=Asking(row.asking),
        same_bodies=row.same_bodies,
        gaps=row.gaps,
        gap_at=row.gap_at,
        quiet_at=row.quiet_at,
        wishes=_read_wishes(row.wishes),
        habits=habits,
        move=_read_move(row.move),
        look_back=_read_look_back(row.look_back),
        recent=_read_recent(row.recent),
        day=day,
    )


def _write_wishes(wishes: Wishes) -> str:
    if wishes == Wishes():
        return ""
    return written(
        {
            "fresh_for": wishes.fresh_for // MICROSECOND,
            "interval": None if wishes.interval is None else wishes.interval // MICROSECOND,
            "skip_hours": sorted(wishes.skip_hours),
            "skip_days": sorted(wishes.skip_days),
        }
    )


def _read_wishes(stored: str) -> Wishes:
    if not stored:
        return Wishes()
    told = json.loads(stored)
    return Wishes(
        fresh_for=told["fresh_for"] * MICROSECOND,
        interval=_span(told["interval"]),
        skip_hours=frozenset(told["skip_hours"]),
        skip_days=frozenset(told["skip_days"]),
    )


def _write_habits(habits: Habits, day: tuple[HalfHour, ...]) -> str:
    """Write the habits, and the last day with them: who does not know of it reads the rest."""
    if habits == Habits() and not day:
        return ""
    pause = habits.longest_pause
    return written(
        {
            "window": habits.window,
            "overlap": habits.overlap,
            "rate": habits.rate,
            "longest_pause": None if pause is None else pause // MICROSECOND,
            "arrivals": habits.arrivals,
            "day": list(chain.from_iterable(day)),
        }
    )


def _read_habits(stored: str) -> tuple[Habits, tuple[HalfHour, ...]]:
    if not stored:
        return Habits(), ()
    told = json.loads(stored)
    habits = Habits(
        window=told["window"],
        overlap=told["overlap"],
        rate=told["rate"],
        longest_pause=_span(told["longest_pause"]),
        arrivals=told["arrivals"],
    )
    numbers = iter(told.get("day", ()))
    return habits, tuple(map(HalfHour._make, zip(*[numbers] * len(HalfHour._fields), strict=True)))


def _write_move(move: Move) -> str:
    return "" if move == Move() else written([move.to, move.said, move.times])


def _read_move(stored: str) -> Move:
    if not stored:
        return Move()
    to, said, times = json.loads(stored)
    return Move(to=to, said=said, times=times)


def _write_look_back(look_back: LookBack | None) -> str:
    if look_back is None:
        return ""
    return written(
        {
            "page": look_back.page,
            "since": microseconds(look_back.since),
            "resume_at": microseconds(look_back.resume_at),
            "pages": look_back.pages,
            "found": look_back.found,
        }
    )


def _read_look_back(stored: str) -> LookBack | None:
    if not stored:
        return None
    told = json.loads(stored)
    return LookBack(
        page=told["page"],
        since=moment(told["since"]),
        resume_at=moment(told["resume_at"]),
        pages=told["pages"],
        found=told["found"],
    )


def _write_recent(recent: tuple[PastVisit, ...]) -> str:
    if not recent:
        return ""
    return written([[microseconds(v.at), v.outcome, v.reason, v.items, v.fresh] for v in recent])


def _read_recent(stored: str) -> tuple[PastVisit, ...]:
    if not stored:
        return ()
    return tuple(
        PastVisit(at=moment(at), outcome=outcome, reason=reason, items=items, fresh=fresh)
        for at, outcome, reason, items, fresh in json.loads(stored)
    )


def _span(stored: int | None) -> timedelta | None:
    return None if stored is None else stored * MICROSECOND
