"""Hits, promises, and how they go out. On both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.nouns import (
    DAY,
    MINUTE,
    NOON,
    PHONE,
    lead,
    make_alert,
    make_attempt,
    make_hit,
    make_item,
    make_plan,
)
from watcher.model import (
    Alert,
    AlertState,
    ChannelName,
    ItemId,
    Message,
    RuleId,
    Severity,
    StoryId,
)
from watcher.store import SqlStore

LEASE = timedelta(minutes=2)
LATER = NOON + MINUTE


def promise(store: SqlStore, *alerts: Alert) -> None:
    with store.transaction() as tx:
        news = [tx.promise(alert) for alert in alerts]
    assert all(news)


def claim(store: SqlStore, *, now: object = NOON, limit: int = 10) -> list[Alert]:
    with store.transaction() as tx:
        return list(tx.claim_alerts(PHONE, now, LEASE, limit))  # type: ignore[arg-type]


def settle(store: SqlStore, alert: Alert, state: AlertState, **more: object) -> Alert:
    settled = replace(alert, state=state, lease_until=None, **more)  # type: ignore[arg-type]
    with store.transaction() as tx:
        tx.settle([(settled, make_attempt(alert, state.value))])
    return settled


def stored(store: SqlStore, key: str = "k1") -> Alert:
    with store.reading() as tx:
        alert = tx.alert(key)
    assert alert is not None
    return alert


def keys(alerts: list[Alert]) -> list[str]:
    return [alert.key for alert in alerts]


# --- hits


def test_rules_that_an_item_hit_are_told(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("a1"), make_item("b2")])
        tx.keep_hits([make_hit("a1", "flood"), make_hit("a1", "bridge")], NOON)
        assert tx.rules_hit(ItemId("a1")) == {"flood", "bridge"}
        assert tx.rules_hit(ItemId("b2")) == frozenset()


def test_a_later_hit_of_the_same_rule_takes_the_place_of_the_earlier(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        tx.keep_hits([make_hit(), make_hit(rule="bridge")], NOON)
        renamed = replace(make_hit().rule, title="High water", severity=Severity.CRITICAL)
        later = replace(make_hit(occurrences=()), rule=renamed)
        tx.keep_hits([later], LATER)
        tx.keep_hits([], LATER)
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.hits == (make_hit(rule="bridge"), later)


# --- promising


def test_an_alert_comes_back_as_it_was_promised(store: SqlStore) -> None:
    full = make_alert(
        state=AlertState.DOUBTFUL,
        revision=3,
        attempts=2,
        lease_until=LATER,
        last_outcome="answer lost",
        settled_at=LATER,
        message=Message(headline="h\n“q”", severity=Severity.CRITICAL, evidence=("e",), body="b"),
    )
    bare = make_alert("k2", story=None, item=None)
    promise(store, full, bare)
    assert stored(store) == full
    assert stored(store, "k2") == bare


def test_the_same_key_is_never_promised_twice(store: SqlStore) -> None:
    promise(store, make_alert())
    with store.transaction() as tx:
        assert tx.promise(make_alert(because="another reason")) is False
    assert stored(store) == make_alert()


def test_a_plan_makes_a_new_promise_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        assert tx.write_plan(make_plan("a1", make_alert()), NOON) is True
        assert tx.write_plan(make_plan("a1", make_alert()), NOON) is False
    assert stored(store) == make_alert()


def test_a_plan_without_an_alert_promises_nothing_and_is_written_down(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        assert tx.write_plan(make_plan("a1", None, "baseline"), NOON) is False
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.plans == (make_plan("a1", None, "baseline"),)


@pytest.mark.parametrize("state", [AlertState.HELD, AlertState.PENDING])
def test_an_alert_that_has_not_left_is_amended(store: SqlStore, state: AlertState) -> None:
    promise(store, make_alert(state=state))
    amended = make_alert(
        message=Message(headline="And the south bridge"), because="more", due_at=LATER
    )
    with store.transaction() as tx:
        tx.keep([make_item()])
        assert tx.write_plan(make_plan("a1", amended, "folded"), NOON) is False
    assert stored(store) == amended


@pytest.mark.parametrize(
    "state", [state for state in AlertState if state not in (AlertState.HELD, AlertState.PENDING)]
)
def test_an_alert_that_may_have_left_is_not_amended(store: SqlStore, state: AlertState) -> None:
    promise(store, make_alert(state=state))
    with store.transaction() as tx:
        tx.keep([make_item()])
        amended = make_alert(message=Message(headline="Changed"))
        assert tx.write_plan(make_plan("a1", amended, "folded"), NOON) is False
    assert stored(store) == make_alert(state=state)


def test_what_was_promised_about_a_story_is_listed_oldest_first(store: SqlStore) -> None:
    promise(
        store,
        make_alert("update", revision=1),
        make_alert("first"),
        make_alert("earlier", created_at=NOON - DAY),
        make_alert("other", story=StoryId("b2")),
    )
    with store.transaction() as tx:
        assert keys(list(tx.alerts_of(StoryId("a1")))) == ["earlier", "first", "update"]


# --- claiming


@pytest.mark.parametrize("state", [AlertState.HELD, AlertState.PENDING, AlertState.DOUBTFUL])
def test_a_due_alert_is_claimed_under_a_lease_and_the_attempt_counted(
    store: SqlStore, state: AlertState
) -> None:
    promise(store, make_alert(state=state, attempts=1, last_outcome="503"))
    claimed = make_alert(
        state=AlertState.SENDING, attempts=2, lease_until=NOON + LEASE, last_outcome="503"
    )
    assert claim(store) == [claimed]
    assert stored(store) == claimed


@pytest.mark.parametrize("state", [AlertState.SENT, AlertState.DEAD, AlertState.SUPPRESSED])
def test_a_settled_alert_is_not_claimed(store: SqlStore, state: AlertState) -> None:
    promise(store, make_alert(state=state))
    assert claim(store) == []


def test_an_alert_that_is_not_due_or_another_channels_is_not_claimed(store: SqlStore) -> None:
    promise(
        store,
        make_alert("k1", due_at=LATER),
        make_alert("k2", channel=ChannelName("mail"), story=StoryId("b2")),
    )
    assert claim(store) == []
    assert keys(claim(store, now=LATER)) == ["k1"]


def test_the_oldest_alerts_are_claimed_first(store: SqlStore) -> None:
    promise(
        store,
        make_alert("young", story=StoryId("b")),
        make_alert("old", story=StoryId("c"), created_at=NOON - DAY),
        make_alert("mid", story=StoryId("d"), created_at=NOON - MINUTE),
    )
    assert keys(claim(store, limit=2)) == ["old", "mid"]
    assert keys(claim(store, limit=2)) == ["young"]


def test_a_claimed_alert_is_nobody_elses_until_its_lease_ends(store: SqlStore) -> None:
    promise(store, make_alert())
    claim(store)
    assert claim(store, now=NOON + LEASE - MINUTE) == []
    (again,) = claim(store, now=NOON + LEASE)
    assert again.attempts == 2
    assert again.last_outcome == "its sender died: whether it arrived is not known"


def test_of_a_story_only_the_earliest_alert_is_claimed(store: SqlStore) -> None:
    promise(store, make_alert("second", revision=1), make_alert("first"))
    (first,) = claim(store)
    assert first.key == "first"
    assert claim(store) == []
    settle(store, first, AlertState.SENT)
    assert keys(claim(store)) == ["second"]


@pytest.mark.parametrize("state", [AlertState.HELD, AlertState.PENDING, AlertState.DOUBTFUL])
def test_an_alert_waits_while_an_earlier_one_of_its_story_is_put_off(
    store: SqlStore, state: AlertState
) -> None:
    first = make_alert("first", state=state, due_at=NOON + DAY)
    promise(store, first, make_alert("second", created_at=NOON, revision=1))
    assert claim(store) == []


def test_an_alert_does_not_wait_for_other_stories_channels_or_dead_letters(
    store: SqlStore,
) -> None:
    waiting = {"due_at": NOON + DAY, "created_at": NOON - DAY}
    promise(
        store,
        make_alert("k1"),
        make_alert("k2", story=StoryId("b2"), **waiting),
        make_alert("k3", channel=ChannelName("mail"), **waiting),
        make_alert("k4", state=AlertState.DEAD, **waiting),
    )
    assert keys(claim(store)) == ["k1"]


def test_an_alert_waits_while_a_later_one_of_its_story_is_on_its_way(store: SqlStore) -> None:
    promise(store, make_alert("first", state=AlertState.DEAD), make_alert("second", revision=1))
    assert keys(claim(store)) == ["second"]
    with store.transaction() as tx:
        tx.retry_alert(make_alert("first"), NOON)
    assert claim(store) == []
    assert keys(claim(store, now=NOON + LEASE)) == ["first"]


def test_notices_about_no_story_do_not_wait_for_each_other(store: SqlStore) -> None:
    promise(store, *(make_alert(key, story=None, item=None) for key in ("k1", "k2")))
    assert keys(claim(store)) == ["k1", "k2"]


# --- settling


def test_settling_writes_the_alert_and_the_attempt(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item())
        tx.write_plan(make_plan("a1", make_alert()), NOON)
    (claimed,) = claim(store)
    settled = settle(store, claimed, AlertState.SENT, settled_at=LATER, last_outcome="sent")
    assert stored(store) == settled
    with store.reading() as tx:
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.attempts == (make_attempt(claimed, "sent"),)


def test_an_alert_that_is_put_off_is_due_again_then(store: SqlStore) -> None:
    promise(store, make_alert())
    (claimed,) = claim(store)
    settle(store, claimed, AlertState.PENDING, due_at=LATER, last_outcome="503")
    assert claim(store) == []
    (again,) = claim(store, now=LATER)
    assert (again.attempts, again.last_outcome) == (2, "503")


def test_a_throttled_attempt_has_the_same_number_as_the_next(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item())
        tx.write_plan(make_plan("a1", make_alert()), NOON)
    (claimed,) = claim(store)
    settle(store, claimed, AlertState.PENDING, attempts=0)
    (again,) = claim(store)
    settle(store, again, AlertState.SENT)
    with store.reading() as tx:
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert [(one.number, one.outcome) for one in trail.attempts] == [(1, "pending"), (1, "sent")]


def test_a_sender_that_comes_too_late_does_not_undo_what_another_wrote(store: SqlStore) -> None:
    promise(store, make_alert())
    (slow,) = claim(store)
    (quick,) = claim(store, now=NOON + LEASE)
    settle(store, slow, AlertState.PENDING)
    assert stored(store) == quick
    sent = settle(store, quick, AlertState.SENT)
    settle(store, slow, AlertState.DEAD)
    assert stored(store) == sent


def test_that_an_alert_was_sent_is_believed_of_a_late_sender_too(store: SqlStore) -> None:
    promise(store, make_alert())
    (slow,) = claim(store)
    (quick,) = claim(store, now=NOON + LEASE)
    sent = settle(store, slow, AlertState.SENT)
    settle(store, quick, AlertState.PENDING)
    assert stored(store) == sent


# --- by hand


def test_an_alert_is_found_by_its_key_or_an_unambiguous_beginning(store: SqlStore) -> None:
    promise(store, *(make_alert(key) for key in ("abc", "abcd", "ax", "a%b")))
    with store.reading() as tx:
        found = {key: tx.alert(key) for key in ("abc", "abcd", "ax", "a%", "ab", "a", "", "A", "%")}
    assert {key: alert and alert.key for key, alert in found.items()} == {
        "abc": "abc",
        "abcd": "abcd",
        "ax": "ax",
        "a%": "a%b",
        "ab": None,
        "a": None,
        "": None,
        "A": None,
        "%": None,
    }


@pytest.mark.parametrize("state", [AlertState.DEAD, AlertState.DOUBTFUL, AlertState.SUPPRESSED])
def test_an_alert_can_be_retried_under_the_same_key(store: SqlStore, state: AlertState) -> None:
    promise(store, make_alert(state=state, attempts=9, settled_at=NOON, due_at=NOON))
    with store.transaction() as tx:
        tx.retry_alert(stored(store), LATER)
    assert stored(store) == make_alert(state=AlertState.PENDING, attempts=9, due_at=LATER)


def test_a_person_who_retries_what_waited_for_one_settles_the_doubt(store: SqlStore) -> None:
    doubtful = {"state": AlertState.DOUBTFUL, "doubtful": True, "due_at": NOON}
    promise(store, make_alert("waits for a person", settled_at=NOON, **doubtful))
    promise(store, make_alert("is tried again anyway", **doubtful))
    with store.transaction() as tx:
        for alert in tx.alerts((), 9):
            tx.retry_alert(alert, LATER)
        told = {alert.key: alert.doubtful for alert in tx.alerts((), 9)}
    assert told == {"waits for a person": False, "is tried again anyway": True}


@pytest.mark.parametrize("state", [AlertState.SENT, AlertState.SENDING])
def test_an_alert_that_was_sent_or_is_on_its_way_is_not_retried(
    store: SqlStore, state: AlertState
) -> None:
    promise(store, make_alert(state=state))
    with store.transaction() as tx:
        tx.retry_alert(make_alert(), LATER)
    assert stored(store) == make_alert(state=state)


def test_a_rule_id_is_told_as_one(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        tx.keep_hits([make_hit()], NOON)
        assert tx.rules_hit(ItemId("a1")) == frozenset({RuleId("flood")})
