"""What the operator is told of feeds and rules."""

from datetime import datetime

from watcher.alerts.itemless import itemless
from watcher.model import (
    Ailment,
    Alert,
    AlertKind,
    Feed,
    MatchedRule,
    Message,
    Notice,
    Route,
    RuleNotice,
    Severity,
    content_id,
)

_OF_FEEDS = {
    "failing": "is failing",
    "recovered": "has recovered",
    "gone": "is gone",
    "moved": "has moved",
    "gap": "may have items that we missed",
    "gap closed": "rolled over, and what we missed was found",
    "covered": "is covered again",
    "quiet": "has gone quiet",
    "talks again": "talks again",
    "flood": "made nearly everything new",
}
_NO_TROUBLE = frozenset({"recovered", "moved", "gap closed", "covered", "talks again"})
_OF_RULES = {
    (Ailment.QUIET, True): "has gone quiet",
    (Ailment.QUIET, False): "is no longer quiet",
    (Ailment.NOISY, True): "matches nearly everything",
    (Ailment.NOISY, False): "no longer matches nearly everything",
}


def notify(notice: Notice, feed: Feed, route: Route, now: datetime) -> Alert:
    """Make the alert that tells the operator something about a feed."""
    key = content_id("notice", route.name, notice.feed, notice.topic, str(notice.number))
    headline = f"Feed {feed.title or feed.id} {_OF_FEEDS[notice.topic]}"
    message = Message(
        headline=headline,
        severity=Severity.INFO if notice.topic in _NO_TROUBLE else Severity.HIGH,
        body=f"{feed.id} <{feed.url}> {notice.text}",
    )
    because = f"operator's notice: feed {notice.feed} {notice.topic}"
    return itemless(key, AlertKind.FEED, route, message, because, now)


def notify_of_rule(notice: RuleNotice, route: Route, now: datetime) -> Alert:
    """Make the alert that tells the operator how a rule does."""
    rule, turn = notice.rule, "opened" if notice.opens else "closed"
    began = notice.opened_at.isoformat()
    key = content_id("rule notice", route.name, rule.id, notice.ailment, began, turn)
    message = Message(
        headline=f"Rule {rule.title or rule.id} {_OF_RULES[notice.ailment, notice.opens]}",
        severity=Severity.HIGH if notice.opens else Severity.INFO,
        rules=(MatchedRule(id=rule.id, title=rule.title, severity=rule.severity),),
        body=notice.text,
    )
    because = f"operator's notice: rule {rule.id} {notice.ailment.value}, {turn}"
    return itemless(key, AlertKind.RULE, route, message, because, now)
