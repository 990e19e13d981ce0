"""Whose page is wanted, and what of it becomes part of the item."""

from dataclasses import replace

import pytest

from tests.fakes import MORNING
from watcher.model import (
    Feed,
    FeedId,
    FullText,
    Item,
    ItemId,
    Link,
    PageMissed,
    PageRead,
    Source,
    ToldApart,
)
from watcher.parse import clean_pages, filled, page_mark, wished
from watcher.text.links import normal_link

LONG = "The council closed the bridge. " * 30


def item(name: str = "1", **more: str) -> Item:
    link = more.pop("link", f"http://a.example/{name}")
    return Item(
        id=ItemId(name), feed=FeedId("a"), link=link, normal_link=normal_link(link),
        title="North bridge", seen_at=MORNING, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def wish(*items: Item, how: FullText = FullText.YES, most: int = 20) -> dict[str, str]:
    """Tell what is wished for (empty text) and what is not (why)."""
    feed = Feed(id=FeedId("a"), url="http://a.example/", full_text=how)
    found = wished(feed, items, ToldApart(fresh=items), {}, most)
    told = {one.id: found.unwished.get(one.id, "") for one in items}
    assert set(found.addresses) == {one.link for one in items if not told[one.id]}
    return {str(name): why for name, why in told.items()}


@pytest.mark.parametrize("link", ["", "ftp://a.example/1", "magnet:?xt=1"])
def test_an_item_without_a_link_to_a_page_has_none(link: str) -> None:
    assert wish(item(link=link)) == {"1": "not asked for: the item has no link to a page"}


def test_a_link_that_several_items_have_is_the_page_of_none() -> None:
    same = "http://a.example/"
    told = wish(item("1", link=same), item("2", link=f"{same}?utm_source=x"), item("3"))
    assert [bool(why) for why in told.values()] == [True, True, False]
    assert "same link" in told["1"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", True),
        ("Short.", True),
        (LONG, False),
        (LONG + "and then […]", True),
        (LONG + "and then… Read more", True),
        (LONG + "and then [...] Continue reading →", True),
        (LONG + "He waited… and then, after a good while, he went home by the bridge.", False),
    ],
)
def test_auto_wants_the_pages_of_teasers(text: str, wanted: bool) -> None:
    for one in (item(summary=text), item(content=text)):
        assert wish(one, how=FullText.AUTO) == {"1": "" if wanted else wish_not()}
        assert wish(one, how=FullText.YES) == {"1": ""}


def wish_not() -> str:
    return "not asked for: the feed's own text has 600 characters or more"


def test_nothing_is_wished_for_where_the_feed_does_not_ask() -> None:
    feed = Feed(id=FeedId("a"), url="http://a.example/")
    found = wished(feed, [item()], ToldApart(fresh=(item(),)), {}, 20)
    assert (found.addresses, found.unwished) == ((), {})


def read(text: str = LONG, url: str = "http://a.example/1", *named: str) -> PageRead:
    sources = tuple(Source(url=address, how="og:url") for address in named)
    return PageRead(url=url, text=text, sources=sources)


def test_a_pages_text_is_cleaned_like_every_text() -> None:
    dirty = read("One\u00a0word \u200b here\x00\n\n  two ﬁshes\u202e \n")
    (clean,) = clean_pages({"x": dirty}).values()
    assert isinstance(clean, PageRead)
    assert clean.text == "One word here\ntwo fishes"


def test_an_address_that_several_pages_of_a_visit_name_is_the_mistake_of_a_template() -> None:
    other, own = "http://b.example/2026/story", "http://c.example/2026/story"
    got = clean_pages({"1": read(LONG, "http://a.example/1", other), "2": read(
        LONG, "http://a.example/2", other, own)})  # fmt: skip
    pages = [page for page in got.values() if isinstance(page, PageRead)]
    assert [one.url for page in pages for one in page.sources] == [own]


def test_a_page_missed_leaves_the_item_as_it_is() -> None:
    done = filled(item(summary="More."), PageMissed(reason="404 Not Found"), ())
    assert done.item == item(summary="More.")
    assert (done.note.used, done.note.outcome) == (False, "404 Not Found")


def test_where_the_page_says_less_than_the_feed_the_feeds_text_stays() -> None:
    own = item(summary=LONG)
    done = filled(own, read("Short."), ())
    assert done.item == own
    assert done.note.outcome == "it says no more (6 characters) than the feed (930)"


def test_the_feeds_own_content_moves_below_its_summary_with_its_links() -> None:
    own = replace(
        item(summary="In short.", content="A teaser with a link."),
        links=(
            Link(url="http://x/", field="summary", start=0, end=2),
            Link(url="http://y/", field="content", start=16, end=20),
        ),
    )
    done = filled(own, read(), ()).item
    assert done.content == LONG
    assert done.summary == "In short.\nA teaser with a link."
    assert [done.summary[link.start : link.end] for link in done.links] == ["In", "link"]
    assert {link.field for link in done.links} == {"summary"}
    alone = filled(item(content="A teaser."), read(), ()).item
    assert (alone.summary, alone.content) == ("A teaser.", LONG)


def test_the_fingerprint_of_edits_is_that_of_the_feeds_own_text() -> None:
    own = item(summary="More.")
    assert filled(own, read(), ()).item.text_hash == own.text_hash


def test_a_mark_is_of_site_and_text_whatever_the_digits() -> None:
    one = page_mark(read("Ray 17af refuses you", "http://www.a.example/1"))
    assert one == page_mark(read("Ray 9af refuses you", "http://a.example/2"))
    assert one != page_mark(read("Ray 17af refuses you", "http://b.example/1"))
    assert one != page_mark(read("Ray 17af refuses me", "http://a.example/1"))
    assert page_mark(PageMissed(reason="404")) == ""


def test_the_same_page_under_the_same_address_is_no_twin() -> None:
    done = filled(item(), read(), ["http://www.a.example/1?utm_source=rss"])
    assert done.note.used
    assert not filled(item(), read(), ["http://a.example/2"]).note.used
