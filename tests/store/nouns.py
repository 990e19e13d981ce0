"""Short ways to make nouns for the tests of the store."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    Attempt,
    ChannelName,
    Feed,
    FeedId,
    Hit,
    Item,
    ItemId,
    Message,
    Occurrence,
    Placement,
    Planned,
    RouteName,
    RuleId,
    RuleInfo,
    Severity,
    Sketch,
    StoryId,
    Updates,
    Verdict,
)
from watcher.ports import Transaction
from watcher.stories import key_of_word

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PHONE = ChannelName("phone")


def make_feed(name: str = "gazette", **more: Any) -> Feed:
    return Feed(**({"id": FeedId(name), "url": f"https://{name}.example/feed"} | more))


def make_item(name: str = "a1", **more: Any) -> Item:
    defaults: dict[str, Any] = {
        "id": ItemId(name),
        "feed": FeedId("gazette"),
        "guid": f"guid-{name}",
        "link": f"https://gazette.example/{name}?from=feed",
        "normal_link": f"gazette.example/{name}",
        "title": f"Title of {name}",
        "summary": f"What {name} says",
        "seen_at": NOON,
    }
    return Item(**(defaults | more))


def make_hit(item: str = "a1", rule: str = "flood", **more: Any) -> Hit:
    info = RuleInfo(
        id=RuleId(rule),
        title="Floods",
        severity=Severity.HIGH,
        notify=(RouteName("desk"), RouteName("night")),
        updates=Updates.THREAD,
    )
    occurrence = Occurrence(
        field="title", value=0, start=3, end=8, text="Flood", term="flood*", how="wildcard"
    )
    defaults: dict[str, Any] = {"rule": info, "item": ItemId(item), "occurrences": (occurrence,)}
    return Hit(**(defaults | more))


def make_alert(key: str = "k1", **more: Any) -> Alert:
    defaults: dict[str, Any] = {
        "key": AlertKey(key),
        "kind": AlertKind.STORY,
        "route": RouteName("desk"),
        "channel": PHONE,
        "story": StoryId("a1"),
        "item": ItemId("a1"),
        "message": Message(headline="The north bridge is closed"),
        "because": "rule flood",
        "created_at": NOON,
        "due_at": NOON,
    }
    return Alert(**(defaults | more))


def make_attempt(alert: Alert, outcome: str = "sent", **more: Any) -> Attempt:
    defaults: dict[str, Any] = {
        "alert": alert.key,
        "number": alert.attempts,
        "at": NOON,
        "outcome": outcome,
        "detail": "250 ok",
    }
    return Attempt(**(defaults | more))


def make_plan(item: str, alert: Alert | None, decision: str = "promised") -> Planned:
    return Planned(
        item=ItemId(item),
        route=RouteName("desk"),
        decision=decision,
        because=f"{decision} because",
        alert=alert,
    )


def every_item(tx: Transaction) -> list[Item]:
    return [past.item for past in tx.past_items(LONG_AGO, 0, 10_000)]


def sketched(words: Collection[str], text: Collection[str] = ()) -> Sketch:
    return Sketch(
        words=tuple(map(key_of_word, words)), text=tuple(key_of_word(w) & 0xFFFF for w in text)
    )


def lead(
    tx: Transaction, item: Item, words: Collection[str] = (), sources: Collection[str] = ()
) -> None:
    """Keep an item and let it open a story."""
    tx.keep([item])
    placement = Placement(
        item=item.id, story=StoryId(item.id), verdict=Verdict.NEW, because=("nothing is like it",)
    )
    tx.place(item, placement, sketched(words), sources)


def copy(
    tx: Transaction,
    item: Item,
    of: str,
    words: Collection[str] = (),
    sources: Collection[str] = (),
    *,
    leads: bool = False,
) -> None:
    """Keep an item and let it join a story, or lead it from then on."""
    tx.keep([item])
    placement = Placement(
        item=item.id,
        story=StoryId(of),
        verdict=Verdict.COPY,
        of=ItemId(of),
        score=0.97,
        because=("the same sentences", "all names agree"),
        leads=leads,
    )
    tx.place(item, placement, sketched(words), sources)
