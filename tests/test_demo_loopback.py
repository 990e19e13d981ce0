"""The demo's two servers keep the promises that real ones make."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import requests
from standardwebhooks.webhooks import Webhook

from watcher.demo.loopback import FeedServer, Receiver

MORNING = datetime(2015, 11, 30, 9, tzinfo=UTC)
SECRET = "whsec_dGhlIHRlc3RzIG93biBzZWNyZXQ="


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.show({"a.xml": b"<rss/>", "b.json": b"{}"}, MORNING)
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(SECRET) as receiver:
        yield receiver


def get(url: str, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(url, headers=named, timeout=5)


def test_a_document_comes_with_its_type_and_both_validators(server: FeedServer) -> None:
    answer = get(f"{server.url}/a.xml")
    assert (answer.status_code, answer.content) == (200, b"<rss/>")
    assert answer.headers["content-type"] == "application/xml"
    assert answer.headers["last-modified"] == "Mon, 30 Nov 2015 09:00:00 GMT"
    assert answer.headers["etag"].startswith('"')
    assert get(f"{server.url}/b.json").headers["content-type"] == "application/feed+json"


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_etag_gets_not_modified_and_no_body(server: FeedServer, written: str) -> None:
    tag = get(f"{server.url}/a.xml").headers["etag"]
    answer = get(f"{server.url}/a.xml", If_None_Match=written.format(tag))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 30 Nov 2015 09:00:00 GMT", 304),
        ("Mon, 30 Nov 2015 09:00:00 -0000", 304),
        ("Mon, 30 Nov 2015 08:59:59 GMT", 200),
        ("yesterday", 200),
    ],
)
def test_the_date_decides_where_there_is_no_etag(
    server: FeedServer, since: str, status: int
) -> None:
    assert get(f"{server.url}/a.xml", If_Modified_Since=since).status_code == status


def test_the_etag_decides_alone_where_both_are_sent(server: FeedServer) -> None:
    answer = get(
        f"{server.url}/a.xml",
        If_None_Match='"another"',
        If_Modified_Since="Tue, 01 Dec 2015 09:00:00 GMT",
    )
    assert answer.status_code == 200


def test_a_new_edition_replaces_what_it_brings_and_nothing_else(server: FeedServer) -> None:
    old = {name: get(f"{server.url}/{name}").headers["etag"] for name in ("a.xml", "b.json")}
    server.show({"a.xml": b"<rss>new</rss>"}, MORNING + timedelta(hours=1))
    changed = get(f"{server.url}/a.xml", If_None_Match=old["a.xml"])
    assert (changed.status_code, changed.content) == (200, b"<rss>new</rss>")
    assert get(f"{server.url}/b.json", If_None_Match=old["b.json"]).status_code == 304


def test_unknown_addresses_and_methods_are_refused_and_every_answer_is_counted(
    server: FeedServer,
) -> None:
    assert get(f"{server.url}/c.xml").status_code == 404
    assert requests.post(f"{server.url}/a.xml", timeout=5).status_code == 405
    assert get(f"{server.url}/a.xml").status_code == 200
    assert server.answered == {
        HTTPStatus.NOT_FOUND: 1,
        HTTPStatus.METHOD_NOT_ALLOWED: 1,
        HTTPStatus.OK: 1,
    }


def test_a_server_leaves_neither_thread_nor_socket_behind() -> None:
    before = threading.active_count()
    with FeedServer() as server:
        url = server.url
        assert threading.active_count() > before
        get(f"{url}/a.xml")
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        get(url)


def post(receiver: Receiver, identity: str, secret: str = SECRET) -> int:
    moment, body = datetime(2015, 11, 30, tzinfo=UTC), json.dumps({"alert": identity})
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": f"v1,none {Webhook(secret).sign(identity, moment, body)}",
    }
    return requests.post(receiver.url, data=body, headers=headers, timeout=5).status_code


def test_signed_alerts_are_taken_in_order_and_a_repeat_only_once(receiver: Receiver) -> None:
    assert [post(receiver, "one"), post(receiver, "two"), post(receiver, "one")] == [204] * 3
    assert [came.id for came in receiver.received] == ["one", "two"]
    assert receiver.received[1].payload == {"alert": "two"}


def test_an_alert_with_a_wrong_or_no_signature_is_refused(receiver: Receiver) -> None:
    assert post(receiver, "one", "whsec_c29tZWJvZHkgZWxzZXMgc2VjcmV0") == 401
    assert requests.post(receiver.url, data="{}", timeout=5).status_code == 401
    assert get(receiver.url).status_code == 405
    assert receiver.received == ()
