"""Alerts to send: an ordinary one, and ones that feeds wrote who mean us no good."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

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

SEEN = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
LEAD = Cited(
    item=ItemId("a1b2c3d4e5f60718"),
    title="Phone maker leaves country over ‘back doors’",
    link="https://news.example/phone?a=1&b=2",
    feed=FeedId("example-news"),
    feed_title="Example News",
    published=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    seen_at=SEEN,
    summary="The maker would not give access.",
)
COPY = replace(
    LEAD,
    item=ItemId("ffff000011112222"),
    title="Handset builder departs nation",
    link="http://spun.example/copy",
    feed=FeedId("spun"),
    feed_title="",
    published=None,
)
RULE = MatchedRule(
    id=RuleId("back-door"),
    title="Access to customers' data",
    severity=Severity.HIGH,
    quotes=(
        Quote(
            field="title", text="Phone maker leaves country over ‘back doors’", marks=((33, 43),)
        ),
    ),
)
MESSAGE = Message(headline=LEAD.title, severity=Severity.HIGH, lead=LEAD, rules=(RULE,))
ALERT = Alert(
    key=AlertKey("0123456789abcdef"),
    kind=AlertKind.STORY,
    route=RouteName("security"),
    channel=ChannelName("out"),
    story=StoryId("a1b2c3d4e5f60718"),
    item=LEAD.item,
    message=MESSAGE,
    because="first alert of this story on route security: rule back-door",
    created_at=SEEN,
    due_at=SEEN,
)
NOTICE = replace(
    ALERT,
    key=AlertKey("fedcba9876543210"),
    kind=AlertKind.FEED,
    story=None,
    item=None,
    message=Message(
        headline="Feed Example News is failing",
        severity=Severity.HIGH,
        body="example-news <https://news.example/feed>\nit answers 500 since 08:00",
    ),
)

ENTRY = Entry(
    alert=AlertKey("0000000000000001"),
    headline=LEAD.title,
    severity=Severity.HIGH,
    lead=LEAD,
    rules=(RULE.id,),
    copies=2,
)
DIGEST = replace(
    ALERT,
    key=AlertKey("00d16e5700d16e57"),
    kind=AlertKind.DIGEST,
    story=None,
    item=None,
    message=Message(
        headline="2 alerts of the last day",
        severity=Severity.HIGH,
        body="What came in quiet hours.",
        entries=(
            ENTRY,
            replace(ENTRY, alert=AlertKey("0000000000000002"), lead=None, rules=(), copies=0),
        ),
    ),
)
UPDATE = replace(
    ALERT,
    key=AlertKey("0bda7e000bda7e00"),
    kind=AlertKind.UPDATE,
    revision=1,
    in_thread=True,
    message=replace(MESSAGE, headline="Maker stays after all", lead=COPY, copies=(LEAD,)),
    parent=ALERT,
)


def digest_of(number: int) -> Alert:
    """A digest of so many alerts, each of which can be told from the others."""
    entries = tuple(
        replace(ENTRY, alert=AlertKey(f"{n:016}"), headline=f"Story {n} of very many")
        for n in range(number)
    )
    return replace(DIGEST, message=replace(DIGEST.message, entries=entries))


HOSTILE = (
    "<!channel> <!here> <@U123> <#C123|general> <https://evil.example|click me>",
    "@everyone @here *bold* _it_ ~no~ `code` :bomb:",
    "{{7*7}} {% raw %} ${7*7} %s %n {0}",
    "Breaking\r\nBcc: victim@evil.example\r\n\r\nhello",
    "nul \x00 bell \x07 escape \x1b[31mred\x1b]0;title\x07 \x9b31m del \x7f",
    "lone \ud800 surrogate \udfff",
    "override \u202egnp.exe\u202c isolate \u2066x\u2069",
    "lines\u2028and\u2029paragraphs\x85and\x0bmore\x0c.",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onload='x",
    "&amp; &lt;!channel&gt; &#60;",
    "\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n",
    "T" * 1_000_000,
    "word " * 200_000,
    "🧑🏽‍🚒" * 3_000,
    "e" + "\u0301" * 5_000,
    "&<>" * 4_000,
    "",
    " \n ",
)
"""What a feed may write where a title is expected."""

HOSTILE_LINKS = (
    "javascript:alert(1)",
    "javascript://evil.example/%0aalert(1)",
    "ftp://evil.example/x",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/|x>click<!channel>",
    'https://evil.example/"onclick="alert(1)',
    "https://evil.example/a b\nc\td",
    "http://[broken",
    "https://",
    "https://long.example/" + "x" * 5_000,
    "https://пример.example/é",
    "",
)

_texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp", "So"]), max_size=40),
    st.text("<>&@!#|*_~`:/.\r\n -", max_size=60),
)
_links = st.one_of(st.sampled_from(HOSTILE_LINKS), st.just(LEAD.link))


@st.composite
def hostile_alerts(draw: Any) -> Alert:
    """Alerts in which everything that a feed or the world may write is hostile."""
    text = draw(_texts)
    other = draw(_texts)
    cited = replace(LEAD, title=text, link=draw(_links), feed_title=other, summary=text)
    spans = st.tuples(st.integers(-5, 400), st.integers(-5, 400))
    quote = Quote(field="title", text=text, marks=tuple(draw(st.lists(spans, max_size=4))))
    rule = replace(RULE, title=other, quotes=(quote,) * draw(st.integers(0, 5)))
    entry = Entry(
        alert=ENTRY.alert,
        headline=text,
        severity=draw(st.sampled_from(Severity)),
        lead=draw(st.sampled_from((None, cited))),
        rules=(RULE.id,) * draw(st.integers(0, 12)),
        copies=draw(st.integers(0, 3)),
    )
    if draw(st.booleans()):
        told = Message(
            headline=other,
            body=text,
            subject=text,
            entries=(entry,) * draw(st.integers(0, 100)),
            entries_left_out=draw(st.integers(0, 100_000)),
        )
        return replace(ALERT, kind=AlertKind.DIGEST, message=told)
    message = Message(
        headline=text,
        severity=draw(st.sampled_from(Severity)),
        lead=draw(st.sampled_from((None, cited))),
        rules=(rule,) * draw(st.integers(0, 60)),
        copies=(cited,) * draw(st.integers(0, 120)),
        original=draw(_links),
        evidence=(other,) * draw(st.integers(0, 30)),
        body=draw(_texts),
    )
    return replace(ALERT, kind=draw(st.sampled_from(AlertKind)), message=message, because=other)


def with_title(text: str) -> Alert:
    """The ordinary alert, about a story of another title."""
    rule = replace(RULE, quotes=(Quote(field="title", text=text, marks=((0, 5),)),))
    lead = replace(LEAD, title=text, feed_title=text, summary=text)
    return replace(
        ALERT,
        message=replace(
            MESSAGE, headline=text, lead=lead, rules=(rule,), copies=(lead,), evidence=(text,)
        ),
    )
