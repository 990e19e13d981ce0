"""When a feed wants no visits, and where its older items stand.

feedparser keeps only the last `hour` of `skipHours`, so that these are read from the bytes.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

_BLOCKS = {
    "hour": re.compile(rb"<skipHours\b[^<>]*>([^\0]{0,4000}?)</skipHours\s*>", re.IGNORECASE),
    "day": re.compile(rb"<skipDays\b[^<>]*>([^\0]{0,4000}?)</skipDays\s*>", re.IGNORECASE),
}
_MEMBERS = {
    "hour": re.compile(rb"<hour\b[^<>]*>\s*([0-9]{1,2})\s*</hour\s*>", re.IGNORECASE),
    "day": re.compile(rb"<day\b[^<>]*>\s*([a-z]{6,9})\s*</day\s*>", re.IGNORECASE),
}
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_BLOCKS_AT_MOST = 10
_OLDER = ("prev-archive", "next")  # RFC 5005: an archive never changes, a page may


def skip_hours(body: bytes) -> frozenset[int]:
    """Give the hours (0 to 23, UTC) at which an RSS document wants no visits; 24 is 0."""
    hours = {int(hour) for hour in _members(body, "hour")}
    hours = {hour % 24 for hour in hours if hour <= 24}
    return frozenset(hours if len(hours) < 24 else ())


def skip_days(body: bytes) -> frozenset[int]:
    """Give the days (Monday is 0) on which an RSS document wants no visits."""
    names = {name.lower() for name in _members(body, "day")}
    days = {number for number, name in enumerate(_DAYS) if name in names}
    return frozenset(days if len(days) < 7 else ())


def older_page(links: Iterable[tuple[str, str]]) -> str:
    """Give the address of older items among links (relation, address); empty when there is none."""
    told = {relation.lower(): address for relation, address in links if address}
    return next((told[relation] for relation in _OLDER if relation in told), "")


def _members(body: bytes, kind: str) -> Sequence[bytes]:
    """Give what stands in the document's own block; the first few decide, whatever follows."""
    blocks = islice(_BLOCKS[kind].finditer(body), _BLOCKS_AT_MOST)
    own = next((block for block in blocks if not _is_in_an_item(body, block.start())), None)
    return _MEMBERS[kind].findall(own[1]) if own else ()


def _is_in_an_item(body: bytes, place: int) -> bool:
    """Tell whether this is an item that writes about feeds."""
    return body.rfind(b"<item", 0, place) > body.rfind(b"</item", 0, place)
