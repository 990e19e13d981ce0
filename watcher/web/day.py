"""The last 24 hours of a feed: as a bar, and in words for who does not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from watcher.model import FeedMemory, HalfHour
from watcher.web.charts import HEIGHT, WIDTH, picture

HALVES = 48
HALF = timedelta(minutes=30)
_WIDE = WIDTH // HALVES
# how each kind looks, in one colour or in none: from where down, and how high
_SHAPES = {
    "gap": ((0, 18), (30, 18)),  # a bar that is broken
    "bad": ((0, HEIGHT),),
    "fresh": ((9, 30),),
    "good": ((16, 16),),
    "none": ((22, 4),),
}
WORDS = {
    "gap": "items may have been missed",
    "bad": "failed",
    "fresh": "new items",
    "good": "nothing new",
    "none": "no visit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Half hours that follow each other, of one kind."""

    kind: str  # a key of WORDS: the worst that was in it
    since: datetime
    until: datetime
    visits: int
    failed: int
    fresh: int

    @property
    def told(self) -> str:
        """Say what was in it."""
        if not self.visits:
            return WORDS["none"]
        parts = [_many(self.visits, "visit")]
        if self.failed:
            parts.append(f"{self.failed} failed")
        parts.append(_many(self.fresh, "new item") if self.fresh else "nothing new")
        if self.kind == "gap":
            parts.append(WORDS["gap"])
        return ", ".join(parts)


def stretches(memory: FeedMemory, now: datetime) -> tuple[Stretch, ...]:
    """Cut the 24 hours until now into stretches of one kind, oldest first."""
    last = HalfHour.number_of(now)
    there = {half.number: half for half in memory.day}
    day = [there.get(n, HalfHour(n)) for n in range(last - HALVES + 1, last + 1)]
    return tuple(_stretch(kind, tuple(halves)) for kind, halves in groupby(day, key=_kind))


def bar(found: Sequence[Stretch], name: str) -> Markup:
    """Draw the stretches on a line of time; each kind is one path, so that a thousand are light."""
    begin = found[0].since
    drawn = []
    for kind in _SHAPES:
        d = "".join(_boxes(one, begin) for one in found if one.kind == kind)
        drawn.append(f'<path class="{kind}" d="{d}"/>' if d else "")
    return picture("".join(drawn), summary(found, name))


def summary(found: Sequence[Stretch], name: str) -> str:
    """Say in a sentence what the bar shows: how many visits, and when there was trouble."""
    visits, failed, fresh = (
        sum(getattr(one, what) for one in found) for what in ("visits", "failed", "fresh")
    )
    parts = [_many(visits, "visit"), _many(fresh, "new item")]
    if failed:
        parts.append(f"{failed} failed ({_when(found, 'bad') or _when(found, 'gap')})")
    if gaps := _when(found, "gap"):
        parts.append(f"{WORDS['gap']} ({gaps})")
    return f"{name} in the last 24 hours: {', '.join(parts)}"


def _when(found: Sequence[Stretch], kind: str) -> str:
    times = [f"{one.since:%H:%M}–{one.until:%H:%M}" for one in found if one.kind == kind]
    return ", ".join(times[:4]) + (" …" if len(times) > 4 else "")


def _boxes(one: Stretch, begin: datetime) -> str:
    left = (one.since - begin) // HALF * _WIDE
    wide = (one.until - one.since) // HALF * _WIDE - 1
    return "".join(f"M{left} {top}h{wide}v{high}h-{wide}z" for top, high in _SHAPES[one.kind])


def _kind(half: HalfHour) -> str:
    if half.gaps:
        return "gap"
    if half.failed:
        return "bad"
    if half.fresh:
        return "fresh"
    return "good" if half.visits else "none"


def _stretch(kind: str, halves: Sequence[HalfHour]) -> Stretch:
    return Stretch(
        kind=kind,
        since=halves[0].begins_at,
        until=halves[-1].begins_at + HALF,
        visits=sum(half.visits for half in halves),
        failed=sum(half.failed for half in halves),
        fresh=sum(half.fresh for half in halves),
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
