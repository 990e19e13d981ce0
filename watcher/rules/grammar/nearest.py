"""Which known name was probably meant."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

_OTHER_TOOLS = {  # what other tools call our fields
    "site": "domain",
    "host": "domain",
    "source": "feed",
    "url": "link",
    "inurl": "link",
    "intitle": "title",
    "headline": "title",
    "subject": "title",
    "body": "content",
    "intext": "text",
    "label": "tag",
    "category": "tag",
    "language": "lang",
    "by": "author",
}


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give the one known name that is so like this one that it was probably meant, or none."""
    small = name.lower()
    names = list(known)
    if _OTHER_TOOLS.get(small) in names:
        return (_OTHER_TOOLS[small],)
    allowed = max(1, len(small) // 3)
    ranked = sorted((OSA.distance(small, other.lower()), other) for other in names)
    return tuple(other for distance, other in ranked[:1] if distance <= allowed)
