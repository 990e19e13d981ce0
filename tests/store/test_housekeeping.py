"""Forgetting: texts go first, identity later, and nothing that is still needed. On both engines."""

import pytest
from sqlalchemy import func, select

from tests.store.engines import engine_of
from tests.store.nouns import (
    DAY,
    LONG_AGO,
    NOON,
    copy,
    every_item,
    lead,
    make_alert,
    make_attempt,
    make_hit,
    make_item,
    make_plan,
    sketched,
)
from watcher.model import AlertState, FeedId, ItemId, Link, Source, StoryId
from watcher.store import SqlStore
from watcher.store.tables import metadata

OLD = NOON - 100 * DAY


def forget(store: SqlStore, *, texts: int = 90, everything: int = 365) -> int:
    with store.transaction() as tx:
        return tx.forget(texts_before=NOON - texts * DAY, everything_before=NOON - everything * DAY)


def test_the_texts_of_items_long_not_shown_go_and_their_identity_stays(store: SqlStore) -> None:
    item = make_item(
        content="text",
        authors=("Ada",),
        tags=("t",),
        seen_at=OLD,
        sources=(Source(url="https://first.example/", how="atom:source"),),
        links=(Link(url="https://x.example/", field="content", start=0, end=1),),
    )
    with store.transaction() as tx:
        lead(tx, item, ["flood"])
        tx.keep([make_item("new")])
    assert forget(store) == 1
    with store.reading() as tx:
        (kept, new) = every_item(tx)
        assert new == make_item("new")
        assert kept == make_item(title="", summary="", seen_at=OLD, sources=item.sources)
        assert tx.remembered(FeedId("gazette"), [make_item("x", title=item.title)])[0].id == "a1"
        assert tx.told_like(sketched(["flood"]), LONG_AGO, 5) == ()
        assert [one.item.id for one in tx.told_by_link([item.normal_link], LONG_AGO)] == ["a1"]


def test_whether_a_text_is_older_is_told_before_it_is_forgotten_and_not_after(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(content="text", seen_at=OLD)])
    with store.reading() as tx:
        assert tx.is_text_older(OLD + DAY)
        assert not tx.is_text_older(OLD)
    forget(store)
    with store.reading() as tx:
        assert not tx.is_text_older(OLD + DAY)


def test_an_item_whose_text_is_forgotten_does_not_come_back_as_edited(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(seen_at=OLD)])
    forget(store)
    with store.reading() as tx:
        (told,) = tx.remembered(FeedId("gazette"), [make_item()])
    assert told.text_hash == make_item().text_hash


def test_forgetting_texts_again_forgets_no_more(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(seen_at=OLD)])
    assert forget(store) == 1
    assert forget(store) == 0


def test_an_item_that_is_still_shown_keeps_its_text(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(seen_at=OLD)])
        tx.touch([ItemId("a1")], NOON)
    assert forget(store) == 0
    with store.reading() as tx:
        assert every_item(tx) == [make_item(seen_at=OLD)]


def test_former_texts_go_with_the_last_one_and_are_still_counted(
    store: SqlStore, database_url: str
) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(seen_at=OLD, title="A secret")])
        tx.keep_edits([make_item(seen_at=OLD, title="Corrected")], OLD)
    forget(store)
    with store.reading() as tx:
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.versions == 2
    engine = engine_of(database_url)
    with engine.connect() as connection:
        titles = connection.execute(select(metadata.tables["item_version"].c.title)).scalars()
        assert list(titles) == [""]
    engine.dispose()


def test_an_edit_after_the_text_was_forgotten_brings_a_text_back(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item(seen_at=OLD)])
    forget(store)
    with store.transaction() as tx:
        tx.keep_edits([make_item(title="Corrected")], NOON)
    assert forget(store) == 0
    with store.reading() as tx:
        assert [item.title for item in every_item(tx)] == ["Corrected"]


def test_of_what_is_older_still_no_trace_is_left_in_any_table(
    store: SqlStore, database_url: str
) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1", seen_at=OLD), ["flood"], ["first.example/1"])
        copy(tx, make_item("b2", seen_at=OLD), "a1", ["flood"])
        tx.keep_edits([make_item("b2", title="Corrected")], OLD)
        tx.keep_hits([make_hit("a1")], OLD)
        alert = make_alert(state=AlertState.SENT, created_at=OLD, settled_at=OLD)
        tx.write_plan(make_plan("a1", alert), OLD)
        tx.settle([(alert, make_attempt(alert))])
    forget(store, texts=95, everything=95)
    engine = engine_of(database_url)
    with engine.connect() as connection:
        left = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    assert left == dict.fromkeys(metadata.tables, 0)


def test_items_that_lose_everything_at_once_are_counted_as_losing_their_text(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        tx.keep([make_item("a1", seen_at=OLD), make_item("b2", seen_at=OLD)])
    assert forget(store, texts=95, everything=95) == 2


def test_the_lead_of_a_living_story_stays_and_so_do_the_storys_alerts(store: SqlStore) -> None:
    sent = make_alert(state=AlertState.SENT, created_at=OLD, settled_at=OLD)
    with store.transaction() as tx:
        lead(tx, make_item("a1", seen_at=OLD))
        copy(tx, make_item("b2", seen_at=OLD), "a1")
        copy(tx, make_item("c3"), "a1")
        tx.promise(sent)
    forget(store, texts=95, everything=95)
    with store.transaction() as tx:
        assert tx.lead_of(StoryId("a1")).id == "a1"
        assert [item.id for item, _ in tx.story_items(StoryId("a1"))] == ["a1", "c3"]
        assert tx.alerts_of(StoryId("a1")) == (sent,)


def test_a_living_story_keeps_a_lead_that_came_late_and_the_item_that_it_is_named_by(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1", seen_at=OLD))
        copy(tx, make_item("b2", seen_at=OLD), "a1", leads=True)
        copy(tx, make_item("c3", seen_at=OLD), "a1")
        copy(tx, make_item("d4"), "a1")
    forget(store, texts=95, everything=95)
    with store.transaction() as tx:
        assert tx.lead_of(StoryId("a1")).id == "b2"
        assert [item.id for item, _ in tx.story_items(StoryId("a1"))] == ["b2", "a1", "d4"]


@pytest.mark.parametrize(
    "state", [AlertState.HELD, AlertState.PENDING, AlertState.SENDING, AlertState.DOUBTFUL]
)
def test_an_alert_that_is_not_settled_is_never_forgotten(
    store: SqlStore, state: AlertState
) -> None:
    waiting = make_alert(state=state, created_at=OLD, due_at=OLD)
    with store.transaction() as tx:
        tx.promise(waiting)
    forget(store, texts=95, everything=95)
    with store.reading() as tx:
        assert tx.alert("k1") == waiting


def test_settled_notices_go_when_they_are_old(store: SqlStore) -> None:
    with store.transaction() as tx:
        for key, state, settled_at in (
            ("old", AlertState.SENT, OLD),
            ("never settled", AlertState.SUPPRESSED, None),
            ("young", AlertState.DEAD, NOON),
        ):
            tx.promise(
                make_alert(key, story=None, state=state, created_at=OLD, settled_at=settled_at)
            )
    forget(store, texts=95, everything=95)
    with store.reading() as tx:
        assert [alert.key for alert in tx.alerts((), 10)] == ["young"]
