"""When a feed is visited again, and what the operator is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.cadence import (
    FAILING_AFTER,
    Conditions,
    Harvest,
    Pace,
    after,
    conditions,
    freshness,
    half_a_window,
    noted,
    older_than_the_gap,
    set_back,
    spread,
)
from watcher.model import (
    Asking,
    Document,
    DueFeed,
    Feed,
    FeedId,
    FeedMemory,
    Fetched,
    FetchFailed,
    Habits,
    HalfHour,
    Item,
    ItemId,
    LookBack,
    Move,
    Notice,
    NotModified,
    PastVisit,
    Unchanged,
    Unreadable,
    Visit,
    Wishes,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
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


def visits_of(memory: FeedMemory, *visits: Visit) -> FeedMemory:
    for visit in visits:
        memory = noted(memory, visit)
    return memory


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


def test_35_no_wish_is_longer_than_the_operators_own_limit() -> None:
    document = replace(DOCUMENT, suggested_interval=timedelta(hours=20))
    pace = replace(PACE, most=timedelta(hours=2))
    then = after(due(), fetched(), document, Harvest(fresh=1), NOW, pace).memory
    assert timedelta(hours=2) <= wait(then.due_at) <= timedelta(hours=2.2)


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
    known = due(last_fresh_at=NOW, last_read_at=NOW, interval=20 * MINUTE)
    then = after(known, fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE)
    assert [notice.topic for notice in then.notices] == ["gap"]
    assert then.memory.interval == 10 * MINUTE


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


# --- the interval


def again(known: DueFeed, harvest: Harvest, **how: object) -> FeedMemory:
    """Visit once more; a document of one item, unless something else is said."""
    document = how.pop("document", DOCUMENT)
    assert isinstance(document, Document)
    return after(known, fetched(), document, harvest, NOW, PACE).memory


@pytest.mark.parametrize(
    ("before", "harvest", "chosen"),
    [
        (15, Harvest(fresh=1, again=1), 15),
        (50, Harvest(fresh=1, again=1), 15),  # news: back to the usual interval at once
        (10, Harvest(fresh=1, again=1), 11),  # after a gap it grows back by a tenth
        (15, Harvest(again=1), 16.5),
        (60, Harvest(again=1), 60),  # four times the usual interval is the end
        (20, Harvest(fresh=1), 10),  # a gap
        (60, Harvest(fresh=1), 15),  # one after long silence
        (7, Harvest(fresh=1), 5),  # never less than `poll.min`
    ],
)
def test_the_interval_follows_what_visits_bring(
    before: float, harvest: Harvest, chosen: float
) -> None:
    known = due(interval=before * MINUTE, last_fresh_at=NOW, first_read_at=NOW)
    assert again(known, harvest).interval == chosen * MINUTE


@pytest.mark.parametrize(
    ("rate", "harvest", "chosen"),
    [
        (20 * 24.0, Harvest(fresh=1, again=9), 15),  # 10 items pass in 30 minutes: half in 15
        (60 * 24.0, Harvest(fresh=1, again=9), 5),
        (30 * 24.0, Harvest(fresh=1, again=9), 10),
        (30 * 24.0, Harvest(again=10), 10),  # a quick feed that rests is not let out of sight
        (15 * 24.0, Harvest(again=10), 20),
        (0.1, Harvest(fresh=1, again=9), 15),
        (0.1, Harvest(again=10), 60),
    ],
)
def test_half_a_window_is_the_longest_interval(
    rate: float, harvest: Harvest, chosen: float
) -> None:
    document = replace(DOCUMENT, items=(ITEM,) * 10)
    known = due(
        interval=HOUR,
        first_read_at=NOW - DAY,
        last_read_at=NOW,  # no time has passed: the rate stays as it is
        last_fresh_at=NOW,
        habits=Habits(window=10, rate=rate),
    )
    assert again(known, harvest, document=document).interval == chosen * MINUTE


def test_the_operators_own_interval_is_obeyed_also_after_a_gap_which_says_what_is_wrong() -> None:
    habits = Habits(window=1, rate=24.0)
    known = due(
        2 * HOUR, first_read_at=NOW, last_read_at=NOW - HOUR, last_fresh_at=NOW, habits=habits
    )
    then = after(known, fetched(), DOCUMENT, Harvest(fresh=1), NOW, PACE)
    assert then.memory.interval == 2 * HOUR
    assert then.memory.because == "its `poll` setting"
    (gap,) = then.notices
    assert "Half of what it shows passes in 30 minutes, and its `poll` is 2 hours" in gap.text


def test_35_hours_to_leave_out_move_a_visit_to_the_next_hour_that_is_allowed() -> None:
    wishes = Wishes(skip_hours=frozenset({8, 9}), skip_days=frozenset({0}))
    answer = NotModified(url="http://a.example/")
    known = due(wishes=replace(wishes, skip_days=frozenset()))
    at = after(known, answer, None, Harvest(), NOW, PACE).memory.due_at
    assert (at.hour, at.day) == (10, NOW.day)
    at = after(due(wishes=wishes), answer, None, Harvest(), NOW, PACE).memory.due_at
    assert (at.hour, at.day) == (0, NOW.day + 1)
    failed = after(due(wishes=wishes), FetchFailed(reason="503"), None, Harvest(), NOW, PACE)
    assert failed.memory.due_at.day == NOW.day + 1, "and failures are no reason to come"


def test_35_a_feed_that_leaves_out_everything_cannot_mean_it() -> None:
    never = Wishes(skip_hours=frozenset(range(12)), skip_days=frozenset(range(7)))
    answer = NotModified(url="http://a.example/")
    at = after(due(wishes=never), answer, None, Harvest(), NOW, PACE).memory.due_at
    assert wait(at) < HOUR


# --- learning


def test_a_rate_follows_a_busy_hour_quickly_and_forgets_it_slowly() -> None:
    before = Habits(window=1, rate=24.0)
    known = due(first_read_at=NOW, last_read_at=NOW - HOUR, last_fresh_at=NOW, habits=before)
    busy = again(known, Harvest(fresh=10, again=1)).habits.rate
    calm = again(known, Harvest(again=1)).habits.rate
    assert busy is not None
    assert calm is not None
    assert 50 < busy < 100
    assert 23 < calm < 24


def test_a_clock_that_was_set_back_teaches_nothing() -> None:
    habits = Habits(window=1, rate=24.0)
    known = due(first_read_at=NOW, last_read_at=NOW + DAY, last_fresh_at=NOW, habits=habits)
    assert again(known, Harvest(fresh=10, again=1)).habits.rate == 24.0


def dated(*ages: timedelta) -> Document:
    items = (
        replace(ITEM, id=ItemId(str(age)), published=NOW - age if age else None) for age in ages
    )
    return replace(DOCUMENT, items=tuple(items))


def test_the_dates_of_the_first_document_are_a_beginning() -> None:
    document = dated(*(day * DAY for day in (1, 2, 3, 6, 10)))
    habits = again(due(), Harvest(fresh=5), document=document).habits
    assert (habits.window, habits.rate) == (5, 0.5)
    assert (habits.longest_pause, habits.arrivals) == (4 * DAY, 5)
    assert half_a_window(habits) == 5 * DAY


@pytest.mark.parametrize(
    "ages",
    [
        (timedelta(0),) * 9,  # no dates
        tuple(timedelta(seconds=number) for number in range(1, 9)),  # all made just now
        (DAY, 9 * DAY),  # too few
    ],
)
def test_dates_that_mean_nothing_teach_no_pause(ages: tuple[timedelta, ...]) -> None:
    habits = again(due(), Harvest(fresh=5), document=dated(*ages)).habits
    assert (habits.longest_pause, habits.arrivals) == (None, 0)


def test_a_pause_counts_as_far_as_we_were_there_to_see_it() -> None:
    """Nobody looked for the last 30 days: they are no pause of the feed's."""
    known = due(first_read_at=NOW, last_fresh_at=NOW - 33 * DAY, last_read_at=NOW - 30 * DAY)
    assert again(known, Harvest(fresh=1, again=1)).habits.longest_pause == 3 * DAY


@pytest.mark.parametrize(
    ("longest", "arrivals", "silent", "quiet"),
    [
        (HOUR, 9, 47 * HOUR, False),
        (HOUR, 9, 49 * HOUR, True),
        (3 * DAY, 9, 8 * DAY, False),
        (3 * DAY, 9, 10 * DAY, True),
        (HOUR, 4, 900 * DAY, False),  # too little is known of it
        (None, 9, 900 * DAY, False),
    ],
)
def test_quiet_is_who_was_never_silent_for_so_long(
    longest: timedelta | None, arrivals: int, silent: timedelta, *, quiet: bool
) -> None:
    habits = Habits(window=1, longest_pause=longest, arrivals=arrivals)
    known = due(first_read_at=NOW, last_read_at=NOW, last_fresh_at=NOW - silent, habits=habits)
    then = after(known, NotModified(url="u"), None, Harvest(), NOW, PACE)
    assert [notice.topic for notice in then.notices] == ["quiet"] * quiet
    failing = after(known, FetchFailed(reason="503"), None, Harvest(), NOW, PACE)
    assert failing.notices == (), "who cannot be read is not quiet"
    told = DueFeed(feed=known.feed, memory=then.memory)
    assert after(told, NotModified(url="u"), None, Harvest(), NOW + MINUTE, PACE).notices == ()


# --- how to ask

ASKED = {"etag": '"1-gzip"', "last_modified": "Mon", "validators_url": "http://a.example/"}


@pytest.mark.parametrize(
    ("remembered", "asked"),
    [
        ({}, Conditions(etag='"1-gzip"', last_modified="Mon")),
        ({"asking": Asking.DATE}, Conditions(last_modified="Mon")),
        ({"asking": Asking.BARE_TAG}, Conditions(etag='"1"')),
        ({"asking": Asking.BARE_TAG, "etag": 'W/"1--gzip"'}, Conditions(etag='W/"1"')),
        ({"asking": Asking.HOPELESS}, Conditions(etag='"1-gzip"', last_modified="Mon")),
        ({"validators_url": "http://b.example/"}, Conditions()),
        ({"last_body_at": NOW - 6 * DAY}, Conditions(etag='"1-gzip"', last_modified="Mon")),
        ({"last_body_at": NOW - 9 * DAY}, Conditions()),
        ({"look_back": LookBack(page="p", since=NOW, resume_at=NOW)}, Conditions()),
    ],
)
def test_8_what_is_sent_along_is_what_works(
    remembered: dict[str, object], asked: Conditions
) -> None:
    assert conditions(due(None, **(ASKED | remembered)), NOW) == asked


def test_7_feeds_ask_for_a_body_at_different_times_of_the_day() -> None:
    def first_hour(name: str) -> int:
        memory = replace(due(None, **ASKED).memory, feed=FeedId(name), last_body_at=NOW)
        one = DueFeed(feed=due().feed, memory=memory)
        return next(h for h in range(300) if conditions(one, NOW + h * HOUR) == Conditions())

    hours = {first_hour(f"feed {number}") for number in range(60)}
    assert (min(hours) >= 7 * 24, max(hours) <= 8 * 24, len(hours) > 15) == (True, True, True)


def test_8_a_body_that_was_asked_for_without_conditions_proves_nothing() -> None:
    memory = after(due(None, **ASKED), fetched(), Unchanged(), Harvest(), NOW, PACE).memory
    assert (memory.asking, memory.same_bodies) == (Asking.BOTH, 0)


# --- moves, gaps, clocks


def test_16_an_address_that_leads_home_again_ends_the_move() -> None:
    home = NotModified(url="u", moved_to="http://a.example/")
    known = due(move=Move(to="http://b.example/", said="http://a.example/", times=2))
    assert after(known, home, None, Harvest(), NOW, PACE).memory.move == Move()


def test_410_of_the_new_address_is_no_410_of_the_feed() -> None:
    known = due(move=Move(to="http://b.example/"))
    then = after(known, FetchFailed(reason="410", gone=True), None, Harvest(), NOW, PACE)
    assert (then.memory.gone, then.memory.move, then.notices) == (False, Move(), ())


def test_34_an_older_page_touches_nothing_that_is_known_of_the_feed() -> None:
    looking = LookBack(page="http://a.example/2", since=NOW - DAY, resume_at=NOW + HOUR)
    known = due(etag='"1"', failures=0, interval=HOUR, look_back=looking, visits=7)
    harvest = Harvest(fresh=3, again=1, missed=2, reaches=True)
    then = after(known, fetched(etag='"2"'), DOCUMENT, harvest, NOW, PACE)
    assert then.memory == replace(
        known.memory, look_back=None, due_at=NOW + HOUR, visits=8, last_visit_at=NOW
    )
    (notice,) = then.notices
    assert "the items in between (2) were found on 1 older page: none is missing" in notice.text


def test_34_a_page_that_names_itself_ends_the_search() -> None:
    looking = LookBack(page="http://a.example/", since=NOW - DAY, resume_at=NOW + HOUR)
    page = replace(DOCUMENT, older_page="http://a.example/")
    then = after(due(look_back=looking), fetched(), page, Harvest(fresh=1), NOW, PACE)
    assert then.memory.look_back is None
    known = due(last_fresh_at=NOW, last_read_at=NOW)
    itself = after(known, fetched(), page, Harvest(fresh=1), NOW, PACE).memory
    assert itself.look_back is None


def test_34_what_is_old_is_told_by_its_date_and_without_one_by_its_place() -> None:
    dates = {"new": NOW, "undated": None, "near": NOW - HOUR, "old": NOW - 9 * DAY, "last": None}
    items = [replace(ITEM, id=ItemId(name), published=at) for name, at in dates.items()]
    known = frozenset({ItemId("near")})
    assert set(older_than_the_gap(items, known, NOW)) == {"old", "last"}
    assert set(older_than_the_gap(items, frozenset(), NOW)) == {"old"}


def test_only_the_last_ten_visits_are_remembered_newest_first() -> None:
    memory = due().memory
    visit = Visit(feed=FEED, at=NOW, outcome="read", reason="x" * 999)
    memory = visits_of(memory, *(replace(visit, items=number) for number in range(12)))
    assert [visit.items for visit in memory.recent] == list(range(11, 1, -1))
    assert len(memory.recent[0].reason) == 200


def test_all_visits_of_a_day_are_remembered_by_the_half_hour() -> None:
    visits = [
        Visit(feed=FEED, at=NOW + number * MINUTE, outcome="read" if number % 10 else "failed",
              fresh=number % 2)
        for number in range(60 * 30)
    ]  # fmt: skip
    day = visits_of(due().memory, *visits).day
    assert len(day) == 48
    assert {half[1:] for half in day} == {(30, 3, 15, 0)}
    last = visits[-1].at
    assert day[-1].begins_at <= last < day[-1].begins_at + 30 * MINUTE
    assert last - day[0].begins_at <= DAY


def test_of_a_day_half_hours_without_a_visit_are_left_out() -> None:
    first, later = (Visit(feed=FEED, at=at, outcome="same") for at in (NOW, NOW + 23 * HOUR))
    assert [half.visits for half in visits_of(due().memory, first, later).day] == [1, 1]
    assert len(visits_of(due().memory, first, replace(later, at=NOW + 25 * HOUR)).day) == 1


def test_a_visit_that_was_put_off_is_none_and_one_that_brought_no_feed_failed() -> None:
    outcomes = ("postponed", "unreadable", "not modified")
    visits = (Visit(feed=FEED, at=NOW, outcome=outcome) for outcome in outcomes)
    (half,) = visits_of(due().memory, *visits).day
    assert (half.visits, half.failed) == (2, 1)


def test_a_day_shows_where_items_may_have_been_missed() -> None:
    gap = Notice(feed=FEED, topic="gap", text="", number=1)
    visit = Visit(feed=FEED, at=NOW, outcome="read", notices=(gap,))
    assert [half.gaps for half in visits_of(due().memory, visit).day] == [1]


def test_a_clock_that_is_set_back_leaves_no_half_hour_in_front_of_it() -> None:
    ahead, now = (Visit(feed=FEED, at=at, outcome="read") for at in (NOW + 5 * HOUR, NOW))
    day = visits_of(due().memory, ahead, now).day
    assert [half.number for half in day] == [HalfHour.number_of(NOW)]


def test_a_feed_that_was_visited_before_days_were_remembered_begins_with_its_last_visits() -> None:
    before = tuple(
        PastVisit(at=NOW - number * HOUR, outcome="read", fresh=number) for number in range(1, 4)
    )
    memory = noted(due(recent=before).memory, Visit(feed=FEED, at=NOW, outcome="same"))
    assert [half.fresh for half in memory.day] == [3, 2, 1, 0]


def test_38_ten_thousand_feeds_are_spread_evenly_and_never_early() -> None:
    feeds = [FeedId(f"feed {number}") for number in range(10_000)]
    waits = [wait(moment) for _, moment in spread(feeds, NOW, 15 * MINUTE)]
    assert timedelta(0) <= min(waits) <= max(waits) <= 15 * MINUTE
    by_minute = [sum(minute == one // MINUTE for one in waits) for minute in range(15)]
    assert max(by_minute) < 1.5 * min(by_minute)


def test_38_a_few_feeds_more_than_at_once_wait_for_moments_only() -> None:
    feeds = [FeedId(f"feed {number}") for number in range(40)]
    assert max(moment for _, moment in spread(feeds, NOW, HOUR)) <= NOW + timedelta(seconds=4)


@pytest.mark.parametrize(
    ("visited", "due_at", "waits"),
    [
        (timedelta(0), HOUR, HOUR),  # the clock is right
        (-HOUR, HOUR, HOUR),
        (DAY, DAY + HOUR, HOUR),  # set back by a day: the wait begins anew
        (DAY, HOUR, timedelta(0)),
    ],
)
def test_37_a_wait_begins_anew_where_the_clock_was_set_back(
    visited: timedelta, due_at: timedelta, waits: timedelta
) -> None:
    memory = replace(due().memory, last_visit_at=NOW + visited, due_at=NOW + due_at)
    assert wait(set_back(memory, NOW).due_at) == waits
