"""What is odd about a feed: how it is reached, how its server answers, what its document says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from watcher import parse
from watcher.cadence import half_a_window, is_quiet
from watcher.checkup.found import Asked, Checkup
from watcher.model import (
    Asking,
    Document,
    Fetched,
    FetchFailed,
    Finding,
    Look,
    NotModified,
    Unchanged,
)
from watcher.text.links import host
from watcher.text.spans import roughly, spoken

SLOW = timedelta(seconds=10)
CLOCK_OFF = timedelta(minutes=5)
WORTH_PACKING = 20 * 1024  # bytes
OF_FEEDS = ("xml", "rss", "atom", "rdf", "json")  # parts of the names of media types


def findings(found: Checkup) -> tuple[Finding, ...]:
    """Tell all that is odd, what concerns the whole feed first."""
    body, document = found.body, found.document
    if body is None:
        return ()
    if document is None:
        return tuple(_way(found, body))
    return (
        *_way(found, body),
        *_asked_again(found, body),
        *(Finding(topic="fault", text=fault) for fault in document.faults),
        *_coverage(found, document),
        *_server(found.look, body, found.at),
        *parse.oddities(body, found.at),
    )


# --- the way there --------------------------------------------------------------------------------


def _way(found: Checkup, body: Fetched) -> Iterator[Finding]:
    asked, there = host(found.feed.url), host(body.url)
    elsewhere = f", to another host ({there})" if asked and there != asked else ""
    if body.moved_to:
        told = f"it has moved for good{elsewhere}: configure where it is redirected to"
        yield Finding(topic="moved", text=told)
    elif elsewhere:
        told = f"each visit is redirected{elsewhere}, and not for good"
        yield Finding(topic="redirected", text=told, harmful=False)


# --- the server -----------------------------------------------------------------------------------


def _server(look: Look, body: Fetched, at: datetime) -> Iterator[Finding]:
    if not look.hops:
        return
    last = look.hops[-1]
    media = body.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not any(part in media for part in OF_FEEDS):
        told = f"its server calls it {media}" if media else "its server does not say what it is"
        text = f"{told}: it is read as the feed that it is"
        yield Finding(topic="media type", text=text, harmful=False)
    if last.sent >= WORTH_PACKING and last.sent == len(body.body):
        told = "it is sent without compression, though we ask for it"
        yield Finding(topic="not compressed", text=told, harmful=False)
    seconds = sum(hop.seconds for hop in look.hops)
    if seconds >= SLOW.total_seconds():
        yield Finding(topic="slow", text=f"the answer took {seconds:.0f} seconds")
    yield from _clock(body, at)


def _clock(body: Fetched, at: datetime) -> Iterator[Finding]:
    try:
        date = parsedate_to_datetime(body.headers.get("date", ""))
    except ValueError:
        return
    if date.tzinfo is None or abs(date - at) < CLOCK_OFF:
        return
    off = f"{roughly(abs(date - at))} {'ahead' if date > at else 'behind'}"
    text = f"its server's clock is {off}: its dates may be too"
    yield Finding(topic="clock", text=text, harmful=False)


# --- asked again ----------------------------------------------------------------------------------


def _asked_again(found: Checkup, body: Fetched) -> Iterator[Finding]:
    """Tell whether the server knows what it said before."""
    for asked in found.again:
        if isinstance(asked.look.answer, FetchFailed):
            told = f"asked again a moment later it failed: {asked.look.answer.reason}"
            yield Finding(topic="unsteady", text=told)
            return
    if not found.again:
        return
    last = found.again[-1]
    if isinstance(last.look.answer, NotModified):
        if last.way is not Asking.BOTH:
            way = "date" if last.way is Asking.DATE else "ETag without `-gzip`"
            text = f"its server does not know its own ETag again: Watcher asks it by {way} alone"
            yield Finding(topic="validators", text=text, harmful=False)
        return
    yield from _sent_again(found, body, last)


def _sent_again(found: Checkup, body: Fetched, last: Asked) -> Iterator[Finding]:
    """Tell why a body came once more."""
    answer = last.look.answer
    assert isinstance(answer, Fetched)
    validators = found.memory.etag or found.memory.last_modified
    cost = "each visit brings the whole document"
    if answer.body != body.body and validators and _validators(answer) == _validators(body):
        both = found.memory.etag and found.memory.last_modified
        one = "ETag" if found.memory.etag else "Last-Modified"
        same = "ETag and Last-Modified" if both else one
        text = f"it sends different documents under the same {same}: changes may be missed"
        yield Finding(topic="validators", text=text)
    elif answer.body != body.body and _same_items(found, last):
        text = f"its bytes differ at each request though no item does: {cost}"
        yield Finding(topic="never the same", text=text)
    elif not validators:
        text = f"it has no ETag and no Last-Modified to ask by: {cost}"
        yield Finding(topic="no validators", text=text)
    elif isinstance(last.read, Unchanged):
        text = f"its server does not know its own validators again: {cost}"
        yield Finding(topic="validators", text=text)


def _validators(answer: Fetched) -> tuple[str, str]:
    return answer.headers.get("etag", ""), answer.headers.get("last-modified", "")


def _same_items(found: Checkup, last: Asked) -> bool:
    def shown(document: Document) -> set[tuple[str, str]]:
        return {(item.id, item.text_hash) for item in document.items}

    both = found.document, last.read
    return (
        all(isinstance(one, Document) for one in both)
        and len({frozenset(shown(one)) for one in both if isinstance(one, Document)}) == 1
    )


# --- the document ---------------------------------------------------------------------------------


def _coverage(found: Checkup, document: Document) -> Iterator[Finding]:
    """Tell whether visits would be often enough, and whether there is anything to come for."""
    half = half_a_window(found.memory.habits)
    if half is not None and half < found.wait:
        text = (
            f"half of the {found.memory.habits.window} items that it shows pass in {spoken(half)},"
            f" and it would be visited every {spoken(found.wait)}: items may be missed"
        )
        yield Finding(topic="too seldom", text=text)
    dates = [item.published for item in document.items if item.published]
    if dates and is_quiet(replace(found.memory, last_fresh_at=max(dates)), found.at):
        longest = found.memory.habits.longest_pause
        pause = f", and it never paused for more than {roughly(longest)} before" if longest else ""
        text = f"its newest item is {roughly(found.at - max(dates))} old{pause}: it may have ended"
        yield Finding(topic="quiet", text=text)
