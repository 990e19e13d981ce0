"""When to visit a feed again, and what a visit says about the feed's health.

The next visit is `now + max(floor, interval) + jitter`. The floor is what the server asks for
(Retry-After, RFC 9111 freshness, the feed's own ttl); the jitter comes from a hash, so that feeds
spread over time and the same visit always gives the same answer. Polling never stops but for a
410: it backs off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import assert_never

from watcher.model import (
    Afterwards,
    Document,
    DueFeed,
    Fetched,
    FetchFailed,
    FetchResult,
    Notice,
    NotModified,
    ReadResult,
    Unchanged,
    Unreadable,
    content_id,
)

FAILING_AFTER = 3  # failures in a row that make a feed "failing"
JITTER = 0.1  # of the interval, added and never subtracted
NEVER = timedelta(days=36_500)  # for feeds that are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often feeds are visited, as the configuration wants it."""

    default: timedelta = timedelta(minutes=15)
    least: timedelta = timedelta(minutes=5)
    most: timedelta = timedelta(hours=24)

    def clamp(self, wanted: timedelta) -> timedelta:
        """Bring an interval between the bounds."""
        return max(self.least, min(self.most, wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What became of a document's items."""

    fresh: int = 0
    edited: int = 0
    again: int = 0  # seen before and unchanged, or known under another key
    returned: int = 0  # of those known: the document before did not show them

    @property
    def overlaps(self) -> bool:
        """Whether the document showed anything that the one before had shown."""
        return self.edited + self.again > self.returned


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
    match answer:
        case Fetched():
            return _after_body(due, answer, read, harvest, now, pace)
        case NotModified():
            return _after_good_visit(due, answer.headers, None, harvest, now, pace)
        case FetchFailed(postponed=True):
            return _put_off(due, answer, now)
        case FetchFailed():
            return _after_failure(due, answer, now, pace)
        case _:
            assert_never(answer)


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
            return _after_good_visit(due, answer.headers, read, harvest, now, pace)
        case Unchanged():
            return _after_good_visit(due, answer.headers, None, harvest, now, pace)
        case Unreadable():
            return _after_failure(due, FetchFailed(reason=read.reason), now, pace)
        case None:
            raise AssertionError("a fetched body is always read")
        case _:
            assert_never(read)


def _after_good_visit(
    due: DueFeed,
    headers: Mapping[str, str],
    document: Document | None,
    harvest: Harvest,
    now: datetime,
    pace: Pace,
) -> Afterwards:
    before = due.memory
    gap = document is not None and _gap(due, document, harvest)
    interval = _interval(due, document, gap=gap, pace=pace)
    floor = min(freshness(headers), pace.most)
    memory = replace(
        before,
        due_at=_due(due, now, max(interval, floor)),
        first_read_at=before.first_read_at or now,
        last_visit_at=now,
        last_read_at=now,
        etag=headers.get("etag", "" if document else before.etag),
        last_modified=headers.get("last-modified", "" if document else before.last_modified),
        validators_url=due.feed.url,
        failures=0,
        trouble="",
        visits=before.visits + 1,
        interval=interval,
        last_fresh_at=now if harvest.fresh else before.last_fresh_at,
    )
    return Afterwards(memory=memory, notices=_good_news(due, gap=gap))


def _gap(due: DueFeed, document: Document, harvest: Harvest) -> bool:
    """Tell whether the feed may have rolled over since the last visit.

    A feed that has shown nothing so far cannot have: what it shows now is its beginning.
    """
    known = due.memory.last_fresh_at is not None
    return known and bool(document.items) and not harvest.overlaps


def _interval(due: DueFeed, document: Document | None, *, gap: bool, pace: Pace) -> timedelta:
    wanted = due.feed.every or pace.default
    if document is not None and document.suggested_interval is not None:
        wanted = max(wanted, document.suggested_interval)
    if gap:
        wanted = (due.memory.interval or wanted) / 2
    return pace.clamp(wanted)


def _good_news(due: DueFeed, *, gap: bool) -> tuple[Notice, ...]:
    notices = []
    if due.memory.failures >= FAILING_AFTER:
        text = f"can be read again after {due.memory.failures} failed visits"
        notices.append(_notice(due, "recovered", text))
    if gap:
        since = due.memory.last_read_at
        text = "nothing in it was known from the visit before"
        seen = f" ({since:%Y-%m-%d %H:%M} UTC)" if since else ""
        notices.append(_notice(due, "gap", f"{text}{seen}: items in between may have been missed"))
    return tuple(notices)


def _put_off(due: DueFeed, answer: FetchFailed, now: datetime) -> Afterwards:
    """Come back when the host may be asked again; the feed itself has not failed."""
    before = due.memory
    due_at = _due(due, now, answer.retry_after or timedelta(0))
    return Afterwards(memory=replace(before, due_at=due_at, visits=before.visits + 1))


def _after_failure(due: DueFeed, failed: FetchFailed, now: datetime, pace: Pace) -> Afterwards:
    before = due.memory
    failures = before.failures + 1
    memory = replace(
        before,
        due_at=_due(due, now, _back_off(due, failed, failures, pace)),
        last_visit_at=now,
        failures=failures,
        trouble=failed.reason,
        gone=failed.gone,
        visits=before.visits + 1,
    )
    return Afterwards(memory=memory, notices=_bad_news(due, failed, failures))


def _back_off(due: DueFeed, failed: FetchFailed, failures: int, pace: Pace) -> timedelta:
    if failed.gone:
        return NEVER
    usual = pace.clamp(due.feed.every or pace.default)
    backed_off = min(pace.most, usual * (1 << min(failures - 1, 16)))
    return max(backed_off, failed.retry_after or timedelta(0))


def _bad_news(due: DueFeed, failed: FetchFailed, failures: int) -> tuple[Notice, ...]:
    if failed.gone:
        return (_notice(due, "gone", f"is gone for good and not visited again: {failed.reason}"),)
    if failures == FAILING_AFTER:
        return (_notice(due, "failing", f"failed {failures} times in a row: {failed.reason}"),)
    return ()


def _notice(due: DueFeed, topic: str, text: str) -> Notice:
    return Notice(feed=due.feed.id, topic=topic, text=text, number=due.memory.visits + 1)


def _due(due: DueFeed, now: datetime, wait: timedelta) -> datetime:
    """Add the jitter: 0 to 10 % of the wait, the same for the same visit of the same feed."""
    share = int(content_id(due.feed.id, str(due.memory.visits))[:8], 16) / 0xFFFF_FFFF
    return now + wait + min(wait, timedelta(hours=24)) * JITTER * share


def freshness(headers: Mapping[str, str]) -> timedelta:
    """Tell how long an answer is fresh (RFC 9111 section 4.2); zero where it does not say.

    max-age less Age; else Expires less Date, both by the server's clock. `no-cache` and
    `no-store` cancel it. Header names are lower case.
    """
    directives = _cache_control(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return timedelta(0)
    if "max-age" in directives:
        left = _seconds(directives["max-age"]) - _seconds(headers.get("age", "0"))
        return timedelta(seconds=max(0, left))
    expires, date = _http_date(headers.get("expires")), _http_date(headers.get("date"))
    if expires is None or date is None:
        return timedelta(0)
    return max(timedelta(0), expires - date)


def _cache_control(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.lower().split(",") if part.strip())
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _seconds(text: str) -> int:
    digits = text.strip()
    return min(int(digits), 10**9) if digits.isascii() and digits.isdigit() else 0


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
