import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.documents import NOW, document, item_of, look, reason
from watcher.model import Document, Source, Unreadable

VERSION = "https://jsonfeed.org/version/1.1"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
KEYS = """
    id url external_url title content_html content_text summary date_published date_modified author
    authors tags language
"""


def feed(*items: object, version: object = VERSION, **more: object) -> str:
    return json.dumps({"version": version, "title": "The Press", "items": items, **more})


def test_all_that_a_json_item_says_is_kept() -> None:
    item = item_of(
        feed(
            {
                "id": "a 1",
                "url": "/story/1",
                "external_url": "http://real.example/1",
                "title": "Flood closes <bridge> &amp;",
                "summary": "Short <b>",
                "content_html": "<p>Long</p><p><a href='x'>text</a></p>",
                "content_text": "not this",
                "date_published": "2026-03-01T12:00:00+01:00",
                "authors": [{"name": "Ann"}, {"url": "http://bob.example/"}, "Cy", 7],
                "tags": ["weather", "weather", 5],
                "language": "sv",
            }
        )
    )
    assert (item.guid, item.link) == ("a 1", "http://press.example/story/1")
    assert item.title == "Flood closes <bridge> &amp;"
    assert (item.summary, item.content) == ("Short <b>", "Long\ntext")
    assert item.published == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert item.authors == ("Ann", "http://bob.example/", "Cy", "7")
    assert (item.tags, item.language) == (("weather", "5"), "sv")
    assert item.sources == (Source(url="http://real.example/1", how="JSON external_url"),)
    assert [link.url for link in item.links] == ["http://press.example/news/x"]


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("https://jsonfeed.org/version/1", "json1"),
        ("https://jsonfeed.org/version/1.1", "json11"),
        ("http://www.jsonfeed.org/version/1.1/", "json11"),
        ("https://jsonfeed.org/version/2", "json"),
    ],
)
def test_every_version_is_read(version: str, kind: str) -> None:
    read = document(feed({"id": "1", "content_text": "x"}, version=version, home_page_url="/"))
    assert (read.kind, read.title, read.home) == (kind, "The Press", "http://press.example/")


def test_a_numeric_id_is_its_digits() -> None:
    assert item_of(feed({"id": 12345678901234567890, "title": "x"})).guid == "12345678901234567890"
    assert item_of('{"version":"jsonfeed.org/version/1","items":[{"id":1.50}]}').guid == "1.50"
    assert item_of(feed({"id": 7})).id == item_of(feed({"id": "7"})).id


def test_content_text_has_no_markup() -> None:
    item = item_of(feed({"id": "1", "content_text": "if a <b> c &amp; d"}))
    assert item.content == "if a <b> c &amp; d"


def test_an_item_that_only_points_elsewhere_has_that_link_and_no_source() -> None:
    item = item_of(feed({"id": "1", "external_url": "http://real.example/1"}))
    assert (item.link, item.sources) == ("http://real.example/1", ())


def test_authors_and_language_of_the_feed_are_those_of_its_items() -> None:
    read = document(
        feed(
            {"id": "1"},
            {"id": "2", "author": {"name": "Bob"}},
            author={"name": "Ann"},
            language="de",
        )
    )
    assert [item.authors for item in read.items] == [("Ann",), ("Bob",)]
    assert {item.language for item in read.items} == {"de"}


def test_a_modification_dates_an_item_without_another_date_and_the_future_is_now() -> None:
    assert item_of(feed({"date_modified": "2026-02-01T00:00:00Z"})).published == datetime(
        2026, 2, 1, tzinfo=UTC
    )
    assert item_of(feed({"date_published": "2099-01-01T00:00:00Z"})).published == NOW
    assert item_of(feed({"date_published": "Sun, 01 Mar 2026 12:00:00"})).published == datetime(
        2026, 3, 1, 12, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("said", ["soon", "0001-01-01T00:00:00+14:00", "٢٠٢٦-03-01", 12, {}])
def test_a_date_that_is_none_is_left_out(said: object) -> None:
    assert item_of(feed({"date_published": said})).published is None


def test_items_that_are_no_objects_are_skipped_and_that_is_said() -> None:
    read = document(feed({"id": "1", "title": "x"}, "two", None))
    assert [item.title for item in read.items] == ["x"]
    assert read.faults == ("2 of 3 items are no objects",)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"version": "https://jsonfeed.org/version/1"', "broken JSON: "),
        ("[" * 100_000, "broken JSON: nested too deeply"),
        ("[1]", "JSON, but no JSON Feed: it is a list"),
        ('{"error": "gone <b>away</b>"}', 'JSON, but no JSON Feed: error: "gone <b>away</b>"'),
        ('{"items": []}', "JSON, but no JSON Feed: it names no version"),
        (feed(version=1.1), "JSON, but no JSON Feed: title: "),
        ('{"version": "https://jsonfeed.org/version/1"}', "a JSON Feed without a list of items"),
    ],
)
def test_json_that_is_no_feed_says_what_it_is(body: str, told: str) -> None:
    assert reason(body).startswith(told)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_is_read_in_every_encoding_of_unicode(encoding: str) -> None:
    body = json.dumps(json.loads(feed({"title": "Überflutung"})), ensure_ascii=False)
    read = look(f" {body}".encode(encoding))
    assert isinstance(read, Document)
    assert (read.items[0].title, read.faults) == ("Überflutung", ())


def test_json_in_windows_1252_is_read_and_that_is_said() -> None:
    read = look('{"version":"jsonfeed.org/version/1","items":[{"title":"Café"}]}'.encode("cp1252"))
    assert isinstance(read, Document)
    assert read.items[0].title == "Café"
    assert read.faults == ("not UTF-8, taken for windows-1252",)


def test_raw_line_feeds_and_half_surrogates_in_texts_do_no_harm() -> None:
    item = item_of(
        '{"version":"jsonfeed.org/version/1","items":[{"title":"a\nb","summary":"x\\ud800y"}]}'
    )
    assert (item.title, item.summary) == ("a b", "x\ufffdy")


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), JSON), max_size=3), JSON)
def test_no_json_feed_can_stop_the_reader(items: list[object], language: object) -> None:
    read = look(feed(*items, language=language, authors=language))
    assert isinstance(read, Document)
    assert len({item.id for item in read.items}) == len(items)


@given(JSON)
def test_no_json_can_stop_the_reader(anything: object) -> None:
    assert isinstance(look(json.dumps(anything)), Document | Unreadable)


@given(st.binary(max_size=60))
def test_no_bytes_can_stop_the_reader(body: bytes) -> None:
    assert isinstance(look(body), Document | Unreadable)
    assert isinstance(look(b"{" + body), Document | Unreadable)
    assert isinstance(look(b"<rss><channel><item>" + body), Document | Unreadable)
