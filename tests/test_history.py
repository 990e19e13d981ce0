"""What rules would have found and sent, had they been in service."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import MORNING
from tests.world import PHONE, World, rule_set
from watcher.history import Rehearsal, difference, edited, past_items
from watcher.history import rehearsal as rehearsing
from watcher.model import (
    AlertState,
    ChannelName,
    FeedId,
    Item,
    ItemId,
    PastItem,
    Placement,
    Route,
    RouteName,
    RuleId,
    Severity,
    StoryId,
    Updates,
    Verdict,
)
from watcher.ports import Store
from watcher.rules import RuleSet
from watcher.rules.health import FLOOD_A_DAY, NOISY_ITEMS
from watcher.store import open_store

A, B = "http://a.example/", "http://b.example/"
SINCE = timedelta(days=3650)
TEXT = (
    "The river rose two metres overnight and the council of Northam closed the bridge to all "
    "traffic at six in the morning; engineer Jane Doe expects it to stay shut until Friday."
)


def played(world: World, rules: RuleSet) -> Rehearsal:
    """Play what a world has lived through, with these rules."""
    rehearsal = Rehearsal(rules, {PHONE: world.route})
    for past in past_items(world.store, world.clock.now() - SINCE):
        rehearsal.take(past)
    return rehearsal


def made(number: int, title: str, story: str = "", **more: object) -> PastItem:
    """Make a past item, an hour after the one before."""
    item = Item(
        id=ItemId(f"i{number}"),
        feed=FeedId("gazette"),
        title=title,
        seen_at=MORNING + timedelta(hours=number),
    )
    opened = StoryId(story or item.id)
    placement = Placement(item=item.id, story=opened, verdict=Verdict.NEW, because=())
    past = PastItem(number=number, item=item, placement=placement, has_text=True, backlog=False)
    return replace(past, **more)  # type: ignore[arg-type]


def rehearsed(rules: Mapping[str, str] | RuleSet, *items: PastItem, **wait: int) -> Rehearsal:
    route = Route(name=PHONE, channel=ChannelName("phone"), group_wait=timedelta(**wait))
    taken = rules if isinstance(rules, RuleSet) else rule_set(rules)
    rehearsal = Rehearsal(taken, {PHONE: route})
    for item in items:
        rehearsal.take(item)
    return rehearsal


# --- one set of rules -----------------------------------------------------------------------------


def test_the_past_with_the_rules_of_then_is_what_was_sent(store: Store) -> None:
    world = World(store, {"flood": "flood", "bridge": "bridge"}, feeds=[A, B])
    for feed, title in ((A, "Flood closes the north road"), (B, "Flood closes north road now")):
        world.publish(feed, title, TEXT)
        world.poll_and_deliver()
        world.pass_time()
    world.publish(A, "A quiet day at the town hall")
    world.poll_and_deliver()
    was = world.phone.sent
    would_be = played(world, world.rules).alerts
    assert [alert.key for (alert,) in would_be.values()] == [alert.key for alert in was]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([A, B]),
            st.sampled_from(["flood", "bridge", "flood bridge", "town"]),
            st.integers(0, 3),
            st.integers(1, 40),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([timedelta(0), timedelta(minutes=30, seconds=1)]),  # never due just at a visit
    st.sampled_from(list(Updates)),
)
def test_the_past_replayed_is_what_was(
    events: list[tuple[str, str, int, int]], wait: timedelta, updates: Updates
) -> None:
    rules = rule_set({"flood": "flood", "bridge": "bridge"}, updates=updates)
    world = World(open_store("sqlite://"), rules, feeds=[A, B], group_wait=wait)
    for feed, words, story, minutes in events:
        world.publish(feed, f"Story {story} tells of a {words}", f"{TEXT} {story * 'again '}")
        world.poll()
        world.pass_time(minutes=minutes)
        world.deliver()
    world.pass_time(minutes=60)
    world.deliver()
    replayed = played(world, rules).alerts
    told = {alert.key: alert.rule_ids for alert in world.phone.sent}
    assert {alert.key: alert.rule_ids for sent in replayed.values() for alert in sent} == told


def test_hits_are_counted_by_day_feed_and_rule() -> None:
    other = made(30, "flood and fire")
    other = replace(other, item=replace(other.item, feed=FeedId("herald")))
    told = rehearsed({"flood": "flood", "fire": "fire"}, made(1, "flood"), made(2, "x"), other)
    assert (told.hits, told.looked.items, told.stories) == (2, 3, 2)
    assert list(told.by_day.values()) == [1, 1]
    assert told.by_feed == {"gazette": 1, "herald": 1}
    assert told.by_rule == {"flood": 2, "fire": 1}


def test_copies_are_no_alerts_of_their_own() -> None:
    told = rehearsed({"flood": "flood"}, made(1, "flood", "s"), made(2, "flood", "s"))
    assert told.hits == 2
    ((place, (alert,)),) = told.alerts.items()
    assert place == ("s", PHONE)
    assert alert.state is AlertState.SENT


def test_a_copy_that_brings_another_rule_is_an_update() -> None:
    items = made(1, "flood", "s"), made(2, "fire", "s")
    told = rehearsed({"flood": "flood", "fire": "fire"}, *items)
    ((first, update),) = told.alerts.values()
    assert [set(alert.rule_ids) for alert in (first, update)] == [{"flood"}, {"fire"}]
    assert [told.news(RuleId(rule)) for rule in ("flood", "fire", "ice")] == [1, 1, 0]


@pytest.mark.parametrize(("facts", "alerts"), [(True, 2), (False, 1)])
def test_so_is_one_that_adds_a_name_where_the_rule_asks_for_that(facts: bool, alerts: int) -> None:
    more = "A driver, Tomas Lindqvist, told the council what he had seen."
    first, second = (made(number, "The flood and the bridge", "s") for number in (1, 2))
    first = replace(first, item=replace(first.item, content=TEXT))
    second = replace(second, item=replace(second.item, content=f"{TEXT} {more}"))
    told = rehearsed(rule_set({"flood": "flood"}, facts=facts), first, second)
    assert told.news(RuleId("flood")) == alerts


def test_a_copy_that_comes_while_the_route_waits_joins_the_alert() -> None:
    items = made(1, "flood", "s"), made(2, "fire", "s")
    told = rehearsed({"flood": "flood", "fire": "fire"}, *items, hours=2)
    ((alert,),) = told.alerts.values()
    assert alert.rule_ids == {"flood", "fire"}


def test_an_item_whose_text_was_forgotten_is_counted_apart() -> None:
    told = rehearsed({"any": "x"}, made(1, "", has_text=False), made(2, "x"))
    assert (told.looked.items, told.looked.forgotten, told.hits) == (1, 1, 1)


def test_an_item_that_has_no_place_yet_is_a_hit_without_an_alert() -> None:
    told = rehearsed({"flood": "flood"}, made(1, "flood", placement=None))
    assert (told.hits, told.alerts) == (1, {})


def test_old_news_count_but_not_for_the_rate() -> None:
    items = made(1, "flood", backlog=True), made(2, "flood")
    told = rehearsed({"flood": "flood"}, *items)
    assert (told.hits, len(told.alerts), told.looked.backlog) == (2, 2, 1)
    assert told.news(RuleId("flood")) == 1


def test_a_rule_without_a_route_tells_the_routes_that_are_for_such_rules() -> None:
    rules = rule_set({"flood": "flood"}, notify=())
    for notify, expected in ((), {"nobody"}), ((PHONE, RouteName("desk")), {"phone", "desk"}):
        rehearsal = Rehearsal(rules, {}, notify)
        rehearsal.take(made(1, "flood"))
        assert {route for _, route in rehearsal.alerts} == expected


def test_what_is_kept_of_an_alert_is_small() -> None:
    told = rehearsed({"flood": "flood"}, made(1, "flood " * 1000))
    ((alert,),) = told.alerts.values()
    assert (alert.message.lead, alert.message.rules[0].quotes) == (None, ())


def test_the_past_is_read_a_page_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsing, "PAGE", 2)
    world = World(store, {"flood": "flood"}, feeds=[A])
    for number in range(5):
        world.publish(A, f"Flood {number} in another place {number * 'x'}")
    world.poll()
    titles = [past.item.title for past in past_items(store, world.clock.now() - SINCE)]
    assert sorted(title[:7] for title in titles) == [f"Flood {n}" for n in range(5)]


# --- how much is too much -------------------------------------------------------------------------


def test_a_rule_that_matches_nearly_everything_is_warned_of() -> None:
    items = [made(n, "flood" if n % 2 else "x") for n in range(NOISY_ITEMS)]
    assert "50%" in rehearsed({"flood": "flood"}, *items).flooding(RuleId("flood"))
    assert rehearsed({"flood": "flood"}, *items[2:]).flooding(RuleId("flood")) == ""
    assert rehearsed({"flood": "flood"}, *items, made(51, "x")).flooding(RuleId("flood")) == ""


def test_a_rule_that_would_alert_more_than_once_an_hour_is_warned_of() -> None:
    at = made(0, "").item.seen_at
    items = [made(n, "flood" if n <= FLOOD_A_DAY else "x") for n in range(90)]
    items = [replace(one, item=replace(one.item, seen_at=at)) for one in items]
    told = rehearsed({"flood": "flood"}, *items)
    assert told.flooding(RuleId("flood")).startswith("25 alerts a day")
    assert rehearsed({"flood": "flood"}, *items[1:]).flooding(RuleId("flood")) == ""
    old = [replace(one, backlog=True) for one in items]
    assert rehearsed({"flood": "flood"}, *old).flooding(RuleId("flood")) == ""


# --- two sets of rules ----------------------------------------------------------------------------


def test_alerts_are_gained_lost_changed_and_the_same() -> None:
    items = [made(1, "flood"), made(2, "fire"), made(3, "ice"), made(4, "flood ice")]
    old = rehearsed({"flood": "flood", "ice": "ice NOT flood"}, *items)
    new = rehearsed({"flood": "flood", "fire": "fire", "storm": "flood"}, *items)
    told = difference(old, new)
    assert [(one.headline, set(one.rules)) for one in told.gained] == [("fire", {"fire"})]
    assert [(one.headline, set(one.rules)) for one in told.lost] == [("ice", {"ice"})]
    assert [set(after.rules - before.rules) for before, after in told.changed] == 2 * [{"storm"}]
    assert told.same == 0
    assert difference(old, old).same == 3


def test_an_update_that_is_gained_is_a_change_of_the_story() -> None:
    items = made(1, "flood", "s"), made(2, "flood fire", "s")
    silent = rule_set({"flood": "flood", "fire": "fire"}, updates=Updates.IGNORE)
    told = difference(
        rehearsed(silent, *items), rehearsed({"flood": "flood", "fire": "fire"}, *items)
    )
    ((before, after),) = told.changed
    assert (before.alerts, after.alerts) == (1, 2)


def test_rules_are_the_same_whatever_their_samples() -> None:
    before = rule_set({"a": "flood", "b": "fire", "c": "ice"})
    after = rule_set({"a": "flood", "b": "fire OR smoke", "d": "ice"})
    told = edited(before, after)
    assert (told.added, told.removed, told.changed, told.same) == (("d",), ("c",), ("b",), 1)
    louder = rule_set({"a": "flood", "b": "fire", "c": "ice"}, severity=Severity.HIGH)
    assert edited(before, louder).changed == ("a", "b", "c")
