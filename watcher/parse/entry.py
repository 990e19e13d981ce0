"""What a document says, before it is made into items: the same nouns for every dialect."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text as the document has it."""

    text: str
    html: bool = True
    base: str = ""  # what its links are relative to, itself relative to the document's address


NOTHING = Said(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as the document has it; addresses may be relative to the document's."""

    guid: str = ""
    link: str = ""
    title: Said = NOTHING
    summary: tuple[Said, ...] = ()
    content: tuple[Said, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    dated: str = ""  # the date in the document's own words
    published: datetime | None = None  # what these words mean; not yet clamped to sense
    sources: tuple[tuple[str, str], ...] = ()  # (address, how it is named)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """A document that is a feed."""

    kind: str
    title: Said = NOTHING
    home: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()
    suggested_interval: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    older_page: str = ""  # may be relative to the document's address


class NotAFeedError(ValueError):
    """The body is no feed; the text says what it is. Never leaves this room."""
