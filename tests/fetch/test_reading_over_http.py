"""From a server's bytes to items: what it says and what it sends do not always agree."""

import json

import pytest

from tests.fakes import MORNING
from tests.fetch.conftest import Desk, due
from tests.servers import FeedServer, Reply
from watcher import parse
from watcher.model import Document, Fetched, ReadResult, Unreadable

XML = "application/rss+xml"
ITEM = "<item><title>{}</title><guid>{}</guid></item>"


def rss(*items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'


def came(desk: Desk, server: FeedServer, reply: Reply) -> ReadResult:
    """Visit, and read what came."""
    url = server.on("/news/feed.xml", reply)
    answer = desk.get(url)
    assert isinstance(answer, Fetched), answer
    return parse.read(due(url), answer, MORNING)


def document(desk: Desk, server: FeedServer, body: bytes, kind: str = XML) -> Document:
    read = came(desk, server, Reply(body=body, headers={"Content-Type": kind}))
    assert isinstance(read, Document), read
    return read


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (
            b"<!DOCTYPE html><html><body>Sign in to our wifi</body></html>",
            "text/html",
            "captive portal",
        ),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", XML, "a web page"),
        (b"", XML, "empty"),
        (b'{"error": "rate limited"}', "application/json", "rate limited"),
        (b"Service temporarily unavailable", "text/plain", "text"),
    ],
    ids=["captive portal", "page under a feed's type", "nothing", "JSON error", "words"],
)
def test_25_what_is_no_feed_is_refused_and_says_what_it_is(
    server: FeedServer, desk: Desk, body: bytes, kind: str, why: str
) -> None:
    read = came(desk, server, Reply(body=body, headers={"Content-Type": kind}))
    assert isinstance(read, Unreadable)
    assert why in read.reason


def test_26_malformed_xml_gives_its_items_and_says_where_it_is_wrong(
    server: FeedServer, desk: Desk
) -> None:
    broken = rss(ITEM.format("One & only", 1), ITEM.format("Two", 2)).replace("</channel>", "")
    read = document(desk, server, broken.encode())
    assert [item.title for item in read.items] == ["One & only", "Two"]
    assert [fault for fault in read.faults if fault.startswith("not well-formed: line ")], read


@pytest.mark.parametrize(
    ("encoding", "declared", "kind", "text"),
    [
        ("utf-8", "", XML, "Überschwemmung 洪水"),
        ("utf-8", "", "text/xml; charset=iso-8859-1", "Überschwemmung 洪水"),
        ("windows-1251", "windows-1251", XML, "Наводнение закрыло мост"),
        ("windows-1251", "", "text/xml; charset=windows-1251", "Наводнение закрыло мост"),
        ("gb18030", "gb18030", XML, "洪水封桥"),
        ("utf-16", "utf-16", XML, "Überschwemmung 洪水"),
        ("utf-16-le", "utf-16", XML, "Überschwemmung 洪水"),
        ("utf-8-sig", "utf-8", "text/xml; charset=us-ascii", "Überschwemmung"),
    ],
)
def test_27_bytes_become_the_characters_that_were_meant(
    server: FeedServer, desk: Desk, encoding: str, declared: str, kind: str, text: str
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss(ITEM.format(text, 1), head=head).encode(encoding)
    assert [item.title for item in document(desk, server, body, kind).items] == [text]


def test_28_relative_links_count_from_where_the_feed_came_from(
    server: FeedServer, desk: Desk
) -> None:
    body = rss("<item><title>a</title><link>../story/1</link></item>").encode()
    server.on("/moved/here/feed.xml", Reply(body=body))
    read = came(desk, server, Reply(status=302, location="/moved/here/feed.xml"))
    assert isinstance(read, Document)
    assert [item.link for item in read.items] == [f"{server.url}/moved/story/1"]


def test_28_xml_base_comes_before_that(server: FeedServer, desk: Desk) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://base.example/a/"><title>t</title>'
        '<entry><title>a</title><id>1</id><link href="b"/></entry></feed>'
    )
    read = document(desk, server, atom.encode(), "application/atom+xml")
    assert [item.link for item in read.items] == ["http://base.example/a/b"]


def test_29_no_item_swallows_another_whatever_its_id_is(server: FeedServer, desk: Desk) -> None:
    items = (
        "<item><title>none at all</title></item>",
        "<item><title>no id</title><link>http://x.example/1</link></item>",
        "<item><title>first</title><guid>same</guid><link>http://x.example/2</link></item>",
        "<item><title>second</title><guid>same</guid><link>http://x.example/3</link></item>",
        "<item><title>spaces</title><guid> an id with spaces </guid></item>",
    )
    read = document(desk, server, rss(*items).encode())
    assert len({item.id for item in read.items}) == len(read.items) == 5


def test_29_a_numeric_id_is_an_id(server: FeedServer, desk: Desk) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "t",
        "items": [{"id": 7, "title": "a"}, {"id": 8.5, "title": "b"}],
    }
    read = document(desk, server, json.dumps(feed).encode(), "application/feed+json")
    assert [item.guid for item in read.items] == ["7", "8.5"]


def test_a_valid_feed_under_the_type_of_a_page_is_a_feed(server: FeedServer, desk: Desk) -> None:
    body = rss(ITEM.format("One", 1)).encode()
    assert len(document(desk, server, body, "text/html; charset=utf-8").items) == 1


def test_a_226_brings_some_entries_and_no_absence_means_anything(
    server: FeedServer, desk: Desk
) -> None:
    read = came(desk, server, Reply(status=226, body=rss(ITEM.format("One", 1)).encode()))
    assert isinstance(read, Document)
    assert len(read.items) == 1
