from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.parse.documents import NOW
from watcher.model import FeedId, Item, ItemId, Remembered, ToldApart, content_id
from watcher.parse import tell_apart


def an_item(
    title: str = "Flood closes bridge",
    *,
    guid: str = "",
    link: str = "",
    summary: str = "",
    id: str = "",  # noqa: A002
) -> Item:
    return Item(
        id=ItemId(id or content_id(guid or link or title)),
        feed=FeedId("press"),
        guid=guid,
        link=f"http://{link}" if link else "",
        normal_link=link,
        title=title,
        summary=summary,
        seen_at=NOW,
    )


def memory(*items: Item) -> list[Remembered]:
    return [
        Remembered(
            id=item.id,
            guid=item.guid,
            normal_link=item.normal_link,
            title=item.title,
            text_hash=item.text_hash,
            seen_at=item.seen_at,
        )
        for item in items
    ]


def test_what_is_unknown_is_fresh_and_what_is_known_is_there_again() -> None:
    old, new = an_item(guid="1"), an_item("Rain", guid="2")
    assert tell_apart([new, old], memory(old)) == ToldApart(fresh=(new,), again=(old.id,))


def test_the_first_document_is_all_fresh_and_an_empty_one_is_nothing() -> None:
    assert tell_apart([an_item()], []) == ToldApart(fresh=(an_item(),))
    assert tell_apart([], memory(an_item())) == ToldApart()


def test_another_text_is_an_edit() -> None:
    old, now = an_item(guid="1", summary="Old"), an_item(guid="1", summary="New")
    assert tell_apart([now], memory(old)) == ToldApart(edited=(now,))


def test_other_numbers_are_no_edit() -> None:
    old = an_item(guid="1", summary="Score 12, 1 comment, 1,024 views")
    now = an_item(guid="1", summary="Score 1.234, 27 comments, 5 views")
    assert tell_apart([now], memory(old)) == ToldApart(again=(old.id,))
    said = an_item(guid="1", summary="Score 12, no comment, 1,024 views")
    assert tell_apart([said], memory(old)).edited == (said,)


def test_an_item_under_a_new_guid_is_known_by_its_link_and_title() -> None:
    old = an_item(guid="1", link="a.example/1")
    now = an_item("Flood closes the bridge!", guid="2", link="a.example/1")
    found = tell_apart([now], memory(old))
    assert found == ToldApart(edited=(replace(now, id=old.id),))
    same = an_item(guid="2", link="a.example/1")
    assert tell_apart([same], memory(old)) == ToldApart(
        rekeyed=((old.id, replace(same, id=old.id)),)
    )


def test_one_link_with_another_title_is_another_item() -> None:
    old = an_item("Part 1 of our report", guid="1", link="a.example/report")
    for title in ("Part 2 of our report", "Something else"):
        now = an_item(title, guid="2", link="a.example/report")
        assert tell_apart([now], memory(old)) == ToldApart(fresh=(now,))


def test_without_titles_an_item_under_a_new_guid_is_known_by_its_text() -> None:
    old = an_item("", guid="1", link="a.example/", summary="Bridge closed")
    same = an_item("", guid="2", link="a.example/", summary="Bridge closed")
    other = an_item("", guid="3", link="a.example/", summary="Bridge open again")
    found = tell_apart([other, same], memory(old))
    assert found.fresh == (other,)
    assert [known for known, _ in found.rekeyed] == [old.id]


def test_an_item_still_shown_is_not_taken_for_a_new_one_with_its_link() -> None:
    old = an_item(guid="1", link="a.example/live")
    new = an_item(guid="2", link="a.example/live")
    assert tell_apart([new, old], memory(old)) == ToldApart(fresh=(new,), again=(old.id,))


def test_a_link_that_many_items_share_tells_nothing() -> None:
    olds = [an_item(f"Item {n}", guid=str(n), link="a.example/") for n in range(21)]
    now = an_item("Item 3", guid="new", link="a.example/")
    assert tell_apart([now], memory(*olds)).fresh == (now,)
    assert tell_apart([now], memory(*olds[:20])).fresh == ()


def test_a_new_link_of_a_known_item_is_noted_once() -> None:
    old, now = an_item(guid="1", link="a.example/1"), an_item(guid="1", link="a.example/new")
    assert tell_apart([now], memory(old)) == ToldApart(rekeyed=((old.id, now),))
    both = memory(old) + memory(replace(old, normal_link="a.example/new"))
    assert tell_apart([now], both) == ToldApart(again=(old.id,))


def test_a_guid_that_was_alone_is_known_when_a_second_item_has_it() -> None:
    old = an_item(guid="1", link="a.example/1", id="alone")
    again = an_item(guid="1", link="a.example/1", id="now told apart by link")
    new = an_item("Rain", guid="1", link="a.example/2", id="the other")
    assert tell_apart([new, again], memory(old)) == ToldApart(fresh=(new,), again=(old.id,))


def test_a_guid_that_was_shared_is_known_by_its_title_when_it_is_alone() -> None:
    olds = [an_item(title, guid="1", id=title) for title in ("Rain", "Snow")]
    now = an_item("Snow", guid="1", id="alone")
    assert tell_apart([now], memory(*olds)) == ToldApart(again=(ItemId("Snow"),))


def rekeyed_feed(count: int) -> tuple[list[Item], list[Item]]:
    olds = [an_item(f"Story {n}", guid=f"old {n}", link=f"a.example/{n}") for n in range(count)]
    return olds, [replace(o, id=ItemId(f"n{o.id}"), guid=f"n{o.guid}") for o in olds]


def test_a_feed_that_is_keyed_anew_whole_does_not_flood() -> None:
    olds, now = rekeyed_feed(368)
    found = tell_apart(now, memory(*olds))
    assert [known for known, _ in found.rekeyed] == [old.id for old in olds]
    assert not found.fresh


def test_a_feed_that_is_keyed_anew_and_has_moved_is_known_by_its_titles() -> None:
    olds, now = rekeyed_feed(30)
    moved = [replace(item, normal_link=f"b.example/{item.normal_link}") for item in now]
    new = an_item("Really new", guid="x", link="b.example/x")
    found = tell_apart([new, *moved], memory(*olds))
    assert [known for known, _ in found.rekeyed] == [old.id for old in olds]
    assert found.fresh == (new,)


def test_a_column_with_the_same_title_every_day_is_new_every_day() -> None:
    monday = an_item("Daily briefing", guid="1", link="a.example/1")
    tuesday = an_item("Daily briefing", guid="2", link="a.example/2")
    assert tell_apart([tuesday], memory(monday)).fresh == (tuesday,)


def test_after_a_gap_old_titles_among_new_ones_are_new() -> None:
    olds = [an_item(f"Column {n}", guid=f"old {n}", link=f"a.example/{n}") for n in range(4)]
    again = [an_item(f"Column {n}", guid=f"new {n}", link=f"b.example/{n}") for n in range(4)]
    new = [an_item(f"News {n}", guid=f"news {n}", link=f"c.example/{n}") for n in range(6)]
    assert len(tell_apart([*again, *new], memory(*olds)).fresh) == 10


def test_titles_that_stand_twice_in_a_document_say_nothing() -> None:
    olds, now = rekeyed_feed(6)
    moved = [replace(item, normal_link="", title="Story 1") for item in now]
    assert len(tell_apart(moved, memory(*olds)).fresh) == 6


def test_a_feed_that_was_empty_and_comes_back_is_known() -> None:
    olds, _ = rekeyed_feed(9)
    assert tell_apart(olds, memory(*olds)).again == tuple(old.id for old in olds)


SOME = st.sampled_from(["", "1", "2"])
ITEMS = st.lists(st.builds(an_item, SOME, guid=SOME, link=SOME, summary=SOME), max_size=8)


@given(ITEMS, ITEMS)
def test_every_item_is_told_once_and_no_known_one_twice(
    now: list[Item], before: list[Item]
) -> None:
    unique = [replace(item, id=ItemId(str(n))) for n, item in enumerate(now)]
    known = [replace(item, id=ItemId(str(2 * n))) for n, item in enumerate(before)]
    found = tell_apart(unique, memory(*known))
    told = [*(item.id for item in found.edited), *found.again, *(one for one, _ in found.rekeyed)]
    assert len(told) == len(set(told))
    assert set(told) <= {item.id for item in known}
    assert len(told) + len(found.fresh) == len(now)
