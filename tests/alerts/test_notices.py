"""What the operator is told of rules and feeds."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.alerts import notify, notify_of_rule
from watcher.alerts.notices import _OF_FEEDS
from watcher.alerts.render import as_json, as_text
from watcher.model import (
    Ailment,
    AlertKind,
    ChannelName,
    Feed,
    FeedId,
    Notice,
    Route,
    RouteName,
    RuleId,
    RuleInfo,
    RuleNotice,
    Severity,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROUTE = Route(name=RouteName("desk"), channel=ChannelName("phone"))
NOTICE = RuleNotice(
    rule=RuleInfo(id=RuleId("flood"), title="Floods", severity=Severity.CRITICAL),
    ailment=Ailment.QUIET,
    opens=True,
    opened_at=NOW,
    text="flood matched nothing for 30 days.",
)


@pytest.mark.parametrize(
    ("ailment", "opens", "headline", "severity"),
    [
        (Ailment.QUIET, True, "Rule Floods has gone quiet", Severity.HIGH),
        (Ailment.QUIET, False, "Rule Floods is no longer quiet", Severity.INFO),
        (Ailment.NOISY, True, "Rule Floods matches nearly everything", Severity.HIGH),
        (Ailment.NOISY, False, "Rule Floods no longer matches nearly everything", Severity.INFO),
    ],
)
def test_a_notice_says_what_is_the_matter_however_critical_the_rule(
    ailment: Ailment, headline: str, severity: Severity, *, opens: bool
) -> None:
    alert = notify_of_rule(replace(NOTICE, ailment=ailment, opens=opens), ROUTE, NOW)
    assert (alert.message.headline, alert.message.severity) == (headline, severity)
    assert (alert.kind, alert.route, alert.channel) == (AlertKind.RULE, "desk", "phone")
    assert alert.rule_ids == {"flood"}


def test_a_rule_without_a_title_goes_by_its_id() -> None:
    untitled = replace(NOTICE, rule=RuleInfo(id=RuleId("flood")))
    assert notify_of_rule(untitled, ROUTE, NOW).message.headline == "Rule flood has gone quiet"


def test_the_same_turn_has_the_same_key_and_no_other_has() -> None:
    later = NOW + timedelta(hours=1)
    others = (
        NOTICE,
        replace(NOTICE, opens=False),
        replace(NOTICE, ailment=Ailment.NOISY),
        replace(NOTICE, opened_at=later),
        replace(NOTICE, rule=RuleInfo(id=RuleId("fire"))),
    )
    keys = [notify_of_rule(notice, ROUTE, NOW).key for notice in others]
    keys.append(notify_of_rule(NOTICE, replace(ROUTE, name=RouteName("night")), NOW).key)
    assert len(set(keys)) == len(keys)
    assert notify_of_rule(NOTICE, ROUTE, later).key == keys[0]


def test_it_reads_like_any_other_alert() -> None:
    alert = notify_of_rule(NOTICE, ROUTE, NOW)
    assert as_text(alert) == (
        "Rule Floods has gone quiet\n\n"
        "flood matched nothing for 30 days.\n\n"
        "Rule flood (critical): Floods"
    )
    assert as_json(alert)["type"] == "rule.notice"


@pytest.mark.parametrize(
    ("topic", "headline", "severity"),
    [
        ("failing", "Feed Paper is failing", Severity.HIGH),
        ("recovered", "Feed Paper has recovered", Severity.INFO),
        ("gone", "Feed Paper is gone", Severity.HIGH),
        ("moved", "Feed Paper has moved", Severity.INFO),
        ("gap", "Feed Paper may have items that we missed", Severity.HIGH),
        ("gap closed", "Feed Paper rolled over, and what we missed was found", Severity.INFO),
        ("covered", "Feed Paper is covered again", Severity.INFO),
        ("quiet", "Feed Paper has gone quiet", Severity.HIGH),
        ("talks again", "Feed Paper talks again", Severity.INFO),
    ],
)
def test_a_notice_about_a_feed_says_in_a_line_what_is_the_matter(
    topic: str, headline: str, severity: Severity
) -> None:
    feed = Feed(id=FeedId("paper"), url="https://paper.example/", title="Paper")
    notice = Notice(feed=feed.id, topic=topic, text="has its reasons", number=1)
    alert = notify(notice, feed, ROUTE, NOW)
    assert (alert.message.headline, alert.message.severity) == (headline, severity)
    assert alert.kind is AlertKind.FEED
    assert "has its reasons" in as_text(alert)


def test_every_topic_that_is_told_has_a_headline() -> None:
    room = Path(__file__).parents[2] / "watcher/cadence"
    told = "".join(file.read_text(encoding="utf-8") for file in room.glob("*.py"))
    topics = set(re.findall(r'notice\(due, "([a-z ]+)"|topic="([a-z ]+)"', told))
    assert {one or other for one, other in topics} == _OF_FEEDS.keys()
