"""The alerts as a feed: valid, stable, conditional; and our own reader takes it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from tests.web.scene import HOSTILE, TOKEN, Page
from watcher.model import Document, DueFeed, Feed, FeedId, FeedMemory, Fetched
from watcher.parse import read
from watcher.web import WebSettings
from watcher.web.addresses import feed_addresses, feed_token

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def read_by_us(page: Page, path: str) -> Document:
    answer = page.get(path)
    assert answer.status_code == 200
    feed = Feed(id=FeedId("alerts"), url=page.base + path)
    due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=NOW))
    headers = {key.lower(): value for key, value in answer.headers.items()}
    got = Fetched(status=200, url=feed.url, body=answer.content, headers=headers)
    document = read(due, got, NOW)
    assert isinstance(document, Document)
    assert document.faults == ()
    return document


@pytest.mark.parametrize("path", ["/alerts.atom", "/alerts.json"])
def test_our_own_reader_takes_it(page: Page, path: str) -> None:
    document = read_by_us(page, path)
    titles = [item.title for item in document.items]
    assert len(titles) == 3
    assert any(title.startswith("Orvane will leave Tarsia") for title in titles)
    (orvane,) = [item for item in document.items if item.title.startswith("Orvane")]
    assert orvane.link == "https://harbour.example/orvane"
    assert "back door" in f"{orvane.summary} {orvane.content}"


@pytest.mark.parametrize("path", ["/alerts.atom", "/alerts.json"])
def test_text_of_feeds_is_text_in_it(page: Page, path: str) -> None:
    (hostile,) = [item for item in read_by_us(page, path).items if "alert(1)" in item.title]
    assert "<script>alert(1)</script>" in hostile.title
    assert HOSTILE not in page.get(path).text
    assert not hostile.link.startswith("javascript")


def test_ids_stay_and_nothing_is_sent_twice(page: Page) -> None:
    first = page.get("/alerts.atom")
    assert first.content == page.get("/alerts.atom").content
    again = page.get("/alerts.atom", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert parsedate_to_datetime(first.headers["last-modified"]) < NOW


def test_a_feed_of_one_rule(page: Page) -> None:
    document = read_by_us(page, "/alerts.atom?rule=back-door")
    assert [item.tags for item in document.items] == [("back-door",)]
    assert read_by_us(page, "/alerts.atom?tag=nothing").items == ()


def test_a_token_in_the_path_opens_one_feed_and_no_other(guarded: Page) -> None:
    assert guarded.get("/alerts.atom").status_code == 401
    good = feed_token(TOKEN, "flood", "")
    assert guarded.get(f"/feed/{good}/alerts.atom?rule=flood").status_code == 200
    assert guarded.get(f"/feed/{good}/alerts.json?rule=flood").status_code == 200
    for other in (f"/feed/{good}/alerts.atom", f"/feed/{good}/alerts.atom?rule=back-door"):
        assert guarded.get(other).status_code == 404
    assert guarded.get(f"/feed/{TOKEN.reveal()}/alerts.atom?rule=flood").status_code == 404
    assert TOKEN.reveal() not in good


def test_without_a_password_addresses_bear_no_token() -> None:
    assert feed_addresses(WebSettings(), "flood")[0] == "/alerts.atom?rule=flood"
