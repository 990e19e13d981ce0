"""Which routes take what, how long it is held, with what others, and what is kept in."""

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest

from tests.alerts.test_plan import FEED, NOW, PHONE, ROUTES, copy, new, rule
from watcher.alerts import alone, digest_of, is_digest_of_the_day, plan
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    Digest,
    Planned,
    QuietHours,
    Route,
    Severity,
    Silence,
    Takes,
    Updates,
)

PLAIN = ROUTES[PHONE]
DAILY = replace(
    PLAIN, digest=Digest(at=(time(18),), zone=UTC, besides=frozenset({Severity.CRITICAL}))
)
RESTING = replace(PLAIN, quiet=QuietHours(begin=time(7), end=time(9), zone=UTC))  # NOW is 08:00
CAPPED = replace(PLAIN, most_per_hour=3)


def planned(route: Route, *severities: Severity, **more: object) -> Planned:
    rules = [
        rule(f"r{n}", severity=severity, notify=(PHONE,)) for n, severity in enumerate(severities)
    ]
    (only,) = plan(new(*(rules or [rule("r")]), **more), {PHONE: route}, NOW)
    return only


def alert_of(decided: Planned) -> Alert:
    assert decided.alert is not None
    return decided.alert


# --- taking


@pytest.mark.parametrize(
    ("takes", "reason"),
    [
        (Takes(severities=frozenset({Severity.CRITICAL})), "it takes severity critical only"),
        (Takes(feeds=("b*", "c")), "feed a is none of b*, c"),
        (Takes(tags=("law",)), "it has no tag of law"),
        (Takes(languages=("de",)), "its language is en, not de"),
    ],
)
def test_a_route_does_not_take_what_it_was_not_asked_to_and_says_why(
    takes: Takes, reason: str
) -> None:
    feed = replace(FEED, language="en-GB", tags=("Sport",))
    told = planned(replace(PLAIN, takes=takes), Severity.HIGH, feed=feed)
    assert told.decision == "not taken"
    assert told.because == f"route phone does not take it: {reason}"
    assert told.alert is None


@pytest.mark.parametrize(
    "takes",
    [
        Takes(severities=frozenset({Severity.HIGH, Severity.LOW})),
        Takes(feeds=("x", "a")),
        Takes(tags=("sp*",)),
        Takes(languages=("en",)),
    ],
)
def test_a_route_takes_what_fits(takes: Takes) -> None:
    feed = replace(FEED, language="en-GB", tags=("Sport",))
    assert planned(replace(PLAIN, takes=takes), Severity.HIGH, feed=feed).decision == "promised"


def test_only_the_rules_that_a_route_takes_are_named() -> None:
    route = replace(PLAIN, takes=Takes(severities=frozenset({Severity.CRITICAL})))
    told = alert_of(planned(route, Severity.LOW, Severity.CRITICAL))
    assert [one.id for one in told.message.rules] == ["r1"]


# --- silences


def silence(*matches: tuple[str, str], hours: float = 1, name: str = "s") -> Silence:
    return Silence(
        id=name,
        matches=matches,
        begins_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=hours),
        comment="maintenance",
        created_at=NOW,
    )


def test_what_a_silence_keeps_in_is_on_record_with_its_reason() -> None:
    told = planned(PLAIN, Severity.HIGH, silences=(silence(("rule", "r*"), ("feed", "a")),))
    assert told.decision == "silenced"
    assert told.because.endswith("silence s keeps it in until 2026-03-02 09:00 UTC (maintenance)")
    assert alert_of(told).state is AlertState.SUPPRESSED
    assert alert_of(told).settled_at == NOW


@pytest.mark.parametrize(
    "matches",
    [
        [("rule", "other")],
        [("rule", "r*"), ("feed", "b")],  # all must hold
        [("severity", "critical")],
        [("story", "another")],
    ],
)
def test_a_silence_that_does_not_match_keeps_nothing_in(matches: list[tuple[str, str]]) -> None:
    assert planned(PLAIN, Severity.HIGH, silences=(silence(*matches),)).decision == "promised"


def test_a_silence_of_one_rule_does_not_keep_another_in() -> None:
    told = planned(PLAIN, Severity.HIGH, Severity.HIGH, silences=(silence(("rule", "r0")),))
    assert told.decision == "promised"


def test_a_silence_that_is_over_keeps_nothing_in() -> None:
    over = silence(("rule", "*"), hours=0)
    assert planned(PLAIN, Severity.HIGH, silences=(over,)).decision == "promised"


def test_of_two_silences_the_one_that_ends_last_is_named() -> None:
    both = (silence(("rule", "*")), silence(("feed", "a"), hours=5, name="long"))
    assert "silence long" in planned(PLAIN, Severity.HIGH, silences=both).because


# --- holding


def test_a_digest_route_holds_until_its_time() -> None:
    told = alert_of(planned(DAILY, Severity.HIGH))
    assert (told.state, told.due_at) == (AlertState.HELD, NOW.replace(hour=18))
    assert told.bundle == "digest 2026-03-02 18:00 UTC"
    assert told.because.endswith("held for the digest of 2026-03-02 18:00 UTC")


def test_what_need_not_wait_for_the_digest_goes_at_once() -> None:
    told = alert_of(planned(DAILY, Severity.CRITICAL))
    assert (told.bundle, told.due_at) == ("", NOW)


def test_quiet_hours_hold_until_their_end() -> None:
    told = alert_of(planned(RESTING, Severity.HIGH))
    assert (told.state, told.due_at) == (AlertState.HELD, NOW.replace(hour=9))
    assert told.bundle == "quiet 2026-03-02 09:00 UTC"
    assert told.because.endswith("quiet hours until 2026-03-02 09:00 UTC")


def test_beyond_its_cap_a_route_holds_the_rest_of_the_hour_for_one_digest() -> None:
    told = alert_of(planned(CAPPED, Severity.HIGH, last_hour={PHONE: 3}))
    assert told.due_at == NOW.replace(hour=9)
    assert told.bundle == "cap 2026-03-02 09:00 UTC"
    assert "sent 3 within the last hour, its most" in told.because
    assert alert_of(planned(CAPPED, Severity.HIGH, last_hour={PHONE: 2})).bundle == ""


def test_items_of_a_flood_are_held_together() -> None:
    told = alert_of(planned(PLAIN, Severity.HIGH, flood="made 40 of 40 items new"))
    assert told.bundle.startswith("flood a 2026-03-02 08:00 UTC")
    assert told.state is AlertState.HELD


def test_a_more_severe_hit_hastens_what_waits_for_a_digest() -> None:
    waiting = alert_of(planned(DAILY, Severity.HIGH))
    urgent = copy(rule("fire", severity=Severity.CRITICAL), alerts=(waiting,))
    (told,) = plan(urgent, {PHONE: DAILY}, NOW)
    amended = alert_of(told)
    assert amended.key == waiting.key
    assert (amended.bundle, amended.due_at) == ("", NOW)
    assert "hastens it" in told.because


def test_another_hit_of_the_same_severity_leaves_it_waiting() -> None:
    waiting = alert_of(planned(DAILY, Severity.HIGH))
    (told,) = plan(
        copy(rule("more", severity=Severity.HIGH), alerts=(waiting,)), {PHONE: DAILY}, NOW
    )
    assert alert_of(told).due_at == waiting.due_at


# --- updates


@pytest.mark.parametrize(("updates", "in_thread"), [(Updates.THREAD, True), (Updates.ALERT, False)])
def test_an_update_answers_the_first_message_where_its_rule_says_thread(
    updates: Updates, in_thread: bool
) -> None:
    first = replace(alert_of(planned(PLAIN, Severity.HIGH)), state=AlertState.SENT)
    (told,) = plan(copy(rule("more", updates=updates), alerts=(first,)), {PHONE: PLAIN}, NOW)
    assert alert_of(told).kind is AlertKind.UPDATE
    assert alert_of(told).in_thread is in_thread
    assert alert_of(told).message.subject == first.message.headline


# --- digests


def members(count: int) -> list[Alert]:
    alert = alert_of(planned(DAILY, Severity.HIGH))
    return [
        replace(
            alert,
            key=type(alert.key)(f"alert-{n:05}"),
            created_at=NOW + timedelta(minutes=n),
            message=replace(alert.message, headline=f"Story {n}"),
        )
        for n in range(count)
    ]


def test_a_digest_tells_of_all_and_they_are_told_in_it() -> None:
    held = members(3)
    loud = replace(held[2], message=replace(held[2].message, severity=Severity.CRITICAL))
    digest, told = digest_of(DAILY, held[0].bundle, [*held[:2], loud], NOW)
    assert digest.kind is AlertKind.DIGEST
    assert digest.message.headline == "3 stories: Story 2"
    assert [entry.headline for entry in digest.message.entries] == ["Story 2", "Story 0", "Story 1"]
    assert digest.message.severity is Severity.CRITICAL
    assert {one.state for one in told} == {AlertState.DIGESTED}
    assert {one.digest for one in told} == {digest.key}


def test_the_same_alerts_make_the_same_digest_in_any_order() -> None:
    held = members(4)
    one, _ = digest_of(DAILY, "late", held, NOW)
    other, _ = digest_of(DAILY, "late", held[::-1], NOW + timedelta(hours=1))
    assert one.key == other.key
    assert digest_of(DAILY, "late", held[1:], NOW)[0].key != one.key


def test_a_digest_of_ten_thousand_lists_some_and_counts_all() -> None:
    digest, told = digest_of(DAILY, "late", members(10_000), NOW)
    assert len(told) == 10_000
    assert len(digest.message.entries) + digest.message.entries_left_out == 10_000
    assert len(digest.message.entries) == 200


def test_a_digest_made_in_quiet_hours_waits_for_their_end() -> None:
    digest, _ = digest_of(RESTING, "late", members(2), NOW)
    assert digest.due_at == NOW.replace(hour=9)


def test_what_waited_for_others_and_is_alone_goes_by_itself() -> None:
    (held,) = members(1)
    assert alone(held, NOW).bundle == ""
    assert alone(held, NOW).state is AlertState.PENDING
    assert is_digest_of_the_day(held.bundle)
    assert not is_digest_of_the_day("quiet 2026-03-02 09:00 UTC")
