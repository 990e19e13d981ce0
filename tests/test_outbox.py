"""What becomes of promises in a world that refuses, throttles, loses answers and goes down."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event, Lock
from typing import Any

import pytest

from tests.fakes import FakeChannel
from tests.outbox import Box, route, with_fallback
from tests.world import rule_set
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    ChannelName,
    Doubtful,
    Manners,
    MatchedRule,
    Message,
    Outcome,
    Refused,
    Repeats,
    RuleId,
    Sent,
    Severity,
    StoryId,
    TryLater,
)
from watcher.ports import Store

DOWN = TryLater(reason="503")
LOST = Doubtful(reason="the answer was lost")
HOLD = {"phone": Manners(repeats=Repeats.HOLD)}


# --- one alert


def test_what_a_receiver_calls_an_alert_and_who_has_it_already_is_kept(store: Store) -> None:
    kept, plain = TryLater(reason="451", progress="ann"), TryLater(reason="451")
    box = Box(store, {"phone": [kept, plain, Sent(reference="m1")]})
    box.promise("first")
    box.deliver()
    assert box.alert("first").progress == "ann"
    box.until(AlertState.SENT, "first")
    assert [alert.progress for alert in box.channels["phone"].tried] == ["", "ann", "ann"]
    assert box.alert("first").reference == "m1"


def test_waits_grow_to_an_hour_and_after_three_days_an_alert_is_a_dead_letter(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 10_000})
    box.promise("first")
    box.until(AlertState.DEAD, "first", hours=80, every=5)
    assert box.clock.now() - box.alert("first").created_at > timedelta(hours=72)
    assert 60 < len(box.tried()) < 300
    assert box.alert("first").last_outcome == "given up after 3 days: 503"


def test_a_throttled_channel_waits_as_a_whole_and_that_is_no_attempt(store: Store) -> None:
    pause = TryLater(reason="429", retry_after=timedelta(minutes=10), throttled=True)
    box = Box(store, {"phone": [pause]})
    for key in ("a", "b", "c"):
        box.promise(key)
    box.deliver()
    box.promise("d")
    box.later(minutes=9)
    assert box.tried() == ["a"]
    assert box.alert("a").attempts == 0
    assert box.health().failures == 0
    box.start()  # a restart does not make it forget
    box.deliver()
    assert box.tried() == ["a"]
    box.later(minutes=2)
    assert sorted(box.sent()) == ["a", "b", "c", "d"]


# --- doubtful


def test_a_doubtful_alert_is_sent_again_and_says_that_it_may_be_there(store: Store) -> None:
    box = Box(store, {"phone": [LOST]})
    box.promise("first")
    box.deliver()
    assert box.state("first") is AlertState.DOUBTFUL
    box.until(AlertState.SENT, "first")
    assert [alert.doubtful for alert in box.channels["phone"].tried] == [False, True]


def test_where_the_policy_says_hold_a_doubtful_alert_waits_for_a_person(store: Store) -> None:
    box = Box(store, {"phone": [LOST]}, manners=HOLD)
    box.promise("first")
    box.deliver()
    box.later(days=5)
    assert (box.state("first"), box.tried()) == (AlertState.DOUBTFUL, ["first"])
    with store.transaction() as tx:
        tx.retry_alert(box.alert("first"), box.clock.now())
    box.deliver()
    assert box.sent() == ["first"]


def test_an_alert_that_waits_for_a_person_holds_up_nothing_of_its_story(store: Store) -> None:
    box = Box(store, {"phone": [LOST]}, manners=HOLD)
    box.promise("first", story=StoryId("s"))
    box.deliver()
    box.promise("second", story=StoryId("s"), revision=1)
    box.deliver()
    assert box.sent() == ["second"]


def test_what_a_dead_sender_left_is_sent_again_or_waits_for_a_person(store: Store) -> None:
    box = Box(store, {"phone": [], "mail": []}, manners=HOLD)
    for name in ("phone", "mail"):
        box.promise(f"to-{name}", to=name)
        box.kill_its_sender(f"to-{name}")
    box.deliver()
    assert (box.tried("phone"), box.sent("mail")) == ([], ["to-mail"])
    held = box.alert("to-phone")
    assert (held.state, held.doubtful) == (AlertState.DOUBTFUL, True)
    assert held.last_outcome.startswith("held for you: its sender died")


# --- the breaker


def fail(box: Box, times: int = 5, to: str = "phone") -> None:
    for number in range(times):
        box.promise(f"x{number}", to=to)
    box.deliver(to)


def test_five_failures_in_a_row_open_the_breaker_and_probes_close_it(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 7})
    fail(box, 20)
    assert len(box.tried()) == 5
    assert box.health().failures == 5
    box.deliver()
    assert len(box.tried()) == 5
    for _ in range(2):
        box.later(hours=1)
    assert len(box.tried()) == 7, "one probe a wait"
    box.later(hours=1)
    assert len(box.sent()) == 20, "then everything"
    assert box.health() == replace(
        box.health(), failures=0, failing_since=None, next_try_at=None, trouble=""
    )


def test_a_success_between_failures_keeps_the_breaker_closed(store: Store) -> None:
    box = Box(store, {"phone": [DOWN, DOWN, DOWN, DOWN, Sent(), DOWN, DOWN, DOWN, DOWN]})
    fail(box, 12)
    assert len(box.tried()) == 12
    assert box.told("phone") == []


@pytest.mark.parametrize("outcome", [LOST, Refused(reason="401")])
def test_lost_answers_and_refusals_in_a_row_open_it_too(store: Store, outcome: Outcome) -> None:
    box = Box(store, {"phone": [outcome] * 20})
    fail(box, 20)
    assert len(box.tried()) == 5


def test_an_open_breaker_is_still_open_after_a_restart_and_for_another_daemon(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 5})
    fail(box, 20)
    box.start()
    box.promise("later")
    box.deliver()
    assert len(box.tried()) == 5


def test_only_one_daemon_probes_at_a_time(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 5})
    fail(box, 6)
    box.clock.advance(minutes=5)
    other = Box(store, {"phone": []})
    other.clock = box.clock
    other.start()

    class Asking(FakeChannel):
        def send(self, alert: Alert) -> Outcome:
            if not self.tried:
                other.deliver()
                assert other.tried() == []
            return super().send(alert)

    box.channels["phone"] = Asking("phone")
    box.start()
    box.deliver()
    assert len(box.sent()) == 6


def test_the_waits_between_probes_grow_with_jitter_to_an_hour_at_most(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 10_000})
    fail(box)
    waits = []
    for _ in range(20):
        then, now = box.health().next_try_at, box.clock.now()
        assert then is not None
        waits.append(then - now)
        box.clock.time = max(then, now + timedelta(hours=1))  # whoever was put off is due again
        box.promise(f"y{len(waits)}")
        box.deliver()
    assert waits[0] <= timedelta(seconds=5)
    assert timedelta(minutes=10) < max(waits) <= timedelta(hours=1)
    assert len(set(waits)) > 15


def test_a_slow_or_dead_channel_delays_no_other(store: Store) -> None:
    box = Box(store, {"phone": [DOWN] * 50, "mail": []})
    for number in range(10):
        box.promise(f"p{number}")
        box.promise(f"m{number}", to="mail")
    box.deliver()
    assert len(box.sent("mail")) == 10


# --- telling of it


def test_people_are_told_once_when_a_channel_fails_and_once_when_it_works_again(
    store: Store,
) -> None:
    box = Box(store, {"phone": [DOWN] * 9, "mail": []}, operator="mail")
    fail(box, 20)
    box.deliver()
    for _ in range(10):
        box.later(hours=1)
    assert len(box.sent("phone")) == 20
    assert box.told("mail") == ["Channel phone is failing", "Channel phone works again"]
    box.channels["phone"].script = [DOWN] * 5
    for number in range(5):
        box.promise(f"z{number}")
    box.deliver()
    box.deliver()
    assert box.told("mail")[2:] == ["Channel phone is failing"], "the next time it is told anew"


def test_the_fallbacks_of_its_routes_are_told_and_not_the_operator(store: Store) -> None:
    routes = [with_fallback("phone", "mail")]
    box = Box(
        store, {"phone": [DOWN] * 9, "mail": [], "pager": []}, routes=routes, operator="pager"
    )
    fail(box)
    box.deliver()
    assert (box.told("mail"), box.told("pager")) == (["Channel phone is failing"], [])


def test_nobody_is_told_through_the_channel_that_fails(store: Store) -> None:
    routes = [with_fallback("phone", "desk"), route("desk", channel=ChannelName("phone"))]
    box = Box(store, {"phone": [DOWN] * 9}, routes=routes, operator="desk")
    fail(box)
    assert all(alert.kind is AlertKind.STORY for alert in box.channels["phone"].tried)
    assert AlertKind.CHANNEL not in {box.alert(key).kind for key in box.all_states()}


def test_a_channel_that_is_gone_is_left_alone_until_the_configuration_is_loaded(
    store: Store,
) -> None:
    box = Box(store, {"phone": [Refused(reason="410", gone=True)], "mail": []}, operator="mail")
    for key in ("a", "b"):
        box.promise(key)
    box.deliver()
    box.later(days=2)
    assert (box.tried(), box.state("b")) == (["a"], AlertState.PENDING)
    assert box.told("mail") == ["Channel phone is gone"]
    with store.transaction() as tx:
        box.pipeline.put_into_service(box.pipeline.watch, tx, box.clock.now())
    box.deliver()
    assert box.sent() == ["b"]
    box.deliver()
    assert box.told("mail") == ["Channel phone is gone", "Channel phone works again"]


# --- the way round


def about(*rules: str) -> Message:
    named = (MatchedRule(id=RuleId(rule), title="", severity=Severity.INFO) for rule in rules)
    return Message(headline="The north bridge is closed", rules=tuple(named))


def test_what_a_channel_refuses_goes_to_the_fallback_once_with_the_reason(store: Store) -> None:
    box = Box(
        store,
        {"phone": [Refused(reason="413 too long")] * 2, "mail": []},
        routes=[with_fallback("phone", "mail")],
    )
    box.promise("first", message=about("flood"))
    box.deliver()
    with store.transaction() as tx:
        tx.retry_alert(box.alert("first"), box.clock.now())
    box.deliver()
    box.deliver()
    (alert,) = box.channels["mail"].sent
    assert (alert.message, alert.story) == (about("flood"), "first")
    assert "in place of route phone (refused: 413 too long)" in alert.because
    assert box.state("first") is AlertState.DEAD


def test_a_fallback_that_tells_of_the_story_anyway_is_not_told_twice(store: Store) -> None:
    box = Box(
        store,
        {"phone": [Refused(reason="413")] * 2, "mail": []},
        routes=[with_fallback("phone", "mail")],
    )
    for way in ("mail", "phone"):
        box.promise(f"{way}-1", to=way, story=StoryId("s"), message=about("flood"))
    box.promise("phone-2", story=StoryId("s"), revision=1, message=about("bridge"))
    box.deliver()
    box.deliver()
    assert [sorted(alert.rule_ids) for alert in box.channels["mail"].sent] == [
        ["flood"],
        ["bridge"],
    ]


def test_two_routes_that_are_each_others_fallback_do_not_play_ball(store: Store) -> None:
    refusal = Refused(reason="413")
    box = Box(
        store,
        {"phone": [refusal] * 99, "mail": [refusal] * 99},
        routes=[with_fallback("phone", "mail"), with_fallback("mail", "phone")],
    )
    box.promise("first", message=about("flood"))
    for _ in range(5):
        box.deliver()
    assert (len(box.tried("phone")), len(box.tried("mail"))) == (1, 1)


# --- order, and many at once


class Meeting(FakeChannel):
    """A receiver that answers only when so many are there at once."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(name)
        self._together, self._lock = Barrier(number, timeout=20), Lock()

    def send(self, alert: Alert) -> Outcome:
        self._together.wait()
        with self._lock:
            return super().send(alert)


def test_alerts_of_different_stories_are_under_way_at_once(store: Store) -> None:
    box = Box(store, {"phone": []}, manners={"phone": Manners(at_once=4)})
    box.channels["phone"] = Meeting("phone", 4)
    box.start()
    for number in range(8):
        box.promise(f"a{number}")
    assert len(box.deliver()) == 8
    assert len(set(box.sent())) == 8


def test_of_one_story_no_two_are_under_way_and_they_leave_in_order(store: Store) -> None:
    box = Box(store, {"phone": []}, manners={"phone": Manners(at_once=4)})
    under_way: dict[str, int] = {}
    lock = Lock()

    class Counting(FakeChannel):
        def send(self, alert: Alert) -> Outcome:
            with lock:
                under_way[str(alert.story)] = under_way.get(str(alert.story), 0) + 1
                assert under_way[str(alert.story)] == 1
            Event().wait(0.02)
            outcome = super().send(alert)
            with lock:
                under_way[str(alert.story)] -= 1
            return outcome

    box.channels["phone"] = Counting("phone")
    box.start()
    for story in "abc":
        for revision in range(5):
            box.promise(f"{story}{revision}", story=StoryId(story), revision=revision)
    while box.deliver():
        pass
    for story in "abc":
        assert [k for k in box.sent() if k[0] == story] == [f"{story}{n}" for n in range(5)]


def test_a_bug_in_one_sender_flies_and_the_others_are_settled(store: Store) -> None:
    box = Box(store, {"phone": []}, manners={"phone": Manners(at_once=3)})
    together = Barrier(3, timeout=20)

    class Broken(FakeChannel):
        def send(self, alert: Alert) -> Outcome:
            together.wait()
            if alert.key == "a1":
                raise KeyError("a bug")
            return super().send(alert)

    box.channels["phone"] = Broken("phone")
    box.start()
    for number in range(3):
        box.promise(f"a{number}")
    with pytest.raises(KeyError, match="a bug"):
        box.deliver()
    assert box.all_states() == {
        "a0": AlertState.SENT,
        "a1": AlertState.SENDING,
        "a2": AlertState.SENT,
    }


def test_a_channel_with_a_gap_is_sent_to_slowly(store: Store) -> None:
    box = Box(store, {"phone": []}, manners={"phone": Manners(gap=timedelta(seconds=1))})
    for number in range(5):
        box.promise(f"a{number}")
    sent = []
    for _ in range(12):
        sent.append(len(box.deliver()))
        assert box.pipeline.gap(ChannelName("phone")) <= timedelta(seconds=1)
        box.clock.advance(seconds=0.5)
    assert sent == [1, 0] * 5 + [0, 0]


def test_a_clock_that_is_set_back_does_not_lengthen_a_gap(store: Store) -> None:
    box = Box(store, {"phone": []}, manners={"phone": Manners(gap=timedelta(seconds=1))})
    box.promise("a")
    box.deliver()
    box.clock.advance(hours=-5)
    assert box.pipeline.gap(ChannelName("phone")) == timedelta(seconds=1)


# --- after an outage


def test_after_an_outage_a_channel_drains_without_a_flood_and_what_is_old_is_one_digest(
    store: Store,
) -> None:
    box = Box(
        store,
        {"phone": [DOWN] * 10_000, "mail": []},
        routes=[route("phone", max_age=timedelta(hours=6))],
        manners={"phone": Manners(gap=timedelta(seconds=1))},
        operator="mail",
    )
    for number in range(48):  # one each quarter of an hour, for 12 hours
        box.promise(f"old{number:02}", message=Message(headline=f"Story {number}"))
        box.later(minutes=15)
    box.channels["phone"].script = []
    for _ in range(3 * 3600):
        if not box.deliver() and not [s for s in box.all_states().values() if s == "pending"]:
            break
        box.clock.advance(seconds=1)
    kinds = [alert.kind for alert in box.channels["phone"].sent]
    assert kinds.count(AlertKind.DIGEST) == 1
    (digest,) = (one for one in box.channels["phone"].sent if one.kind is AlertKind.DIGEST)
    alone = {one.message.headline for one in box.channels["phone"].sent} - {digest.message.headline}
    told = {entry.headline for entry in digest.message.entries}
    assert 20 <= len(told) <= 28
    assert told | alone == {f"Story {number}" for number in range(48)}
    assert not told & alone
    assert box.told("mail") == ["Channel phone is failing", "Channel phone works again"]


# --- rules that are taken away


def test_a_rule_that_is_taken_away_drops_its_held_alerts_with_the_reason(store: Store) -> None:
    box = Box(store, {"phone": []})
    held: dict[str, Any] = {
        "state": AlertState.HELD,
        "due_at": box.clock.now() + timedelta(hours=1),
    }
    box.promise("gone", message=about("gone"), **held)
    box.promise("both", message=about("gone", "kept"), **held)
    box.promise("leaving", message=about("gone"))
    box.promise("notice", message=Message(headline="h"), kind=AlertKind.FEED, **held)
    kept = rule_set({"kept": "flood"})
    with store.transaction() as tx:
        box.pipeline.put_into_service(replace(box.pipeline.watch, rules=kept), tx, box.clock.now())
    assert box.all_states() == {
        "gone": AlertState.SUPPRESSED,
        "both": AlertState.HELD,
        "leaving": AlertState.PENDING,
        "notice": AlertState.HELD,
    }
    assert box.alert("gone").last_outcome == "rule gone was taken away while it was held"
