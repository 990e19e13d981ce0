"""What the operator is told of feeds: each trouble once when it begins and once when it is over."""

from datetime import datetime

from watcher.cadence.coverage import half_a_window, silence_told
from watcher.model import DueFeed, FeedMemory, FetchFailed, LookBack, Notice, content_id
from watcher.text.spans import spoken

FAILING_AFTER = 3  # failures in a row that make a feed "failing"


def of_failure(due: DueFeed, failed: FetchFailed, after: FeedMemory) -> tuple[Notice, ...]:
    """Say that a feed is gone, or failing."""
    if after.gone:
        return (notice(due, "gone", f"is gone for good and not visited again: {failed.reason}"),)
    if after.failures == FAILING_AFTER:
        text = f"failed {after.failures} times in a row: {failed.reason}"
        return (notice(due, "failing", text),)
    return ()


def of_recovery(due: DueFeed) -> tuple[Notice, ...]:
    """Say that a failing feed can be read again."""
    if due.memory.failures < FAILING_AFTER:
        return ()
    text = f"can be read again after {due.memory.failures} failed visits"
    return (notice(due, "recovered", text),)


def of_move(due: DueFeed, after: FeedMemory) -> tuple[Notice, ...]:
    """Say that a feed is visited at another address from now on; once for each address."""
    there = after.move.to
    if not there or there == due.memory.move.to:
        return ()
    text = (
        f"has moved for good, said its server three times: it is visited at {there} from now on,"
        " and at the configured address should that fail. Please change its `url`."
    )
    number = int(content_id(there)[:12], 16)  # not the visit's: a move is told once
    return (Notice(feed=due.feed.id, topic="moved", text=text, number=number),)


def of_gap(due: DueFeed, after: FeedMemory) -> tuple[Notice, ...]:
    """Say that items may have been missed, of each gap; not while we look for them."""
    found = after.gaps > due.memory.gaps or due.memory.look_back is not None
    if not found or after.look_back is not None:
        return ()
    advice = _too_slow(due, after)
    text = f"nothing in it was known from the visit before{_seen(due)}: items in between may"
    return (notice(due, "gap", f"{text} have been missed{advice}"),)


def of_coverage(due: DueFeed, after: FeedMemory) -> tuple[Notice, ...]:
    """Say that visits overlap again."""
    if due.memory.gap_at is None or after.gap_at is not None:
        return ()
    text = (
        "shows items again that were known from the visit before: none is missed since. What came"
        f" in the gap ({_day(due.memory.gap_at)}) stays unknown"
    )
    return (notice(due, "covered", text),)


def of_look_back(due: DueFeed, done: LookBack) -> tuple[Notice, ...]:
    """Say that what a gap hid was found on older pages."""
    pages = f"{done.pages} older page{'' if done.pages == 1 else 's'}"
    text = (
        f"nothing in it was known from the visit before ({_day(done.since)}); the items in between"
        f" ({done.found}) were found on {pages}: none is missing"
    )
    return (notice(due, "gap closed", text),)


def is_quiet(memory: FeedMemory, now: datetime) -> bool:
    """Tell whether a feed that can be read was never silent for so long."""
    told = silence_told(memory.habits)
    last = memory.last_fresh_at
    return told is not None and last is not None and now - last > told


def of_silence(due: DueFeed, after: FeedMemory, now: datetime) -> tuple[Notice, ...]:
    """Say that a feed has gone quiet, or talks again."""
    before, last = due.memory, due.memory.last_fresh_at
    if before.quiet_at is None and after.quiet_at is not None and last is not None:
        longest = after.habits.longest_pause
        pause = f": it never paused for more than {spoken(longest)} before" if longest else ""
        text = f"can be read but has shown nothing new for {spoken(now - last)}{pause}"
        return (notice(due, "quiet", text),)
    if before.quiet_at is not None and after.quiet_at is None and last is not None:
        text = f"shows new items again, the first since {_day(last)}"
        return (notice(due, "talks again", text),)
    return ()


def _too_slow(due: DueFeed, after: FeedMemory) -> str:
    half = half_a_window(after.habits)
    if due.feed.every is None or half is None or half >= due.feed.every:
        return ""
    every = spoken(due.feed.every)
    return f". Half of what it shows passes in {spoken(half)}, and its `poll` is {every}"


def _seen(due: DueFeed) -> str:
    since = due.memory.last_read_at
    return f" ({_day(since)})" if since else ""


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def notice(due: DueFeed, topic: str, text: str) -> Notice:
    """Make a notice about a feed at this visit."""
    return Notice(feed=due.feed.id, topic=topic, text=text, number=due.memory.visits + 1)
