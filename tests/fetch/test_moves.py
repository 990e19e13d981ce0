"""Feeds that move, fail, go and come back, over real HTTP and through the whole pipeline.

Numbers in names are those of the forty behaviours of a good feed fetcher.
"""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fetch.beat import Beat, rss
from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.model import Visit
from watcher.store import SqlStore

BODY = rss("Flood closes the bridge")
HOUR = timedelta(hours=1)


def paths(server: FeedServer) -> list[str]:
    asked = [request.path for request in server.requests]
    server.requests.clear()
    return asked


def test_14_410_ends_the_visits_is_told_once_and_stays_so_after_a_restart(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=BODY), Reply(status=410)))
    beat.visit()
    assert beat.visit().reason == "410 Gone"
    for _ in range(3):
        beat.start()
        beat.world.configure()
        beat.clock.advance(days=400)
        assert beat.pipeline.poll() == ()
    assert beat.told == ["Feed paper is gone"]
    assert len(server.requests) == 2
    beat.configure(server.on("/elsewhere", Reply(body=BODY)))
    assert beat.visit().outcome == "read", "another address is another chance"


@pytest.mark.parametrize("broken", [Reply(status=404), Reply(status=500), Reply(raw=b"")])
def test_15_failures_back_off_up_to_a_day_and_success_resets(
    store: SqlStore, server: FeedServer, desk: Desk, broken: Reply
) -> None:
    url = server.on("/feed", Reply(body=BODY, etag='"1"'), *[broken] * 12, Reply(body=BODY))
    beat = Beat(store, desk, url)
    beat.visit()
    waits = []
    for _ in range(12):
        beat.visit()
        waits.append(beat.wait)
    assert waits[0] < timedelta(minutes=17)
    assert all(later >= 1.7 * earlier for earlier, later in pairwise(waits[:7]))
    assert waits[-1] <= 1.1 * timedelta(hours=24)
    assert beat.memory.etag == '"1"', "what was known is kept"
    assert beat.visit().outcome == "same"
    assert beat.wait < timedelta(minutes=20)
    assert beat.told == ["Feed paper is failing", "Feed paper has recovered"]


@pytest.mark.parametrize("status", [301, 308])
def test_16_a_permanent_move_is_believed_after_three_equal_answers(
    store: SqlStore, server: FeedServer, desk: Desk, status: int
) -> None:
    old = server.on("/old", Reply(status=status, location="/new"))
    server.on("/new", Reply(body=BODY, etag='"1"'))
    beat = Beat(store, desk, old)
    assert [beat.visit().outcome for _ in range(3)] == ["read", "not modified", "not modified"]
    assert paths(server) == ["/old", "/new"] * 3
    assert beat.visit().outcome == "not modified"
    assert paths(server) == ["/new"], "with the validators that came from there"
    beat.start()
    beat.world.configure()
    beat.visit()
    assert paths(server) == ["/new"]
    assert beat.due.feed.url == old, "the configuration is the operator's"
    assert beat.told == ["Feed paper has moved"]


@pytest.mark.parametrize(
    "answer",
    [Reply(body=b"<html><body>Log in</body></html>"), Reply(status=500)],
    ids=["captive portal", "failure"],
)
def test_16_only_answers_with_a_valid_feed_count(
    store: SqlStore, server: FeedServer, desk: Desk, answer: Reply
) -> None:
    server.on("/portal", answer)
    beat = Beat(store, desk, server.on("/feed", Reply(status=301, location="/portal")))
    for _ in range(5):
        beat.visit()
    assert paths(server) == ["/feed", "/portal"] * 5
    assert beat.memory.move.to == ""


def test_16_answers_that_differ_or_are_interrupted_do_not_add_up(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    there, other = Reply(status=301, location="/new"), Reply(status=301, location="/other")
    script = [there, there, other, there, there, Reply(body=BODY), there, there, other]
    server.on("/new", Reply(body=BODY))
    server.on("/other", Reply(body=BODY))
    beat = Beat(store, desk, server.on("/old", *script))
    for _ in script:
        beat.visit()
    assert paths(server).count("/old") == len(script)
    assert beat.told == []


@pytest.mark.parametrize(
    "broken", [Reply(status=404), Reply(status=410), Reply(body=b"<html><p>Buy me</p></html>")]
)
def test_16_when_the_new_address_fails_the_old_one_is_asked_again(
    store: SqlStore, server: FeedServer, desk: Desk, broken: Reply
) -> None:
    beat = Beat(store, desk, server.on("/old", Reply(status=301, location="/new")))
    server.on("/new", *[Reply(body=BODY)] * 4, broken)
    for _ in range(4):
        beat.visit()
    server.on("/old", Reply(body=rss("Flood recedes", "Flood closes the bridge")))
    paths(server)
    assert beat.visit().outcome in ("failed", "unreadable")
    assert beat.visit().fresh == 1
    assert paths(server) == ["/new", "/old"]
    assert beat.told == ["Feed paper has moved", "Flood recedes"]


def test_16_a_move_to_the_same_address_is_told_once(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/old", Reply(status=301, location="/new")))
    good, bad = Reply(body=BODY), Reply(status=503)
    server.on("/new", good, good, good, bad, good, good, good, good)
    for _ in range(8):
        beat.visit()
    assert paths(server)[-1] == "/new"
    assert beat.memory.move.to == server.url + "/new"
    assert beat.told == ["Feed paper has moved"]


def test_16_a_chain_is_followed_as_far_as_it_is_permanent(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    server.on("/new", Reply(status=302, location="/today"))
    server.on("/today", Reply(body=BODY))
    beat = Beat(store, desk, server.on("/old", Reply(status=301, location="/new")))
    for _ in range(4):
        beat.visit()
    assert paths(server)[-2:] == ["/new", "/today"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_17_a_temporary_redirect_is_followed_and_never_stored(
    store: SqlStore, server: FeedServer, desk: Desk, status: int
) -> None:
    server.on("/today", Reply(body=BODY))
    beat = Beat(store, desk, server.on("/feed", Reply(status=status, location="/today")))
    for _ in range(5):
        beat.visit()
    assert paths(server) == ["/feed", "/today"] * 5
    assert beat.told == []


def test_an_address_with_credentials_never_moves(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    server.on("/old", Reply(status=301, location="/new"))
    server.on("/new", Reply(body=BODY))
    beat = Beat(store, desk, f"http://me:secret@127.0.0.1:{server.port}/old")
    for _ in range(5):
        beat.visit()
    assert paths(server) == ["/old", "/new"] * 5
    assert beat.memory.move.to == ""


def test_an_upgrade_from_http_to_https_is_kept(
    store: SqlStore, server: FeedServer, secure: FeedServer, desk: Desk, ca_file: Path
) -> None:
    there = secure.on("/feed", Reply(body=BODY))
    beat = Beat(store, desk, server.on("/feed", Reply(status=301, location=there)))
    beat.fetcher = beat.pipeline.fetcher = desk.fetcher(ca_file=ca_file)
    for _ in range(4):
        assert beat.visit().outcome in ("read", "same")
    assert (len(server.requests), len(secure.requests)) == (3, 4)


def test_an_address_in_another_script_is_watched(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    desk.names.known["xn--bcher-kva.example"] = ["127.0.0.1"]
    server.on("/feed", Reply(body=BODY, etag='"1"'))
    beat = Beat(store, desk, f"http://B\u00fccher.example:{server.port}/feed")
    assert [beat.visit().outcome for _ in range(2)] == ["read", "not modified"]


def test_a_feed_that_calls_itself_html_is_read(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    reply = Reply(body=BODY, headers={"Content-Type": "text/html; charset=utf-8"})
    beat = Beat(store, desk, server.on("/feed", reply))
    assert (beat.visit().outcome, beat.memory.failures) == ("read", 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"<!doctype html><title>Log in</title>", b'{"error": "no such feed"}', b"\0\1\2"],
    ids=["empty", "page", "json", "bytes"],
)
def test_25_a_200_that_is_no_feed_is_a_failure_that_keeps_what_was_known(
    store: SqlStore, server: FeedServer, desk: Desk, body: bytes
) -> None:
    good = Reply(body=BODY, etag='"1"')
    beat = Beat(store, desk, server.on("/feed", good, Reply(body=body, etag='"2"'), good))
    beat.visit()
    known = beat.memory
    spoilt: Visit = beat.visit()
    assert (spoilt.outcome, spoilt.items) == ("unreadable", 0)
    assert beat.memory.trouble == spoilt.reason != ""
    assert (beat.memory.etag, beat.memory.body_hash) == (known.etag, known.body_hash)
    assert beat.visit().outcome == "not modified"
    assert beat.memory.trouble == ""
