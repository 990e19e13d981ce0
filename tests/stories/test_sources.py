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


BOILERPLATE = (
    "Watch every film of this channel first: become a member today, follow us on all platforms,"
    " ring the bell, and write to the studio if you want your firm to be named in a film. Music by"
    " the house band, pictures by the camera crew, and thanks to all who have helped us so far."
)


def of_one_source(first: str, second: str, summary: str) -> Verdict:
    earlier = replace(ITEM, id=ItemId("e"), feed=FeedId("a"), title=first, summary=summary)
    later = replace(ITEM, feed=FeedId("a"), title=second, summary=summary)
    return place(later, [], [], [Told(item=earlier, story=StoryId("e"), lead=True)]).verdict


def test_films_of_one_channel_under_the_same_words_stay_apart() -> None:
    first, second = "[film] the crew goes down the old mine", "[film] we mend a boat and sail away"
    assert of_one_source(first, second, BOILERPLATE) is not Verdict.COPY


def test_posts_of_one_list_with_hardly_any_words_stay_apart() -> None:
    first = "[list] a small tool that keeps notes in step"
    second = "[list] an extension against accidental mistakes"
    summary = "Article URL: none. Comments URL: none. Points: 1, and no comments so far today"
    assert of_one_source(first, second, summary) is not Verdict.COPY


def test_the_same_text_under_a_title_turned_round_is_a_copy_in_one_source_too() -> None:
    first = "Study finds that mobile apps of large firms gorge on user data"
    second = "Mobile apps of large firms gorge on user data: study"
    assert of_one_source(first, second, BOILERPLATE) is Verdict.COPY
