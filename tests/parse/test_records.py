import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.documents import NOW
from watcher.parse import item_from_json, item_to_json

WHOLE: dict[str, object] = {
    "id": "1",
    "feed": "press",
    "link": "http://press.example/1",
    "title": "Flood closes bridge",
    "summary": "Short",
    "content": "Long",
    "author": ["Ann", "Bob"],
    "tag": ["weather"],
    "lang": "en",
    "published": "2026-03-01T11:00:00+00:00",
    "seen": "2026-03-01T12:00:00+00:00",
}


def test_what_goes_in_comes_out() -> None:
    item = item_from_json(WHOLE, NOW, 1)
    assert item_to_json(item) == WHOLE
    assert list(item_to_json(item)) == list(WHOLE)
    assert item_from_json(item_to_json(item), NOW, 2) == item
    json.dumps(item_to_json(item))


def test_a_title_is_enough() -> None:
    item = item_from_json({"title": "Flood"}, NOW, 1)
    assert (item.title, item.seen_at, item.published) == ("Flood", NOW, None)
    assert item_to_json(item)["published"] is None


def test_texts_may_hold_html_and_links_are_found_in_it() -> None:
    item = item_from_json(
        {
            "title": "Black<b>Berry</b>",
            "summary": "<p>a</p><p>b</p>",
            "content": 'See <a href="/2">this</a><link rel=canonical href="http://first.example/1">',
            "link": "http://press.example/1",
        },
        NOW,
        1,
    )
    assert (item.title, item.summary) == ("BlackBerry", "a\nb")
    assert [link.url for link in item.links] == ["http://press.example/2"]
    assert [source.url for source in item.sources] == ["http://first.example/1"]


def test_a_list_may_be_one_text_and_an_id_a_number() -> None:
    item = item_from_json({"id": 7, "title": "x", "author": "Ann", "tag": None, "guid": 9}, NOW, 1)
    assert (item.id, item.authors, item.tags, item.guid) == ("7", ("Ann",), (), "9")


def test_unknown_keys_and_null_are_ignored() -> None:
    record = {"title": "x", "now": "2026-01-01T00:00:00Z", "expected": True, "summary": None}
    assert item_from_json(record, NOW, 1) == item_from_json({"title": "x"}, NOW, 1)


def test_an_item_without_an_id_gets_one_from_its_content_and_number() -> None:
    one = item_from_json({"title": "x"}, NOW, 1)
    assert one.id == item_from_json({"title": "x", "id": " "}, NOW, 1).id
    assert one.id != item_from_json({"title": "x"}, NOW, 2).id
    assert one.id != item_from_json({"title": "y"}, NOW, 1).id


def test_a_link_stays_as_it_is() -> None:
    item = item_from_json({"title": "x", "link": "https://CNET.com:443/x"}, NOW, 1)
    assert (item.link, item.normal_link) == ("https://CNET.com:443/x", "cnet.com/x")


@pytest.mark.parametrize("tag", ["en-GB", "en_US", "x-sea"])
def test_a_language_tag_stays_as_it_is(tag: str) -> None:
    assert item_from_json({"title": "x", "lang": tag}, NOW, 1).language == tag


@pytest.mark.parametrize("title", ["", "<p>", "<script>x</script>"])
def test_a_title_may_say_nothing(title: str) -> None:
    assert item_from_json({"title": title}, NOW, 1).title == ""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-01T12:00:00+01:00", datetime(2026, 3, 1, 11, 0, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        ("2026-03-01T12:00:00", datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1772366400, datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        ("2099-01-01", datetime(2099, 1, 1, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_times_are_iso_8601_or_seconds_and_are_not_clamped(
    said: object, meant: datetime | None
) -> None:
    assert item_from_json({"title": "x", "published": said}, NOW, 1).published == meant


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({}, "an item needs a title, a summary or a content"),
        (
            {"title": None, "link": "http://a.example/"},
            "an item needs a title, a summary or a content",
        ),
        ({"title": 7}, "title must be a text, not a number"),
        ({"title": ["x"]}, "title must be a text, not a list"),
        ({"title": "x", "link": {}}, "link must be a text, not an object"),
        ({"title": "x", "id": True}, "id must be a text, not true or false"),
        (
            {"title": "x", "tag": ["y", 1]},
            "tag must be a text or a list of texts; it has a number in it",
        ),
        ({"title": "x", "tag": [None]}, "tag must be a text or a list of texts; it has null in it"),
        ({"title": "x", "author": 1.5}, "author must be a text, not a number"),
        ({"title": "x", "published": "soon"}, "published is no ISO 8601 time: 'soon'"),
        ({"title": "x", "published": []}, "published must be a text, not a list"),
        ({"title": "x", "seen": True}, "seen must be a text, not true or false"),
        ({"title": "x", "published": 10**30}, f"published is out of the calendar: {10**30}"),
        ({"title": "x", "seen": "0001-01-01T00:00:00+14:00"}, "seen is out of the calendar: '0001"),
        ({"title": "x", "seen": float("nan")}, "seen is no ISO 8601 time: nan"),
        ({"title": "x", "summary": b"y"}, "summary must be a text, not something else"),
    ],
)
def test_a_faulty_record_says_what_is_wrong(record: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        item_from_json(record, NOW, 1)


@given(st.dictionaries(st.sampled_from(list(WHOLE)), st.text() | st.none(), min_size=3))
def test_any_texts_make_an_item_or_a_sentence(record: dict[str, object]) -> None:
    record.update(title="x", published=None, seen=None)
    assert item_to_json(item_from_json(record, NOW, 1))["id"]
