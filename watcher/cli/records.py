"""The JSON that programs read: stable keys, documented in docs/command-line.md."""

from watcher.cli.printing import moment
from watcher.model import (
    Alert,
    Attempt,
    DueFeed,
    Fault,
    Hit,
    Occurrence,
    PageNote,
    PastHit,
    Placement,
    Planned,
    Story,
    Visit,
)

Record = dict[str, object]


def visit_record(visit: Visit) -> Record:
    """Tell one visit."""
    return {
        "feed": visit.feed,
        "at": moment(visit.at),
        "outcome": visit.outcome,
        "reason": visit.reason,
        "items": visit.items,
        "new": visit.fresh,
        "edited": visit.edited,
        "copies": visit.copies,
        "hits": visit.hits,
        "promised": visit.promised,
    }


def alert_record(alert: Alert) -> Record:
    """Tell one alert."""
    lead = alert.message.lead
    return {
        "key": alert.key,
        "kind": alert.kind.value,
        "state": alert.state.value,
        "route": alert.route,
        "channel": alert.channel,
        "story": alert.story,
        "item": alert.item,
        "headline": alert.message.headline,
        "link": lead.link if lead else "",
        "rules": sorted(alert.rule_ids),
        "copies": [copy.item for copy in alert.message.copies],
        "because": alert.because,
        "created": moment(alert.created_at),
        "due": moment(alert.due_at),
        "together": alert.bundle,
        "digest": alert.digest,
        "attempts": alert.attempts,
        "last": alert.last_outcome,
        "settled": moment(alert.settled_at),
        "reference": alert.reference,
    }


def attempt_record(attempt: Attempt) -> Record:
    """Tell one attempt, as it was written down."""
    return {
        "alert": attempt.alert,
        "number": attempt.number,
        "at": moment(attempt.at),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }


def fault_record(fault: Fault) -> Record:
    """Tell a fault of a rule file; `col` counts in the expression (design contract)."""
    return {
        "code": fault.code,
        "rule": fault.rule,
        "file": fault.file,
        "line": fault.line,
        "col": fault.caret or fault.column,
        "message": fault.message,
        "suggestion": fault.suggestions[0] if fault.suggestions else None,
    }


def occurrence_record(occurrence: Occurrence) -> Record:
    """Tell where a term stands."""
    return {
        "field": occurrence.field,
        "value": occurrence.value,
        "start": occurrence.start,
        "end": occurrence.end,
        "text": occurrence.text,
        "term": occurrence.term,
        "how": occurrence.how,
    }


def hit_record(hit: Hit) -> Record:
    """Tell a rule's hit (design contract of `watcher match`)."""
    return {"rule": hit.rule.id, "hits": [occurrence_record(o) for o in hit.occurrences]}


def past_hit_record(past: PastHit) -> Record:
    """Tell of a hit on an item that is kept."""
    return {
        "at": moment(past.at),
        "item": past.item.id,
        "title": past.item.title,
        "link": past.item.link,
        "feed": past.item.feed,
        **hit_record(past.hit),
    }


def page_record(note: PageNote) -> Record:
    """Tell what became of an item's page."""
    return {"used": note.used, "outcome": note.outcome, "url": note.url}


def placement_record(placement: Placement) -> Record:
    """Tell where an item belongs (design contract of `watcher dedupe`)."""
    return {
        "id": placement.item,
        "story": placement.story,
        "verdict": placement.verdict.value,
        "of": placement.of,
        "score": round(placement.score, 4),
        "because": list(placement.because),
    }


def plan_record(plan: Planned) -> Record:
    """Tell what was decided for one route."""
    return {
        "route": plan.route,
        "decision": plan.decision,
        "because": plan.because,
        "alert": plan.alert.key if plan.alert else None,
        "state": plan.alert.state.value if plan.alert else None,
        "due": moment(plan.alert.due_at) if plan.alert and not plan.alert.settled_at else None,
        "together": plan.alert.bundle if plan.alert else "",
        "digest": plan.alert.digest if plan.alert else None,
    }


def feed_record(feed: DueFeed) -> Record:
    """Tell a feed and what is remembered of it."""
    memory = feed.memory
    return {
        "feed": feed.feed.id,
        "url": feed.feed.url,
        "title": feed.feed.title,
        "tags": list(feed.feed.tags),
        "state": feed.state,
        "due": moment(memory.due_at),
        "last_visit": moment(memory.last_visit_at),
        "last_read": moment(memory.last_read_at),
        "last_new": moment(memory.last_fresh_at),
        "failures": memory.failures,
        "trouble": memory.trouble,
        "moved_to": memory.move.to or None,
        "interval": memory.interval.total_seconds() if memory.interval else None,
        "because": memory.because,
        "window": memory.habits.window,
        "known": memory.habits.overlap,
        "gaps": memory.gaps,
    }


def story_record(story: Story) -> Record:
    """Tell one story."""
    return {
        "story": story.id,
        "title": story.title,
        "link": story.link,
        "feed": story.feed,
        "lead": story.lead,
        "items": story.items,
        "first_seen": moment(story.first_seen_at),
        "last_seen": moment(story.last_seen_at),
    }
