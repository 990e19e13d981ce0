"""Items: kept once, edited, and known again under other names. On both engines."""

from dataclasses import replace

from tests.store.nouns import (
    DAY,
    LONG_AGO,
    MINUTE,
    NOON,
    copy,
    every_item,
    lead,
    make_feed,
    make_item,
)
from watcher.model import FeedId, Item, ItemId, Link, Remembered, Source
from watcher.store import SqlStore

GAZETTE = FeedId("gazette")


def keep(store: SqlStore, *items: Item) -> None:
    with store.transaction() as tx:
        tx.keep(items)


def all_items(store: SqlStore) -> list[Item]:
    with store.reading() as tx:
        return every_item(tx)


def remembered(store: SqlStore, *items: Item, feed: FeedId = GAZETTE) -> tuple[Remembered, ...]:
    with store.reading() as tx:
        return tx.remembered(feed, items)


def as_remembered(item: Item) -> Remembered:
    return Remembered(
        id=item.id,
        guid=item.guid,
        normal_link=item.normal_link,
        title=item.title,
        text_hash=item.text_hash,
        seen_at=item.seen_at,
    )


def nameless(name: str, **names: str) -> Item:
    return make_item(name, **({"guid": "", "link": "", "normal_link": "", "title": ""} | names))


def test_an_item_comes_back_as_it_was_kept(store: SqlStore) -> None:
    item = make_item(
        content="Long — “quoted” text\n\U0001f30a",
        authors=("Ada", "Bo"),
        tags=("water",),
        language="en",
        published=NOON - DAY,
        sources=(Source(url="https://first.example/1", how="atom:source"),),
        links=(Link(url="https://x.example/", field="summary", start=2, end=9),),
    )
    keep(store, item)
    assert all_items(store) == [item]


def test_an_item_that_is_there_is_left_as_it_is(store: SqlStore) -> None:
    keep(store, make_item())
    keep(store, make_item(title="Another", seen_at=NOON + MINUTE), make_item("b2"))
    assert [item.title for item in all_items(store)] == ["Title of a1", "Title of b2"]


def test_the_same_item_twice_in_one_call_is_kept_once(store: SqlStore) -> None:
    keep(store, make_item(), make_item())
    assert len(all_items(store)) == 1


def test_an_item_is_remembered_by_each_of_its_names(store: SqlStore) -> None:
    keep(store, make_item())
    told = as_remembered(make_item())
    assert remembered(store, nameless("a1")) == (told,)
    assert remembered(store, nameless("x", guid="guid-a1")) == (told,)
    assert remembered(store, nameless("x", normal_link="gazette.example/a1")) == (told,)
    assert remembered(store, nameless("x", title="Title of a1")) == (told,)


def test_names_of_another_kind_or_feed_find_nothing(store: SqlStore) -> None:
    keep(store, make_item())
    assert remembered(store, nameless("x", guid="Title of a1", title="guid-a1")) == ()
    assert remembered(store, make_item(), feed=FeedId("other")) == ()


def test_empty_names_find_nothing(store: SqlStore) -> None:
    keep(store, nameless("a1"))
    assert remembered(store, nameless("x")) == ()
    assert remembered(store) == ()


def test_an_edited_item_shows_the_new_text_and_keeps_when_it_was_first_seen(
    store: SqlStore,
) -> None:
    keep(store, make_item())
    edited = make_item(title="Corrected", seen_at=NOON + DAY)
    with store.transaction() as tx:
        tx.keep_edits([edited], NOON + DAY)
        trail = tx.trail(edited.id)
    assert all_items(store) == [make_item(title="Corrected")]
    assert trail is not None
    assert (trail.versions, trail.last_seen_at) == (2, NOON + DAY)


def test_an_edited_item_is_known_by_its_old_and_its_new_title(store: SqlStore) -> None:
    keep(store, make_item())
    edited = make_item(title="Corrected")
    with store.transaction() as tx:
        tx.keep_edits([edited], NOON + DAY)
    for title in ("Title of a1", "Corrected"):
        (told,) = remembered(store, nameless("x", title=title))
        assert (told.id, told.title, told.text_hash) == ("a1", title, edited.text_hash)


def test_an_edit_that_is_taken_back_is_no_third_version(store: SqlStore) -> None:
    keep(store, make_item())
    with store.transaction() as tx:
        tx.keep_edits([make_item(title="Corrected")], NOON + MINUTE)
        tx.keep_edits([make_item()], NOON + 2 * MINUTE)
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.versions == 2
    assert trail.item == make_item()


def test_an_edit_of_an_unknown_item_keeps_nothing(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep_edits([make_item()], NOON)
    assert all_items(store) == []


def test_a_rekeyed_item_is_found_under_its_old_and_its_new_names(store: SqlStore) -> None:
    keep(store, make_item())
    now = make_item("b2")
    with store.transaction() as tx:
        tx.rekey(ItemId("a1"), now)
    assert remembered(store, make_item()) == (as_remembered(make_item()),)
    (told,) = remembered(store, now)
    assert (told.id, told.guid, told.normal_link, told.title) == (
        "a1",
        now.guid,
        now.normal_link,
        now.title,
    )
    assert told.text_hash == make_item().text_hash
    assert all_items(store) == [make_item()]


def test_an_item_asked_for_under_both_its_names_is_told_under_both(store: SqlStore) -> None:
    keep(store, make_item())
    with store.transaction() as tx:
        tx.rekey(ItemId("a1"), make_item("b2"))
    told = remembered(store, make_item(), make_item("b2"))
    assert {one.id for one in told} == {"a1"}
    assert {one.guid for one in told} == {"guid-a1", "guid-b2"}


def test_rekeying_an_unknown_item_does_nothing(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.rekey(ItemId("a1"), make_item("b2"))
    assert remembered(store, make_item("b2")) == ()


def test_touching_notes_that_an_item_is_still_shown(store: SqlStore) -> None:
    keep(store, make_item("a1"), make_item("b2"))
    with store.transaction() as tx:
        tx.touch([ItemId("a1")], NOON + DAY)
        tx.touch([], NOON + 2 * DAY)
        trails = [tx.trail(ItemId(name)) for name in ("a1", "b2")]
    assert [trail and trail.last_seen_at for trail in trails] == [NOON + DAY, NOON]


def test_the_items_of_a_feeds_document_are_those_last_seen_when_it_was_read(
    store: SqlStore,
) -> None:
    keep(store, make_item("a1"), make_item("b2"), make_item("c3", feed=FeedId("herald")))
    with store.transaction() as tx:
        assert tx.shown(GAZETTE, NOON) == {"a1", "b2"}
        tx.touch([ItemId("a1")], NOON + DAY)
        assert tx.shown(GAZETTE, NOON) == {"b2"}
        assert tx.shown(GAZETTE, NOON + DAY) == {"a1"}
        assert tx.shown(GAZETTE, NOON + 2 * DAY) == frozenset()


def test_more_items_than_a_statement_has_parameters_can_be_touched(store: SqlStore) -> None:
    keep(store, make_item())
    with store.transaction() as tx:
        tx.touch([ItemId("a1"), *(ItemId(f"x{n}") for n in range(70_000))], NOON + DAY)
        trail = tx.trail(ItemId("a1"))
    assert trail is not None
    assert trail.last_seen_at == NOON + DAY


def test_texts_that_a_database_cannot_hold_are_mended_and_still_found(store: SqlStore) -> None:
    broken = make_item(
        "a\ud800",
        guid="g\0\udfff",
        link="https://x.example/\0",
        title="one\ud800two\0three",
        tags=("t\0\ud83d",),
    )
    keep(store, broken)
    (kept,) = all_items(store)
    assert (kept.id, kept.title) == ("a\ufffd", "one\ufffdtwo\ufffdthree")
    (told,) = remembered(store, broken)
    assert told.text_hash == broken.text_hash
    with store.reading() as tx:
        assert tx.find_items("g\0\udfff", 5) == (kept,)
        assert tx.trail(broken.id) is not None


def test_a_link_of_any_length_can_be_kept_and_found(store: SqlStore) -> None:
    long = make_item(guid="g" * 50_000, normal_link="n" * 50_000, title="t" * 50_000)
    keep(store, long)
    assert remembered(store, long) == (as_remembered(long),)


def test_past_items_are_told_page_by_page_in_the_order_in_which_they_were_kept(
    store: SqlStore,
) -> None:
    items = [make_item(f"{n:02}", seen_at=NOON + n * DAY) for n in range(7)]
    keep(store, *items)
    with store.reading() as tx:
        since = NOON + 2 * DAY
        assert tx.count_items(since) == 5
        first = tx.past_items(since, 0, 3)
        second = tx.past_items(since, first[-1].number, 3)
        assert tx.past_items(since, second[-1].number, 3) == ()
    assert [past.item for past in (*first, *second)] == items[2:]


def test_a_past_item_comes_with_where_it_was_placed(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1")
        tx.keep([make_item("c3")])
        told = tx.past_items(LONG_AGO, 0, 10)
        placements = [tx.placement(past.item.id) for past in told]
    assert [past.placement for past in told] == placements
    assert [placement and placement.story for placement in placements] == ["a1", "a1", None]


def test_past_items_are_told_apart_by_whether_their_feed_was_new_and_their_text_is_there(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
        (due,) = tx.claim_due_feeds(NOON, DAY, 1)
        tx.keep([make_item("old")])
        tx.record_visit(replace(due.memory, first_read_at=NOON))
        tx.keep([make_item("new", seen_at=NOON + DAY), make_item("other", feed=FeedId("x"))])
        tx.touch([ItemId("new"), ItemId("other")], NOON + 2 * DAY)
        tx.forget(texts_before=NOON + DAY, everything_before=LONG_AGO)
        told = tx.past_items(LONG_AGO, 0, 10)
    assert [(past.item.id, past.backlog, past.has_text) for past in told] == [
        ("old", True, False),
        ("new", False, True),
        ("other", False, True),
    ]


def test_taking_in_alone_can_be_asked_for_twice(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.take_in_alone()
        tx.take_in_alone()
        tx.keep([make_item()])
    assert len(all_items(store)) == 1
