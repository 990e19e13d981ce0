"""Ids, made from content or given by the configuration; and texts that must stay secret."""

from hashlib import sha256
from typing import NewType

FeedId = NewType("FeedId", str)
ItemId = NewType("ItemId", str)
StoryId = NewType("StoryId", str)
RuleId = NewType("RuleId", str)
AlertKey = NewType("AlertKey", str)
RouteName = NewType("RouteName", str)
ChannelName = NewType("ChannelName", str)


def content_id(*parts: str) -> str:
    """Make an id from content: 16 hex digits of SHA-256 over the length-prefixed parts."""
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()[:16]


class Secret:
    """A text that must never be shown: it prints as `***` wherever it is printed by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, at the very place where it is used."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)
