"""Feeds are supplied while others are under way: no slow one keeps the next from beginning."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

from tests.fetch.conftest import Desk, due, seconds
from tests.servers import FeedServer, Reply
from watcher.fetch import HttpFetcher
from watcher.model import DueFeed, Fetched, FetchFailed, FetchResult

FEED = b"<rss/>"


def supply(feeds: Sequence[DueFeed]) -> Callable[[int], Sequence[DueFeed]]:
    """Give these feeds, as many at a time as there is room for."""
    waiting = list(feeds)

    def more(room: int) -> Sequence[DueFeed]:
        taken, waiting[:] = waiting[:room], waiting[room:]
        return taken

    return more


def all_of(fetcher: HttpFetcher, feeds: Sequence[DueFeed]) -> list[tuple[str, FetchResult]]:
    return [
        (one.feed.url, answer)
        for answers in fetcher.keep_fetching(supply(feeds))
        for one, answer in answers
    ]


def test_all_that_is_supplied_is_visited_once(server: FeedServer, desk: Desk) -> None:
    feeds = [due(server.on(f"/{one}", Reply(body=FEED))) for one in range(50)]
    came = all_of(desk.fetcher(concurrency=2, per_host=2), feeds)
    assert sorted(url for url, _ in came) == sorted(one.feed.url for one in feeds)
    assert all(isinstance(answer, Fetched) for _, answer in came)
    assert all(server.count(f"/{one}") == 1 for one in range(50))


def test_no_more_is_asked_for_than_there_is_room(server: FeedServer, desk: Desk) -> None:
    asked: list[int] = []
    wanted = supply([due(server.on(f"/{one}", Reply(body=FEED))) for one in range(30)])

    def more(room: int) -> Sequence[DueFeed]:
        asked.append(room)
        return wanted(room)

    for _ in desk.fetcher(concurrency=2).keep_fetching(more):
        pass
    assert asked[0] == 8
    assert min(asked) >= 4, "for a few places nobody is asked"


def test_nothing_due_is_nothing_to_do(desk: Desk) -> None:
    assert all_of(desk.fetcher(), []) == []


def test_40_a_feed_that_hangs_keeps_no_later_one_from_beginning(
    server: FeedServer, desk: Desk
) -> None:
    later = Event()
    slow = due(server.on("/slow", Reply(body=FEED, wait_for=later)))
    quick = due(server.on("/quick", Reply(body=FEED)))
    supplied = iter([[slow], [quick], []])
    fetcher = desk.fetcher(deadline=seconds(60), read_timeout=seconds(60))
    came = []
    for answers in fetcher.keep_fetching(lambda _: next(supplied, [])):
        came += [one.feed.url for one, _ in answers]
        if came:
            later.set()  # only now may the slow one end
    assert came == [quick.feed.url, slow.feed.url]


def test_a_feed_whose_lease_ends_before_its_visit_may_end_is_not_asked(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on("/feed", Reply(body=FEED))
    now = desk.clock.now()
    short = replace(due(url), leased_until=now + seconds(3.9))
    long = replace(due(url), leased_until=now + seconds(4))
    [(_, not_begun)] = all_of(desk.fetcher(deadline=seconds(4)), [short])
    assert isinstance(not_begun, FetchFailed)
    assert (not_begun.postponed, not_begun.retry_after) == (True, seconds(0))
    assert server.count("/feed") == 0
    [(_, begun)] = all_of(desk.fetcher(deadline=seconds(4)), [long])
    assert isinstance(begun, Fetched)


def test_36_a_host_with_very_many_feeds_lets_most_of_them_come_back_later(
    server: FeedServer, desk: Desk
) -> None:
    feeds = [due(server.on(f"/{one}", Reply(body=FEED))) for one in range(20)]
    put_off: list[FetchFailed] = []
    for some in desk.fetcher(host_gap=seconds(5)).keep_fetching(supply(feeds)):
        put_off += [answer for _, answer in some if isinstance(answer, FetchFailed)]
        if len(put_off) == 18:
            break  # the others wait for their turn
    waits = [answer.retry_after for answer in put_off if answer.postponed]
    assert len(waits) == 18
    assert waits == sorted(waits, key=lambda wait: wait or seconds(0))
    assert len(set(waits)) == len(waits), "they do not come back all at once"


def test_closing_the_fetcher_ends_it(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher(deadline=seconds(60), read_timeout=seconds(60))
    hanging = due(server.on("/hang", Reply(hang=True)))
    quick = due(server.on("/quick", Reply(body=FEED)))
    for _ in fetcher.keep_fetching(supply([hanging, quick])):
        fetcher.close()
    assert all_of(fetcher, [quick]) == []
