"""The alerts of which pictures are taken: made up, all of them."""

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

SEEN = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def _cited(
    item: str, feed: str, title: str, page: str, minutes: int, seen: datetime = SEEN
) -> Cited:
    name = feed.lower().replace(" ", "-")
    return Cited(
        item=ItemId(item),
        title=title,
        link=f"https://{name}.example/{page}",
        feed=FeedId(name),
        feed_title=feed,
        published=seen - timedelta(minutes=minutes),
        seen_at=seen,
    )


def quoted(field: str, text: str) -> Quote:
    """Make a quote of a text in which the matched words stand in [brackets]."""
    marks, plain = [], ""
    for place, piece in enumerate(text.replace("]", "[").split("[")):
        if place % 2:
            marks.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return Quote(field=field, text=plain, marks=tuple(marks))


LEAD = _cited(
    "5d1f0c9e77ab3e40",
    "Harbour Wire",
    "Orvane will leave Tarsia rather than open a back door to its customers’ mail",
    "2026/03/02/orvane-leaves-tarsia",
    25,
)
SPUN = _cited(
    "91c2ee0ab05d7718",
    "Gadget Mirror",
    "Orvane to exit Tarsia instead of unlock a rear entrance to its clients’ letters",
    "technology/orvane-to-exit-tarsia",
    4,
)
SHORT = _cited(
    "e07b6a2240c9d1f3",
    "Metro Courier",
    "Privacy dispute ends a phone maker’s years in Tarsia",
    "business/privacy-dispute",
    11,
)
RULES = (
    MatchedRule(
        id=RuleId("lawful-interception"),
        title="Lawful interception",
        severity=Severity.HIGH,
        quotes=(
            quoted(
                "content",
                "…since the ministry asked every maker in December to prepare “[lawful "
                "interception]” of all business mail, and gave them ninety days…",
            ),
        ),
    ),
    MatchedRule(
        id=RuleId("back-door"),
        title="Back doors",
        severity=Severity.HIGH,
        quotes=(
            quoted(
                "title",
                "Orvane will leave Tarsia rather than open a [back door] to its customers’ mail",
            ),
            quoted(
                "content",
                "…a firm that sells privacy, its director said, does not keep a [back door] for "
                "anybody, in Tarsia or elsewhere. About 3,000 companies in the…",
            ),
        ),
    ),
)
STORY = Alert(
    key=AlertKey("7be1f0a4c2d95e36"),
    kind=AlertKind.STORY,
    route=RouteName("security"),
    channel=ChannelName("mail"),
    story=StoryId(LEAD.item),
    item=LEAD.item,
    message=Message(
        headline=LEAD.title,
        severity=Severity.HIGH,
        lead=LEAD,
        rules=RULES,
        copies=(SPUN, SHORT),
        evidence=(
            f"Gadget Mirror: same sentences as “{LEAD.title}” (harbour-wire) with 47 of 225 "
            "words replaced one for one; all 10 names and all 6 numbers agree",
            "Metro Courier: text says its source is harbour-wire.example/2026/03/02/"
            f"orvane-leaves-tarsia, which is “{LEAD.title}” (harbour-wire)",
        ),
    ),
    because="first alert of this story on route security: rules back-door, lawful-interception",
    created_at=SEEN,
    due_at=SEEN,
)
STAYS = _cited(
    "30f4b8d1c6e2a597",
    "Harbour Wire",
    "Orvane stays in Tarsia after the ministry drops its demand",
    "2026/03/09/orvane-stays",
    35,
    MONDAY,
)
ROUTERS = _cited(
    "5c18ee9cfc45a727",
    "Circuit Monthly",
    "Hidden account found in the home routers of two makers",
    "2026/03/09/hidden-account",
    190,
    MONDAY,
)
TALKS = _cited(
    "c34b775fcb670ea5",
    "Tarsia Ledger",
    "Makers and ministry to talk about lawful interception in April",
    "politics/makers-and-ministry",
    410,
    MONDAY,
)
REVIEW = _cited(
    "40de78ac9c576f83",
    "Circuit Monthly",
    "A month with the Orvane Slate: the keyboard is back",
    "orvane-slate-month",
    560,
    MONDAY,
)


def _entry(lead: Cited, severity: Severity, copies: int, *rules: str) -> Entry:
    return Entry(
        alert=AlertKey(lead.item),
        headline=lead.title,
        severity=severity,
        lead=lead,
        rules=tuple(map(RuleId, rules)),
        copies=copies,
    )


DIGEST = replace(
    STORY,
    key=AlertKey("00d16e5700d16e57"),
    kind=AlertKind.DIGEST,
    route=RouteName("legal"),
    story=None,
    item=None,
    message=Message(
        headline="16 alerts from 8 March 08:00 to 9 March 08:00",
        severity=Severity.CRITICAL,
        body="The digest of route legal, every day at 08:00 (Europe/Berlin).",
        entries=(
            _entry(ROUTERS, Severity.CRITICAL, 0, "back-door", "home-routers"),
            _entry(STAYS, Severity.HIGH, 3, "back-door", "orvane"),
            _entry(TALKS, Severity.HIGH, 1, "lawful-interception"),
            _entry(REVIEW, Severity.INFO, 0, "orvane"),
        ),
        entries_left_out=12,
    ),
    because="digest of route legal: 16 alerts",
)
NOTICE = replace(
    STORY,
    key=AlertKey("fedcba9876543210"),
    kind=AlertKind.FEED,
    story=None,
    item=None,
    message=Message(
        headline="Feed Tarsia Ledger may have items that we missed",
        severity=Severity.HIGH,
        body="tarsia-ledger <https://tarsia-ledger.example/feeds/news.xml?section=politics"
        "&edition=all> nothing in it was known from the visit before (2026-03-02 04:40 UTC; it "
        "shows 20 items): items in between may have been missed. Visit it more often: every 10m "
        "would do.",
    ),
    because="operator's notice: feed tarsia-ledger gap",
)
ALERTS = {"story": STORY, "digest": DIGEST, "notice": NOTICE}
