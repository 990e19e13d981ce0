"""Redirects are followed by hand, each one as carefully as the first address."""

import pytest

from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.fetch.address import Address, read_address
from watcher.model import Fetched, NotModified

FEED = b"<rss/>"
DATED = "Mon, 02 Mar 2026 07:00:00 GMT"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_17_redirects_are_followed_to_the_feed(server: FeedServer, desk: Desk, status: int) -> None:
    url = server.on("/old/feed", Reply(status=status, location="../new#top"))
    server.on("/new", Reply(body=FEED))
    result = desk.get(url)
    assert isinstance(result, Fetched)
    assert (result.url, result.body) == (server.url + "/new", FEED)


def chain(server: FeedServer, hops: int) -> str:
    for number in range(hops):
        server.on(f"/{number}", Reply(status=302, location=f"/{number + 1}"))
    server.on(f"/{hops}", Reply(body=FEED))
    return server.url + "/0"


def test_17_five_hops_are_followed(server: FeedServer, desk: Desk) -> None:
    assert desk.body(chain(server, 5)) == FEED


def test_17_six_are_too_many(server: FeedServer, desk: Desk) -> None:
    assert desk.why(chain(server, 6)).startswith("more than 5 redirects (redirected to ")
    assert server.count("/6") == 0


def test_17_a_loop_ends_at_once(server: FeedServer, desk: Desk) -> None:
    url = server.on("/a", Reply(status=302, location="/b"))
    server.on("/b", Reply(status=302, location="/a#again"))
    assert desk.why(url).startswith("the redirects go in a circle")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("", "redirected without saying where to"),
        ("file:///etc/passwd", "only http and https are fetched, not file:"),
        ("gopher://127.0.0.1/", "only http and https are fetched, not gopher:"),
        ("http://[::1", "redirected to something that is no address"),
        ("http://a b/", "the address names no host"),
    ],
)
def test_17_redirects_to_nowhere_are_failures(
    server: FeedServer, desk: Desk, location: str, reason: str
) -> None:
    assert desk.why(server.on("/feed", Reply(status=302, location=location))) == reason


def test_a_location_in_utf_8_is_understood(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(status=302, location="/\u00fcber"))
    server.on("/%C3%BCber", Reply(body=FEED))
    assert desk.body(url) == FEED


def test_a_location_in_latin_1_is_followed_too(server: FeedServer, desk: Desk) -> None:
    raw = b"HTTP/1.1 302 Found\r\nLocation: /\xfcber\r\nContent-Length: 0\r\n\r\n"
    server.on("/%C3%BCber", Reply(body=FEED))
    assert desk.body(server.on("/feed", Reply(raw=raw))) == FEED


def test_the_body_of_a_redirect_is_not_read(server: FeedServer, desk: Desk) -> None:
    endless = Reply(status=302, location="/new", body=b"x" * 65536, repeat=100_000)
    server.on("/new", Reply(body=FEED))
    assert desk.body(server.on("/feed", endless)) == FEED
    assert server.bytes_sent < 50 * 1024 * 1024


def test_18_credentials_stay_with_their_host(server: FeedServer, desk: Desk) -> None:
    desk.names.known |= {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}
    port = server.port
    server.on("/feed", Reply(status=302, location="/same"))
    server.on("/same", Reply(status=302, location=f"http://evil:pw@b.example:{port}/other"))
    server.on("/other", Reply(body=FEED))
    assert desk.body(f"http://user:pw@a.example:{port}/feed") == FEED
    sent = {seen.path: seen.headers.get("authorization", "") for seen in server.requests}
    assert sent == {"/feed": "Basic dXNlcjpwdw==", "/same": "Basic dXNlcjpwdw==", "/other": ""}


@pytest.mark.parametrize(
    ("here", "there", "trusted"),
    [
        ("http://a.example/", "http://a.example/x", True),
        ("http://a.example/", "https://A.example/", True),  # the usual upgrade
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example/", "http://a.example:8080/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "http://b.a.example/", False),
    ],
)
def test_18_only_the_same_place_is_trusted(here: str, there: str, *, trusted: bool) -> None:
    assert read_address(here).trusts(read_address(there)) is trusted


def test_18_a_redirect_cannot_bring_credentials() -> None:
    start = Address(url="http://a.example/", scheme="http", host="a.example", port=80)
    assert start.hop("http://u:p@b.example/").authorization == ""


def test_19_every_hop_is_guarded(server: FeedServer, desk: Desk) -> None:
    desk.names.known["inside.example"] = ["10.0.0.1"]
    for location in ("http://169.254.169.254/latest/", "http://inside.example/"):
        url = server.on("/feed", Reply(status=302, location=location))
        assert "is not a public address" in desk.why(url)


def test_6_an_etag_goes_along_a_redirect_but_a_date_stays_with_its_host(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known |= {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}
    port = server.port
    url = f"http://a.example:{port}/feed"
    server.on("/feed", Reply(status=302, location=f"http://b.example:{port}/there"))
    server.on("/there", Reply(body=FEED, etag='"1"', last_modified=DATED))
    result = desk.get(url, {"etag": '"1"', "last_modified": DATED, "validators_url": url})
    assert isinstance(result, NotModified)
    assert result.url == f"http://b.example:{port}/there"
    first, second = server.requests
    assert first.headers["if-modified-since"] == DATED
    assert "if-modified-since" not in second.headers
    dated = desk.get(url, {"last_modified": DATED, "validators_url": url})
    assert isinstance(dated, Fetched)  # the other host never gave us this date


def test_a_failure_behind_a_redirect_keeps_what_it_says(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(status=301, location="/gone"))
    server.on("/gone", Reply(status=410))
    failed = desk.failure(url)
    assert (failed.gone, failed.status) == (True, 410)
    assert failed.reason == f"410 Gone (redirected to {server.url}/gone)"
