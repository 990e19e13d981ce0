"""A visit has a deadline for all of it; silence has one of its own."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from tests.fetch.conftest import Desk, due, seconds
from tests.servers import FeedServer, Reply
from watcher.fetch.lifeline import Lifeline, Watchdog
from watcher.fetch.trouble import Trouble
from watcher.model import Fetched, FetchFailed

TOO_LATE = "no complete answer within 0.5 seconds"


DRIP = 0.5  # seconds a byte: what would take a minute


@contextmanager
def taking(least: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert least <= time.monotonic() - began < 20


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<rss/>" * 100, drip=DRIP),
        Reply(body=b"<rss/>" * 100, drip=DRIP, close_delimited=True),
        Reply(body=b"<rss/>" * 100, drip=DRIP, chunked=True),
        Reply(body=b"<rss/>", drip_headers=DRIP),
        Reply(status=302, location="/x", drip_headers=DRIP),
        Reply(status=500, drip_headers=DRIP),
        Reply(hang=True),
    ],
)
def test_22_dripped_answers_end_with_the_deadline(
    server: FeedServer, desk: Desk, reply: Reply
) -> None:
    url = server.on("/feed", reply)
    with taking(0.45):
        assert desk.why(url, deadline=seconds(0.5)) == TOO_LATE


def test_22_dripped_answers_end_with_the_deadline_under_tls_too(
    secure: FeedServer, desk: Desk, ca_file: object
) -> None:
    for path, reply in (("/a", Reply(body=b"x" * 99, drip=DRIP)), ("/b", Reply(drip_headers=DRIP))):
        url = secure.on(path, reply)
        with taking(0.45):
            assert desk.why(url, deadline=seconds(0.5), ca_file=ca_file) == TOO_LATE


def test_22_a_tls_handshake_that_never_comes_ends_with_the_deadline(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, taking(0.45):
        url = f"https://127.0.0.1:{deaf.getsockname()[1]}/"
        assert desk.why(url, deadline=seconds(0.5)) == TOO_LATE


def test_22_whatever_a_cut_connection_raises_it_is_the_cut_that_is_told(
    server: FeedServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_and_stumble(host: str, port: int) -> Sequence[str]:
        threading.Event().wait(0.2)
        raise ValueError("handshake not done yet")

    monkeypatch.setattr(desk.names, "look_up", cut_and_stumble)
    url = server.on("/feed", Reply(body=b"<rss/>"))
    assert desk.why(url, deadline=seconds(0.1)) == "no complete answer within 0.1 seconds"
    assert desk.why(url) == "a fault in Watcher itself (ValueError)"


def test_22_redirects_share_one_deadline(server: FeedServer, desk: Desk) -> None:
    for number in range(5):
        server.on(f"/{number}", Reply(status=302, location=f"/{number + 1}", pause=0.2))
    with taking(0.45):
        assert desk.why(server.url + "/0", deadline=seconds(0.5)).startswith(TOO_LATE)


def test_a_host_that_accepts_no_connection_is_told(desk: Desk) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # whoever comes after these is kept waiting by the system
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/feed"
        assert desk.why(url, connect_timeout=seconds(0.2)) == "connecting took too long"


def test_silence_is_told_before_the_deadline(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(hang=True))
    with taking(0.25):
        assert desk.why(url, read_timeout=seconds(0.3)) == "the server did not answer in time"
    url = server.on("/half", Reply(body=b"<rss/>", drip=10.0))
    with taking(0.25):
        assert desk.why(url, read_timeout=seconds(0.3)) == "the server did not answer in time"


def test_a_tls_server_that_keeps_silent_is_told(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, taking(0.25):
        url = f"https://127.0.0.1:{deaf.getsockname()[1]}/"
        reason = desk.why(url, connect_timeout=seconds(0.3))
    assert reason in {"TLS: the server did not answer in time", "the server did not answer in time"}


def test_40_slow_feeds_delay_no_other(server: FeedServer, desk: Desk) -> None:
    slow = [server.on(f"/slow{number}", Reply(hang=True)) for number in range(3)]
    fast = [server.on(f"/fast{number}", Reply(body=b"<rss/>")) for number in range(20)]
    fetcher = desk.fetcher(concurrency=4, per_host=4, deadline=seconds(4))
    came = [
        (feed.feed.url, type(result))
        for feed, result in fetcher.fetch_all([due(url) for url in slow + fast])
    ]
    assert {url for url, kind in came[:20] if kind is Fetched} == set(fast)
    assert {url for url, kind in came[20:] if kind is FetchFailed} == set(slow)


def test_a_lifeline_that_is_cut_says_why_and_only_once() -> None:
    line = Lifeline(seconds(60))
    assert line.patience(5.0) == 5.0
    assert 59 < line.patience(None) <= 60
    line.cut("first")
    line.cut("second")
    with pytest.raises(Trouble, match="first"):
        line.check()
    line.end()


def test_a_connection_made_after_the_cut_is_not_used() -> None:
    line = Lifeline(seconds(60))
    line.cut("too late")
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(Trouble, match="too late"):
        line.hold(ours)


def test_a_lifeline_that_has_ended_is_not_cut() -> None:
    line = Lifeline(seconds(60))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line.hold(ours)
        line.end()
        line.cut("too late")
        ours.sendall(b"still open")
        assert theirs.recv(99) == b"still open"
    assert (line.over, line.why) == (True, "")


def test_time_that_is_up_is_noticed_without_the_watchdog() -> None:
    with pytest.raises(Trouble, match="within 0 seconds"):
        Lifeline(seconds(0)).check()


def test_the_watchdog_cuts_many_lines_each_at_its_time() -> None:
    watchdog = Watchdog()
    before = threading.active_count()
    with (
        watchdog.lifeline(seconds(0.3)) as late,
        watchdog.lifeline(seconds(0.1)) as soon,
        watchdog.lifeline(seconds(60)) as never,
    ):
        threading.Event().wait(0.2)
        assert (bool(soon.why), bool(late.why)) == (True, False)
        threading.Event().wait(0.2)
        assert (bool(late.why), bool(never.why)) == (True, False)
    watchdog.close()
    assert threading.active_count() == before
    watchdog.close()


def test_a_closed_watchdog_starts_no_thread() -> None:
    watchdog = Watchdog()
    watchdog.close()
    before = threading.active_count()
    with watchdog.lifeline(seconds(1)):
        assert threading.active_count() == before
