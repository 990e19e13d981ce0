"""What is new, what was missed, and when a feed is silent, over real HTTP and the whole pipeline.

Numbers in names are those of the forty behaviours of a good feed fetcher.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from tests.fetch.beat import Beat, numbered, rss
from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.model import DueFeed, Visit
from watcher.ports import Answered
from watcher.store import SqlStore

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = ("Choir sings", "Market opens", "Library shuts", "Council meets", "Team wins", "Road ends")


def paths(server: FeedServer) -> list[str]:
    return [request.path for request in server.requests]


def told_apart(beat: Beat) -> tuple[int, int]:
    visit = beat.visit()
    return visit.fresh, visit.edited


# --- edits, keys, empty documents, dates


def test_30_an_edited_item_is_the_same_item_and_alerts_no_more(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    body = rss("Flood closes the bridge", "Choir sings")
    edited = body.replace(b"<title>Flood closes the", b"<title>Flood shuts the old")
    url = server.on("/feed", Reply(body=rss("Choir sings")), Reply(body=body), Reply(body=edited))
    beat = Beat(store, desk, url)
    assert [told_apart(beat) for _ in range(4)] == [(1, 0), (1, 0), (0, 1), (0, 0)]
    assert beat.told == ["Flood closes the bridge"]


def test_31_a_feed_whose_guids_all_change_floods_nobody(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    titles = numbered(*range(40))
    rekeyed = rss(*titles).replace(b"<guid>", b"<guid>urn:new:")
    later = rss("Flood recedes", *titles[:-1]).replace(b"<guid>", b"<guid>urn:new:")
    url = server.on("/feed", Reply(body=rss(*titles)), Reply(body=rekeyed), Reply(body=later))
    beat = Beat(store, desk, url)
    assert [told_apart(beat) for _ in range(3)] == [(40, 0), (0, 0), (1, 0)]
    assert beat.told == ["Flood recedes"]
    assert beat.memory.gaps == 0, "a feed keyed anew has not rolled over"


def test_32_a_feed_that_is_empty_for_a_while_alerts_nothing_when_it_is_back(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    full, empty = Reply(body=rss(*numbered(*range(5)))), Reply(body=rss())
    beat = Beat(store, desk, server.on("/feed", full, empty, empty, full))
    assert [told_apart(beat) for _ in range(4)] == [(5, 0), (0, 0), (0, 0), (0, 0)]
    assert beat.told == []
    assert (beat.memory.gaps, beat.memory.habits.window) == (0, 5)


def test_33_odd_dates_hide_nothing_and_pin_nothing(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    dates = ("Fri, 01 Jan 2099 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "soon", "")
    new = rss(*numbered(1, 2, 3, 4), "Choir sings", dates=dates)
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Choir sings")), Reply(body=new)))
    beat.visit()
    assert beat.visit().fresh == 4
    assert sorted(beat.told) == sorted(numbered(1, 2, 3, 4))
    with store.reading() as tx:
        found = [tx.find_items(title, 1)[0] for title in numbered(1, 2, 3, 4)]
    now = beat.clock.now()
    assert [item.published for item in found] == [now, None, None, None]
    assert {item.seen_at for item in found} == {now}


# --- gaps


def older(path: str, rel: str = "next") -> str:
    return f'<link xmlns="http://www.w3.org/2005/Atom" rel="{rel}" href="{path}"/>'


def test_34_each_gap_is_counted_and_told_and_the_interval_is_halved(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    bodies = [rss(*numbered(*range(n, n + 3))) for n in (0, 10, 20, 30)]
    covered = rss(*numbered(31, 32, 33))
    url = server.on("/feed", *(Reply(body=body) for body in (*bodies, covered)))
    beat = Beat(store, desk, url)
    beat.visit()
    usual = beat.memory.interval
    assert usual is not None
    assert beat.visit().fresh == 3
    assert beat.memory.interval == usual / 2
    assert beat.memory.because == "halved after a gap"
    beat.visit()
    beat.start()
    beat.visit()
    assert (beat.memory.gaps, beat.memory.habits.overlap) == (3, 0)
    beat.visit()
    assert (beat.memory.gaps, beat.memory.habits.overlap) == (3, 2)
    notices = [told for told in beat.told if told.startswith("Feed")]
    gap = "Feed paper may have items that we missed"  # each hides other items
    assert notices == [gap, gap, gap, "Feed paper is covered again"]


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_34_what_a_gap_hides_is_found_on_older_pages(
    store: SqlStore, server: FeedServer, desk: Desk, rel: str
) -> None:
    known = rss(*numbered(3, 2, 1))
    beat = Beat(store, desk, server.on("/feed", Reply(body=known)))
    beat.visit()
    server.on("/feed", Reply(body=rss(*numbered(9, 8, 7), head=older("/2", rel)), etag='"9"'))
    server.on("/2", Reply(body=rss(*numbered(7, 6, 5), head=older("/3", rel)), etag='"2"'))
    server.on("/3", Reply(body=rss(*numbered(4, 3, 2, 1, 0), head=older("/4", rel))))
    assert [beat.visit().fresh for _ in range(3)] == [3, 2, 2]
    assert paths(server) == ["/feed", "/feed", "/2", "/3"]
    assert all("if-none-match" not in request.headers for request in server.requests)
    due_again = beat.visit()
    assert (due_again.outcome, paths(server)[-1]) == ("not modified", "/feed")
    assert server.requests[-1].headers["if-none-match"] == '"9"'
    assert (beat.memory.gaps, beat.memory.gap_at) == (1, None)
    alerts = [told for told in beat.told if not told.startswith("Feed")]
    assert sorted(alerts) == sorted(numbered(4, 5, 6, 7, 8, 9)), "0 is older than what we knew"
    notices = [told for told in beat.told if told.startswith("Feed")]
    assert notices == ["Feed paper rolled over, and what we missed was found"]


def test_34_at_most_three_older_pages_are_got_and_the_feed_keeps_its_time(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    server.on("/feed", Reply(body=rss("Choir sings")))
    beat = Beat(store, desk, server.url + "/feed")
    beat.visit()
    server.on("/feed", Reply(body=rss(*numbered(90), head=older("/2"))))
    for page in range(2, 9):
        body = rss(*numbered(90 - page), head=older(f"/{page + 1}"))
        server.on(f"/{page}", Reply(body=body))
    beat.visit()
    began, looking = beat.clock.now(), beat.memory.look_back
    assert looking is not None
    for _ in range(3):
        beat.visit()
    assert beat.clock.now() == began
    assert (beat.memory.look_back, beat.memory.due_at) == (None, looking.resume_at)
    assert looking.resume_at >= began + timedelta(minutes=7)
    beat.visit()
    assert paths(server)[1:] == ["/feed", "/2", "/3", "/4", "/feed"]
    assert "Feed paper may have items that we missed" in beat.told


def test_34_once_reads_the_older_pages_too(store: SqlStore, server: FeedServer, desk: Desk) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Choir sings"))))
    beat.visit()
    server.on("/feed", Reply(body=rss(*numbered(9), head=older("/2"))))
    server.on("/2", Reply(body=rss(*numbered(8), "Choir sings")))
    beat.until(beat.memory.due_at)
    while beat.pipeline.poll(spread=False):
        pass
    assert sorted(beat.told)[1:] == sorted(numbered(8, 9))


@pytest.mark.parametrize(
    "answer",
    [
        Reply(status=404),
        Reply(status=429, headers={"Retry-After": "7200"}),
        Reply(body=b"<html><p>no more</p></html>"),
        Reply(body=rss()),
    ],
    ids=["missing", "busy", "page", "empty"],
)
def test_34_an_older_page_that_is_not_there_leaves_the_gap_and_no_failure(
    store: SqlStore, server: FeedServer, desk: Desk, answer: Reply
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Choir sings"))))
    beat.visit()
    server.on("/feed", Reply(body=rss(*numbered(1), head=older("/2"))))
    server.on("/2", answer)
    beat.visit()
    beat.visit()
    assert (beat.memory.failures, beat.memory.trouble) == (0, "")
    assert beat.memory.gap_at == beat.clock.now()
    assert beat.told.count("Feed paper may have items that we missed") == 1
    if answer.status == 429:
        assert beat.wait >= 2 * HOUR
    beat.visit()
    assert paths(server) == ["/feed", "/feed", "/2", "/feed"]


def test_34_a_restart_goes_on_with_the_older_pages(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Choir sings"))))
    beat.visit()
    server.on("/feed", Reply(body=rss(*numbered(9), head=older("/2"))))
    server.on("/2", Reply(body=rss(*numbered(8), "Choir sings")))
    beat.visit()
    beat.start()
    beat.world.configure()
    assert beat.visit().fresh == 1
    assert sorted(beat.told)[1:] == sorted(numbered(9, 8))
    assert beat.visit().outcome == "same", "the page was not taken for the feed"


def test_34_a_json_feed_names_its_next_page(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    def written(*titles: str, **more: str) -> Reply:
        items = [{"id": title, "title": title} for title in titles]
        told = {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items}
        return Reply(body=json.dumps(told | more).encode())

    beat = Beat(store, desk, server.on("/feed", written("Choir sings")))
    beat.visit()
    server.on("/feed", written(*numbered(9), next_url="/feed?page=2"))
    server.on("/feed?page=2", written(*numbered(8), "Choir sings"))
    assert [beat.visit().fresh for _ in range(2)] == [1, 1]
    assert beat.memory.gap_at is None


def test_34_old_items_of_an_archive_are_kept_and_alert_nobody(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("Choir sings"))))
    beat.visit()
    old = ["Thu, 01 Jan 2026 00:00:00 GMT"] * 3
    server.on("/feed", Reply(body=rss(*numbered(9), head=older("/2"))))
    server.on("/2", Reply(body=rss(*numbered(1, 2, 3, 8), dates=tuple(old))))
    assert [beat.visit().fresh for _ in range(2)] == [1, 4]
    alerts = [told for told in beat.told if not told.startswith("Feed")]
    assert sorted(alerts) == sorted(numbered(8, 9))


# --- what documents ask for


@pytest.mark.parametrize(
    ("head", "least", "most"),
    [
        ("<ttl>180</ttl>", 3 * HOUR, 3.3 * HOUR),
        ("<ttl>0</ttl>", 0.25 * HOUR, 0.3 * HOUR),
        ("<ttl>-60</ttl>", 0.25 * HOUR, 0.3 * HOUR),
        ("<ttl>525600</ttl>", DAY, 1.1 * DAY),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", DAY, 1.1 * DAY),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", DAY, 1.1 * DAY),
    ],
)
def test_35_what_a_document_asks_for_is_a_floor_within_sense(
    store: SqlStore,
    server: FeedServer,
    desk: Desk,
    head: str,
    least: timedelta,
    most: timedelta,
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A", head=head), etag='"1"')))
    beat.visit()
    assert least <= beat.wait <= most
    assert beat.visit().outcome == "not modified"
    assert least <= beat.wait, "a 304 leaves standing what the document asked for"


def test_35_hours_and_days_to_leave_out_are_left_out(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    night = "".join(f"<hour>{hour}</hour>" for hour in (24, *range(1, 7), *range(20, 24)))
    head = f"<skipHours>{night}</skipHours><skipDays><day>Sunday</day></skipDays>"
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A", head=head))))
    moments = []
    for _ in range(200):
        beat.visit()
        moments.append(beat.clock.now())
    assert {moment.hour for moment in moments} == set(range(7, 20))
    assert {moment.weekday() for moment in moments} == set(range(6))


def test_35_the_operators_own_interval_wins_over_hints_but_not_over_http(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    hinted = Reply(body=rss("A", head="<ttl>600</ttl>"))
    url = server.on("/feed", hinted, Reply(body=rss("B", "A"), headers={"Expires": "never"}))
    beat = Beat(store, desk, url, every=0.5 * HOUR)
    beat.visit()
    assert 0.5 * HOUR <= beat.wait <= 0.55 * HOUR
    server.on("/feed", Reply(body=rss("B", "A"), headers={"Cache-Control": "max-age=36000"}))
    beat.visit()
    assert beat.wait >= 10 * HOUR


# --- learning


def test_a_feed_that_rolls_quickly_is_visited_more_often_before_it_loses_anything(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    """Ten items shown, one every two minutes: half of them pass in ten."""
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss())))
    began = beat.clock.now()

    def publish() -> None:
        newest = 100 + (beat.memory.due_at - began) // timedelta(minutes=2)
        server.on("/feed", Reply(body=rss(*numbered(*range(newest, newest - 10, -1)))))

    for _ in range(60):
        publish()
        beat.visit()
    assert beat.memory.interval is not None
    assert beat.memory.interval <= timedelta(minutes=11)
    assert "half of the 10 items that it shows pass in" in beat.memory.because
    assert beat.memory.gaps == 0


def test_a_feed_that_brings_nothing_is_visited_less_often_up_to_four_times_the_interval(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"), etag='"1"')))
    waits = []
    for _ in range(20):
        beat.visit()
        waits.append(beat.memory.interval)
    assert waits == sorted(waits)  # type: ignore[type-var] # None would be a failure
    assert (waits[0], waits[-1]) == (0.25 * HOUR, HOUR)
    server.on("/feed", Reply(body=rss("B", "A"), etag='"2"'))
    beat.visit()
    assert beat.memory.interval == 0.25 * HOUR, "news brings it back at once"


def test_a_feed_that_was_never_silent_for_so_long_is_told_once_and_its_return_once(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss(*OTHER))), every=2 * HOUR)
    beat.visit()
    for number in range(6):  # a new item each day
        ends = beat.clock.now() + DAY
        while beat.memory.due_at < ends:
            beat.visit()
        server.on("/feed", Reply(body=rss(f"Item {number} {'xyzuvw'[number] * 6}", *OTHER)))
        beat.visit()
    since = beat.clock.now()
    while beat.told == []:
        beat.start()
        beat.visit()
        assert beat.clock.now() - since < 5 * DAY
    assert beat.clock.now() - since > 2.5 * DAY
    for _ in range(30):
        beat.start()
        beat.visit()
    server.on("/feed", Reply(body=rss("Choir is back", *OTHER)))
    beat.visit()
    assert beat.told == ["Feed paper has gone quiet", "Feed paper talks again"]
    assert beat.memory.quiet_at is None


# --- many feeds, and clocks


def test_37_a_restart_changes_nothing_about_when_a_feed_is_due(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"))))
    beat.visit()
    due_at = beat.memory.due_at
    for _ in range(5):
        beat.clock.advance(minutes=1)
        beat.start()
        beat.world.configure()
        assert beat.pipeline.poll() == ()
    assert beat.memory.due_at == due_at


def test_37_a_sleep_of_days_is_one_visit_not_many(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"))))
    beat.visit()
    beat.clock.advance(days=3)
    assert len(beat.pipeline.poll()) == 1
    assert beat.pipeline.poll() == ()
    assert beat.wait >= timedelta(minutes=15)


@pytest.mark.parametrize("restarts", [False, True])
def test_37_a_clock_set_back_makes_no_feed_wait_for_it(
    store: SqlStore, server: FeedServer, desk: Desk, *, restarts: bool
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"))))
    beat.clock.advance(days=30)
    beat.visit()
    beat.clock.advance(days=-30)
    if restarts:
        beat.start()
    assert beat.pipeline.poll() == (), "not early either"
    assert timedelta(minutes=15) <= beat.wait <= timedelta(minutes=17)
    assert beat.visit().outcome == "same"


def test_37_a_lease_from_before_the_clock_was_set_back_holds_nothing(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"))))
    with store.transaction() as tx:
        assert tx.claim_due_feeds(beat.clock.now() + 30 * DAY, HOUR, 1)
    assert len(beat.pipeline.poll()) == 1


def test_37_two_daemons_on_one_store_visit_a_feed_once(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=rss("A"))))
    first, second = beat.start(), beat.start()
    meanwhile: list[Visit] = []

    class Slow:
        """Fetches after the other daemon has had its turn."""

        def fetch_all(self, due: Sequence[DueFeed]) -> Iterator[Answered]:
            yield from beat.fetcher.fetch_all(due)

        def keep_fetching(
            self, more: Callable[[int], Sequence[DueFeed]]
        ) -> Iterator[Sequence[Answered]]:
            due = more(200)
            meanwhile.extend(second.poll())
            yield tuple(self.fetch_all(due))

    first.fetcher = Slow()
    assert (len(first.poll()), meanwhile, second.poll()) == (1, [], ())
    assert len(server.requests) == 1


def test_38_a_small_configuration_starts_at_once(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/0", Reply(body=rss("A"))))
    for number in range(1, 32):
        beat.add(server.on(f"/{number}", Reply(body=rss("A"))))
    assert len(beat.pipeline.poll()) == 32
    assert sorted(set(paths(server))) == sorted(paths(server))
