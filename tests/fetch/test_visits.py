"""One visit: what is asked, and what the answer means.

Numbers in names are those of the forty behaviours of a good feed fetcher.
"""

import logging
from datetime import timedelta

import pytest

from tests.fakes import FakeClock
from tests.fetch.conftest import IMPATIENT, Desk, due
from tests.servers import FeedServer, Reply
from watcher import __version__
from watcher.fetch import fetch_one
from watcher.fetch.answer import retry_after
from watcher.model import Fetched, FetchFailed, NotModified

FEED = b'<rss version="2.0"><channel><title>t</title></channel></rss>'
DATED = "Mon, 02 Mar 2026 07:00:00 GMT"
ODD_DATE = "Mon, 2 Mar 2026 7:00:00 +0000"


def test_a_feed_comes_with_its_bytes_its_address_and_lower_case_headers(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on(
        "/feed?a=1", Reply(body=FEED, headers={"Content-Type": "text/html", "X-Y": "z"})
    )
    result = desk.get(url)
    assert isinstance(result, Fetched)
    assert (result.status, result.url, result.body) == (200, url, FEED)
    assert (result.headers["content-type"], result.headers["x-y"]) == ("text/html", "z")


@pytest.mark.parametrize("etag", ['"1a"', 'W/"1a"', "bare", '"a b,c"', '"caf\u00e9"'])
def test_1_the_second_request_carries_the_exact_etag(
    server: FeedServer, desk: Desk, etag: str
) -> None:
    url = server.on("/feed", Reply(body=FEED, etag=etag))
    first = desk.get(url)
    assert isinstance(first, Fetched)
    seen_etag = first.headers["etag"]
    second = desk.get(url, {"etag": seen_etag, "validators_url": url})
    assert isinstance(second, NotModified)
    assert second.headers["etag"] == seen_etag
    unconditional, conditional = server.requests
    assert "if-none-match" not in unconditional.headers
    assert conditional.headers["if-none-match"] == seen_etag
    assert conditional.headers["if-none-match"].encode("latin-1").decode() == etag


@pytest.mark.parametrize("date", [DATED, ODD_DATE, "yesterday"])
def test_2_and_the_exact_last_modified(server: FeedServer, desk: Desk, date: str) -> None:
    url = server.on("/feed", Reply(body=FEED, last_modified=date))
    result = desk.get(url, {"last_modified": date, "validators_url": url})
    assert isinstance(result, NotModified)
    assert server.requests[0].headers["if-modified-since"] == date


def test_6_validators_of_another_address_are_not_sent(server: FeedServer, desk: Desk) -> None:
    url = server.on("/new", Reply(body=FEED, etag='"1"', last_modified=DATED))
    remembered = {"etag": '"1"', "last_modified": DATED, "validators_url": server.url + "/old"}
    assert isinstance(desk.get(url, remembered), Fetched)
    assert not {"if-none-match", "if-modified-since"} & set(server.requests[0].headers)


def test_a_304_that_nobody_asked_for_is_a_failure(server: FeedServer, desk: Desk) -> None:
    assert desk.failure(server.on("/feed", Reply(status=304))).status == 304


@pytest.mark.parametrize("status", [203, 226])
def test_other_statuses_that_bring_a_feed(server: FeedServer, desk: Desk, status: int) -> None:
    result = desk.get(server.on("/feed", Reply(status=status, body=FEED)))
    assert isinstance(result, Fetched)
    assert (result.status, result.body) == (status, FEED)


@pytest.mark.parametrize("status", [429, 503])
def test_11_retry_after_in_seconds(server: FeedServer, desk: Desk, status: int) -> None:
    url = server.on("/feed", Reply(status=status, headers={"Retry-After": "120"}))
    failed = desk.failure(url)
    assert (failed.status, failed.retry_after) == (status, timedelta(minutes=2))


def test_11_a_retry_after_date_counts_from_the_servers_own_clock(
    server: FeedServer, desk: Desk
) -> None:
    reply = Reply(
        status=503,
        date="Sat, 01 Jan 2000 00:00:00 GMT",  # that server's clock is wrong by decades
        headers={"Retry-After": "Sat, 01 Jan 2000 01:30:00 GMT"},
    )
    assert desk.failure(server.on("/feed", reply)).retry_after == timedelta(minutes=90)


def test_11_without_a_date_of_the_server_our_clock_is_used(server: FeedServer, desk: Desk) -> None:
    later = (desk.clock.now() + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    reply = Reply(status=429, date="", headers={"Retry-After": later})
    assert desk.failure(server.on("/feed", reply)).retry_after == timedelta(hours=2)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("1000000000", timedelta(days=7)),
        ("9" * 5000, timedelta(days=7)),
        ("0", timedelta(0)),
        ("Mon, 02 Mar 2020 08:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2099 08:00:00 GMT", timedelta(days=7)),
        ("Mon, 02 Mar 2026 09:00:00 -0000", timedelta(hours=1)),  # naive to Python
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Mar 2026 08:00:00 GMT", None),
    ],
)
def test_13_retry_after_is_clamped_and_nonsense_ignored(value: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": value}, FakeClock().now()) == wait


def test_retry_after_of_other_statuses_means_nothing(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(status=404, headers={"Retry-After": "60"}))
    assert desk.failure(url).retry_after is None


def test_14_gone_is_gone(server: FeedServer, desk: Desk) -> None:
    failed = desk.failure(server.on("/feed", Reply(status=410)))
    assert (failed.gone, failed.status, failed.reason) == (True, 410, "410 Gone")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "404 Not Found"),
        (500, "500 Internal Server Error"),
        (204, "204 No Content"),
        (206, "206 Partial Content"),
        (300, "300 Multiple Choices"),
        (599, "599 Odd"),
    ],
)
def test_other_statuses_are_failures_that_say_so(
    server: FeedServer, desk: Desk, status: int, reason: str
) -> None:
    failed = desk.failure(server.on("/feed", Reply(status=status)))
    assert (failed.status, failed.reason, failed.gone) == (status, reason, False)


@pytest.mark.parametrize("body", [b"", b"<!doctype html><p>hello</p>", b'{"error": 1}', b"\0\1\2"])
def test_25_what_is_no_feed_is_handed_on_unjudged(
    server: FeedServer, desk: Desk, body: bytes
) -> None:
    assert desk.body(server.on("/feed", Reply(body=body))) == body


def test_39_it_says_who_asks_and_nothing_else(server: FeedServer, desk: Desk) -> None:
    server.on("/feed", Reply(body=FEED, headers={"Set-Cookie": "a=1; Path=/"}))
    fetcher = desk.fetcher()
    for _ in range(2):
        list(fetcher.fetch_all([due(server.url + "/feed")]))
    for request in server.requests:
        assert request.method == "GET"
        assert set(request.headers) == {
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "connection",
        }
        contact = f"watcher/{__version__} (+https://watcher.example/about; 1 subscriber)"
        assert request.headers["user-agent"] == contact
        assert request.headers["accept"].startswith("application/rss+xml, application/atom+xml")
        assert request.headers["accept-encoding"] == "gzip, br, zstd, deflate"


def test_39_a_contact_that_is_no_header_is_cut_to_one(server: FeedServer, desk: Desk) -> None:
    server.on("/feed", Reply(body=FEED))
    for contact in ("a\r\nX-Evil: 1", "m\u00fcller", ""):
        desk.get(server.url + "/feed", user_agent_contact=contact)
    agents = [request.headers["user-agent"].removeprefix("watcher/") for request in server.requests]
    assert agents == [
        f"{__version__} (+aX-Evil: 1; 1 subscriber)",
        f"{__version__} (+mller; 1 subscriber)",
        f"{__version__} (1 subscriber)",
    ]


def test_39_servers_that_count_subscribers_are_told_how_many_there_are(
    server: FeedServer, desk: Desk
) -> None:
    desk.get(server.on("/feed", Reply(body=FEED)), subscribers=30)
    assert server.requests[0].headers["user-agent"].endswith("/about; 30 subscribers)")


def test_the_environments_proxies_and_netrc_are_not_used(
    server: FeedServer, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:  # noqa: PTH123
        file.write("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", netrc)
    assert desk.body(server.on("/feed", Reply(body=FEED))) == FEED
    assert "authorization" not in server.requests[0].headers


def test_user_and_password_in_the_address_become_basic_auth_and_leave_it(
    server: FeedServer, desk: Desk
) -> None:
    server.on("/feed", Reply(body=FEED))
    result = desk.get(f"http://us%20er:p%40ss@127.0.0.1:{server.port}/feed")
    assert isinstance(result, Fetched)
    assert result.url == server.url + "/feed"
    assert server.requests[0].headers["authorization"] == "Basic dXMgZXI6cEBzcw=="


def test_the_feed_scheme_is_http(server: FeedServer, desk: Desk) -> None:
    server.on("/feed", Reply(body=FEED))
    assert desk.body(f"feed://127.0.0.1:{server.port}/feed") == FEED
    assert desk.body(f"feed:{server.url}/feed") == FEED


def test_a_host_in_another_script_is_asked_by_its_ascii_name(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known["xn--bcher-kva.example"] = ["127.0.0.1"]
    server.on("/feed", Reply(body=FEED))
    assert desk.body(f"http://B\u00fccher.example:{server.port}/feed") == FEED
    assert server.requests[0].headers["host"] == f"xn--bcher-kva.example:{server.port}"


def test_a_path_in_another_script_is_quoted(server: FeedServer, desk: Desk) -> None:
    server.on("/%C3%BC%20ber?q=%22", Reply(body=FEED))
    assert desk.body(server.url + '/\u00fc ber?q="#part') == FEED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://unknown.example/feed", "the name unknown.example is not known (DNS)"),
        ("ftp://127.0.0.1/feed", "only http and https are fetched, not ftp:"),
        ("file:///etc/passwd", "only http and https are fetched, not file:"),
        ("/feed", "only http and https are fetched, not an address without:"),
        ("http:///feed", "the address names no host"),
        ("http://a b/", "the address names no host"),
        ("http://[::1/", "this is no address"),
        ("http://127.0.0.1:port/", "this is no address"),
        ("http://\u2603\u0301\ufdd0.example/", "the host's name is not valid"),
        ("http://*.example/", "the address names no host"),
    ],
)
def test_an_address_that_cannot_be_fetched_is_a_failure_that_says_why(
    desk: Desk, url: str, reason: str
) -> None:
    assert desk.why(url) == reason


def test_nobody_listening_is_a_failure(desk: Desk) -> None:
    with FeedServer() as closed:
        url = closed.url
    assert desk.why(url) == "connection refused"


def test_answers_that_are_not_http(server: FeedServer, desk: Desk) -> None:
    assert desk.why(server.on("/a", Reply(raw=b""))) == "the server hung up without an answer"
    assert (
        desk.why(server.on("/b", Reply(raw=b"SSH-2.0\r\n\r\n"))) == "the answer is not valid HTTP"
    )
    flood = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300 + b"\r\n"
    assert desk.why(server.on("/c", Reply(raw=flood))) == "the answer is not valid HTTP"


def test_a_stored_validator_that_cannot_be_sent_is_a_failure(
    desk: Desk, server: FeedServer
) -> None:
    url = server.on("/feed", Reply(body=FEED))
    for etag in ('"\u4e2d"', '"a\r\nb"'):
        result = desk.get(url, {"etag": etag, "validators_url": url})
        assert result == FetchFailed(reason="the address or a stored validator cannot be sent")
    assert server.requests == []


def test_no_secret_of_the_address_is_in_a_reason_or_in_the_log(
    server: FeedServer, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on("/feed?token=s3cret", Reply(status=302, location="/next?token=s3cret&page=2"))
    server.on(
        "/next?token=s3cret&page=2",
        Reply(raw=b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"),
        Reply(status=500),
    )
    place = f"http://user:passw0rd@127.0.0.1:{server.port}/feed?token=s3cret"
    list(desk.fetcher().fetch_all([due(place)]))
    reason = desk.why(place)
    assert "(redirected to" in reason
    assert "token=***&page=2" in reason
    for secret in ("s3cret", "passw0rd", "dXNlcjpwYXNzdzByZA"):
        assert secret not in reason + caplog.text


def test_fetch_one_visits_one_address_unconditionally(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(body=FEED, etag='"1"'))
    result = fetch_one(url, IMPATIENT, desk.clock)
    assert isinstance(result, Fetched)
    assert result.body == FEED
    assert fetch_one(url + "x", IMPATIENT, desk.clock) == FetchFailed(
        reason="404 Not Found", status=404
    )
