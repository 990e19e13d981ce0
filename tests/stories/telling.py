"""Items and candidates for the tests of this room; the texts are our own."""

from datetime import UTC, datetime, timedelta

from watcher.model import FeedId, Item, ItemId, Link, Placement, Source, StoryId, Told
from watcher.stories import place

THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)

TITLE = "Northwind recalls 40,000 routers after engineers find hidden access"
SUMMARY = (
    "Network maker Northwind said on Tuesday it would take back 40,000 home routers sold in Norway"
    " because an engineer at Tromsoe University found that anyone who knew one word could read what"
    " passed through them. The company asked its customers to unplug the boxes at once."
)
SPUN_TITLE = "Northwind remembers 40,000 routers after technicians discover concealed entrance"
SPUN_SUMMARY = (
    "Network builder Northwind said on Tuesday it would carry back 40,000 house routers peddled in"
    " Norway because a technician at Tromsoe University discovered that anyone who knew one term"
    " could peruse what went through them. A firm asked a clients to disconnect a cartons at once."
)


def item(
    number: str = "later",
    *,
    feed: str = "",
    title: str = "",
    summary: str = "",
    content: str = "",
    link: str = "",
    normal_link: str = "",
    days: float = 0,
    sources: tuple[Source, ...] = (),
    links: tuple[Link, ...] = (),
) -> Item:
    return Item(
        id=ItemId(number),
        feed=FeedId(feed or f"feed-{number}"),
        title=title,
        summary=summary,
        content=content,
        link=link,
        normal_link=normal_link,
        seen_at=THEN + timedelta(days=days),
        sources=sources,
        links=links,
    )


def original(**changes: str) -> Item:
    return item("original", **{"title": TITLE, "summary": SUMMARY, **changes})  # type: ignore[arg-type]


def spun(days: float = 0) -> Item:
    return item(title=SPUN_TITLE, summary=SPUN_SUMMARY, days=days)


def told(one: Item, *, story: str = "", lead: bool = True) -> Told:
    return Told(item=one, story=StoryId(story or one.id), lead=lead)


def beside(one: Item, *others: Item) -> Placement:
    """Place an item among others that all lead stories of their own."""
    return place(one, (), (), tuple(told(other) for other in others))
