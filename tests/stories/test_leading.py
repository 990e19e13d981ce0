"""An original that comes after the copies that name it leads their story; who else does not."""

from dataclasses import replace
from itertools import permutations

import pytest

from tests.stories.telling import (
    SPUN_SUMMARY,
    SPUN_TITLE,
    SUMMARY,
    TITLE,
    item,
    original,
    told,
)
from watcher.model import Item, Source, StoryId, Told, Verdict
from watcher.stories import place

ARTICLE = "northwind.example/2026/03/recall"
REPOST = "reposts.example/recall-1"
ORIGINAL = original(normal_link=ARTICLE)
OTHER_WORDS = "A lecturer in Tromsoe found a word that opens boxes, and shops are cross."


def naming(
    link: str, number: str = "copy", *, how: str = "its text", days: float = 0, **more: str
) -> Item:
    """Make a copy that names an article as its source."""
    source = Source(url=f"https://{link}", how=how)
    parts = {"title": SPUN_TITLE, "summary": SPUN_SUMMARY, **more}
    return item(number, sources=(source,), days=days, **parts)  # type: ignore[arg-type]


def closing(link: str, number: str = "copy", **more: str) -> Item:
    """Make an item that ends with a mere link to an article."""
    said = more.pop("summary", SPUN_SUMMARY)
    parts = {"title": SPUN_TITLE, **more}
    return item(number, summary=f"{said} Via: https://{link}", **parts)  # type: ignore[arg-type]


def verdict(one: Item, *among: Told) -> tuple[Verdict, str, bool]:
    placed = place(one, among, (), ())
    return placed.verdict, placed.story, placed.leads


def test_only_what_is_named_takes_the_lead() -> None:
    again = item(title=TITLE, summary=SUMMARY, normal_link=ARTICLE)
    assert verdict(again, told(ORIGINAL)) == (Verdict.COPY, "original", False)
    assert verdict(naming(ARTICLE), told(ORIGINAL)) == (Verdict.COPY, "original", False)
    assert not place(original(), (), (), [told(naming(ARTICLE))]).leads
    elsewhere = told(naming(REPOST)), told(again, story="copy", lead=False)
    assert verdict(ORIGINAL, *elsewhere) == (Verdict.COPY, "copy", False)


def test_an_original_takes_the_lead_whatever_its_words_where_the_markup_names_it() -> None:
    other = item("original", title="Unplug it", summary=OTHER_WORDS, normal_link=ARTICLE)
    for how in ("rel=canonical", "<source url>", "its text"):
        assert verdict(other, told(naming(ARTICLE, how=how))) == (Verdict.COPY, "copy", True)


def test_a_closing_link_gives_the_lead_only_to_words_that_bear_it_out() -> None:
    copy = told(closing(ARTICLE))
    assert verdict(ORIGINAL, copy) == (Verdict.COPY, "copy", True)
    other = item("original", title="Unplug it", summary=OTHER_WORDS, normal_link=ARTICLE)
    assert verdict(other, copy) == (Verdict.RELATED, "original", False)
    untold = item("original", title="Unplug it", normal_link=ARTICLE)
    assert verdict(untold, copy) == (Verdict.COPY, "copy", False)


def test_another_sight_of_the_original_takes_the_lead_where_the_first_could_not() -> None:
    untold = item("untold", title="Unplug it", normal_link=ARTICLE)
    among = told(closing(ARTICLE)), told(untold, story="copy", lead=False)
    assert verdict(ORIGINAL, *among) == (Verdict.COPY, "copy", True)


def test_a_copy_that_is_not_the_lead_itself_may_name_the_original() -> None:
    first = item("first", title=TITLE, summary=SUMMARY)
    link = told(naming(ARTICLE, days=1), story="first", lead=False)
    assert verdict(ORIGINAL, told(first), link) == (Verdict.COPY, "first", True)
    assert verdict(ORIGINAL, link) == (Verdict.COPY, "first", False)  # who leads is not known


def test_a_lead_that_a_person_chose_stays() -> None:
    copy = replace(told(naming(ARTICLE)), by_hand=True)
    assert verdict(ORIGINAL, copy) == (Verdict.COPY, "copy", False)
    follower = told(naming(ARTICLE, "follower", days=1), story="copy", lead=False)
    assert verdict(ORIGINAL, copy, follower) == (Verdict.COPY, "copy", False)
    joined = replace(copy, story=StoryId("first"), lead=False)
    first = told(item("first", title="Harbour bridge shut for repairs"))
    assert verdict(ORIGINAL, first, joined) == (Verdict.COPY, "first", False)


@pytest.mark.parametrize("how", ["its text", "closing"])
def test_a_lead_that_somebody_names_as_their_source_stays(how: str) -> None:
    lead = replace(naming(ARTICLE), normal_link=REPOST)
    third = closing(REPOST, "third") if how == "closing" else naming(REPOST, "third")
    assert verdict(ORIGINAL, told(lead)) == (Verdict.COPY, "copy", True)
    assert verdict(ORIGINAL, told(lead), told(third)) == (Verdict.COPY, "copy", False)


@pytest.mark.parametrize("back", [naming, closing])
def test_of_two_items_that_name_each_other_the_first_leads(back: type) -> None:
    one = replace(naming(ARTICLE, "one"), normal_link=REPOST)
    other = replace(back(REPOST, "other"), normal_link=ARTICLE)
    assert verdict(other, told(one)) == (Verdict.COPY, "one", False)
    assert verdict(one, told(other)) == (Verdict.COPY, "other", False)


def test_an_item_that_names_a_source_of_its_own_is_no_original() -> None:
    elsewhere = "agency.example/wires/recall-7"
    copied = replace(naming(elsewhere, "later"), normal_link=ARTICLE)
    linking = replace(closing(elsewhere, "later"), normal_link=ARTICLE)
    assert verdict(copied, told(naming(ARTICLE))) == (Verdict.COPY, "copy", False)
    assert verdict(linking, told(naming(ARTICLE))) == (Verdict.COPY, "copy", True)


def test_a_page_that_names_itself_is_as_good_as_any() -> None:
    own = Source(url=f"https://www.{ARTICLE}/", how="rel=canonical")
    itself = replace(ORIGINAL, sources=(own,))
    assert verdict(itself, told(naming(ARTICLE))) == (Verdict.COPY, "copy", True)
    alone = replace(naming(REPOST), normal_link=REPOST)
    assert place(ORIGINAL, (), (), [told(alone)]).leads is False


def test_who_leads_does_not_depend_on_the_order_of_candidates() -> None:
    lead = told(naming(ARTICLE))
    others = [told(naming(ARTICLE, n, days=1), story="copy", lead=False) for n in ("b", "c")]
    apart = told(closing(ARTICLE, "d", title="Cod is dear", summary="In Hammerfest it is."))
    orders = permutations([lead, *others, apart])
    assert {verdict(ORIGINAL, *order) for order in orders} == {(Verdict.COPY, "copy", True)}


def test_later_copies_are_compared_with_the_lead_that_came_late() -> None:
    other = item("original", title="Unplug it", summary=OTHER_WORDS, normal_link=ARTICLE)
    former = told(naming(ARTICLE), lead=False)
    same = item(title=SPUN_TITLE, summary=SPUN_SUMMARY)
    like_both = place(same, (), (), (told(ORIGINAL, story="copy"), former))
    like_one = place(same, (), (), (told(other, story="copy"), former))
    assert (like_both.verdict, like_both.story) == (Verdict.COPY, "copy")
    assert (like_one.verdict, like_one.story) == (Verdict.RELATED, "later")


def test_the_copy_that_names_a_lead_without_a_text_stands_for_it() -> None:
    bare = told(item("original", title="Unplug it", normal_link=ARTICLE), story="copy")
    same = item(title=SPUN_TITLE, summary=SPUN_SUMMARY)
    copies = {
        Verdict.COPY: naming(ARTICLE),
        Verdict.RELATED: item("copy", title=SPUN_TITLE, summary=SPUN_SUMMARY),
    }
    for expected, copy in copies.items():
        placed = place(same, (), (), (bare, told(copy, lead=False)))
        assert placed.verdict is expected
