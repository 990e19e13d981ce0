"""The whole way of an item, told in sentences."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.world import World, rule_set
from watcher.cadence import AT_ONCE, Pace
from watcher.model import (
    AlertKind,
    AlertState,
    Doubtful,
    Hit,
    Item,
    Refused,
    Sent,
    TryLater,
    Updates,
)
from watcher.ports import Store
from watcher.stories import Windows

EMPTY = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
A, B, C = "http://a.example/", "http://b.example/", "http://c.example/"
TEXT = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday."
)
HOUR = timedelta(hours=1)
MORE = "Engineers want to look at the pillars, said Jane Doe, before any lorry may cross again."


def test_an_item_that_matches_is_one_alert_and_one_that_does_not_is_none(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A])
    world.publish(A, "Flood closes the north bridge")
    world.publish(A, "Quiet day at the town hall")
    world.poll_and_deliver()
    assert world.phone.headlines == ["Flood closes the north bridge"]


def test_near_copies_from_two_feeds_are_one_alert(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.publish(B, "Flood closes north bridge", TEXT)
    world.poll_and_deliver()
    assert world.phone.headlines == ["Flood closes the north bridge"]
    with store.reading() as tx:
        assert tx.counts().copies == 1


def test_copies_that_come_while_the_alert_waits_are_told_in_it(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B], group_wait=timedelta(minutes=30))
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll()
    world.pass_time(minutes=20)
    world.publish(B, "Flood closes north bridge", TEXT)
    world.poll()
    assert world.deliver() == ()
    world.pass_time(minutes=11)
    world.deliver()
    (alert,) = world.phone.sent
    assert [copy.feed for copy in alert.message.copies] == ["b.example"]


def test_a_copy_that_brings_a_new_rule_hit_alerts_again_as_an_update(store: Store) -> None:
    world = World(store, {"flood": "flood", "lorry": "lorry"}, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.publish(B, "Flood closes the north bridge", f"{TEXT} {MORE}")
    world.poll_and_deliver()
    assert [(alert.kind, sorted(alert.rule_ids)) for alert in world.phone.sent] == [
        (AlertKind.STORY, ["flood"]),
        (AlertKind.UPDATE, ["lorry"]),
    ]


def test_a_rule_that_ignores_updates_is_silent_about_them(store: Store) -> None:
    rules = rule_set({"flood": "flood", "lorry": "lorry"}, updates=Updates.IGNORE)
    world = World(store, rules, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.publish(B, "Flood closes the north bridge", f"{TEXT} {MORE}")
    world.poll_and_deliver()
    assert len(world.phone.sent) == 1


@pytest.mark.parametrize(
    ("outcome", "minutes"),
    [(TryLater(reason="503"), 2), (TryLater(reason="429", throttled=True, retry_after=HOUR), 70)],
)
@pytest.mark.parametrize("restart", [False, True])
def test_a_clock_set_back_by_days_keeps_no_alert_waiting_for_days(
    store: Store, outcome: TryLater, minutes: int, restart: bool
) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], script=[outcome])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.pass_time(days=-3)
    if restart:
        world.start()
    world.poll_and_deliver()
    assert world.phone.sent == []
    world.pass_time(minutes=minutes)
    world.poll_and_deliver()
    assert len(world.phone.sent) == 1


def test_nor_does_it_keep_one_that_was_held_for_its_copies(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], group_wait=timedelta(minutes=30))
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll()
    world.pass_time(days=-3)
    world.poll_and_deliver()
    assert world.phone.sent == []
    world.pass_time(minutes=31)
    world.poll_and_deliver()
    assert len(world.phone.sent) == 1


WITNESS = "A driver, Tomas Lindqvist, aged 47, told the council what he had seen."


def test_a_copy_that_adds_a_name_is_an_update_once_where_the_rule_asks_for_that(
    store: Store,
) -> None:
    rules = rule_set({"flood": "flood"}, facts=True)
    world = World(store, rules, feeds=[A, B, C])
    world.publish(A, "Flood closes the north bridge", f"{TEXT} {MORE}")
    world.poll_and_deliver()
    world.publish(B, "Flood closes the north bridge", f"{TEXT} {WITNESS} {MORE}")
    world.poll_and_deliver()
    world.publish(C, "Flood closes the north bridge", f"{TEXT} {WITNESS} {MORE}")
    world.poll_and_deliver()
    first, update = world.phone.sent
    assert (first.kind, update.kind) == (AlertKind.STORY, AlertKind.UPDATE)
    assert update.because.endswith("but without “Tomas”, “Lindqvist”, “47”")
    assert (
        update.message.evidence[0] == "b.example: it adds “Tomas”, “Lindqvist”, “47” to the story"
    )


def test_else_a_copy_is_silent_whatever_names_it_adds(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge", f"{TEXT} {MORE}")
    world.poll_and_deliver()
    world.publish(B, "Flood closes the north bridge", f"{TEXT} {WITNESS} {MORE}")
    world.poll_and_deliver()
    assert len(world.phone.sent) == 1


def test_the_first_visit_is_a_baseline(store: Store) -> None:
    world = World(store, {"flood": "flood"})
    world.publish(A, "Flood closes the north bridge")
    world.poll_and_deliver()
    assert world.phone.sent == []
    world.publish(A, "Flood recedes from the old town")
    world.poll_and_deliver()
    assert world.phone.headlines == ["Flood recedes from the old town"]


def test_backfill_lets_the_newest_items_of_the_first_visit_alert(store: Store) -> None:
    world = World(store, {"flood": "flood"}, backfill=1)
    world.publish(A, "Flood closes the north bridge")
    world.publish(A, "Flood takes the village of Southam by surprise")
    world.poll_and_deliver()
    assert world.phone.headlines == ["Flood takes the village of Southam by surprise"]


def test_a_copy_of_a_baseline_item_alerts_since_nobody_was_told_of_its_story(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[B])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.publish(B, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    (alert,) = world.phone.sent
    assert alert.message.lead is not None
    assert alert.message.lead.feed == "a.example"


def test_an_edit_of_a_baseline_item_stays_silent(store: Store) -> None:
    world = World(store, {"flood": "flood"})
    world.publish(A, "Flood closes north bridge", TEXT, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, "Flood closes the north bridge for days", TEXT, guid="1", link=f"{A}1")
    (visit,) = world.poll()
    world.deliver()
    assert (visit.edited, visit.hits) == (1, 1)
    assert world.phone.sent == []


def test_an_edit_that_brings_a_new_rule_hit_alerts(store: Store) -> None:
    world = World(store, {"flood": "flood", "lorry": "lorry"}, feeds=[A])
    world.publish(A, "Flood closes north bridge", TEXT, guid="1", link=f"{A}1")
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, "Flood closes north bridge", f"{TEXT} {MORE}", guid="1", link=f"{A}1")
    world.poll_and_deliver()
    assert [sorted(alert.rule_ids) for alert in world.phone.sent] == [["flood"], ["lorry"]]


def test_nothing_is_read_twice_when_the_server_says_not_modified(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A])
    world.publish(A, "Flood closes the north bridge")
    world.poll_and_deliver()
    (visit,) = world.poll()
    assert visit.outcome == "not modified"
    assert len(world.phone.sent) == 1


def test_a_feed_that_is_not_due_is_not_visited(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A])
    world.poll()
    assert world.poll() == ()


def test_a_feed_that_cannot_be_read_keeps_its_state_and_is_told_once(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], operator=True)
    world.publish(A, "Flood closes the north bridge")
    world.poll_and_deliver()
    for _ in range(6):
        world.internet.put(A, b"<html><body>Please log in</body></html>")
        world.poll()
        world.deliver()
        world.pass_time(days=1, hours=3)
    told = [alert.message.headline for alert in world.phone.sent]
    assert told == ["Flood closes the north bridge", "Feed a.example is failing"]
    world.internet.pages[A].body = None
    world.publish(A, "Flood closes the north bridge")
    world.publish(A, "Flood recedes from the old town")
    world.poll_and_deliver()
    told = [alert.message.headline for alert in world.phone.sent][2:]
    assert sorted(told) == ["Feed a.example has recovered", "Flood recedes from the old town"]


def test_a_feed_that_rolled_over_is_told_as_a_gap(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], operator=True)
    world.publish(A, "Quiet day at the town hall")
    world.poll_and_deliver()
    world.internet.pages[A].items.clear()
    world.publish(A, "Market opens late", link=f"{A}market")
    world.publish(A, "Choir sings", link=f"{A}choir")
    world.poll_and_deliver()
    assert world.phone.headlines == ["Feed a.example may have items that we missed"]


def test_a_bug_in_one_feed_flies_after_the_others_were_taken_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge")
    world.publish(B, "Flood takes the village of Southam by surprise")
    match = world.pipeline.watch.rules.match

    class Broken:
        def match(self, item: Item, now: datetime) -> tuple[Hit, ...]:
            if item.feed == "a.example":
                raise KeyError("a bug")
            return match(item, now)

    good = world.pipeline.watch
    world.pipeline.watch = world._watch()
    object.__setattr__(world.pipeline.watch, "rules", Broken())
    with pytest.raises(ExceptionGroup) as caught:
        world.poll()
    assert "a.example" in caught.value.exceptions[0].__notes__[0]
    world.pipeline.watch = good
    world.pass_time()
    world.poll_and_deliver()
    assert sorted(world.phone.headlines) == [
        "Flood closes the north bridge",
        "Flood takes the village of Southam by surprise",
    ]


def test_an_alert_that_is_put_off_is_tried_again_under_the_same_key(store: Store) -> None:
    busy = TryLater(reason="500 Internal Server Error")
    world = World(store, {"flood": "flood"}, feeds=[A], script=[busy, busy])
    world.publish(A, "Flood closes the north bridge")
    world.poll()
    for _ in range(3):
        world.deliver()
        world.pass_time()
    assert len({alert.key for alert in world.phone.tried}) == 1
    assert [alert.attempts for alert in world.phone.tried] == [1, 2, 3]
    assert len(world.phone.sent) == 1


def test_a_throttled_channel_waits_as_long_as_it_was_asked_to(store: Store) -> None:
    slow = TryLater(reason="429", retry_after=timedelta(minutes=10), throttled=True)
    world = World(store, {"flood": "flood"}, feeds=[A], script=[slow])
    world.publish(A, "Flood closes the north bridge")
    world.publish(A, "Flood takes the village of Southam by surprise")
    world.poll()
    assert len(world.deliver()) == 1
    world.pass_time(minutes=9)
    assert world.deliver() == ()
    world.pass_time(minutes=2)
    assert [type(d.outcome) for d in world.deliver()] == [Sent, Sent]
    assert all(alert.attempts == 1 for alert in world.phone.sent)


def test_a_refused_alert_is_a_dead_letter_with_its_reason(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], script=[Refused(reason="400 no_text")])
    world.publish(A, "Flood closes the north bridge")
    world.poll_and_deliver()
    with store.reading() as tx:
        (dead,) = tx.alerts([AlertState.DEAD], 10)
    assert dead.last_outcome == "refused: 400 no_text"
    with store.transaction() as tx:
        tx.retry_alert(dead, world.clock.now())
    world.deliver()
    assert [alert.key for alert in world.phone.sent] == [dead.key]


def test_a_doubtful_alert_is_sent_again_under_the_same_key(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A], script=[Doubtful(reason="answer lost")])
    world.publish(A, "Flood closes the north bridge")
    world.poll_and_deliver()
    with store.reading() as tx:
        assert len(tx.alerts([AlertState.DOUBTFUL], 10)) == 1
    world.deliver()
    assert len(world.phone.sent) == 1
    assert len({alert.key for alert in world.phone.tried}) == 1


def test_why_tells_the_whole_trail(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.publish(B, "Flood closes north bridge", TEXT, link=f"{B}copy")
    world.poll_and_deliver()
    with store.reading() as tx:
        (item,) = tx.find_items(f"{B}copy", 5)
        trail = tx.trail(item.id)
    assert trail is not None
    assert trail.placement is not None
    assert trail.placement.verdict == "copy"
    assert trail.placement.because
    assert [hit.rule.id for hit in trail.hits] == ["flood"]
    assert [(plan.decision, plan.route) for plan in trail.plans] == [("folded", "phone")]
    assert "alerted before" in trail.plans[0].because


def test_a_copy_beyond_the_window_of_the_configuration_is_a_story_of_its_own(store: Store) -> None:
    world = World(store, {"flood": "flood"}, feeds=[A, B])
    windows = Windows(across=timedelta(days=2), within=timedelta(days=1))
    world.pipeline.watch = replace(world.pipeline.watch, windows=windows)
    world.publish(A, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    world.pass_time(days=3)
    world.publish(B, "Flood closes the north bridge", TEXT)
    world.poll_and_deliver()
    assert len(world.phone.headlines) == 2


def many(world: World, number: int) -> None:
    """Add so many feeds at once."""
    for name in range(number):
        address = f"http://f{name}.example/"
        world.internet.put(address, EMPTY)
        world._feed(address)
    world.configure()


def test_38_feeds_added_at_once_are_spread_over_the_interval(store: Store) -> None:
    world = World(store, {"flood": "flood"})
    many(world, 1_500)
    pace = Pace(default=timedelta(minutes=2), least=timedelta(minutes=1))
    world.pipeline.watch = replace(world.pipeline.watch, pace=pace)
    began = world.clock.now()
    assert len(world.poll()) == AT_ONCE
    with store.reading() as tx:
        waits = sorted(due.memory.due_at - began for due in tx.feeds() if not due.memory.visits)
    assert waits[0] >= timedelta(0), "never earlier than they were due"
    assert waits[-1] <= timedelta(minutes=2)
    thirds = [sum(third == wait // timedelta(seconds=40) for wait in waits) for third in range(3)]
    assert min(thirds) > 400


def test_37_a_long_rest_ends_without_a_burst(store: Store) -> None:
    world = World(store, {"flood": "flood"})
    many(world, 180)
    world.pipeline.poll(spread=False)
    world.pass_time(days=3)
    world.start()
    assert len(world.poll()) == AT_ONCE
    assert world.poll() == ()
    seen = AT_ONCE
    for _ in range(40):
        world.pass_time(seconds=1)
        batch = world.poll()
        assert len(batch) <= 30
        seen += len(batch)
    assert seen == 180, "each once"


def test_who_waits_for_all_feeds_gets_all_feeds(store: Store) -> None:
    world = World(store, {"flood": "flood"})
    many(world, 120)
    visits = world.pipeline.poll(spread=False)
    assert len({visit.feed for visit in visits}) == 120
