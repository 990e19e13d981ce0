"""When a feed is visited again, and what the operator is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.cadence import FAILING_AFTER, Harvest, Pace, after, freshness
from watcher.model import (
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    FetchFailed,
    Item,
    ItemId,
    NotModified,
    Unchanged,
    Unreadable,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FEED = FeedId("a")
PACE = Pace(default=timedelta(minutes=15), least=timedelta(minutes=5), most=timedelta(hours=24))
ITEM = Item(id=ItemId("i"), feed=FEED, title="t", seen_at=NOW)
DOCUMENT = Document(title="t", kind="rss20", items=(ITEM,))


def due(every: timedelta | None = None, **memory: object) -> DueFeed:
    remembered = FeedMemory(feed=FEED, due_at=NOW)
    feed = Feed(id=FEED, url="http://a.example/", every=every)
    return DueFeed(feed=feed, memory=replace(remembered, **memory))  # type: ignore[arg-type]


def fetched(**headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status=200, url="http://a.example/", body=b"x", headers=named)


def wait(moment: datetime) -> timedelta:
    return moment - NOW


def test_a_good_visit_comes_back_after_the_interval_and_at_most_a_tenth_more() -> None:
    then = after(due(), fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE).memory
    assert timedelta(minutes=15) <= wait(then.due_at) <= timedelta(minutes=16, seconds=30)


def test_the_jitter_is_the_same_for_the_same_visit_and_differs_between_visits() -> None:
    def when(visits: int) -> datetime:
        return after(due(visits=visits), fetched(), DOCUMENT, Harvest(), NOW, PACE).memory.due_at

    assert when(1) == when(1)
    assert len({when(n) for n in range(50)}) > 40


def test_a_feeds_own_interval_is_kept_within_the_bounds() -> None:
    quick = after(due(timedelta(seconds=1)), fetched(), DOCUMENT, Harvest(), NOW, PACE).memory
    assert wait(quick.due_at) >= PACE.least


def test_the_servers_freshness_is_a_floor_and_is_clamped() -> None:
    def waited(**headers: str) -> timedelta:
        return wait(after(due(), fetched(**headers), DOCUMENT, Harvest(), NOW, PACE).memory.due_at)

    assert waited(cache_control="max-age=7200") >= timedelta(hours=2)
    assert waited(cache_control="max-age=999999999") <= timedelta(hours=24) * 1.1


def test_the_feeds_own_ttl_is_a_floor() -> None:
    document = replace(DOCUMENT, suggested_interval=timedelta(hours=3))
    then = after(due(), fetched(), document, Harvest(), NOW, PACE).memory
    assert wait(then.due_at) >= timedelta(hours=3)


def test_validators_are_kept_byte_for_byte_with_the_address_they_belong_to() -> None:
    answer = fetched(etag='W/"a b"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT")
    memory = after(due(), answer, DOCUMENT, Harvest(), NOW, PACE).memory
    assert memory.etag == 'W/"a b"'
    assert memory.last_modified == "Mon, 02 Mar 2026 07:00:00 GMT"
    assert memory.validators_url == "http://a.example/"


def test_a_new_body_without_validators_drops_the_old_ones() -> None:
    memory = after(due(etag='"old"'), fetched(), DOCUMENT, Harvest(), NOW, PACE).memory
    assert memory.etag == ""


@pytest.mark.parametrize("headers", [{}, {"etag": '"new"'}])
def test_not_modified_updates_the_validators_that_it_brings(headers: dict[str, str]) -> None:
    answer = NotModified(url="http://a.example/", headers=headers)
    memory = after(due(etag='"old"', failures=2), answer, None, Harvest(), NOW, PACE).memory
    assert memory.etag == headers.get("etag", '"old"')
    assert memory.failures == 0
    assert memory.last_read_at == NOW


def test_the_same_bytes_count_as_read() -> None:
    memory = after(due(etag='"old"'), fetched(), Unchanged(), Harvest(), NOW, PACE).memory
    assert (memory.last_read_at, memory.etag) == (NOW, '"old"')


def test_failures_back_off_up_to_a_cap_and_keep_what_was_known() -> None:
    memory = due(etag='"old"', first_read_at=NOW).memory
    waits = []
    for _ in range(12):
        at = DueFeed(feed=due().feed, memory=memory)
        memory = after(at, FetchFailed(reason="503"), None, Harvest(), NOW, PACE).memory
        waits.append(wait(memory.due_at))
    assert waits[0] < timedelta(minutes=17)
    assert waits[2] >= timedelta(hours=1)
    assert max(waits) <= timedelta(hours=24) * 1.1
    assert (memory.etag, memory.failures, memory.trouble) == ('"old"', 12, "503")


def test_retry_after_is_honoured() -> None:
    asked = FetchFailed(reason="429", retry_after=timedelta(hours=5))
    then = after(due(), asked, None, Harvest(), NOW, PACE).memory
    assert wait(then.due_at) >= timedelta(hours=5)


def test_a_feed_whose_host_wants_to_be_left_alone_has_not_failed() -> None:
    held = FetchFailed(reason="429 before", retry_after=timedelta(hours=5), postponed=True)
    then = after(due(failures=2, trouble="503"), held, None, Harvest(), NOW, PACE)
    assert timedelta(hours=5) <= wait(then.memory.due_at) <= timedelta(hours=5.5)
    assert (then.memory.failures, then.memory.trouble, then.notices) == (2, "503", ())


def test_a_body_that_is_no_feed_is_a_failure_that_keeps_the_old_state() -> None:
    read = Unreadable(reason="an HTML page, not a feed")
    memory = after(due(etag='"old"'), fetched(etag='"n"'), read, Harvest(), NOW, PACE).memory
    assert (memory.etag, memory.failures) == ('"old"', 1)
    assert memory.trouble == "an HTML page, not a feed"


def test_a_feed_that_keeps_failing_is_told_once_and_its_recovery_once() -> None:
    failed = FetchFailed(reason="503")
    told = [
        [n.topic for n in after(due(failures=n), failed, None, Harvest(), NOW, PACE).notices]
        for n in range(6)
    ]
    assert told == [[], [], ["failing"], [], [], []]
    back = after(due(failures=FAILING_AFTER), fetched(), DOCUMENT, Harvest(), NOW, PACE)
    assert [notice.topic for notice in back.notices] == ["recovered"]
    blip = after(due(failures=FAILING_AFTER - 1), fetched(), DOCUMENT, Harvest(), NOW, PACE)
    assert blip.notices == ()


def test_gone_is_told_and_never_visited_again() -> None:
    then = after(due(), FetchFailed(reason="410", gone=True), None, Harvest(), NOW, PACE)
    assert then.memory.gone
    assert wait(then.memory.due_at) > timedelta(days=10_000)
    assert [notice.topic for notice in then.notices] == ["gone"]


def test_a_document_that_shares_nothing_with_the_last_one_is_a_gap() -> None:
    known = due(last_fresh_at=NOW, last_read_at=NOW, interval=timedelta(hours=2))
    then = after(known, fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE)
    assert [notice.topic for notice in then.notices] == ["gap"]
    assert then.memory.interval == timedelta(hours=1)


@pytest.mark.parametrize("harvest", [Harvest(fresh=1, again=1), Harvest(edited=1)])
def test_any_overlap_is_no_gap(harvest: Harvest) -> None:
    then = after(due(last_fresh_at=NOW), fetched(), DOCUMENT, harvest, NOW, PACE)
    assert then.notices == ()


def test_neither_the_first_visit_nor_an_empty_document_is_a_gap() -> None:
    assert after(due(), fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE).notices == ()
    begun = due(first_read_at=NOW)
    assert after(begun, fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE).notices == ()
    empty = replace(DOCUMENT, items=())
    assert after(due(last_fresh_at=NOW), fetched(), empty, Harvest(), NOW, PACE).notices == ()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=ten"}, 0),
        (
            {
                "expires": "Mon, 02 Mar 2026 09:00:00 GMT",
                "date": "Mon, 02 Mar 2026 08:30:00 GMT",
            },
            1800,
        ),
        ({"expires": "0", "date": "Mon, 02 Mar 2026 08:30:00 GMT"}, 0),
        ({"expires": "Mon, 02 Mar 2026 09:00:00 GMT"}, 0),
    ],
)
def test_freshness_is_what_the_answer_says(headers: dict[str, str], seconds: int) -> None:
    assert freshness(headers) == timedelta(seconds=seconds)


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "age", "expires", "date"]),
        st.text(max_size=60) | st.from_regex(r"max-age=\d{1,30}", fullmatch=True),
    ),
    st.integers(0, 10**6),
)
def test_no_header_makes_a_visit_come_back_early_or_never(
    headers: dict[str, str], visits: int
) -> None:
    answer = Fetched(status=200, url="u", body=b"x", headers=headers)
    then = after(due(visits=visits), answer, DOCUMENT, Harvest(again=1), NOW, PACE).memory
    assert PACE.least <= wait(then.due_at) <= PACE.most * 1.11
