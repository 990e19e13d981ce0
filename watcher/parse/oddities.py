"""What is odd about a document that can be read: for people who want to know a feed.

Reading goes on whatever stands here; each text says what Watcher makes of it.
"""

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from watcher.model import Fetched, Finding
from watcher.parse.encodings import charset_of, declared_in, is_utf8, is_wide
from watcher.parse.entry import Entry, NotAFeedError, RawDocument
from watcher.parse.jsonfeed import looks_like_json, read_json
from watcher.parse.xmlfeed import prepared, read_xml
from watcher.text.markup import door_clean

AHEAD = timedelta(minutes=10)  # that a date may lie in the future without being odd
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
SHOWN_AT_MOST = 60  # characters of what is quoted


def oddities(answer: Fetched, now: datetime) -> tuple[Finding, ...]:
    """Tell what is odd about the entries and the characters of a feed; nothing if it is none."""
    try:
        if looks_like_json(answer.body):
            raw, characters = read_json(answer.body), []
        else:
            raw = read_xml(prepared(answer.body, answer.headers))
            characters = list(_characters(answer, raw))
    except NotAFeedError:
        return ()
    return (*characters, *_names(raw.entries), *_texts(raw.entries), *_dates(raw.entries, now))


# --- characters ---------------------------------------------------------------------------------


def _characters(answer: Fetched, raw: RawDocument) -> Iterator[Finding]:
    """Tell where header, declaration and bytes do not agree on the encoding."""
    if is_wide(answer.body) or answer.body.isascii():
        return
    header, declared = charset_of(answer.headers.get("content-type", "")), declared_in(answer.body)
    read = _known(raw.encoding) or raw.encoding
    odd = [name for name in (header, declared) if name and not _known(name)]
    if odd:
        yield _finding("encoding", f"there is no encoding “{_shown(odd[0])}”: read as {read}")
    elif header and declared and _known(header) != _known(declared):
        told = f"the server calls it {header}, the document itself {declared}: read as {read}"
        yield _finding("encoding", told, harmful=False)
    elif _known(declared or header or "utf-8") == "utf-8" and not is_utf8(answer.body):
        yield _finding(
            "encoding", f"its bytes are not the UTF-8 that they should be: read as {read}"
        )


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


# --- names --------------------------------------------------------------------------------------


def _names(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Tell what makes it hard to know an item again."""
    if not entries:
        yield _finding("no items", "it has no items: nobody can tell yet how often it changes")
        return
    bare = [entry for entry in entries if not entry.guid]
    nameless = sum(not entry.link for entry in bare)
    if nameless:
        told = f"{_of(nameless, entries)} neither guid nor link: known again by title and date"
        yield _finding("no guid", f"{told}, so that an edited title is a new item")
    if len(bare) > nameless:
        count = len(bare) - nameless
        yield _finding(
            "no guid", f"{_of(count, entries)} no guid: known again by the link", harmful=False
        )
    yield from _doubles(entries)
    unlinked = sum(not entry.link for entry in entries) - nameless
    if unlinked:
        yield _finding("no link", f"{_of(unlinked, entries)} no link that an alert could name")


def _doubles(entries: Sequence[Entry]) -> Iterator[Finding]:
    guid, times, more = _most([entry.guid for entry in entries])
    if times > 1:
        told = (
            f"{times} items have the same guid, “{_shown(guid)}”{more}: told apart by their links"
        )
        yield _finding("same guid", told)
    ways = {(entry.guid or str(place), entry.link) for place, entry in enumerate(entries)}
    link, times, more = _most(link for _, link in ways)
    if times > 1:
        told = f"{times} items have the same link, {_shown(link)}{more}"
        yield _finding("same link", told, harmful=False)


def _most(names: Iterable[str]) -> tuple[str, int, str]:
    """Give the name that most have, how many do, and in words how many more are not alone."""
    owners = Counter(filter(None, names)).most_common()
    if not owners:
        return "", 0, ""
    more = sum(times > 1 for _, times in owners) - 1
    return *owners[0], f" ({more} more like this)" if more > 0 else ""


# --- texts and dates ----------------------------------------------------------------------------


def _texts(entries: Sequence[Entry]) -> Iterator[Finding]:
    empty = sum(not (entry.title.text or entry.summary or entry.content) for entry in entries)
    if empty:
        yield _finding(
            "no text", f"{_of(empty, entries)} neither title nor text: no rule can match"
        )
    if entries and not any(entry.summary or entry.content for entry in entries):
        yield _finding(
            "titles only", "its items have titles and no texts: rules see no more than these"
        )


def _dates(entries: Sequence[Entry], now: datetime) -> Iterator[Finding]:
    """Tell of dates that say nothing, or nonsense."""
    missing = sum(not entry.dated for entry in entries)
    if missing:
        told = f"{_of(missing, entries)} no date: the time counts at which Watcher first saw them"
        yield _finding("no date", told, harmful=False)
    odd = [entry.dated for entry in entries if entry.dated and not _sane(entry.published)]
    if odd:
        told = f"{_of(len(odd), entries)} a date that cannot be read, “{_shown(odd[0])}”"
        yield _finding("odd date", told)
    dates = [entry.published for entry in entries if _sane(entry.published) and entry.published]
    ahead = [date for date in dates if date > now + AHEAD]
    if ahead:
        latest = f"up to {max(ahead):%Y-%m-%d %H:%M} UTC"
        told = f"{_of(len(ahead), entries)} a date in the future, {latest}: taken for now"
        yield _finding("future date", told)
    if len(dates) > 2 and len(set(dates)) == 1:
        told = f"all items have the same date, {dates[0]:%Y-%m-%d %H:%M}: it says nothing of any"
        yield _finding("same date", told)


def _sane(date: datetime | None) -> bool:
    return date is not None and date >= EARLIEST


# --- words --------------------------------------------------------------------------------------


def _of(number: int, entries: Sequence[Entry]) -> str:
    """Begin a sentence on so many of the items: `3 of 20 items have`, `none of … has` left out."""
    if number == len(entries):
        return "the only item has" if number == 1 else f"all {number} items have"
    return f"{number} of {len(entries)} items {'has' if number == 1 else 'have'}"


def _shown(text: str) -> str:
    words = " ".join(door_clean(text).split())
    return words if len(words) <= SHOWN_AT_MOST else words[: SHOWN_AT_MOST - 1] + "…"


def _finding(topic: str, text: str, *, harmful: bool = True) -> Finding:
    return Finding(topic=topic, text=text, harmful=harmful)
