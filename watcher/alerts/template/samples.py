"""Alerts of every kind to try templates on, with and without what an alert may lack."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    ChannelName,
    Cited,
    Entry,
    FeedId,
    ItemId,
    MatchedRule,
    Message,
    Quote,
    RouteName,
    RuleId,
    Severity,
    StoryId,
)

_SEEN = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
_TITLE = "Ministry asks phone maker for a back door"
_LEAD = Cited(
    item=ItemId("a1b2c3d4e5f60718"),
    title=_TITLE,
    link="https://news.example/back-door",
    feed=FeedId("example-news"),
    feed_title="Example News",
    published=_SEEN - timedelta(minutes=5),
    seen_at=_SEEN,
    summary="The maker would rather leave the country.",
)
_COPY = replace(
    _LEAD,
    item=ItemId("ffff000011112222"),
    title="Department requests handset builder for a rear entrance",
    link="https://copies.example/rear-entrance",
    feed=FeedId("copies"),
    feed_title="Copies",
)
_BARE = replace(_LEAD, title="", link="", feed_title="", published=None, summary="")
_RULE = MatchedRule(
    id=RuleId("back-door"),
    title="Access to customers' data",
    severity=Severity.HIGH,
    quotes=(Quote(field="title", text=_TITLE, marks=((32, 41),)),),
)
_STORY = Alert(
    key=AlertKey("0123456789abcdef"),
    kind=AlertKind.STORY,
    route=RouteName("security"),
    channel=ChannelName("sample"),
    story=StoryId(_LEAD.item),
    item=_LEAD.item,
    message=Message(
        headline=_TITLE,
        severity=Severity.HIGH,
        lead=_LEAD,
        rules=(_RULE,),
        copies=(_COPY,),
        original="https://first.example/back-door",
        evidence=("41 of 45 words in the same order, 9 swapped for near-synonyms",),
    ),
    because="first alert of this story on route security: rule back-door",
    created_at=_SEEN,
    due_at=_SEEN,
)
_ENTRY = Entry(
    alert=_STORY.key,
    headline=_TITLE,
    severity=Severity.HIGH,
    lead=_LEAD,
    rules=(_RULE.id,),
    copies=1,
)


def _notice(kind: AlertKind, headline: str) -> Alert:
    message = Message(headline=headline, severity=Severity.HIGH, body="since 08:00\nstatus 500")
    return replace(_STORY, kind=kind, story=None, item=None, message=message)


SAMPLES: Mapping[str, Alert] = {
    "story": _STORY,
    "update": replace(_STORY, kind=AlertKind.UPDATE, revision=1, in_thread=True, parent=_STORY),
    "bare": replace(
        _STORY, message=replace(_STORY.message, headline="", lead=_BARE, copies=(), original="")
    ),
    "digest": replace(
        _notice(AlertKind.DIGEST, "2 alerts"),
        message=Message(
            headline="2 alerts", body="quiet hours", entries=(_ENTRY, replace(_ENTRY, lead=None))
        ),
    ),
    "feed": _notice(AlertKind.FEED, "Feed Example News is failing"),
    "rule": _notice(AlertKind.RULE, "Rule back-door is doubtful"),
    "channel": _notice(AlertKind.CHANNEL, "Channel mail is failing"),
    "service": _notice(AlertKind.SERVICE, "A configuration was refused"),
    "test": _notice(AlertKind.TEST, "Test of channel sample"),
}
"""By what they are about; `bare` is a story without title, link and date. Notices have no lead."""
