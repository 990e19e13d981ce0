"""Stories: where items belong, and how candidates are found. On both engines."""

from collections.abc import Sequence

import pytest

from tests.store.nouns import DAY, LONG_AGO, MINUTE, NOON, copy, lead, make_item, sketched
from watcher.model import Item, ItemId, Placement, StoryId, Told, Verdict
from watcher.store import SqlStore, open_store


def by_words(store: SqlStore, *words: str, limit: int = 10) -> list[str]:
    with store.reading() as tx:
        return ids(tx.told_like(sketched(words), LONG_AGO, limit))


def by_link(store: SqlStore, *links: str) -> list[str]:
    with store.reading() as tx:
        return ids(tx.told_by_link(links, LONG_AGO))


def ids(told: Sequence[Told]) -> list[str]:
    return [one.item.id for one in told]


def test_a_new_item_opens_a_story_and_leads_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item())
        assert tx.lead_of(StoryId("a1")) == make_item()
        assert tx.leads([StoryId("a1")]) == (
            Told(item=make_item(), story=StoryId("a1"), lead=True),
        )


def test_a_copy_joins_the_story_and_does_not_lead_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1")
        assert tx.lead_of(StoryId("a1")).id == "a1"
        (told,) = tx.told_by_link(["gazette.example/b2"], LONG_AGO)
    assert (told.story, told.lead) == ("a1", False)


def test_an_original_that_comes_late_leads_the_story_which_keeps_its_id(
    database_url: str,
) -> None:
    store = open_store(database_url)
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2", seen_at=NOON + MINUTE), "a1", leads=True)
        copy(tx, make_item("c3", seen_at=NOON + DAY), "a1")
    store.close()
    again = open_store(database_url)
    with again.reading() as tx:
        assert [told.item.id for told in tx.leads([StoryId("a1"), StoryId("zz")])] == ["b2"]
        assert tx.lead_of(StoryId("a1")).id == "b2"
        assert [item.id for item, _ in tx.story_items(StoryId("a1"))] == ["b2", "a1", "c3"]
        (story,) = tx.stories(LONG_AGO, 9)
        assert (story.id, story.lead, story.title, story.items) == ("a1", "b2", "Title of b2", 3)
        told = tx.told_by_link(["gazette.example/a1", "gazette.example/b2"], LONG_AGO)
        assert [(one.item.id, one.story, one.lead) for one in told] == [
            ("a1", "a1", False),
            ("b2", "a1", True),
        ]
        former, original = (tx.placement(ItemId(name)) for name in ("a1", "b2"))
    assert former is not None
    assert former.verdict is Verdict.NEW
    assert original is not None
    assert (original.verdict, original.of) == (Verdict.COPY, "a1")
    again.close()


def test_placing_an_item_again_changes_no_lead(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1", leads=True)
        copy(tx, make_item("b2"), "a1", ["edited"])
        assert tx.lead_of(StoryId("a1")).id == "b2"
        copy(tx, make_item("c3"), "a1")
        copy(tx, make_item("c3"), "a1", ["edited"], leads=True)
        assert tx.lead_of(StoryId("a1")).id == "b2"


def test_a_related_item_opens_a_story_of_its_own(store: SqlStore) -> None:
    related = Placement(
        item=ItemId("b2"),
        story=StoryId("b2"),
        verdict=Verdict.RELATED,
        of=ItemId("a1"),
        score=0.5,
        because=("the same event",),
    )
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        tx.keep([make_item("b2")])
        tx.place(make_item("b2"), related, sketched(()), ())
        assert tx.lead_of(StoryId("b2")).id == "b2"
        assert tx.placement(ItemId("b2")) == related


def test_a_placement_comes_back_with_its_evidence(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        copy(tx, make_item("b2"), "a1")
        placement = tx.placement(ItemId("b2"))
        assert tx.placement(ItemId("unknown")) is None
    assert placement == Placement(
        item=ItemId("b2"),
        story=StoryId("a1"),
        verdict=Verdict.COPY,
        of=ItemId("a1"),
        score=0.97,
        because=("the same sentences", "all names agree"),
    )


def test_an_unplaced_item_is_not_told(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.keep([make_item()])
        assert tx.leads([StoryId("a1")]) == tx.leads([]) == ()
        assert tx.told_by_link(["gazette.example/a1"], LONG_AGO) == ()


def test_placing_an_item_again_adds_words_and_leaves_it_where_it_is(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"))
        lead(tx, make_item("b2"), ["flood"])
        before = tx.placement(ItemId("b2"))
        copy(tx, make_item("b2"), "a1", ["flood", "bridge"])
        assert tx.placement(ItemId("b2")) == before
    assert by_words(store, "bridge") == ["b2"]
    assert by_words(store, "flood") == ["b2"]


def test_asking_for_the_lead_of_no_story_is_an_error(store: SqlStore) -> None:
    with store.reading() as tx, pytest.raises(LookupError, match="there is no story a1"):
        tx.lead_of(StoryId("a1"))


def test_placed_items_are_found_by_their_normal_link_oldest_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        for name, hours in (("late", 2), ("early", 1), ("mid", 1)):
            seen_at = NOON + hours * 60 * MINUTE
            lead(tx, make_item(name, normal_link="x.example/1", seen_at=seen_at))
        lead(tx, make_item("other"))
    assert by_link(store, "x.example/1") == ["early", "mid", "late"]
    assert by_link(store, "x.example/1", "gazette.example/other") == [
        "other",
        "early",
        "mid",
        "late",
    ]
    assert by_link(store) == by_link(store, "") == []


def test_items_that_claim_a_link_are_found_by_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("a1"), (), ["first.example/1", ""])
    assert by_link(store, "first.example/1") == ["a1"]


def test_an_item_that_claims_a_link_only_after_an_edit_is_found_by_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item())
        lead(tx, make_item(), (), ["first.example/1"])
    assert by_link(store, "first.example/1") == ["a1"]


def test_an_item_with_and_claiming_a_link_is_found_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item(), (), ["gazette.example/a1"])
    assert by_link(store, "gazette.example/a1") == ["a1"]


def test_a_rekeyed_item_is_found_by_its_new_link(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item())
        tx.rekey(ItemId("a1"), make_item("b2"))
    assert by_link(store, "gazette.example/b2") == ["a1"]


def test_what_was_seen_before_the_window_is_not_found(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("old", seen_at=NOON - DAY), ["flood"], ["first.example/1"])
        lead(tx, make_item("new"), ["flood"], ["first.example/1"])
        assert ids(tx.told_like(sketched(["flood"]), NOON, 10)) == ["new"]
        assert ids(tx.told_by_link(["first.example/1", "gazette.example/old"], NOON)) == ["new"]


def test_the_item_that_shares_most_words_comes_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("one"), ["flood"])
        lead(tx, make_item("three"), ["flood", "bridge", "north"])
        lead(tx, make_item("two"), ["flood", "bridge"])
        lead(tx, make_item("none"), ["budget"])
    assert by_words(store, "flood", "bridge", "north") == ["three", "two", "one"]
    assert by_words(store, "flood", "bridge", "north", limit=1) == ["three"]


def test_one_rare_word_is_worth_more_than_two_common_ones(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n in range(60):
            lead(tx, make_item(f"c{n:02}"), ["today", "people"])
        lead(tx, make_item("rare"), ["wiretap"])
    assert by_words(store, "today", "people", "wiretap")[0] == "rare"


def test_among_equals_the_newest_comes_first_and_then_the_one_placed_first(store: SqlStore) -> None:
    with store.transaction() as tx:
        for name in ("b", "B", "a"):
            lead(tx, make_item(name), ["flood"])
        lead(tx, make_item("z", seen_at=NOON + MINUTE), ["flood"])
    assert by_words(store, "flood") == ["z", "b", "B", "a"]
    assert by_words(store, "flood", limit=2) == ["z", "b"]


def test_items_that_share_hardly_a_word_of_their_texts_are_left_out(store: SqlStore) -> None:
    asked = sketched(["flood"], ["bridge", "north", "shut", *"abcdefgh"])
    with store.transaction() as tx:
        for name, words in (("like", ("bridge", "north", "shut")), ("unlike", ("tax", "budget"))):
            tx.keep([make_item(name)])
            placement = Placement(
                item=ItemId(name), story=StoryId(name), verdict=Verdict.NEW, because=("new",)
            )
            tx.place(make_item(name), placement, sketched(["flood"], [*words, *"qrstuvwx"]), ())
        lead(tx, make_item("unknown"), ["flood"])
        found = tx.told_like(asked, LONG_AGO, 5)
    assert ids(found) == ["like", "unknown"]


def test_what_an_item_said_before_it_was_edited_comes_with_it(store: SqlStore) -> None:
    edited = make_item(title="The bridge stays closed")
    with store.transaction() as tx:
        lead(tx, make_item(title="The bridge will open"), ["open"])
        tx.keep_edits([edited], NOON + MINUTE)
        lead(tx, edited, ["closed"])
        (told,) = tx.told_like(sketched(["open"]), LONG_AGO, 5)
        assert tx.leads([StoryId("a1")]) == (told,)
    assert told.item.title == "The bridge stays closed"
    assert [version.title for version in told.versions] == ["The bridge will open"]


def lose(store: SqlStore, item: Item) -> None:
    with store.transaction() as tx:
        lead(tx, item, ["flood"])
        assert len(tx.told_like(sketched(["flood"]), LONG_AGO, 5)) == 2
        raise ZeroDivisionError


def test_what_was_rolled_back_is_not_found_in_memory_either(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item("kept"), ["flood"])
        assert ids(tx.told_like(sketched(["flood"]), LONG_AGO, 5)) == ["kept"]
    with pytest.raises(ZeroDivisionError):
        lose(store, make_item("lost"))
    assert by_words(store, "flood") == ["kept"]
    with store.transaction() as tx:
        lead(tx, make_item("next"), ["flood"])
    assert by_words(store, "flood") == ["kept", "next"]


def test_another_process_that_writes_is_caught_up_with(database_url: str) -> None:
    ours, theirs = open_store(database_url), open_store(database_url)
    assert by_words(ours, "flood") == by_words(theirs, "flood") == []
    with theirs.transaction() as tx:
        lead(tx, make_item("theirs"), ["flood"])
    assert by_words(ours, "flood") == ["theirs"]
    with ours.transaction() as tx:
        lead(tx, make_item("ours"), ["flood"])
        assert ids(tx.told_like(sketched(["flood"]), LONG_AGO, 5)) == ["theirs", "ours"]
    assert by_words(theirs, "flood") == ["theirs", "ours"]
    ours.close()
    theirs.close()


def test_a_restart_changes_nothing_in_what_is_found(database_url: str) -> None:
    store, before = open_store(database_url), []
    for day in range(4):
        with store.transaction() as tx:
            for n in range(3):
                item = make_item(f"{day}{n}", seen_at=NOON + day * DAY)
                lead(tx, item, ["flood", f"word{n}"])
                before = ids(tx.told_like(sketched(["flood", "word1"]), item.seen_at - DAY, 9))
    again = open_store(database_url)
    with again.reading() as tx:
        assert ids(tx.told_like(sketched(["flood", "word1"]), NOON + 2 * DAY, 9)) == before
    assert before == ["31", "21", "30", "32", "20", "22"]
    store.close()
    again.close()


def test_items_that_come_in_no_order_of_time_are_found_all_the_same(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number, year in enumerate((3, 1, 2, 1, 3)):
            seen_at = NOON + year * 365 * DAY
            found = tx.told_like(sketched(["flood"]), seen_at - DAY, 9)
            assert all(told.item.seen_at >= seen_at - DAY for told in found)
            lead(tx, make_item(f"{number}", seen_at=seen_at), ["flood"])
        found = tx.told_like(sketched(["flood"]), NOON + 365 * DAY, 9)
    assert ids(found) == ["0", "4", "2", "1", "3"]


def test_no_words_and_unknown_words_find_nothing(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item(), ["flood"])
    assert by_words(store) == by_words(store, "drought") == []


def test_a_single_item_is_found_by_its_only_word(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item(), ["flood"])
    assert by_words(store, "flood") == ["a1"]


def test_words_of_any_kind_can_be_indexed(store: SqlStore) -> None:
    with store.transaction() as tx:
        lead(tx, make_item(), ["w" * 10_000, "\ud800", "\0", "'\"%", "洪水"])
    for word in ("w" * 10_000, "\ud800", "\0", "'\"%", "洪水"):
        assert by_words(store, word) == ["a1"]


def _crowd(tx_items: int) -> list[Item]:
    return [make_item(f"c{n:04}", guid="", link="", normal_link="") for n in range(tx_items)]


def test_a_word_that_thousands_have_is_passed_over_unless_there_is_no_other(
    store: SqlStore,
) -> None:
    with store.transaction() as tx:
        for item in _crowd(2_001):
            lead(tx, item, ["today"])
        lead(tx, make_item("rare"), ["wiretap"])
    assert by_words(store, "today", "wiretap") == ["rare"]
    assert by_words(store, "today", limit=2) == ["c0000", "c0001"]


def test_when_words_have_many_items_only_the_rarest_are_weighed(store: SqlStore) -> None:
    with store.transaction() as tx:
        for n, item in enumerate(_crowd(1_100)):
            common = [f"word{w}" for w in range(4)]
            lead(tx, item, [*common, "wiretap"] if n == 700 else common)
    assert by_words(store, "word0", "word1", "word2", "word3", "wiretap")[0] == "c0700"
