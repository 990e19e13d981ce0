"""How a checkup looks to people and to programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from statistics import median

from watcher.checkup import Asked, Checkup
from watcher.cli.feed_pages import DAYS
from watcher.cli.printing import Run, moment
from watcher.cli.records import Record
from watcher.config.subscriptions import entry_line
from watcher.fetch import redacted
from watcher.model import (
    Asking,
    Document,
    Fetched,
    FetchFailed,
    Hop,
    Item,
    NotModified,
    Offer,
    Unchanged,
    Unreadable,
)
from watcher.text.spans import roughly, spoken

LABEL = 15  # columns before what is said
MARK = 4  # columns before what is odd
KINDS = {
    "rss20": "RSS 2.0", "rss10": "RSS 1.0 (RDF)", "rss092": "RSS 0.92", "rss091u": "RSS 0.91",
    "rss091n": "RSS 0.91", "rss093": "RSS 0.93", "rss094": "RSS 0.94", "rss090": "RSS 0.90",
    "rss": "RSS", "atom10": "Atom 1.0", "atom03": "Atom 0.3", "atom": "Atom", "cdf": "CDF",
    "json1": "JSON Feed 1.0", "json11": "JSON Feed 1.1", "json": "JSON Feed",
}  # fmt: skip
WAYS = {
    Asking.BOTH: "",
    Asking.DATE: "by its date alone: ",
    Asking.BARE_TAG: "by its ETag without `-gzip`: ",
    Asking.HOPELESS: "",
}
Line = tuple[str, str]


# --- for people -----------------------------------------------------------------------------------


def page_of(found: Checkup, known: bool) -> Iterator[tuple[int, Sequence[Run]]]:
    """Tell what a checkup found out, a line each, with the column at which it goes on if broken."""
    yield 0, ((redacted(found.feed.url), "rule"),)
    before = ""
    for label, told in _lines(found, known):
        shown = "" if label == before else label
        yield LABEL, ((f"  {shown:{LABEL - 2}}", "faint"), told)
        before = label
    if found.findings:
        yield 0, ("",)
        yield 0, (("what is odd", "faint"),)
    for finding in sorted(found.findings, key=lambda one: not one.harmful):
        mark = ("! ", "no") if finding.harmful else ("· ", "faint")
        yield MARK, ("  ", mark, finding.text)
    if found.document and not found.findings:
        yield 0, ("",)
        yield 0, (("nothing is odd about it", "yes"),)


def _lines(found: Checkup, known: bool) -> Iterator[Line]:
    yield from _verdict(found)
    if found.document is not None:
        yield from _identity(found.document)
    yield from _answer(found)
    if found.document is not None:
        yield from _again(found)
        yield from _items(found.document, found.at)
        yield from _pace(found)
    yield from _configure(found, known)


def _verdict(found: Checkup) -> Iterator[Line]:
    """Say first why it cannot be watched, where that is so."""
    if isinstance(found.look.answer, FetchFailed):
        yield "trouble", found.look.answer.reason
    if isinstance(found.read, Unreadable):
        yield "no feed", found.read.reason.removeprefix("no feed but ")


def _identity(document: Document) -> Iterator[Line]:
    yield "title", document.title or "none"
    language = f", in {document.language}" if document.language else ", its language is not said"
    yield "format", f"{KINDS.get(document.kind, document.kind)}{language}"
    if document.home:
        yield "site", redacted(document.home)


def _answer(found: Checkup) -> Iterator[Line]:
    hops = found.look.hops
    for hop, after in pairwise(hops):
        for_good = hop.status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
        told = f"{hop.status}, {'for good' if for_good else 'this once'}: to {redacted(after.url)}"
        yield "redirected", told
    if not hops:
        if found.body is not None:
            yield "size", _size(len(found.body.body))
        return
    last = hops[-1]
    server = last.headers.get("server", "")
    yield "server", (f"{server[:80]}" if server else "does not name itself")
    yield "answer", f"{_status(last)} in {_seconds(sum(hop.seconds for hop in hops))}"
    if found.body is not None:
        yield "size", _sizes(last, found.body)


def _status(hop: Hop) -> str:
    try:
        return f"{hop.status} {HTTPStatus(hop.status).phrase}"
    except ValueError:
        return str(hop.status)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} seconds" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _sizes(last: Hop, body: Fetched) -> str:
    coding = body.headers.get("content-encoding", "")
    if last.sent == len(body.body):
        return f"{_size(last.sent)}, not compressed"
    named = f" ({coding})" if coding else ""
    return f"{_size(len(body.body))}, sent as {_size(last.sent)}{named}"


def _size(number: int) -> str:
    if number < 1024:
        return f"{number} bytes"
    return f"{number / 1024:.0f} KiB" if number < 1024 * 1024 else f"{number / 1024 / 1024:.1f} MiB"


def _again(found: Checkup) -> Iterator[Line]:
    memory = found.memory
    said = (
        f"ETag {memory.etag}" if memory.etag else "",
        f"Last-Modified {memory.last_modified}" if memory.last_modified else "",
    )
    if found.look.hops:
        yield "validators", ", ".join(filter(None, said)) or "none"
    for asked in found.again:
        yield "asked again", f"{WAYS[asked.way]}{_outcome(asked)}"


def _outcome(asked: Asked) -> str:
    answer = asked.look.answer
    match answer:
        case NotModified():
            return "304 Not Modified, so it knows that nothing has changed"
        case FetchFailed():
            return answer.reason
    if isinstance(asked.read, Unchanged):
        return "the whole document, though nothing has changed"
    return "another document"


def _items(document: Document, at: datetime) -> Iterator[Line]:
    dates = sorted(item.published for item in document.items if item.published)
    count = len(document.items)
    newest = (
        f", the newest {_ago(dates[-1], at)}" if dates else ", none with a date that makes sense"
    )
    yield "items", f"{count}{newest if count else ''}"
    if count:
        yield "texts", _texts(document.items)


def _ago(date: datetime, at: datetime) -> str:
    return f"{roughly(max(at - date, timedelta(0)))} ago ({date:%Y-%m-%d %H:%M})"


def _texts(items: Sequence[Item]) -> str:
    length = int(median(max(len(item.content), len(item.summary)) for item in items))
    return f"about {length:,} characters an item" if length else "titles only, for the most part"


def _pace(found: Checkup) -> Iterator[Line]:
    document, habits, wishes = found.document, found.memory.habits, found.memory.wishes
    assert document is not None
    dates = [item.published for item in document.items if item.published]
    if habits.rate is not None:
        pause = habits.longest_pause
        longest = f"; never more than {roughly(pause)} apart" if pause else ""
        yield "new items", f"{_rate(habits.rate)}, by their dates up to now{longest}"
    else:
        yield "new items", "visits will tell how often: too few of them have dates"
    if dates:
        yield "window", f"what it shows reaches back {roughly(found.at - min(dates))}"
    for told in _wishes(wishes.fresh_for, wishes.interval, wishes.skip_hours, wishes.skip_days):
        yield "it asks", told
    yield "interval", f"{spoken(found.wait)}: {found.memory.because}"
    if found.idle > found.wait:
        yield "interval", f"up to {spoken(found.idle)} while it brings nothing new"


def _rate(a_day: float) -> str:
    for number, unit in ((a_day, "day"), (a_day * 7, "week"), (a_day * 30.4, "month")):
        if number >= 1:
            return (
                f"about {number:.2g} a {unit}" if number < 100 else f"about {number:,.0f} a {unit}"
            )
    return f"about {a_day * 365:.2g} a year"


def _wishes(
    fresh_for: timedelta,
    interval: timedelta | None,
    hours: frozenset[int],
    days: frozenset[int],
) -> Iterator[str]:
    if fresh_for:
        yield f"its answer is fresh for {spoken(fresh_for)} (Cache-Control, Expires)"
    if interval:
        yield f"no more often than every {spoken(interval)} (ttl, sy:updatePeriod)"
    if hours:
        yield f"not at {', '.join(map(str, sorted(hours)))} h UTC (skipHours)"
    if days:
        yield f"not on {', '.join(DAYS[day] for day in sorted(days))} (skipDays)"


def _configure(found: Checkup, known: bool) -> Iterator[Line]:
    if known:
        yield "configured", f"as {found.feed.id}"
    elif line := _line_for(found):
        yield "to watch it", f"- {line}"
    if isinstance(found.read, Unreadable) and found.look.hops:
        if not found.offers and found.read.reason.startswith("no feed but a web page"):
            yield "its feeds", 'it names none (<link rel="alternate">)'
        for offer in found.offers:
            named = f" “{offer.title}”" if offer.title else ""
            line = _line_of(offer)
            yield "its feeds", f"{offer.kind}{named}{'' if line else f': {redacted(offer.url)}'}"
            if line:
                yield "its feeds", f"- {line}"


def _line_for(found: Checkup) -> str:
    """Write the line of a file of feeds; none for what is no feed, or is in a file."""
    body, document = found.body, found.document
    if body is None or document is None or not found.look.hops:
        return ""
    return _entry(body.moved_to or found.feed.url, document.title)


def _line_of(offer: Offer) -> str:
    return _entry(offer.url, offer.title)


def _entry(url: str, title: str) -> str:
    return entry_line(url, title) if redacted(url) == url else ""


# --- for programs ---------------------------------------------------------------------------------


def record_of(found: Checkup, known: bool) -> Record:
    """Tell what a checkup found out, for programs."""
    document, memory = found.document, found.memory
    items = document.items if document else ()
    dates = sorted(item.published for item in items if item.published)
    return {
        "url": redacted(found.feed.url),
        "feed": found.feed.id if known else None,
        "readable": document is not None,
        "trouble": _trouble(found),
        "kind": document.kind if document else None,
        "title": document.title if document else None,
        "language": document.language if document else None,
        "site": document.home if document else None,
        "requests": [_hop_record(hop) for hop in found.look.hops],
        "moved_to": (found.body.moved_to if found.body else "") or None,
        "size": len(found.body.body) if found.body else None,
        "etag": memory.etag,
        "last_modified": memory.last_modified,
        "asked_again": [
            {"way": asked.way.value, "outcome": _outcome_word(asked)} for asked in found.again
        ],
        "items": len(items),
        "newest": moment(dates[-1]) if dates else None,
        "oldest": moment(dates[0]) if dates else None,
        "per_day": None if memory.habits.rate is None else round(memory.habits.rate, 3),
        "longest_pause": memory.habits.longest_pause,
        "fresh_for": memory.wishes.fresh_for,
        "asked_interval": memory.wishes.interval,
        "skip_hours": sorted(memory.wishes.skip_hours),
        "skip_days": [DAYS[day] for day in sorted(memory.wishes.skip_days)],
        "interval": found.wait if document else None,
        "longest_interval": found.idle if document else None,
        "because": memory.because if document else None,
        "odd": [
            {"topic": one.topic, "text": one.text, "harmful": one.harmful} for one in found.findings
        ],
        "offers": [
            {
                "url": redacted(offer.url),
                "title": offer.title,
                "kind": offer.kind,
                "line": _line_of(offer) or None,
            }
            for offer in found.offers
        ],
        "line": _line_for(found) or None,
    }


def _trouble(found: Checkup) -> str | None:
    if isinstance(found.look.answer, FetchFailed):
        return found.look.answer.reason
    return found.read.reason if isinstance(found.read, Unreadable) else None


def _hop_record(hop: Hop) -> Record:
    return {
        "url": redacted(hop.url),
        "status": hop.status,
        "sent": hop.sent,
        "coding": hop.headers.get("content-encoding", ""),
        "server": hop.headers.get("server", ""),
        "seconds": round(hop.seconds, 3),
    }


def _outcome_word(asked: Asked) -> str:
    match asked.look.answer:
        case NotModified():
            return "not modified"
        case FetchFailed():
            return "failed"
    return "same" if isinstance(asked.read, Unchanged) else "other"
