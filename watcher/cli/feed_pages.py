"""How feeds look to people and to programs: a row of the list, and the page of one feed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from watcher.cadence import half_a_window
from watcher.cli.printing import Run, moment
from watcher.cli.records import Record, feed_record
from watcher.cli.rule_states import ago
from watcher.fetch import redacted
from watcher.model import Asking, DueFeed, FeedMemory, Habits, PastVisit
from watcher.text.spans import spoken

COLUMNS = (
    "feed", "state", "last visit", "last new", "interval", "why", "next visit", "known", "gaps",
    "trouble",
)  # fmt: skip
LABEL = 12  # columns before what is said
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ASKING = {
    Asking.BOTH: "as the server said",
    Asking.DATE: "by date alone: the server does not know its own ETag again",
    Asking.BARE_TAG: "by the ETag without `-gzip`: the server compares it without",
    Asking.HOPELESS: "in vain: the server sends the same body again and again",
}


def row_of(feed: DueFeed) -> tuple[object, ...]:
    """Give what `COLUMNS` name of a feed."""
    memory, habits = feed.memory, feed.memory.habits
    return (
        feed.feed.id,
        feed.state,
        memory.last_visit_at,
        memory.last_fresh_at,
        spoken(memory.interval) if memory.interval else None,
        memory.because or None,
        None if memory.gone else memory.due_at,
        f"{habits.overlap} of {habits.window}" if habits.window else None,
        memory.gaps,
        trouble_of(feed),
    )


def trouble_of(feed: DueFeed) -> str:
    """Say what the operator may want to do something about; nothing where all is well."""
    memory = feed.memory
    told = (
        memory.trouble,
        f"moved to {redacted(memory.move.to)}" if memory.move.to else "",
        f"items may be missing since {memory.gap_at:%Y-%m-%d %H:%M}" if memory.gap_at else "",
    )
    return "; ".join(filter(None, told))


def page_record(feed: DueFeed) -> Record:
    """Tell all that is remembered of a feed, for programs."""
    memory, habits, wishes = feed.memory, feed.memory.habits, feed.memory.wishes
    return {
        **feed_record(feed),
        "language": feed.feed.language,
        "poll": _seconds(feed.feed.every),
        "first_read": moment(memory.first_read_at),
        "visits": memory.visits,
        "per_day": None if habits.rate is None else round(habits.rate, 3),
        "reach": _seconds(reach_of(habits)),
        "longest_pause": _seconds(habits.longest_pause),
        "quiet_since": moment(memory.quiet_at),
        "gap_since": moment(memory.gap_at),
        "older_page": memory.look_back.page if memory.look_back else None,
        "fresh_for": wishes.fresh_for.total_seconds(),
        "asked_interval": _seconds(wishes.interval),
        "skip_hours": sorted(wishes.skip_hours),
        "skip_days": [DAYS[day] for day in sorted(wishes.skip_days)],
        "etag": memory.etag,
        "last_modified": memory.last_modified,
        "validators_of": memory.validators_url,
        "asking": memory.asking.value,
        "last_body": moment(memory.last_body_at),
        "last_visits": [_visit_record(visit) for visit in memory.recent],
    }


def page_of(feed: DueFeed, now: datetime) -> Iterator[Sequence[Run]]:
    """Tell all that is remembered of a feed, for people, a line each."""
    yield (feed.feed.id, "rule"), f"  {feed.feed.title}"
    for label, told in (*_place(feed), *_times(feed, now), *_learned(feed, now), *_asked(feed)):
        yield (f"  {label:{LABEL - 2}}", "faint"), "  ", told
    if not feed.memory.recent:
        return
    yield "", ("last visits", "faint")
    for visit in feed.memory.recent:
        brought = f"  {visit.items} items, {visit.fresh} new" if visit.items else ""
        reason = f"  {visit.reason}" if visit.reason else ""
        yield (f"  {visit.at:%Y-%m-%d %H:%M}  {visit.outcome:12}{brought}{reason}",)


def reach_of(habits: Habits) -> timedelta | None:
    """Tell how far back the items reach that a feed shows; None: not known."""
    half = half_a_window(habits)
    return None if half is None else 2 * half


def _place(feed: DueFeed) -> Iterator[tuple[str, str]]:
    yield "address", redacted(feed.feed.url)
    if feed.memory.move.to:
        there = redacted(feed.memory.move.to)
        yield "moved", f"to {there}: it is visited there; please change its `url`"
    yield "state", feed.state
    if feed.memory.trouble:
        times = "once" if feed.memory.failures == 1 else f"{feed.memory.failures} times in a row"
        yield "trouble", f"{feed.memory.trouble} (failed {times})"


def _times(feed: DueFeed, now: datetime) -> Iterator[tuple[str, str]]:
    memory = feed.memory
    last = ago(memory.last_visit_at, now) if memory.last_visit_at else "never"
    yield "visits", f"{memory.visits}, the last one {last}"
    if memory.gone:
        return
    wait = f"in {spoken(memory.due_at - now)}" if memory.due_at > now else "now"
    yield "next visit", f"{wait} ({memory.due_at:%Y-%m-%d %H:%M}){_why(memory)}"
    if memory.interval:
        yield "interval", f"{spoken(memory.interval)}, before what the server asks for"


def _why(memory: FeedMemory) -> str:
    return f": {memory.because}" if memory.because else ""


def _learned(feed: DueFeed, now: datetime) -> Iterator[tuple[str, str]]:
    memory, habits = feed.memory, feed.memory.habits
    news = ago(memory.last_fresh_at, now) if memory.last_fresh_at else "never"
    rate = "" if habits.rate is None else f"; about {habits.rate:.2g} items a day"
    pause = f"; longest pause {spoken(habits.longest_pause)}" if habits.longest_pause else ""
    yield "new items", f"last {news}{rate}{pause}"
    if habits.window:
        reach = reach_of(habits)
        back = f", which reach back about {spoken(reach)}" if reach else ""
        known = f"{habits.overlap} of them known at the last visit"
        yield "window", f"{habits.window} items{back}; {known}"
    since = f"; items may be missing since {memory.gap_at:%Y-%m-%d %H:%M}" if memory.gap_at else ""
    looking = "; older pages are being read" if memory.look_back else ""
    yield "gaps", f"{memory.gaps}{since}{looking}"


def _asked(feed: DueFeed) -> Iterator[tuple[str, str]]:
    memory, wishes = feed.memory, feed.memory.wishes
    told = (
        f"its answer is fresh for {spoken(wishes.fresh_for)}" if wishes.fresh_for else "",
        f"no more often than every {spoken(wishes.interval)}" if wishes.interval else "",
        f"not at {', '.join(map(str, sorted(wishes.skip_hours)))} h UTC"
        if wishes.skip_hours
        else "",
        f"not on {', '.join(DAYS[day] for day in sorted(wishes.skip_days))}"
        if wishes.skip_days
        else "",
    )
    if any(told):
        yield "it asks", "; ".join(filter(None, told))
    validators = (
        f"ETag {memory.etag}" if memory.etag else "",
        f"Last-Modified {memory.last_modified}" if memory.last_modified else "",
    )
    if any(validators):
        yield "asked", f"{ASKING[memory.asking]} ({', '.join(filter(None, validators))})"


def _visit_record(visit: PastVisit) -> Record:
    return {
        "at": moment(visit.at),
        "outcome": visit.outcome,
        "reason": visit.reason,
        "items": visit.items,
        "new": visit.fresh,
    }


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
