import pytest

from tests.stories.telling import item
from watcher.model import Link, Source
from watcher.stories import claims

MASHABLE = "mashable.com/2015/11/30/blackberry-pakistan-exit"


def urls(**parts: object) -> list[str]:
    link = "https://reposts.example/technology/blackberry-exit"
    return [source.url for source in claims(item(link=link, **parts))]  # type: ignore[arg-type]


def anchored(text: str, label: str, url: str) -> dict[str, object]:
    start = text.rindex(label)
    link = Link(url=url, field="summary", start=start, end=start + len(label))
    return {"summary": text, "links": (link,)}


@pytest.mark.parametrize(
    "text",
    [
        "Words.\nArticle source: http://mashable.com/2015/11/30/blackberry-pakistan-exit/\nTop",
        "Words. Article Source - https://www.mashable.com/2015/11/30/blackberry-pakistan-exit/.",
        "Originally appeared on https://mashable.com/2015/11/30/blackberry-pakistan-exit/?utm_id=1",
        "This was first published at www.mashable.com/2015/11/30/blackberry-pakistan-exit",
        "Republished with permission from http://m.mashable.com/2015/11/30/blackberry-pakistan-exit",
        "It said so. Via: https://mashable.com/2015/11/30/blackberry-pakistan-exit/",
        "It said so. (Source: https://mashable.com/2015/11/30/blackberry-pakistan-exit/)",
    ],
)
def test_an_address_spelt_out_behind_an_attribution_is_the_claim(text: str) -> None:
    assert urls(content=text) == [MASHABLE]
    assert urls(summary=text) == [MASHABLE]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("It leaves. This article originally appeared on Mashable.", "Mashable"),
        ("It leaves. Originally published here.", "here"),
        ("It leaves. Article source: Mashable\nShare this", "Mashable"),
        ("It leaves. Via Mashable", "Mashable"),
        ("It leaves.\nSource: Mashable.", "Mashable"),
        ("It leaves. [Source]", "Source"),
    ],
)
def test_a_link_under_the_words_of_an_attribution_is_the_claim(text: str, label: str) -> None:
    assert urls(**anchored(text, label, f"https://{MASHABLE}/")) == [MASHABLE]


@pytest.mark.parametrize("how", ["rel=canonical", "<source url>", "atom:source"])
def test_what_the_markup_names_is_the_claim(how: str) -> None:
    source = Source(url=f"https://{MASHABLE}/", how=how)
    assert claims(item(sources=(source,))) == (Source(url=MASHABLE, how=how),)


@pytest.mark.parametrize(
    "url",
    [
        "https://mashable.com/",
        "https://mashable.com/feed/",
        "https://mashable.com/tech.rss",
        "https://mashable.com/category/tech-news",
        "https://mashable.com/pictures/back-door.jpg",
        "https://mashable.com/technology",
        "https://reposts.example/technology/another-article",
        "https://news.reposts.example/technology/another-article",
        "https://reposts.example/technology/blackberry-exit",
        "https://feedproxy.google.com/~r/mashable/3-2-1",
        "https://news.google.com/rss/articles/CBM-2",
        "https://t.co/ab-12",
        "https://ads.example/click-1?url=http://mashable.com/x-y",
        "https://www.facebook.com/sharer/share-1",
        "mailto:editor@mashable.com",
        "http://[broken/2015/x-y",
        "",
    ],
)
def test_what_is_no_foreign_article_is_no_claim(url: str) -> None:
    assert urls(sources=(Source(url=url, how="<source url>"),)) == []
    assert urls(summary=f"Words. Article source: {url}") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://click.letters.example/ls/a-1",
        "https://go.letters.example/a-1/b-2",
        "https://t.co/ab-12",
        "https://letters.example/r-1?to=a-2",
        f"https://letters.example/r-1?target=https%3A%2F%2F{MASHABLE}",
        f"https://letters.example/r-1?id=7&link=http://{MASHABLE}",
    ],
)
def test_a_trackers_redirect_names_no_article(url: str) -> None:
    assert urls(content=f"It said so.\nArticle source: {url}\nShare this") == []
    assert urls(content=f"It said so. Via: {url}") == []


def test_an_attribution_to_a_home_page_or_to_the_very_page_names_no_article() -> None:
    for place in ("https://mashable.com", "https://reposts.example/technology/blackberry-exit"):
        assert urls(content=f"It said so.\nOriginally published at {place}\nShare this") == []


def test_attributions_to_three_places_name_none_of_them() -> None:
    lines = (f"Article source: http://{name}.example/2026/a-b" for name in ("one", "two", "three"))
    assert urls(content="It said so.\n" + "\n".join(lines)) == []


def test_owners_under_a_country_are_told_apart() -> None:
    one = item(link="https://www.one.co.uk/a-1", summary="Article source: https://two.co.uk/b-2")
    assert [source.url for source in claims(one)] == ["two.co.uk/b-2"]
    same = item(link="https://www.one.co.uk/a-1", summary="Article source: https://m.one.co.uk/b-2")
    assert claims(same) == ()


def test_several_originals_are_none_and_the_same_one_twice_is_one() -> None:
    twice = f"Article source: http://{MASHABLE}\nVia: https://www.{MASHABLE}/"
    assert urls(content=twice) == [MASHABLE]
    assert urls(content=f"{twice}\nArticle source: https://other.example/a-b") == []


@pytest.mark.parametrize(
    "text",
    [
        "It leaves, as Mashable wrote, and nobody minds.",
        "Mashable has more on this, and so have we, further down this page, for subscribers. " * 2,
        "The firm named no source. Mashable",
    ],
)
def test_a_link_that_merely_stands_in_the_text_is_no_claim(text: str) -> None:
    start = text.index("Mashable")
    link = Link(url=f"https://{MASHABLE}", field="summary", start=start, end=start + 8)
    assert urls(summary=text, links=(link,)) == []


def test_a_link_of_another_field_or_further_down_is_not_meant() -> None:
    parts = anchored("Article source: Mashable", "Mashable", f"https://{MASHABLE}")
    assert urls(content="Article source: Mashable", links=parts["links"]) == []
    text = "Article source: see below.\nMashable" + " and more words" * 9
    assert urls(**anchored(text, "Mashable", f"https://{MASHABLE}")) == []


def test_attribution_at_the_end_of_a_huge_text_is_found() -> None:
    huge = "word " * 2_000_000 + f"\nArticle source: http://{MASHABLE}/"
    assert urls(content=huge) == [MASHABLE]
