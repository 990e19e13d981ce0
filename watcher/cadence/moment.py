"""The very moment of the next visit: jitter, and the hours and days that a feed leaves out."""

from datetime import datetime, timedelta

from watcher.model import DueFeed, FeedId, Wishes, content_id

JITTER = 0.1  # of the interval, added and never subtracted
HOUR = timedelta(hours=1)
WEEK_OF_HOURS = 7 * 24
WITHIN_THE_HOUR = timedelta(minutes=30)  # in which visits spread that an hour left out pushed on


def moment(due: DueFeed, wishes: Wishes, now: datetime, wait: timedelta) -> datetime:
    """Give the moment after this wait: with 0 to 10 % added, outside of what is to be left out.

    The same for the same visit of the same feed.
    """
    share = share_of(due.feed.id, due.memory.visits)
    then = now + wait + min(wait, timedelta(hours=24)) * JITTER * share
    allowed = _allowed_from(then, wishes)
    return then if allowed == then else allowed + WITHIN_THE_HOUR * share


def share_of(feed: FeedId, number: int) -> float:
    """Give a number from 0 to 1 that differs from feed to feed, and from visit to visit."""
    return int(content_id(feed, str(number))[:8], 16) / 0xFFFF_FFFF


def _allowed_from(then: datetime, wishes: Wishes) -> datetime:
    """Give the first moment from then on that lies in no hour and on no day to leave out.

    A feed that leaves out all hours or days cannot mean it.
    """
    if not _is_left_out(then, wishes):
        return then
    full = then.replace(minute=0, second=0, microsecond=0)
    hours = (full + HOUR * number for number in range(1, WEEK_OF_HOURS + 1))
    return next((hour for hour in hours if not _is_left_out(hour, wishes)), then)


def _is_left_out(then: datetime, wishes: Wishes) -> bool:
    return then.hour in wishes.skip_hours or then.weekday() in wishes.skip_days
