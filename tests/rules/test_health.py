"""Rules that match nothing, or nearly everything: told once when it begins, once when it ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Ailment, RuleActivity, RuleId, RuleInfo, RuleNotice
from watcher.rules import ailments, judge

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
INFO = RuleInfo(id=RuleId("flood"), expected=30 * DAY)
QUIET, NOISY = Ailment.QUIET, Ailment.NOISY


def active(
    *,
    since: timedelta = 100 * DAY,
    heard: timedelta | None = None,
    share: tuple[int, int] = (0, 10),
    told: Mapping[Ailment, timedelta] | None = None,
) -> RuleActivity:
    """Tell of a rule's activity in times before now; `share` is hits and items of late."""
    return RuleActivity(
        rule=INFO.id,
        in_service=True,
        since=NOW - since,
        last_hit_at=None if heard is None else NOW - heard,
        hits=share[0],
        items=share[1],
        told={ailment: NOW - ago for ailment, ago in (told or {}).items()},
    )


def judged(activity: RuleActivity, info: RuleInfo | None = INFO) -> list[tuple[Ailment, bool]]:
    notices = judge([activity], [info] if info else [], NOW)
    return [(notice.ailment, notice.opens) for notice in notices]


def text_of(activity: RuleActivity, info: RuleInfo = INFO) -> str:
    (notice,) = judge([activity], [info], NOW)
    return notice.text


# --- quiet


@pytest.mark.parametrize(
    ("since", "heard", "quiet"),
    [
        (30 * DAY, None, True),
        (30 * DAY - SECOND, None, False),
        (90 * DAY, 30 * DAY, True),
        (90 * DAY, 30 * DAY - SECOND, False),
        (DAY, 90 * DAY, False),  # it came back a day ago
    ],
)
def test_a_rule_is_quiet_after_its_expected_time_without_a_hit(
    since: timedelta, heard: timedelta | None, *, quiet: bool
) -> None:
    assert judged(active(since=since, heard=heard)) == [(QUIET, True)] * quiet


def test_a_rule_of_which_nothing_is_expected_is_never_quiet() -> None:
    assert judged(active(), replace(INFO, expected=None)) == []


def test_a_quiet_rule_is_told_once() -> None:
    assert judged(active(told={QUIET: 5 * DAY})) == []


def test_a_quiet_rule_that_matches_again_is_told_once() -> None:
    activity = active(heard=HOUR, told={QUIET: 5 * DAY})
    assert judged(activity) == [(QUIET, False)]
    assert judged(replace(activity, told={})) == []


def test_the_reasons_name_times_and_numbers() -> None:
    assert text_of(active(heard=40 * DAY, share=(0, 120))) == (
        "flood matched nothing for 40 days (it last matched on 2026-01-21 08:00 UTC); one hit "
        "within 30 days is expected of it. It saw 120 new items in the last 24 hours. "
        "To look at it: watcher rules show flood"
    )
    assert "(it came into service on 2025-11-22 08:00 UTC)" in text_of(active(heard=200 * DAY))
    assert "No new item was seen" in text_of(active(share=(0, 0)))
    assert text_of(active(heard=HOUR, told={QUIET: DAY})) == (
        "flood matched again, on 2026-03-02 07:00 UTC."
    )
    assert text_of(active(heard=DAY, share=(41, 80))) == (
        "flood matched 41 of the 80 new items that it saw in the last 24 hours (51%). A rule that "
        "says yes to nearly everything tells nothing. To look at it: watcher rules show flood"
    )
    assert text_of(active(heard=DAY, share=(1, 80), told={NOISY: DAY})) == (
        "flood matched 1 of the 80 new items that it saw in the last 24 hours (1%)."
    )


def test_a_quiet_rule_of_which_less_is_expected_now_is_over() -> None:
    activity = active(told={QUIET: DAY})
    assert "Nothing is expected" in text_of(activity, replace(INFO, expected=None))
    assert "within 365 days is expected now" in text_of(activity, replace(INFO, expected=365 * DAY))


# --- noisy


@pytest.mark.parametrize(
    ("hits", "items", "noisy"),
    [(25, 50, True), (24, 50, False), (49, 49, False), (999, 1000, True), (499, 1000, False)],
)
def test_a_rule_is_noisy_that_matches_half_of_at_least_50_items(
    hits: int, items: int, *, noisy: bool
) -> None:
    assert judged(active(heard=HOUR, share=(hits, items))) == [(NOISY, True)] * noisy


@pytest.mark.parametrize(
    ("hits", "items", "calm"),
    [(4, 20, True), (5, 20, False), (0, 19, False), (0, 0, False), (249, 1000, True)],
)
def test_a_noisy_rule_is_calm_below_a_quarter_of_at_least_20_items(
    hits: int, items: int, *, calm: bool
) -> None:
    activity = active(heard=HOUR, share=(hits, items), told={NOISY: DAY})
    assert judged(activity) == [(NOISY, False)] * calm


def test_between_a_quarter_and_a_half_everything_stays_as_it_is() -> None:
    for told in ({}, {NOISY: DAY}):
        assert judged(active(heard=HOUR, share=(40, 100), told=told)) == []


# --- out of service


def test_of_a_rule_out_of_service_nothing_opens_and_everything_closes() -> None:
    assert judged(active(share=(90, 100)), None) == []
    told = {QUIET: DAY, NOISY: DAY}
    activity = active(share=(90, 100), told=told)
    assert judged(activity, None) == [(QUIET, False), (NOISY, False)]
    assert {notice.text for notice in judge([activity], [], NOW)} == {"flood is out of service."}


def test_what_was_open_before_a_rule_came_back_is_over() -> None:
    activity = active(since=HOUR, heard=200 * DAY, told={QUIET: 5 * DAY})
    assert "came into service anew" in text_of(activity)


def test_what_is_so_again_after_a_rule_came_back_stays_open() -> None:
    assert judged(active(since=HOUR, share=(90, 100), told={NOISY: DAY})) == []


# --- always


def test_what_is_wrong_now_is_what_would_be_open_after_judging() -> None:
    assert ailments(active(share=(50, 50)), INFO, NOW) == {QUIET, NOISY}
    assert ailments(active(heard=HOUR, told={QUIET: DAY}), INFO, NOW) == set()
    assert ailments(active(told={QUIET: DAY, NOISY: DAY}), INFO, NOW) == {QUIET, NOISY}


moments = st.tuples(
    st.integers(0, 10**7),  # seconds that pass
    st.booleans(),  # whether it hits
    st.integers(0, 200),  # items of late
    st.integers(0, 200),  # hits of late, at most all
    st.sampled_from([None, HOUR, 30 * DAY]),
    st.sampled_from(["serves", "serves", "serves", "left", "returns"]),
)


def lived(story: Sequence[tuple[int, bool, int, int, timedelta | None, str]]) -> list[RuleNotice]:
    """Let a rule live through this, judged after each moment; give all notices in order."""
    now, told = NOW, dict[Ailment, datetime]()
    activity = RuleActivity(rule=INFO.id, in_service=True, since=now)
    notices: list[RuleNotice] = []
    for seconds, hits, items, matched, expected, service in story:
        now += timedelta(seconds=seconds)
        activity = replace(
            activity,
            since=now if service == "returns" else activity.since,
            last_hit_at=now if hits else activity.last_hit_at,
            items=items,
            hits=min(items, matched),
            told=dict(told),
        )
        infos = [] if service == "left" else [replace(INFO, expected=expected)]
        for notice in judge([activity], infos, now):
            notices.append(notice)
            if notice.opens:
                told[notice.ailment] = notice.opened_at
            else:
                del told[notice.ailment]
        assert judge([replace(activity, told=dict(told))], infos, now) == (), "not settled"
    return notices


@given(st.lists(moments, max_size=40))
def test_openings_and_closings_take_turns_whatever_happens(
    story: list[tuple[int, bool, int, int, timedelta | None, str]],
) -> None:
    turns: defaultdict[Ailment, list[RuleNotice]] = defaultdict(list)
    for notice in lived(story):
        turns[notice.ailment].append(notice)
    for notices in turns.values():
        assert [notice.opens for notice in notices] == [
            number % 2 == 0 for number in range(len(notices))
        ]
        for opening, closing in zip(notices[::2], notices[1::2], strict=False):
            assert closing.opened_at == opening.opened_at
        assert all(notice.text for notice in notices)


@given(st.lists(st.integers(25, 49), min_size=1, max_size=50))
def test_a_rule_between_the_borders_is_never_told_of(shares: list[int]) -> None:
    story = [(3600, True, 100, share, 30 * DAY, "serves") for share in shares]
    assert lived(story) == []
