"""An alert as data for programs: the payload of webhooks and of the file channel.

The shape follows Standard Webhooks 1.0 (`type`, `timestamp`, `data`); it is described by
`channels/schema/alert.schema.json`, which a test keeps in step.
"""

from datetime import UTC, datetime

from watcher.alerts.render.phrases import headline, why
from watcher.alerts.render.tidy import NAME, SENTENCE, one_line, tidy
from watcher.model import Alert, AlertKind, Cited, Entry, MatchedRule, Quote

_TYPES = {
    AlertKind.STORY: "story.matched",
    AlertKind.UPDATE: "story.updated",
    AlertKind.DIGEST: "digest.ready",
    AlertKind.FEED: "feed.notice",
    AlertKind.RULE: "rule.notice",
    AlertKind.CHANNEL: "channel.notice",
    AlertKind.SERVICE: "service.notice",
    AlertKind.TEST: "test",
}


def as_json(alert: Alert) -> dict[str, object]:
    """Tell an alert as JSON values; the same alert gives the same ones at every try.

    `timestamp` is when the alert was promised. Offsets of marks count Unicode code points.
    """
    return {
        "type": _TYPES[alert.kind],
        "timestamp": _time(alert.created_at),
        "data": _data(alert),
    }


def _data(alert: Alert) -> dict[str, object]:
    message = tidy(alert.message)
    return {
        "key": alert.key,
        "route": one_line(alert.route, NAME),
        "story": one_line(alert.story, NAME) if alert.story else None,
        "item": one_line(alert.item, NAME) if alert.item else None,
        "revision": alert.revision,
        "thread": alert.parent.key if alert.parent and alert.in_thread else None,
        "notification": headline(alert),
        "headline": message.headline,
        "subject": message.subject or message.headline,
        "severity": message.severity.word,
        "body": message.body,
        "lead": _cited(message.lead) if message.lead else None,
        "entries": [_entry(entry) for entry in message.entries],
        "entries_total": len(message.entries) + message.entries_left_out,
        "rules": [_rule(rule) for rule in message.rules],
        "copies": [_cited(copy) for copy in message.copies],
        "copies_total": len(alert.message.copies),
        "original": message.original or None,
        "evidence": list(message.evidence),
        "because": one_line(alert.because, SENTENCE),
        "why": why(alert) or None,
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "key": entry.alert,
        "headline": entry.headline,
        "severity": entry.severity.word,
        "lead": _cited(entry.lead) if entry.lead else None,
        "rules": list(entry.rules),
        "copies_total": entry.copies,
    }


def _cited(item: Cited) -> dict[str, object]:
    return {
        "id": item.item,
        "title": item.title,
        "link": item.link or None,
        "feed": item.feed,
        "feed_title": item.feed_title,
        "published": _time(item.published) if item.published else None,
        "seen": _time(item.seen_at),
        "summary": item.summary,
    }


def _rule(rule: MatchedRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.word,
        "quotes": [_quote(quote) for quote in rule.quotes],
    }


def _quote(quote: Quote) -> dict[str, object]:
    return {
        "field": quote.field,
        "text": quote.text,
        "marks": [{"start": start, "end": end} for start, end in quote.marks],
    }


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
