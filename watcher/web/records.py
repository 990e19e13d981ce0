"""What programs get: the keys are as the command line has them, where it tells the same."""

from collections.abc import Callable
from datetime import datetime

from watcher.alerts.render import web_link
from watcher.model import (
    Alert,
    Attempt,
    ChannelHealth,
    DueFeed,
    Item,
    Placement,
    RuleActivity,
    Silence,
    Story,
)
from watcher.text.times import iso
from watcher.web.given import ChannelCard, RuleCard
from watcher.web.state import State

Record = dict[str, object]


def status_record(state: State) -> Record:
    """Tell how everything is."""
    return {
        "ok": not any(trouble.grave for trouble in state.troubles),
        "troubles": [
            {"text": one.text, "detail": one.detail, "grave": one.grave, "page": one.link}
            for one in state.troubles
        ],
        "feeds": {
            "all": len(state.feeds),
            "ok": len(state.feeds_in("ok", "quiet")),
            "failing": len(state.feeds_in("failing", "gone")),
        },
        "items": state.counts.items,
        "stories": state.counts.stories,
        "hits": state.counts.hits,
        "alerts": {name.value: number for name, number in state.counts.alerts.items()},
        "oldest_undelivered": iso(state.oldest_undelivered),
        "next_visit": iso(next((feed.memory.due_at for feed in state.next_visits), None)),
        "silences": len(state.silences),
    }


def feed_record(feed: DueFeed, redacted: Callable[[str], str]) -> Record:
    """Tell a feed and what is remembered of it."""
    memory = feed.memory
    return {
        "feed": feed.feed.id,
        "url": redacted(feed.feed.url),
        "title": feed.feed.title,
        "tags": list(feed.feed.tags),
        "state": feed.state,
        "due": iso(memory.due_at),
        "last_visit": iso(memory.last_visit_at),
        "last_read": iso(memory.last_read_at),
        "last_new": iso(memory.last_fresh_at),
        "failures": memory.failures,
        "trouble": memory.trouble,
        "interval": memory.interval.total_seconds() if memory.interval else None,
        "because": memory.because,
        "gaps": memory.gaps,
        "gap_since": iso(memory.gap_at),
        "last_visits": [
            {
                "at": iso(visit.at),
                "outcome": visit.outcome,
                "reason": visit.reason,
                "items": visit.items,
                "new": visit.fresh,
            }
            for visit in memory.recent
        ],
    }


def rule_record(card: RuleCard, activity: RuleActivity | None) -> Record:
    """Tell a rule as it is written, and how it does."""
    spec, info = card.spec, card.spec.info
    return {
        "rule": info.id,
        "title": info.title,
        "severity": info.severity.word,
        "enabled": spec.enabled,
        "when": spec.when,
        "any": None if spec.any is None else list(spec.any),
        "all": None if spec.all is None else list(spec.all),
        "none": None if spec.none is None else list(spec.none),
        "notify": list(info.notify),
        "place": card.place,
        "since": iso(activity.since) if activity else None,
        "last_hit": iso(activity.last_hit_at) if activity else None,
        "lately": {"items": activity.items, "hits": activity.hits} if activity else None,
    }


def story_record(story: Story) -> Record:
    """Tell one story."""
    return {
        "story": story.id,
        "title": story.title,
        "link": web_link(story.link),
        "feed": story.feed,
        "lead": story.lead,
        "items": story.items,
        "first_seen": iso(story.first_seen_at),
        "last_seen": iso(story.last_seen_at),
    }


def member_record(item: Item, placement: Placement) -> Record:
    """Tell an item of a story, and why it is there."""
    return {
        "id": item.id,
        "feed": item.feed,
        "title": item.title,
        "link": web_link(item.link),
        "published": iso(item.published),
        "seen": iso(item.seen_at),
        "verdict": placement.verdict.value,
        "of": placement.of,
        "score": round(placement.score, 4),
        "because": list(placement.because),
    }


def alert_record(alert: Alert) -> Record:
    """Tell one alert."""
    message = alert.message
    return {
        "key": alert.key,
        "kind": alert.kind.value,
        "state": alert.state.value,
        "route": alert.route,
        "channel": alert.channel,
        "story": alert.story,
        "item": alert.item,
        "headline": message.headline,
        "severity": message.severity.word,
        "link": web_link(message.lead.link) if message.lead else "",
        "rules": sorted(alert.rule_ids),
        "because": alert.because,
        "created": iso(alert.created_at),
        "due": iso(alert.due_at),
        "settled": iso(alert.settled_at),
        "attempts": alert.attempts,
        "last": alert.last_outcome,
    }


def attempt_record(attempt: Attempt) -> Record:
    """Tell one attempt, as it was written down."""
    return {
        "number": attempt.number,
        "at": iso(attempt.at),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }


def silence_record(silence: Silence, now: datetime) -> Record:
    """Tell one silence."""
    return {
        "id": silence.id,
        "matches": dict(silence.matches),
        "begins": iso(silence.begins_at),
        "ends": iso(silence.ends_at),
        "author": silence.author,
        "comment": silence.comment,
        "active": silence.begins_at <= now < silence.ends_at,
    }


def channel_record(card: ChannelCard, health: ChannelHealth, waits: dict[str, int]) -> Record:
    """Tell a way out and how it does."""
    return {
        "channel": card.name,
        "kind": card.kind,
        "failures": health.failures,
        "failing_since": iso(health.failing_since),
        "next_try": iso(health.next_try_at),
        "trouble": health.trouble,
        "last_sent": iso(health.last_sent_at),
        "alerts": waits,
    }
