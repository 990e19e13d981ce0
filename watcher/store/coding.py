"""Nouns without a table of their own, to JSON and back. Explicit: a stored form is a promise.

A key that is added later needs a default in its reader, because old rows lack it. Times are
microseconds since 1970, as in the tables.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zlib import compress, decompress

from watcher.model import (
    Cited,
    Feed,
    FeedId,
    FullText,
    Imprint,
    ItemId,
    Link,
    MatchedRule,
    Message,
    Occurrence,
    Print,
    Quote,
    RuleId,
    Severity,
    Source,
)
from watcher.store.types import MICROSECOND, microseconds, moment


def written(value: object) -> str:
    """Write plain lists, mappings, texts and numbers, as short as can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def texts(stored: str) -> tuple[str, ...]:
    """Read a list of texts."""
    return tuple(json.loads(stored))


# --- feeds --------------------------------------------------------------------------------------


def write_feed(feed: Feed) -> str:
    """Write what the configuration says of a feed."""
    return written(
        {
            "id": feed.id,
            "url": feed.url,
            "title": feed.title,
            "language": feed.language,
            "tags": feed.tags,
            "every": _span(feed.every),
            "backfill": _backfill(feed.backfill),
            "full_text": feed.full_text.value,
        }
    )


def read_feed(stored: str) -> Feed:
    """Read what the configuration said of a feed."""
    told = json.loads(stored)
    return Feed(
        id=FeedId(told["id"]),
        url=told["url"],
        title=told["title"],
        language=told["language"],
        tags=tuple(told["tags"]),
        every=_read_span(told["every"]),
        backfill=_read_backfill(told["backfill"]),
        full_text=FullText(told.get("full_text", FullText.NO)),
    )


def _span(length: timedelta | None) -> int | None:
    return None if length is None else length // MICROSECOND


def _read_span(stored: int | None) -> timedelta | None:
    return None if stored is None else stored * MICROSECOND


def _backfill(backfill: int | timedelta) -> dict[str, int]:
    if isinstance(backfill, timedelta):
        return {"age": backfill // MICROSECOND}
    return {"items": backfill}


def _read_backfill(stored: dict[str, int]) -> int | timedelta:
    return stored["items"] if "items" in stored else stored["age"] * MICROSECOND


# --- imprints -----------------------------------------------------------------------------------


def write_imprint(imprint: Imprint) -> bytes:
    """Write what is remembered of a document, compressed: it is mostly addresses and titles."""
    head = (
        imprint.key,
        imprint.envelope,
        imprint.channel,
        imprint.title,
        imprint.kind,
        imprint.language,
        imprint.home,
        _span(imprint.suggested_interval),
        sorted(imprint.skip_hours),
        sorted(imprint.skip_days),
        imprint.older_page,
    )
    prints = [
        (
            one.digest,
            one.guid,
            one.page,
            one.place if one.place != one.page else None,
            one.normal_link if one.normal_link != one.page else None,
            one.title,
            one.told if one.told != one.title else None,
            one.dated,
            one.text_hash,
            one.id,
        )
        for one in imprint.prints
    ]
    # lone surrogates stay what they are: they are part of names
    return compress(json.dumps((head, prints), separators=(",", ":")).encode(), level=1)


def read_imprint(stored: bytes) -> Imprint:
    """Read what is remembered of a document."""
    head, prints = json.loads(decompress(stored))
    key, envelope, channel, title, kind, language, home, span, hours, days, older_page = head
    return Imprint(
        key=key,
        envelope=envelope,
        channel=channel,
        title=title,
        kind=kind,
        language=language,
        home=home,
        suggested_interval=_read_span(span),
        skip_hours=frozenset(hours),
        skip_days=frozenset(days),
        older_page=older_page,
        prints=tuple(_read_print(*one) for one in prints),
    )


def _read_print(
    digest: str,
    guid: str,
    page: str,
    place: str | None,
    normal_link: str | None,
    title: str,
    told: str | None,
    dated: str,
    text_hash: str,
    known_as: str | None,
) -> Print:
    return Print(
        digest=digest,
        guid=guid,
        page=page,
        place=page if place is None else place,
        normal_link=page if normal_link is None else normal_link,
        title=title,
        told=title if told is None else told,
        dated=dated,
        text_hash=text_hash,
        id=None if known_as is None else ItemId(known_as),
    )


# --- items and hits -----------------------------------------------------------------------------


def write_links(links: Iterable[Link]) -> str:
    """Write an item's outgoing links."""
    return written([[link.url, link.field, link.start, link.end] for link in links])


def read_links(stored: str) -> tuple[Link, ...]:
    """Read an item's outgoing links."""
    return tuple(
        Link(url=url, field=field, start=start, end=end)
        for url, field, start, end in json.loads(stored)
    )


def write_sources(sources: Iterable[Source]) -> str:
    """Write the addresses that an item names as its source."""
    return written([[source.url, source.how] for source in sources])


def read_sources(stored: str) -> tuple[Source, ...]:
    """Read the addresses that an item names as its source."""
    return tuple(Source(url=url, how=how) for url, how in json.loads(stored))


def write_occurrences(occurrences: Iterable[Occurrence]) -> str:
    """Write where a rule's terms stand."""
    return written([[o.field, o.value, o.start, o.end, o.text, o.term, o.how] for o in occurrences])


def read_occurrences(stored: str) -> tuple[Occurrence, ...]:
    """Read where a rule's terms stand."""
    return tuple(
        Occurrence(field=field, value=value, start=start, end=end, text=text, term=term, how=how)
        for field, value, start, end, text, term, how in json.loads(stored)
    )


# --- messages -----------------------------------------------------------------------------------


def write_message(message: Message) -> str:
    """Write what an alert says."""
    return written(
        {
            "headline": message.headline,
            "severity": int(message.severity),
            "lead": None if message.lead is None else _cited(message.lead),
            "rules": [_rule(rule) for rule in message.rules],
            "copies": [_cited(copy) for copy in message.copies],
            "original": message.original,
            "evidence": message.evidence,
            "body": message.body,
        }
    )


def read_message(stored: str) -> Message:
    """Read what an alert says."""
    told = json.loads(stored)
    return Message(
        headline=told["headline"],
        severity=Severity(told["severity"]),
        lead=None if told["lead"] is None else _read_cited(told["lead"]),
        rules=tuple(_read_rule(rule) for rule in told["rules"]),
        copies=tuple(_read_cited(copy) for copy in told["copies"]),
        original=told["original"],
        evidence=tuple(told["evidence"]),
        body=told["body"],
    )


def _cited(cited: Cited) -> dict[str, Any]:
    return {
        "item": cited.item,
        "title": cited.title,
        "link": cited.link,
        "feed": cited.feed,
        "feed_title": cited.feed_title,
        "published": _time(cited.published),
        "seen_at": microseconds(cited.seen_at),
        "summary": cited.summary,
    }


def _read_cited(told: dict[str, Any]) -> Cited:
    return Cited(
        item=ItemId(told["item"]),
        title=told["title"],
        link=told["link"],
        feed=FeedId(told["feed"]),
        feed_title=told["feed_title"],
        published=_read_time(told["published"]),
        seen_at=moment(told["seen_at"]),
        summary=told["summary"],
    )


def _time(time: datetime | None) -> int | None:
    return None if time is None else microseconds(time)


def _read_time(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)


def _rule(rule: MatchedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": int(rule.severity),
        "quotes": [[quote.field, quote.text, quote.marks] for quote in rule.quotes],
    }


def _read_rule(told: dict[str, Any]) -> MatchedRule:
    return MatchedRule(
        id=RuleId(told["id"]),
        title=told["title"],
        severity=Severity(told["severity"]),
        quotes=tuple(
            Quote(field=field, text=text, marks=tuple((start, end) for start, end in marks))
            for field, text, marks in told["quotes"]
        ),
    )
