"""What is odd about documents, and what is not."""

import json
from datetime import timedelta

import pytest

from tests.fakes import MORNING
from tests.parse.documents import atom, rss
from watcher import parse
from watcher.model import Fetched

DATE = "<pubDate>Mon, 02 Mar 2026 07:{:02}:00 GMT</pubDate>"
TEXT = "<description>Lorries wait.</description>"
GOOD = tuple(
    f"<guid>{number}</guid><link>/{number}</link><title>t</title>{TEXT}{DATE.format(number)}"
    for number in range(3)
)


def odd(body: str | bytes, content_type: str = "application/rss+xml") -> list[tuple[str, str]]:
    data = body if isinstance(body, bytes) else body.encode()
    answer = Fetched(
        status=200, url="http://a.example/", body=data, headers={"content-type": content_type}
    )
    return [(one.topic, one.text) for one in parse.oddities(answer, MORNING)]


def test_nothing_is_odd_about_a_feed_in_order() -> None:
    assert odd(rss(*GOOD)) == []


def changed(old: str, new: str, places: tuple[int, ...] = (0,)) -> str:
    return rss(
        *(one.replace(old.format(n), new) if n in places else one for n, one in enumerate(GOOD))
    )


@pytest.mark.parametrize(
    ("document", "topic", "told"),
    [
        (rss(), "no items", "it has no items: nobody can tell yet how often it changes"),
        (changed("<guid>{}</guid>", ""), "no guid",
         "1 of 3 items has no guid: known again by the link"),
        (changed("<guid>{0}</guid><link>/{0}</link>", "", (0, 1)), "no guid",
         "2 of 3 items have neither guid nor link: known again by title and date,"
         " so that an edited title is a new item"),
        (changed("<guid>{}</guid>", "<guid>x</guid>", (0, 1, 2)), "same guid",
         "3 items have the same guid, “x”: told apart by their links"),
        (changed("<link>/{}</link>", "<link>/x</link>", (1, 2)), "same link",
         "2 items have the same link, /x"),
        (changed("<link>/{}</link>", "", (2,)), "no link",
         "1 of 3 items has no link that an alert could name"),
        (changed("<title>t</title>" + TEXT, "", (0, 1, 2)), "no text",
         "all 3 items have neither title nor text: no rule can match"),
        (changed(TEXT, "", (0, 1, 2)), "titles only",
         "its items have titles and no texts: rules see no more than these"),
        (changed("<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate>", ""), "no date",
         "1 of 3 items has no date: the time counts at which Watcher first saw them"),
        (changed("Mon, 02 Mar 2026 07:00:00 GMT", "yesterday"), "odd date",
         "1 of 3 items has a date that cannot be read, “yesterday”"),
        (changed("Mon, 02 Mar 2026 07:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"), "odd date",
         "1 of 3 items has a date that cannot be read, “Thu, 01 Jan 1970 00:00:00 GMT”"),
        (changed("Mon, 02 Mar 2026 07:00:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT"), "future date",
         "1 of 3 items has a date in the future, up to 2030-01-01 00:00 UTC: taken for now"),
        (rss(*(one.replace(DATE.format(n), DATE.format(0)) for n, one in enumerate(GOOD))),
         "same date", "all items have the same date, 2026-03-02 07:00: it says nothing of any"),
    ],
)  # fmt: skip
def test_what_is_odd_about_items_is_told_in_words(document: str, topic: str, told: str) -> None:
    assert dict(odd(document))[topic] == told


def test_two_guids_that_several_items_have_are_told_as_one_example_and_more() -> None:
    doubled = [one.replace("<guid>", f"<guid>{half}") for one in GOOD for half in (0, 1)]
    twins = rss(*(one.replace("<link>/", f"<link>/{n}") for n, one in enumerate(doubled * 2)))
    assert dict(odd(twins))["same guid"].endswith("(5 more like this): told apart by their links")


def test_a_date_a_little_ahead_is_a_clock_and_not_odd() -> None:
    soon = (MORNING + timedelta(minutes=9)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert odd(changed("Mon, 02 Mar 2026 07:00:00 GMT", soon)) == []


@pytest.mark.parametrize(
    ("declared", "header", "bytes_in", "told"),
    [
        ("utf-8", "iso-8859-1", "utf-8",
         "the server calls it iso-8859-1, the document itself utf-8: read as utf-8"),
        ("windows-1252", "", "windows-1252", None),
        ("utf-8", "utf-8", "utf-8", None),
        ("utf-8", "UTF8", "utf-8", None),
        ("nonsense", "", "utf-8", "there is no encoding “nonsense”: read as utf-8"),
        ("utf-8", "", "windows-1252",
         "its bytes are not the UTF-8 that they should be: read as cp1252"),
    ],
)  # fmt: skip
def test_an_encoding_on_which_not_all_agree_is_told(
    declared: str, header: str, bytes_in: str, told: str | None
) -> None:
    items = (one.replace("<title>t", "<title>Müller in Köln") for one in GOOD)
    document = rss(*items).replace("UTF-8", declared).replace("utf-8", declared)
    charset = f"; charset={header}" if header else ""
    found = dict(odd(document.encode(bytes_in), f"application/rss+xml{charset}"))
    assert found.get("encoding") == told


def test_headers_that_are_wrong_about_plain_ascii_do_no_harm() -> None:
    assert odd(rss(*GOOD), "application/rss+xml; charset=iso-8859-5") == []


def test_json_feeds_and_atom_are_looked_at_in_the_same_way() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "t"}]}
    assert {topic for topic, _ in odd(json.dumps(feed))} == {"no link", "titles only", "no date"}
    entry = "<id>1</id><title>t</title><summary>s</summary>"
    assert {topic for topic, _ in odd(atom(entry))} == {"no link", "no date"}


def test_of_what_is_no_feed_nothing_is_told() -> None:
    assert odd("<html><body>hello</body></html>") == []
    assert odd("{}") == []
