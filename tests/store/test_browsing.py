"""Lists page by page, on both engines."""

from dataclasses import replace
from datetime import timedelta

from tests.store.nouns import DAY, MINUTE, NOON, lead, make_alert, make_hit, make_item
from watcher.model import AlertState, Bookmark, RuleId, StoryId
from watcher.store import SqlStore


def promised(store: SqlStore, *ages: int) -> None:
    with store.transaction() as tx:
        for number, age in enumerate(ages):
            at = NOON - age * MINUTE
            tx.promise(replace(make_alert(f"k{number}"), created_at=at))


def test_pages_of_alerts_hold_each_once_also_of_one_moment(store: SqlStore) -> None:
    promised(store, 0, 1, 1, 1, 2)
    found, before = [], None
    with store.reading() as tx:
        while page := tx.alerts_page(limit=2, before=before):
            found += [alert.key for alert in page]
            before = Bookmark(at=page[-1].created_at, id=page[-1].key)
    assert found == ["k0", "k3", "k2", "k1", "k4"]


def test_alerts_in_a_state(store: SqlStore) -> None:
    promised(store, 0, 1)
    with store.reading() as tx:
        assert len(tx.alerts_page((AlertState.PENDING,), limit=9)) == 2
        assert tx.alerts_page((AlertState.DEAD,), limit=9) == ()
        assert tx.alerts_page(limit=9, rule=RuleId("flood")) == ()


def test_pages_of_stories(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number in range(3):
            lead(tx, make_item(f"s{number}", seen_at=NOON - number * DAY))
    with store.reading() as tx:
        (first,) = tx.stories_page(limit=1)
        rest = tx.stories_page(limit=9, before=Bookmark(at=first.last_seen_at, id=first.id))
        assert [story.id for story in (first, *rest)] == ["s0", "s1", "s2"]
        assert tx.find_story(StoryId("s1")) == rest[0]
        assert tx.find_story(StoryId("nothing")) is None


def test_the_items_that_were_kept_last(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("old", seen_at=NOON), make_item("new", seen_at=NOON)])
    with store.reading() as tx:
        assert [past.item.id for past in tx.latest_items(5)] == ["new", "old"]
        assert len(tx.latest_items(1)) == 1


def test_hits_by_the_hour(store: SqlStore) -> None:
    hour = timedelta(hours=1)
    noon = NOON.replace(microsecond=0)
    with store.transaction() as tx:
        tx.keep([make_item("a"), make_item("b")])
        tx.keep_hits([make_hit("a", "flood"), make_hit("a", "fire")], NOON - 2 * hour)
        tx.keep_hits([make_hit("b", "flood")], NOON)
    with store.reading() as tx:
        assert tx.hits_per_hour(NOON - DAY) == {noon - 2 * hour: 2, noon: 1}
        assert tx.hits_per_hour(NOON - hour) == {noon: 1}
