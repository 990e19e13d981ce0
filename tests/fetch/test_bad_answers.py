"""What late, cut off and spoilt answers leave behind, over real HTTP and the whole pipeline.

Numbers in names are those of the forty behaviours of a good feed fetcher.
"""

import gzip
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.fetch.beat import Beat, rss
from tests.fetch.conftest import Desk, seconds
from tests.servers import FeedServer, Reply
from tests.world import rule_set
from watcher.model import Updates
from watcher.store import SqlStore

KNOWN = rss("Choir sings", "Market opens")
NEW = rss("Flood closes the bridge", "Choir sings", "Market opens")


def test_15_a_server_that_does_not_answer_is_left_alone_for_longer_and_longer(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    beat = Beat(store, desk, server.on("/feed", Reply(body=KNOWN, etag='"1"')))
    beat.visit()
    beat.fetcher = beat.pipeline.fetcher = desk.fetcher(read_timeout=seconds(0.05))
    server.on("/feed", Reply(hang=True))
    waits = []
    for _ in range(5):
        assert beat.visit().reason == "the server did not answer in time"
        waits.append(beat.wait)
    assert all(later >= 1.7 * earlier for earlier, later in pairwise(waits))
    assert waits[-1] >= timedelta(hours=4)
    assert beat.told == ["Feed paper is failing"]


@pytest.mark.parametrize(
    "cut",
    [
        Reply(body=NEW, etag='"2"', cut_after=len(NEW) - 90),
        Reply(body=NEW, etag='"2"', cut_after=len(NEW) - 90, chunked=True),
        Reply(body=gzip.compress(NEW)[:-9], etag='"2"', encoding="gzip", close_delimited=True),
    ],
    ids=["length", "chunks", "gzip"],
)
def test_23_of_an_answer_that_breaks_off_nothing_is_kept(
    store: SqlStore, server: FeedServer, desk: Desk, cut: Reply
) -> None:
    url = server.on("/feed", Reply(body=KNOWN, etag='"1"'), cut, Reply(body=NEW, etag='"2"'))
    beat = Beat(store, desk, url)
    beat.visit()
    known = beat.memory
    visit = beat.visit()
    assert (visit.outcome, visit.items) == ("failed", 0)
    assert "broke off" in visit.reason
    assert (beat.memory.etag, beat.memory.body_hash) == (known.etag, known.body_hash)
    assert (beat.memory.habits, beat.told) == (known.habits, [])
    with store.reading() as tx:
        assert tx.counts().items == 2
    assert beat.visit().fresh == 1
    assert server.requests[-1].headers["if-none-match"] == '"1"'
    assert beat.told == ["Flood closes the bridge"]


def test_26_the_items_of_malformed_xml_alert_and_the_visit_says_what_was_wrong(
    store: SqlStore, server: FeedServer, desk: Desk
) -> None:
    broken = NEW.replace(b"<title>Choir", b"<title>Choir & <b>")
    beat = Beat(store, desk, server.on("/feed", Reply(body=KNOWN), Reply(body=broken)))
    beat.visit()
    visit = beat.visit()
    assert (visit.outcome, visit.items) == ("read", 3)
    assert visit.reason.startswith("not well-formed: line 1: ")
    assert beat.memory.recent[0].reason == visit.reason, "`watcher feeds show` has it too"
    assert (beat.memory.failures, beat.told) == (0, ["Flood closes the bridge"])


@pytest.mark.parametrize(
    ("updates", "told"),
    [
        (Updates.ALERT, ["Flood closes the bridge", "Flood closes the bridge of lorries"]),
        (Updates.IGNORE, ["Flood closes the bridge"]),
    ],
)
def test_30_an_edit_that_brings_a_hit_alerts_again_only_where_the_rule_wants_it(
    store: SqlStore, server: FeedServer, desk: Desk, updates: Updates, told: list[str]
) -> None:
    edited = NEW.replace(
        b"<title>Flood closes the bridge", b"<title>Flood closes the bridge of lorries"
    )
    url = server.on("/feed", Reply(body=KNOWN), Reply(body=NEW), Reply(body=edited))
    beat = Beat(store, desk, url)
    beat.world.rules = rule_set({"flood": "flood", "lorry": "lorry"}, updates=updates)
    beat.start()
    beat.world.configure()
    visits = [beat.visit() for _ in range(2)]
    assert visits[-1].fresh == 1
    first = beat.told
    visit = beat.visit()
    assert (visit.fresh, visit.edited) == (0, 1)
    assert first == told[:1]
    assert [line.removeprefix("Update: ") for line in beat.told] == told
