"""Answers to people who ask what is there, and why. On both engines."""

from dataclasses import replace

from tests.store.nouns import (
    DAY,
    MINUTE,
    NOON,
    copy,
    lead,
    make_alert,
    make_attempt,
    make_feed,
    make_hit,
    make_item,
    make_plan,
)
from watcher.model import AlertKey, AlertState, Counts, ItemId, Story, StoryId, Trail
from watcher.store import SqlStore


def found(store: SqlStore, text: str, limit: int = 10) -> list[str]:
    with store.reading() as tx:
        return [item.id for item in tx.find_items(text, limit)]


def test_items_are_found_by_id_guid_link_and_normal_link(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("a1"), make_item("b2")])
    for text in (
        "a1",
        "guid-a1",
        "https://gazette.example/a1?from=feed",
        "gazette.example/a1",
    ):
        assert found(store, text) == ["a1"]
    for text in ("", "A1", "uid-a1", "Title of a1", "%"):
        assert found(store, text) == []


def test_items_are_found_by_the_beginning_of_their_id_newest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("ab1"), make_item("ab2", seen_at=NOON + MINUTE), make_item("ac")])
    assert found(store, "ab") == ["ab2", "ab1"]
    assert found(store, "a", limit=1) == ["ab2"]


def test_an_item_is_found_by_a_guid_it_had_before(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("a1")])
        tx.rekey(ItemId("a1"), make_item("b2"))
    assert found(store, "guid-a1") == found(store, "guid-b2") == ["a1"]


def test_the_trail_tells_all_that_was_decided_about_an_item(store: SqlStore) -> None:
    item, alert = make_item("b2", seen_at=NOON + MINUTE), make_alert(item=ItemId("b2"))
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, item, "a1")
        tx.keep_hits([make_hit("b2", "flood"), make_hit("b2", "bridge")], NOON)
        tx.write_plan(make_plan("b2", alert), NOON)
        tx.write_plan(make_plan("b2", None, "folded"), NOON)
        tx.touch([item.id], NOON + DAY)
        first = make_attempt(alert, "try later", number=1)
        second = make_attempt(alert, "sent", number=2)
        tx.settle([(alert, first)])
        tx.settle([(alert, second)])
        placement = tx.placement(item.id)
        trail = tx.trail(item.id)
    assert trail == Trail(
        item=item,
        versions=1,
        last_seen_at=NOON + DAY,
        placement=placement,
        lead=make_item("a1"),
        hits=(make_hit("b2", "bridge"), make_hit("b2", "flood")),
        plans=(make_plan("b2", alert), make_plan("b2", None, "folded")),
        attempts=(first, second),
    )


def test_the_trail_of_an_item_that_nothing_was_decided_about_is_short(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        assert tx.trail(ItemId("a1")) == Trail(
            item=make_item(),
            versions=1,
            last_seen_at=NOON,
            placement=None,
            lead=None,
            hits=(),
            plans=(),
            attempts=(),
        )
        assert tx.trail(ItemId("unknown")) is None


def test_alerts_are_listed_by_state_newest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n, state in enumerate((AlertState.SENT, AlertState.DEAD, AlertState.SENT)):
            tx.promise(make_alert(f"k{n}", state=state, created_at=NOON + n * MINUTE))
        listed = {
            "all": tx.alerts((), 10),
            "sent": tx.alerts([AlertState.SENT], 10),
            "two": tx.alerts([AlertState.SENT, AlertState.DEAD], 2),
            "held": tx.alerts([AlertState.HELD], 10),
        }
    assert {name: [alert.key for alert in alerts] for name, alerts in listed.items()} == {
        "all": ["k2", "k1", "k0"],
        "sent": ["k2", "k0"],
        "two": ["k2", "k1"],
        "held": [],
    }


def test_a_story_tells_its_lead_and_when_its_items_were_seen(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1", seen_at=NOON))
        copy(tx, make_item("b2", seen_at=NOON + DAY), "a1")
        copy(tx, make_item("c3", seen_at=NOON - DAY), "a1")
        assert tx.stories(NOON, 10) == (
            Story(
                id=StoryId("a1"),
                lead=ItemId("a1"),
                title="Title of a1",
                link=make_item().link,
                feed=make_item().feed,
                first_seen_at=NOON - DAY,
                last_seen_at=NOON + DAY,
                items=3,
            ),
        )


def test_stories_with_an_item_since_then_are_listed_newest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("old", seen_at=NOON - DAY))
        lead(tx, make_item("mid"))
        lead(tx, make_item("new", seen_at=NOON + MINUTE))
        assert [story.id for story in tx.stories(NOON, 10)] == ["new", "mid"]
        assert [story.id for story in tx.stories(NOON, 1)] == ["new"]
        copy(tx, make_item("copy", seen_at=NOON + DAY), "old")
        assert [story.id for story in tx.stories(NOON, 10)] == ["old", "new", "mid"]


def test_a_storys_items_are_listed_lead_first_and_then_oldest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("lead"))
        copy(tx, make_item("late", seen_at=NOON + MINUTE), "lead")
        copy(tx, make_item("early", seen_at=NOON - MINUTE), "lead")
        lead(tx, make_item("other"))
        listed = tx.story_items(StoryId("lead"))
        assert [item.id for item, _ in listed] == ["lead", "early", "late"]
        assert all(placement == tx.placement(item.id) for item, placement in listed)
        assert tx.story_items(StoryId("unknown")) == ()


def test_everything_is_counted(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.configure_feeds([make_feed("a"), make_feed("b")], NOON)
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1")
        tx.keep([make_item("c3")])
        tx.keep_hits([make_hit("a1"), make_hit("b2")], NOON)
        tx.promise(make_alert("k1"))
        tx.promise(make_alert("k2"))
        tx.promise(replace(make_alert(), key=AlertKey("k3"), state=AlertState.SENT))
        assert tx.counts() == Counts(
            feeds=2,
            items=3,
            stories=1,
            copies=1,
            hits=2,
            alerts=dict.fromkeys(AlertState, 0) | {AlertState.PENDING: 2, AlertState.SENT: 1},
        )
