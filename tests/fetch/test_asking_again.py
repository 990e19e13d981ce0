"""Validators and freshness over real HTTP, through the whole pipeline.

Numbers in names are those of the forty behaviours of a good feed fetcher.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.fetch.beat import Beat, rss
from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.model import Asking
from watcher.ports import Transaction
from watcher.store import SqlStore

BODY = rss("Flood closes the bridge")
DATED = "Mon, 02 Mar 2026 07:00:00 GMT"
LATER = "Mon, 02 Mar 2026 09:00:00 GMT"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def conditions(server: FeedServer) -> list[tuple[str, str]]:
    """Tell the If-None-Match and If-Modified-Since of each request."""
    asked = (request.headers for request in server.requests)
    return [(one.get("if-none-match", ""), one.get("if-modified-since", "")) for one in asked]


class PowerCut(BaseException):
    """Nothing may catch this: it stands for the process being gone."""


class CutStore:
    """A store whose second transaction, the one that takes a visit in, is never committed."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.begun = store, 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self.begun += 1
        with self.store.transaction() as tx:
            yield tx
            if self.begun == 2:
                raise PowerCut


def test_3_validators_count_only_when_the_items_are_stored(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    reply = Reply(body=BODY, etag='"1"', last_modified=DATED)
    beat = Beat(store, desk, server.on("/feed", reply), backfill=1)
    beat.pipeline.store = CutStore(store)  # type: ignore[assignment] # poll() asks for no more
    with pytest.raises(PowerCut):
        beat.pipeline.poll()
    beat.start()
    beat.clock.advance(minutes=10)  # the lease of the one that died
    assert beat.visit().fresh == 1
    assert conditions(server) == [("", ""), ("", "")]
    assert beat.told == ["Flood closes the bridge"]
    assert beat.visit().outcome == "not modified"


def test_4_a_304_brings_new_validators_and_a_new_max_age(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    url = server.on(
        "/feed",
        Reply(body=BODY, etag='"1"', last_modified=DATED),
        Reply(
            status=304, etag='"2"', last_modified=LATER, headers={"Cache-Control": "max-age=7200"}
        ),
        Reply(status=304),
    )
    beat = Beat(store, desk, url)
    beat.visit()
    beat.visit()
    assert 2 * HOUR <= beat.wait <= 2.2 * HOUR
    beat.visit()
    assert conditions(server) == [("", ""), ('"1"', DATED), ('"2"', LATER)]
    assert beat.wait >= 2 * HOUR, "what a 304 does not repeat still holds"


def test_5_the_same_body_is_not_parsed_and_nothing_is_written_but_the_clock(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=BODY)))
    beat.visit()
    before = beat.memory
    written: list[str] = []
    engine = store._database.writing

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(" ".join(statement.split()[:2]))

    visit = beat.visit()
    event.remove(engine, "before_cursor_execute", _note)
    assert (visit.outcome, visit.items) == ("same", 0)
    assert set(written) == {"UPDATE feed"}
    assert beat.memory.last_read_at == beat.clock.now()
    assert (beat.memory.body_hash, beat.memory.habits.window) == (before.body_hash, 1)


def test_6_validators_are_dropped_when_the_configured_address_changes(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/old", Reply(body=BODY, etag='"1"', last_modified=DATED)))
    beat.visit()
    beat.configure(server.on("/new", Reply(body=BODY, etag='"1"', last_modified=DATED)))
    assert beat.visit().outcome == "read"
    assert conditions(server)[-1] == ("", "")


def test_7_a_server_that_always_says_304_is_asked_for_a_body_after_a_week(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    url = server.on("/feed", Reply(body=BODY, etag='"1"'), Reply(status=304))
    beat = Beat(store, desk, url, every=12 * HOUR)
    began = beat.clock.now()
    while beat.clock.now() - began < 7 * DAY:
        beat.visit()
    assert all(asked == ('"1"', "") for asked in conditions(server)[1:])
    server.on("/feed", Reply(body=rss("Flood closes the bridge", "Flood recedes"), etag='"1"'))
    while beat.visit().outcome == "not modified":
        assert beat.clock.now() - began < 9 * DAY
    assert conditions(server)[-1] == ("", "")
    assert beat.told == ["Flood recedes"]
    beat.visit()
    assert conditions(server)[-1] == ('"1"', ""), "for another week a 304 is believed"


@pytest.mark.parametrize(
    ("modified", "third"), [(DATED, ("", DATED)), ("", ('"a"', ""))], ids=["dated", "undated"]
)
def test_8_an_etag_with_gzip_at_its_end_reaches_304_by_the_third_poll(
    store: SqlStore, server: FeedServer, desk: Desk, modified: str, third: tuple[str, str]
) -> None:
    reply = Reply(body=BODY, etag='"a-gzip"', own_etag='"a"', last_modified=modified)
    beat = Beat(store, desk, server.on("/feed", reply))
    assert [beat.visit().outcome for _ in range(5)] == [
        "read", "same", "not modified", "not modified", "not modified",
    ]  # fmt: skip
    assert conditions(server)[1:] == [('"a-gzip"', modified), third, third, third]


def test_8_a_gzip_server_that_knows_no_dates_either_is_asked_with_the_bare_tag(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    dates = (f"Mon, 02 Mar 2026 07:00:{second:02} GMT" for second in range(60))
    replies = (Reply(body=BODY, etag='W/"a-gzip"', own_etag='"a"', last_modified=d) for d in dates)
    beat = Beat(store, desk, server.on("/feed", *replies))
    outcomes = [beat.visit().outcome for _ in range(5)]
    assert outcomes == ["read", "same", "same", "not modified", "not modified"]
    assert beat.memory.asking is Asking.BARE_TAG
    assert conditions(server)[-1] == ('W/"a"', "")


def test_8_an_etag_that_changes_at_each_request_gives_way_to_the_date(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    tags = (Reply(body=BODY, etag=f'"{n}"', last_modified=DATED) for n in range(20))
    beat = Beat(store, desk, server.on("/feed", *tags))
    outcomes = [beat.visit().outcome for _ in range(6)]
    assert outcomes == ["read", "same", "same", *["not modified"] * 3]
    assert conditions(server)[3:] == [("", DATED)] * 3


def test_8_a_server_that_knows_nothing_again_is_asked_as_the_book_has_it(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    tags = (Reply(body=BODY, etag=f'"{n}"') for n in range(20))
    beat = Beat(store, desk, server.on("/feed", *tags))
    assert [beat.visit().outcome for _ in range(6)] == ["read", *["same"] * 5]
    assert conditions(server)[-1] == ('"4"', "")


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({"Cache-Control": "max-age=7200"}, 2 * HOUR),
        ({"Cache-Control": "public, max-age=9000", "Age": "1800"}, 2 * HOUR),
        ({"Cache-Control": "no-cache, max-age=7200"}, timedelta(0)),
    ],
)
def test_9_no_request_before_max_age_less_age(
    store: SqlStore, server: FeedServer, desk: Desk, headers: dict[str, str], least: timedelta
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=BODY, headers=headers)))
    beat.visit()
    assert least <= beat.wait <= 1.1 * (least or timedelta(minutes=15))
    beat.clock.time = beat.memory.due_at - timedelta(seconds=1)
    assert beat.pipeline.poll() == ()
    assert len(server.requests) == 1
    assert bool(least) == ("Cache-Control" in beat.memory.because)


def test_10_expires_counts_from_the_servers_own_clock(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    reply = Reply(
        body=BODY,
        date="Sat, 01 Jan 2000 00:00:00 GMT",
        headers={"Expires": "Sat, 01 Jan 2000 03:00:00 GMT"},
    )
    beat = Beat(store, desk, server.on("/feed", reply))
    beat.visit()
    assert 3 * HOUR <= beat.wait <= 3.3 * HOUR


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("1000000000", 7 * DAY, 7.1 * DAY), ("Mon, 02 Mar 2020 08:00:00 GMT", timedelta(0), HOUR)],
)
def test_13_retry_after_is_clamped_on_both_sides(
    store: SqlStore, server: FeedServer, desk: Desk, asked: str, least: timedelta, most: timedelta
) -> None:
    reply = Reply(status=503, headers={"Retry-After": asked})
    beat = Beat(store, desk, server.on("/feed", reply))
    beat.visit()
    assert max(least, timedelta(minutes=5)) <= beat.wait <= most


def test_226_is_read_and_what_it_leaves_out_is_neither_removed_nor_a_gap(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    url = server.on(
        "/feed",
        Reply(body=rss("Flood closes the bridge", "Choir sings"), etag='"1"'),
        Reply(status=226, body=rss("Flood recedes"), etag='"2"'),
        Reply(body=rss("Flood recedes", "Flood closes the bridge", "Choir sings"), etag='"3"'),
    )
    beat = Beat(store, desk, url)
    beat.visit()
    assert beat.visit().fresh == 1
    assert (beat.memory.gaps, beat.memory.etag) == (0, '"2"')
    assert beat.visit().fresh == 0
    assert beat.told == ["Flood recedes"]
