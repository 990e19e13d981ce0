"""What a transaction has at hand or holds back is what the database would say; on both engines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import Engine, event

from tests.store.nouns import LONG_AGO, MINUTE, NOON, copy, lead, make_item, sketched
from watcher.model import ItemId, Placement, Sketch, StoryId, Told, Verdict
from watcher.ports import Transaction
from watcher.store import SqlStore

LINKS = [f"gazette.example/{name}" for name in ("a1", "b2", "c3", "d4", "original")]
WORDS = ("flood", "bridge")


def answers(tx: Transaction) -> dict[str, Sequence[object]]:
    """Ask all that placing asks."""

    def in_order(told: Sequence[Told]) -> list[Told]:
        return sorted(told, key=lambda one: one.item.id)

    stories = [StoryId(name) for name in ("a1", "b2", "c3", "d4", "zz")]
    return {
        **{link: tx.told_by_link([link], LONG_AGO) for link in LINKS},
        "all links": tx.told_by_link(LINKS, LONG_AGO),
        "later": tx.told_by_link(LINKS, NOON + MINUTE),
        "like": tx.told_like(sketched(WORDS), LONG_AGO, 10),
        "leads": in_order(tx.leads(stories)),
        "placements": [tx.placement(ItemId(name)) for name in ("a1", "b2", "c3", "d4", "zz")],
    }


def unrelated(tx: Transaction) -> None:
    lead(tx, make_item("b2"), WORDS)


def a_copy_that_names_its_original(tx: Transaction) -> None:
    copy(tx, make_item("b2", seen_at=NOON + MINUTE), "a1", WORDS, ["gazette.example/original"])


def an_original_that_comes_late(tx: Transaction) -> None:
    copy(tx, make_item("b2"), "a1", WORDS)
    copy(tx, make_item("c3"), "a1", WORDS, leads=True)
    copy(tx, make_item("d4"), "a1", WORDS)


def an_edit(tx: Transaction) -> None:
    lead(tx, make_item("b2"), WORDS)
    edited = make_item("a1", title="Another title", normal_link="gazette.example/c3")
    known = tx.placement(ItemId("a1"))
    assert known
    tx.keep_edits([edited], NOON + MINUTE)
    tx.place(edited, known, sketched([*WORDS, "river"]), ["gazette.example/original"])


def an_edit_of_what_was_kept_a_moment_ago(tx: Transaction) -> None:
    tx.keep([make_item("b2")])
    edited = make_item("b2", summary="Otherwise")
    tx.keep_edits([edited], NOON + MINUTE)
    found = Placement(item=ItemId("b2"), story=StoryId("b2"), verdict=Verdict.NEW, because=("new",))
    tx.place(edited, found, sketched(WORDS), [])


def a_story_split_and_joined(tx: Transaction) -> None:
    copy(tx, make_item("b2"), "a1", WORDS)
    tx.split(ItemId("b2"), "by hand")
    lead(tx, make_item("c3"), WORDS)
    tx.join(StoryId("c3"), StoryId("b2"), "by hand")


def texts_that_no_database_holds(tx: Transaction) -> None:
    lead(tx, make_item("b2", title="half of an emoji: \ud83d"), WORDS)


@pytest.mark.parametrize(
    "happens",
    [
        unrelated,
        a_copy_that_names_its_original,
        an_original_that_comes_late,
        an_edit,
        an_edit_of_what_was_kept_a_moment_ago,
        a_story_split_and_joined,
        texts_that_no_database_holds,
    ],
)
def test_what_is_at_hand_is_what_the_next_transaction_reads(
    store: SqlStore, happens: Callable[[Transaction], None]
) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"), WORDS)
    with store.transaction() as tx:
        tx.look_ahead(LINKS, LONG_AGO)
        before = answers(tx)
        happens(tx)
        meanwhile = answers(tx)
    with store.reading() as tx:
        assert meanwhile == answers(tx)
    assert meanwhile != before


def test_what_is_held_is_there_for_whoever_looks(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"), WORDS)
        copy(tx, make_item("b2", seen_at=NOON + MINUTE), "a1", WORDS)
        (story,) = tx.stories(LONG_AGO, 9)
        assert (story.items, story.last_seen_at) == (2, NOON + MINUTE)
        assert tx.counts().stories == 1


def test_what_was_held_is_not_written_when_the_transaction_fails(store: SqlStore) -> None:
    with suppress(ZeroDivisionError), store.transaction() as tx:
        lead(tx, make_item("a1"), WORDS)
        raise ZeroDivisionError
    with store.reading() as tx:
        assert tx.told_like(sketched(WORDS), LONG_AGO, 10) == ()
        assert tx.counts().stories == 0


@contextmanager
def counting(store: SqlStore) -> Iterator[list[str]]:
    """Give the statements that the store executes in the block."""
    engine: Engine = store._database.writing
    executed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        executed.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements_for(store: SqlStore, number: int) -> int:
    """Keep and place so many items of a document that have nothing to do with each other."""
    items = [make_item(f"n{number}-{n}") for n in range(number)]
    with counting(store) as executed, store.transaction() as tx:
        tx.keep(items)
        tx.look_ahead([item.normal_link for item in items], LONG_AGO)
        for n, item in enumerate(items):
            assert tx.placement(item.id) is None
            assert tx.told_by_link([item.normal_link], LONG_AGO) == ()
            sketch: Sketch = sketched([f"word{number}-{n}"])
            assert tx.told_like(sketch, LONG_AGO, 10) == ()
            new = Placement(
                item=item.id, story=StoryId(item.id), verdict=Verdict.NEW, because=("new",)
            )
            tx.place(item, new, sketch, [])
    return len(executed)


def test_a_long_document_takes_no_more_statements_than_a_short_one(store: SqlStore) -> None:
    statements_for(store, 1)  # loads the index
    assert statements_for(store, 40) == statements_for(store, 2)
