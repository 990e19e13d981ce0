"""Who counts as one source: the same feed; the same host, where the feed is not known."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from watcher.model import FeedId, Item, ItemId, StoryId, Told, Verdict
from watcher.stories import place
from watcher.stories.comparing import same_source

ITEM = Item(id=ItemId("i"), feed=FeedId(""), seen_at=datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("feeds", "links", "same"),
    [
        (("a", "a"), ("", ""), True),
        (("a", "b"), ("http://p.example/1", "http://p.example/2"), False),
        (("", ""), ("", ""), False),
        (("", ""), ("http://p.example/1", "http://www.p.example/2"), False),
        (("", ""), ("http://p.example/1", "http://p.example/2"), True),
        (("a", ""), ("http://p.example/1", "http://q.example/1"), False),
    ],
)
def test_a_source_is_a_feed_or_else_a_host(
    feeds: tuple[str, str], links: tuple[str, str], *, same: bool
) -> None:
    one, other = (
        replace(ITEM, feed=FeedId(feed), link=link) for feed, link in zip(feeds, links, strict=True)
    )
    assert same_source(one, other) is same


def test_items_of_unknown_feeds_with_one_link_are_one_article() -> None:
    text = "Flood closes the north bridge for a week and two days"
    earlier = replace(ITEM, id=ItemId("e"), title=text, link="http://p.example/1")
    again = replace(ITEM, title=text, link="http://p.example/1")
    told = Told(item=earlier, story=StoryId("e"), lead=True)
    assert place(again, [told], [], []).verdict is Verdict.COPY
