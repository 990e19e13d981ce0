"""Many feeds at once: hosts are spared, nobody waits for a slow one, all ends when it should."""

import gc
import threading
import time
from collections.abc import Generator
from itertools import pairwise
from typing import cast

import pytest

from tests.fetch.conftest import Desk, due, seconds
from tests.servers import FeedServer, Reply
from watcher.fetch.lifeline import Lifeline
from watcher.fetch.traffic import Batch
from watcher.fetch.visit import Visitor
from watcher.model import DueFeed, Fetched, FetchFailed, FetchResult
from watcher.ports import Fetcher

FEED = b"<rss/>"
Answers = Generator[tuple[DueFeed, FetchResult], None, None]


def several(
    server: FeedServer, number: int, reply: Reply, host: str = "127.0.0.1"
) -> list[DueFeed]:
    for one in range(number):
        server.on(f"/{one}", reply)
    return [due(f"{server.at(host)}/{one}") for one in range(number)]


def test_it_is_a_fetcher(desk: Desk) -> None:
    fetcher: Fetcher = desk.fetcher()
    assert list(fetcher.fetch_all([])) == []


def test_every_feed_is_answered_once_with_its_own_answer(server: FeedServer, desk: Desk) -> None:
    for one in range(60):
        server.on(f"/{one}", Reply(body=str(one).encode()))
    answers = list(desk.fetcher().fetch_all([due(f"{server.url}/{one}") for one in range(60)]))
    bodies = {feed.feed.url: result.body for feed, result in answers if isinstance(result, Fetched)}
    assert bodies == {f"{server.url}/{one}": str(one).encode() for one in range(60)}
    assert len(answers) == 60


def test_36_one_request_a_visit(server: FeedServer, desk: Desk) -> None:
    list(desk.fetcher().fetch_all(several(server, 5, Reply(body=FEED))))
    assert [server.count(f"/{one}") for one in range(5)] == [1] * 5


def test_36_at_most_two_are_under_way_to_one_host(server: FeedServer, desk: Desk) -> None:
    feeds = several(server, 8, Reply(body=FEED, pause=0.05))
    list(desk.fetcher().fetch_all(feeds))
    assert server.most_at_once == 2


def test_36_starts_on_one_host_keep_their_distance(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher(host_gap=seconds(0.4))
    list(fetcher.fetch_all(several(server, 4, Reply(body=FEED))))
    list(fetcher.fetch_all(several(server, 1, Reply(body=FEED))))  # also from one call to the next
    times = [seen.at for seen in server.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 4
    assert min(gaps) > 0.2


def test_36_waiting_for_one_host_keeps_nobody_else_waiting(server: FeedServer, desk: Desk) -> None:
    desk.names.known |= {f"h{one}.example": ["127.0.0.1"] for one in range(10)}
    crowd = several(server, 6, Reply(body=FEED))
    others = [due(f"{server.at(f'h{one}.example')}/0") for one in range(10)]
    fetcher = desk.fetcher(concurrency=2, host_gap=seconds(0.5))
    came = [feed for feed, _ in fetcher.fetch_all(crowd + others)]
    assert len(came) == 16
    assert came[-2:] == crowd[-2:], "all others came before"


def test_12_a_host_that_asks_for_peace_gets_it_for_all_its_feeds(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on("/busy", Reply(status=429, headers={"Retry-After": "600"}))
    server.on("/feed", Reply(body=FEED))
    fetcher = desk.fetcher()
    list(fetcher.fetch_all([due(url)]))
    desk.clock.advance(minutes=4)
    [(_, held)] = fetcher.fetch_all([due(server.url + "/feed")])
    assert held == FetchFailed(
        reason="not asked: 127.0.0.1 answered 429 before and wants to be left alone",
        postponed=True,
        status=429,
        retry_after=seconds(360),
    )
    assert server.count("/feed") == 0
    desk.names.known["other.example"] = ["127.0.0.1"]
    [(_, free)] = fetcher.fetch_all([due(server.at("other.example") + "/feed")])
    assert isinstance(free, Fetched)
    desk.clock.advance(minutes=6)
    [(_, again)] = fetcher.fetch_all([due(server.url + "/feed")])
    assert isinstance(again, Fetched)


def test_12_that_can_be_switched_off(server: FeedServer, desk: Desk) -> None:
    url = server.on("/busy", Reply(status=429, headers={"Retry-After": "600"}))
    server.on("/feed", Reply(body=FEED))
    fetcher = desk.fetcher(hold_host=False)
    list(fetcher.fetch_all([due(url)]))
    [(_, result)] = fetcher.fetch_all([due(server.url + "/feed")])
    assert isinstance(result, Fetched)


def test_12_the_host_behind_a_redirect_is_the_one_that_is_held(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known |= {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}
    server.on("/feed", Reply(status=302, location=server.at("b.example") + "/busy"))
    server.on("/busy", Reply(status=503, headers={"Retry-After": "60"}))
    server.on("/fine", Reply(body=FEED))
    fetcher = desk.fetcher()
    list(fetcher.fetch_all([due(server.at("a.example") + "/feed")]))
    [(_, a)] = fetcher.fetch_all([due(server.at("a.example") + "/fine")])
    [(_, b)] = fetcher.fetch_all([due(server.at("b.example") + "/fine")])
    assert isinstance(a, Fetched)
    assert isinstance(b, FetchFailed)


def test_40_a_bug_in_one_visit_is_told_and_takes_no_other_with_it(
    server: FeedServer,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    right = Visitor.visit

    def wrong(self: Visitor, url: str, *rest: object) -> FetchResult:
        if url.endswith("/1"):
            raise ZeroDivisionError("token=s3cret")
        return right(self, url, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Visitor, "visit", wrong)
    answers = list(desk.fetcher().fetch_all(several(server, 3, Reply(body=FEED))))
    kinds = {feed.feed.url[-2:]: result for feed, result in answers}
    assert kinds["/1"] == FetchFailed(reason="a fault in Watcher itself (ZeroDivisionError)")
    assert isinstance(kinds["/0"], Fetched)
    assert isinstance(kinds["/2"], Fetched)
    assert "a bug while fetching" in caplog.text


def test_nothing_more_is_asked_for_while_documents_wait_to_be_taken(
    server: FeedServer, desk: Desk
) -> None:
    fetcher = desk.fetcher(concurrency=4, per_host=4)
    answers = iter(fetcher.fetch_all(several(server, 30, Reply(body=FEED))))
    came = [next(answers)]
    threading.Event().wait(0.5)
    assert len(server.requests) <= 1 + 2 + 4, "one taken, two that wait, and who had begun by then"
    came += answers
    assert len({feed.feed.url for feed, result in came if isinstance(result, Fetched)}) == 30


def test_answers_without_a_document_keep_nobody_from_asking(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher(concurrency=4, per_host=4)
    answers = iter(fetcher.fetch_all(several(server, 30, Reply(status=404))))
    came = [next(answers)]
    end = time.monotonic() + 15
    while len(server.requests) < 30:
        assert time.monotonic() < end, f"{len(server.requests)} of 30 were asked for"
        threading.Event().wait(0.02)
    assert len([*came, *answers]) == 30


def test_closing_early_gives_up_the_rest_at_once(server: FeedServer, desk: Desk) -> None:
    feeds = several(server, 9, Reply(hang=True))
    server.on("/0", Reply(body=FEED))
    fetcher = desk.fetcher(deadline=seconds(30), read_timeout=seconds(30), concurrency=4)
    answers = cast("Answers", fetcher.fetch_all(feeds))
    feed, result = next(answers)
    assert (feed, type(result)) == (feeds[0], Fetched)
    began = time.monotonic()
    answers.close()
    fetcher.close()
    assert time.monotonic() - began < 15
    assert len(server.requests) < 9


def test_a_visit_that_begins_when_nobody_waits_any_more_ends_at_once() -> None:
    batch: Batch[None] = Batch(room=1)
    line = Lifeline(seconds(60))
    batch.abandon()
    batch.begin(line)
    assert line.why == "given up: nobody waits for it any more"


def test_what_was_given_up_keeps_nobody_waiting_for_its_host(
    server: FeedServer, desk: Desk
) -> None:
    fetcher = desk.fetcher(host_gap=seconds(3))
    answers = cast("Answers", fetcher.fetch_all(several(server, 8, Reply(body=FEED))))
    next(answers)
    answers.close()
    began = time.monotonic()
    server.on("/new", Reply(body=FEED))
    [(_, result)] = fetcher.fetch_all([due(server.url + "/new")])
    assert isinstance(result, Fetched)
    assert time.monotonic() - began < 12, "and not for the gaps of seven others"
    assert server.count("/7") == 0


def test_after_closing_early_the_fetcher_goes_on(server: FeedServer, desk: Desk) -> None:
    feeds = several(server, 6, Reply(hang=True))
    fetcher = desk.fetcher(deadline=seconds(30), read_timeout=seconds(30))
    server.on("/0", Reply(body=FEED))
    answers = cast("Answers", fetcher.fetch_all(feeds))
    next(answers)
    answers.close()
    server.on("/new", Reply(body=FEED))
    [(_, result)] = fetcher.fetch_all([due(server.url + "/new")])
    assert isinstance(result, Fetched)


def test_closing_the_fetcher_ends_an_iteration_under_way(server: FeedServer, desk: Desk) -> None:
    feeds = several(server, 3, Reply(hang=True))
    fetcher = desk.fetcher(deadline=seconds(30), read_timeout=seconds(30))
    threading.Timer(0.2, fetcher.close).start()
    began = time.monotonic()
    assert list(fetcher.fetch_all(feeds)) == []
    assert time.monotonic() - began < 15


def test_a_closed_fetcher_fetches_nothing(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher()
    fetcher.close()
    fetcher.close()
    assert list(fetcher.fetch_all(several(server, 2, Reply(body=FEED)))) == []
    assert server.requests == []


def test_answers_that_nobody_takes_do_not_pile_up(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher(concurrency=2, per_host=2)
    answers = cast("Answers", fetcher.fetch_all(several(server, 40, Reply(body=FEED))))
    next(answers)
    threading.Event().wait(0.3)
    assert len(server.requests) <= 1 + 2 * 2 + 2  # taken, waiting, and one in each hand
    assert len(list(answers)) == 39


def test_nothing_is_left_behind(server: FeedServer, desk: Desk) -> None:
    before = threading.active_count()
    fetcher = desk.fetcher()
    answers = [Reply(body=FEED), Reply(status=404, body=FEED), Reply(body=FEED, cut_after=2)]
    for reply in answers:
        list(fetcher.fetch_all(several(server, 5, reply)))
    fetcher.close()
    gc.collect()  # a socket that was not closed warns here, and warnings are errors
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("watcher-fetch")]
    assert threading.active_count() <= before + 2  # the server's own
