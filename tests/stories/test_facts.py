"""What a copy adds to its story, and what only looks as if it did."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import FeedId, Item, ItemId
from watcher.stories import new_facts

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TITLE = "Harbour town of Northam closes its old lighthouse for good"
TEXT = [
    "The council of Northam decided on Tuesday to close the lighthouse that has stood on the mole "
    "for 140 years.",
    "Its lamp had been dark since a storm broke two windows in the winter, and nobody was found "
    "who would pay for new ones.",
    "Fishermen said they had long steered by satellite, but would miss the light all the same.",
    "The mayor, Edith Marlow, wants to sell the tower to whoever keeps its door open to visitors.",
]
NEWS = "A brewer from Southam, Piers Aldous, has offered 90,000 crowns for it, the mayor said."


def item(name: str, *text: str, title: str = TITLE, summary: str = "") -> Item:
    return Item(
        id=ItemId(name),
        feed=FeedId(name),
        title=title,
        summary=summary,
        content=" ".join(text),
        seen_at=NOW,
    )


LEAD = item("lead", *TEXT)


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_the_names_and_numbers_of_a_passage_that_was_added_anywhere_are_told(place: int) -> None:
    later = item("later", *TEXT[:place], NEWS, *TEXT[place:])
    assert new_facts(later, [LEAD]) == ("Southam", "Piers", "Aldous", "90,000")


def test_what_any_item_of_the_story_said_before_is_not_new() -> None:
    between = item("between", *TEXT[:2], NEWS, *TEXT[2:])
    later = item("later", *TEXT[:3], NEWS, *TEXT[3:])
    assert new_facts(later, [LEAD, between]) == ()
    reworded = "Piers Aldous of Southam, who brews beer, would give 90,000 crowns for the tower."
    assert new_facts(item("again", *TEXT, reworded), [LEAD, between]) == ()


def test_a_passage_without_a_name_or_number_is_no_news() -> None:
    idle = "Many people in the town were sad about it and said so to whoever wanted to hear it."
    assert new_facts(item("later", *TEXT, idle), [LEAD]) == ()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("council of Northam", "Quango of Northam"),
        ("council of Northam", "Privy Council of Great Northam"),
        ("The mayor, Edith Marlow,", "The Vicar of Christ, Edith Marlow,"),
        ("140 years", "1 hundred and 40 Years"),
        ("Fishermen said", "Piscatory Men of Galilee said"),
    ],
)
def test_words_that_a_spinner_swapped_for_names_are_no_news(theirs: str, ours: str) -> None:
    spun = item("spun", *(sentence.replace(theirs, ours) for sentence in TEXT))
    assert spun.content != LEAD.content
    assert new_facts(spun, [LEAD]) == ()


def test_beside_a_teaser_the_whole_text_is_no_news() -> None:
    teaser = item("teaser", summary=TEXT[0])
    whole = item("whole", *TEXT, NEWS)
    assert new_facts(whole, [teaser]) == ()
    assert new_facts(whole, [teaser, LEAD])


def test_where_what_was_before_breaks_off_the_end_is_no_news() -> None:
    broken = item("broken", *TEXT[:3], "The mayor […]")
    assert new_facts(item("later", *TEXT, NEWS), [broken]) == ()
    assert new_facts(item("later", NEWS, *TEXT), [broken])


def test_an_end_that_a_passage_pushed_out_of_what_is_read_is_no_news() -> None:
    words = " ".join(f"{word} goes by the mole with the tide." for word in "abcdefgh" * 5)
    ends = "It was the year 1877 when Oskar Brandt set the first stone of it here."
    longer = item("longer", "Some of them say this with a smile on the mole.", words, ends)
    assert new_facts(item("later", words, ends), [longer]) == ()


def test_a_story_whose_texts_are_forgotten_has_nothing_to_compare_with() -> None:
    assert new_facts(item("later", *TEXT, NEWS), [item("old", title="")]) == ()
    assert new_facts(item("later", *TEXT, NEWS), []) == ()


WORDS = st.lists(
    st.sampled_from(["the", "tide", "Marlow", "Brandt", "47", "mole", "and", "goes", "US", "."]),
    max_size=60,
).map(" ".join)


@given(ours=WORDS, theirs=st.lists(WORDS, max_size=4))
def test_what_is_told_stands_in_the_item_and_in_none_before(ours: str, theirs: list[str]) -> None:
    before = [item(f"i{n}", text, title="") for n, text in enumerate(theirs)]
    for fact in new_facts(item("later", ours, title=""), before):
        assert fact in ours.split()
        assert not any(fact in text.split() for text in theirs)
