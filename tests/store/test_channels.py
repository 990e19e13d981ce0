"""How channels do, and what waits for them. On both engines."""

from datetime import timedelta

from tests.store.nouns import (
    DAY,
    MINUTE,
    NOON,
    PHONE,
    make_alert,
    make_attempt,
    make_item,
    make_plan,
)
from watcher.model import (
    AlertKey,
    AlertState,
    ChannelHealth,
    ChannelName,
    RouteName,
    StoryId,
    Waiting,
)
from watcher.store import SqlStore

LEASE = timedelta(minutes=2)
ILL = ChannelHealth(
    name=PHONE,
    failures=6,
    failing_since=NOON - DAY,
    next_try_at=NOON,
    trouble="503 “no”",
    told=2,
    last_sent_at=NOON - 2 * DAY,
)


def test_a_channel_that_was_never_sent_to_is_well(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.health(PHONE) == tx.health_to_change(PHONE) == ChannelHealth(name=PHONE)
        assert tx.channels() == {}


def test_how_a_channel_does_comes_back_as_it_was_kept(store: SqlStore) -> None:
    for health in (ILL, ChannelHealth(name=PHONE, told=2), ILL):
        with store.transaction() as tx:
            tx.keep_health(health)
        with store.reading() as tx:
            assert tx.health(PHONE) == health
            assert tx.channels() == {PHONE: health}
    with store.transaction() as tx:
        assert tx.health_to_change(PHONE) == ILL


def test_what_waits_is_counted_by_channel_and_state(store: SqlStore) -> None:
    mail = ChannelName("mail")
    with store.transaction() as tx:
        tx.promise(make_alert("a", created_at=NOON - DAY))
        tx.promise(make_alert("b"))
        tx.promise(make_alert("c", state=AlertState.DEAD))
        tx.promise(make_alert("d", channel=mail))
        pending = AlertState.PENDING
        assert tx.waiting() == (
            Waiting(channel=mail, state=pending, number=1, oldest=NOON),
            Waiting(channel=PHONE, state=AlertState.DEAD, number=1, oldest=NOON),
            Waiting(channel=PHONE, state=pending, number=2, oldest=NOON - DAY),
        )


def test_what_is_due_in_a_channel_is_known_without_claiming_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.promise(make_alert("a", due_at=NOON + MINUTE))
        tx.promise(make_alert("b", state=AlertState.DOUBTFUL, settled_at=NOON, story=StoryId("b")))
        tx.promise(make_alert("c", bundle="digest 1", state=AlertState.HELD, story=StoryId("c")))
        assert not tx.anything_due(PHONE, NOON)
        assert tx.anything_due(PHONE, NOON + MINUTE)
        assert not tx.anything_due(ChannelName("mail"), NOON + MINUTE)
        tx.claim_alerts(PHONE, NOON + MINUTE, LEASE, 9)
        assert not tx.anything_due(PHONE, NOON + MINUTE)
        assert tx.anything_due(PHONE, NOON + MINUTE + LEASE)


def test_an_alert_whose_sender_died_can_be_kept_for_a_person(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.promise(make_alert("a"))
        tx.promise(make_alert("b", channel=ChannelName("mail"), story=StoryId("b")))
        for name in (PHONE, ChannelName("mail")):
            tx.claim_alerts(name, NOON, LEASE, 1)
        tx.hold_doubtful(PHONE, NOON + MINUTE)
        assert not [one for one in tx.alerts((), 9) if one.doubtful]
        tx.hold_doubtful(PHONE, NOON + LEASE)
        (held,) = (one for one in tx.alerts((), 9) if one.doubtful)
        assert (held.key, held.state) == ("a", AlertState.DOUBTFUL)
        assert (held.settled_at, held.lease_until) == (NOON + LEASE, None)
        assert tx.claim_alerts(PHONE, NOON + DAY, LEASE, 9) == ()
        tx.retry_alert(held, NOON + DAY)
        assert [one.key for one in tx.claim_alerts(PHONE, NOON + DAY, LEASE, 9)] == ["a"]


def test_alerts_are_listed_by_route_channel_and_time(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.promise(make_alert("a", created_at=NOON - DAY))
        tx.promise(make_alert("b", route=RouteName("legal")))
        tx.promise(make_alert("c", channel=ChannelName("mail")))

        def keys(**wanted: object) -> list[str]:
            return [one.key for one in tx.alerts((), 9, **wanted)]  # type: ignore[arg-type]

        assert keys() == ["b", "c", "a"]
        assert keys(route=RouteName("legal")) == ["b"]
        assert keys(channel=PHONE) == ["b", "a"]
        assert keys(since=NOON) == ["b", "c"]
        assert keys(channel=PHONE, since=NOON) == ["b"]


def test_what_became_of_an_alert_is_listed(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("a1"), make_item("b2")])
        tx.write_plan(make_plan("a1", make_alert("a")), NOON)
        tx.write_plan(make_plan("b2", make_alert("a"), "folded"), NOON)
        tx.promise(make_alert("digest", story=None))
        (claimed,) = (one for one in tx.claim_alerts(PHONE, NOON, LEASE, 9) if one.key == "a")
        tx.settle([(claimed, make_attempt(claimed, "try later"))])
        tx.settle([(claimed, make_attempt(claimed, "sent"))])
        tx.promise(make_alert("m1", digest=AlertKey("digest"), state=AlertState.DIGESTED))
        key = AlertKey("a")
        assert [one.outcome for one in tx.attempts(key)] == ["try later", "sent"]
        assert [(one.item, one.decision) for one in tx.plans_of(key)] == [
            ("a1", "promised"),
            ("b2", "folded"),
        ]
        assert [one.key for one in tx.members(AlertKey("digest"))] == ["m1"]


def test_all_that_is_held_is_listed(store: SqlStore) -> None:
    with store.transaction() as tx:
        for state in AlertState:
            tx.promise(make_alert(state.value, state=state))
        tx.promise(make_alert("b", state=AlertState.HELD, bundle="quiet 1"))
        assert [one.key for one in tx.held()] == ["b", "held"]
