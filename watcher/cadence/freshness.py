"""What HTTP headers say about when an answer is old (RFC 9111 section 4.2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime


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


def says_how_fresh(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer says anything about it: a 304 that does not leaves it as it was."""
    return "cache-control" in headers or "expires" in headers


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
