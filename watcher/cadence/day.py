"""The last day of a feed, by the half hour: what its visits came to, however many they were."""

from watcher.model import HalfHour, PastVisit

HALF_HOURS = 48  # that are remembered
FAILED = ("failed", "unreadable")
NO_VISIT = "postponed"  # its host wanted to be left alone: the feed was not asked


def with_visit(
    day: tuple[HalfHour, ...], visit: PastVisit, *, gap: bool = False
) -> tuple[HalfHour, ...]:
    """Add a visit to the day that ends with it, and let go of what is older than that day.

    Half hours in which nobody came are left out. After a clock was set back, what was in front of
    it is forgotten.
    """
    number = HalfHour.number_of(visit.at)
    kept = [half for half in day if number - HALF_HOURS < half.number <= number]
    if visit.outcome == NO_VISIT:
        return tuple(kept)
    last = kept.pop() if kept and kept[-1].number == number else HalfHour(number)
    now = last._replace(
        visits=last.visits + 1,
        failed=last.failed + (visit.outcome in FAILED),
        fresh=last.fresh + visit.fresh,
        gaps=last.gaps + gap,
    )
    return (*kept, now)


def day_of(visits: tuple[PastVisit, ...]) -> tuple[HalfHour, ...]:
    """Make the day of visits, newest first, as far as they are remembered one by one."""
    day: tuple[HalfHour, ...] = ()
    for visit in reversed(visits):
        day = with_visit(day, visit)
    return day
