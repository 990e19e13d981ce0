"""The feeds that a web page names."""

import pytest

from watcher import parse
from watcher.model import Offer

PAGE = "https://paper.example/news/"
RSS = 'type="application/rss+xml"'


def offered(head: str, content_type: str = "text/html; charset=utf-8") -> tuple[Offer, ...]:
    return parse.offered(f"<html><head>{head}</head>".encode(), content_type, PAGE)


@pytest.mark.parametrize(
    ("tag", "offer"),
    [
        (f'<link rel="alternate" {RSS} title="All &amp; new" href="/feed">',
         Offer(url="https://paper.example/feed", title="All & new", kind="RSS")),
        ("<LINK HREF=atom.xml TYPE=Application/Atom+XML REL='home Alternate'>",
         Offer(url="https://paper.example/news/atom.xml", title="", kind="Atom")),
        ('<link rel="alternate" type="application/feed+json;charset=utf-8" href="//b.example/f">',
         Offer(url="https://b.example/f", title="", kind="JSON Feed")),
        (f'<base href="https://cdn.example/a/"><link rel="alternate" {RSS} href="feed"/>',
         Offer(url="https://cdn.example/a/feed", title="", kind="RSS")),
        (f'<body><a rel="alternate" {RSS} href="/feed">RSS</a>',
         Offer(url="https://paper.example/feed", title="", kind="RSS")),
    ],
)  # fmt: skip
def test_the_feeds_that_a_page_names_are_found(tag: str, offer: Offer) -> None:
    assert offered(tag) == (offer,)


@pytest.mark.parametrize(
    "tag",
    [
        f'<link rel="stylesheet" {RSS} href="/feed">',
        f'<link rel="stylesheet" {RSS} href="/alternate">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="text/html" href="/mobile">',
        f'<link rel="alternate" {RSS} href="">',
        f'<link rel="alternate" {RSS} href="javascript:alert(1)">',
        f'<link rel="alternate" {RSS} href="http://[::1">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        f'<!-- <link rel="alternate" {RSS} href="/feed"> -->',
        f'<script>\'<link rel="alternate" {RSS} href="/feed">\'</script>',
    ],
)
def test_what_is_no_feed_is_not_offered(tag: str) -> None:
    assert offered(tag) == ()


def test_each_feed_is_offered_once_in_the_order_of_the_page() -> None:
    links = "".join(f'<link rel="alternate" {RSS} href="/{name}">' for name in "bab")
    assert [offer.url[-1] for offer in offered(links)] == ["b", "a"]


def test_a_page_full_of_links_offers_fifty() -> None:
    links = "".join(f'<link rel="alternate" {RSS} href="/{number}">' for number in range(80))
    assert len(offered(links)) == 50


@pytest.mark.parametrize(
    ("content_type", "meta"),
    [
        ("text/html; charset=windows-1251", ""),
        ("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("", "<meta charset=windows-1251>"),
    ],
)
def test_titles_are_read_in_the_encoding_of_the_page(content_type: str, meta: str) -> None:
    link = f'{meta}<link rel="alternate" {RSS} title="Новости" href="/feed">'
    [offer] = parse.offered(link.encode("windows-1251"), content_type, PAGE)
    assert offer.title == "Новости"


def test_an_encoding_that_there_is_not_does_no_harm() -> None:
    assert offered(f'<link rel="alternate" {RSS} href="/f">', "text/html; charset=nonsense")
