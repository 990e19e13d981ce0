"""Stories corrected by hand, and that it holds. On both engines."""

import pytest

from tests.store.nouns import DAY, MINUTE, NOON, copy, lead, make_alert, make_item
from watcher.model import ItemId, StoryId, Verdict
from watcher.store import SqlStore


def test_an_item_that_is_split_off_leads_a_story_of_its_own(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2", seen_at=NOON + MINUTE), "a1")
        tx.split(ItemId("b2"), "another firm, says Ann")
        placement = tx.placement(ItemId("b2"))
        (told,) = tx.leads([StoryId("b2")])
        assert tx.lead_of(StoryId("b2")).id == "b2"
        assert [story.items for story in tx.stories(NOON - DAY, 9)] == [1, 1]
    assert placement is not None
    assert (placement.story, placement.verdict, placement.of) == ("b2", Verdict.NEW, None)
    assert placement.because == ("another firm, says Ann",)
    assert (told.lead, told.by_hand) == (True, True)


def test_the_item_that_a_story_is_named_by_can_be_split_off_from_another_lead(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2", seen_at=NOON + MINUTE), "a1", leads=True)
        copy(tx, make_item("c3", seen_at=NOON + DAY), "a1")
        tx.promise(make_alert("k1"))
        tx.split(ItemId("a1"), "it only names it, says Ann")
        listed = {s.id: (s.lead, s.items, s.first_seen_at, s.last_seen_at)
                  for s in tx.stories(NOON - DAY, 9)}  # fmt: skip
        placements = [tx.placement(ItemId(name)) for name in ("a1", "b2", "c3")]
        assert [told.by_hand for told in tx.leads([StoryId("a1"), StoryId("b2")])] == [True, True]
        assert [alert.key for alert in tx.alerts_of(StoryId("a1"))] == ["k1"]
    assert listed == {
        "a1": ("a1", 1, NOON, NOON),
        "b2": ("b2", 2, NOON + MINUTE, NOON + DAY),
    }
    assert [p and (p.story, p.verdict, p.of) for p in placements] == [
        ("a1", Verdict.NEW, None),
        ("b2", Verdict.NEW, None),
        ("b2", Verdict.COPY, "a1"),
    ]


def test_stories_that_are_joined_are_led_by_the_lead_of_the_second(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1", leads=True)
        lead(tx, make_item("c3"))
        tx.join(StoryId("c3"), StoryId("a1"), "the same, says Ann")
        assert [told.item.id for told in tx.leads([StoryId("a1")])] == ["b2"]
        placement = tx.placement(ItemId("c3"))
    assert placement is not None
    assert (placement.story, placement.of) == ("a1", "b2")


def test_a_lead_and_an_item_without_a_story_cannot_be_split_off(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        tx.keep([make_item("b2")])
        with pytest.raises(ValueError, match="a1 leads its story; split off the others instead"):
            tx.split(ItemId("a1"), "")
        with pytest.raises(ValueError, match="item b2 is in no story"):
            tx.split(ItemId("b2"), "")


def test_stories_that_are_joined_are_one_with_all_items_and_alerts(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        lead(tx, make_item("b2", seen_at=NOON + DAY))
        copy(tx, make_item("c3", seen_at=NOON + 2 * DAY), "b2")
        tx.promise(make_alert("k2", story=StoryId("b2"), item=ItemId("b2")))
        tx.join(StoryId("b2"), StoryId("a1"), "the same, says Ann")
        (story,) = tx.stories(NOON - DAY, 9)
        placements = [tx.placement(ItemId(name)) for name in ("b2", "c3")]
        assert [alert.key for alert in tx.alerts_of(StoryId("a1"))] == ["k2"]
    assert (story.items, story.lead, story.last_seen_at) == (3, "a1", NOON + 2 * DAY)
    assert [p and (p.story, p.verdict, p.of) for p in placements] == [
        ("a1", Verdict.COPY, "a1"),
        ("a1", Verdict.COPY, "a1"),
    ]


def test_what_was_joined_can_be_split_off_again(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        lead(tx, make_item("b2"))
        tx.join(StoryId("b2"), StoryId("a1"), "the same")
        tx.split(ItemId("b2"), "not the same")
        assert tx.lead_of(StoryId("b2")).id == "b2"


def test_stories_that_are_not_there_or_are_one_cannot_be_joined(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        with pytest.raises(ValueError, match="there is no story b2"):
            tx.join(StoryId("a1"), StoryId("b2"), "")
        with pytest.raises(ValueError, match="a1 is one story already"):
            tx.join(StoryId("a1"), StoryId("a1"), "")
