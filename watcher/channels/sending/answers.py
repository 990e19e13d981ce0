"""What a receiver's answer means: a table from HTTP status to class, and from class to outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import assert_never

from watcher.model import Doubtful, Outcome, Refused, Sent, TryLater

LONGEST_PAUSE = timedelta(hours=24)  # nobody may silence a channel for longer with one header


class Meaning(Enum):
    """What to make of an answer."""

    OK = auto()
    RETRY = auto()  # nothing was accepted; the same may work later
    THROTTLE = auto()  # the whole channel goes too fast
    DOUBTFUL = auto()  # it may have been accepted
    PERMANENT = auto()  # it will never be accepted like this
    GONE = auto()  # the receiver is no more


STATUSES: Mapping[int, Meaning] = {
    408: Meaning.RETRY,
    410: Meaning.GONE,
    425: Meaning.RETRY,
    429: Meaning.THROTTLE,
}
HUNDREDS: Mapping[int, Meaning] = {
    2: Meaning.OK,
    3: Meaning.PERMANENT,  # followed, a POST may end anywhere, and look as if it had arrived
    4: Meaning.PERMANENT,
    5: Meaning.RETRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an HTTP receiver answered."""

    status: int
    text: str = ""  # the beginning of its body, without secrets
    whole: bool = True  # whether the body could be read
    retry_after: timedelta | None = None


def meaning_of(status: int) -> Meaning:
    """Tell what an HTTP status means."""
    return STATUSES.get(status) or HUNDREDS.get(status // 100, Meaning.PERMANENT)


def outcome(meaning: Meaning, reason: str, pause: timedelta | None = None) -> Outcome:
    """Give a meaning as the outcome that the outbox settles."""
    match meaning:
        case Meaning.OK:
            return Sent()
        case Meaning.RETRY:
            return TryLater(reason=reason, retry_after=pause)
        case Meaning.THROTTLE:
            return TryLater(reason=reason, retry_after=pause, throttled=True)
        case Meaning.DOUBTFUL:
            return Doubtful(reason=reason)
        case Meaning.PERMANENT | Meaning.GONE:
            return Refused(reason=reason, gone=meaning is Meaning.GONE)
        case _:
            assert_never(meaning)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds or a date (RFC 9110, 10.2.3); None when it is neither.

    Never negative and never more than a day.
    """
    asked = _seconds(value) if value.strip()[:1].isdigit() else _until(value, now)
    return None if asked is None else min(max(asked, timedelta(0)), LONGEST_PAUSE)


def _seconds(value: str) -> timedelta | None:
    try:
        return timedelta(seconds=min(float(value), LONGEST_PAUSE.total_seconds()))
    except ValueError:
        return None


def _until(value: str, now: datetime) -> timedelta | None:
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
