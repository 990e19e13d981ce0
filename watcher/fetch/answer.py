"""What a status and its headers mean to us."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from watcher.model import FetchFailed

WITH_A_BODY = frozenset({200, 203, 226})
FOR_GOOD = frozenset({301, 308})
REDIRECTS = FOR_GOOD | {302, 303, 307}
NOT_MODIFIED = 304
GONE = 410
COME_BACK_LATER = frozenset({429, 503})
LONGEST_RETRY = timedelta(days=7)

SECONDS = re.compile(r"[0-9]+")
UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


def failed(status: int, phrase: str, headers: Mapping[str, str], now: datetime) -> FetchFailed:
    """Turn an answer without a feed into a failure that names its status."""
    asked = retry_after(headers, now) if status in COME_BACK_LATER else None
    reason = f"{status} {_phrase(status, phrase)}".strip()
    return FetchFailed(reason=reason, status=status, gone=status == GONE, retry_after=asked)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Tell how long the server asks us to stay away, between nothing and a week (RFC 9110 10.2.3).

    A date counts from the server's own Date where there is one: its clock may be wrong, ours too.
    """
    value = headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        enough = len(value) > len("99999999")
        return LONGEST_RETRY if enough else min(LONGEST_RETRY, timedelta(seconds=int(value)))
    then = http_date(value)
    if then is None:
        return None
    since = http_date(headers.get("date", "")) or now
    return max(timedelta(0), min(LONGEST_RETRY, then - since))


def http_date(text: str) -> datetime | None:
    """Read a date in any of the forms that HTTP allows; None where it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _phrase(status: int, phrase: str) -> str:
    """Name a status; the server's own words only where the book has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return UNPRINTABLE.sub(" ", phrase)[:60].strip()
