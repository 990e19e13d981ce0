"""Two texts side by side: what is the same, and what stands for what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.difference import LONGEST, Difference, difference

WORDS = st.sampled_from(
    ["law", "Law.", "boats,", "café", "cafe", "don’t", "漢字", "<b>", "a\n", "—"]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


def told(found: Difference) -> list[tuple[str, str]]:
    return [(piece.ours, piece.theirs) for piece in found.pieces if not piece.same]


@given(TEXTS, TEXTS)
def test_both_texts_are_given_back_whole(ours: str, theirs: str) -> None:
    found = difference(ours, theirs)
    assert "".join(piece.ours for piece in found.pieces) == ours
    assert "".join(piece.theirs for piece in found.pieces) == theirs
    assert found.left_off == (0, 0)


@given(TEXTS, TEXTS)
def test_rows_are_all_pieces_in_order(ours: str, theirs: str) -> None:
    found = difference(ours, theirs)
    assert tuple(piece for row in found.rows for piece in row) == found.pieces
    assert all(row for row in found.rows)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = difference(text, text)
    assert told(found) == []
    assert found.likeness == 1
    assert all(piece.ours == piece.theirs for piece in found.pieces)


@given(TEXTS, TEXTS)
def test_turned_round_it_is_as_like(ours: str, theirs: str) -> None:
    assert difference(ours, theirs).words == difference(theirs, ours).words[::-1]
    assert 0 <= difference(ours, theirs).likeness <= 1


def test_of_a_spun_copy_every_swap_is_told_word_for_word() -> None:
    found = difference(
        "The law enforcement agencies left. Nobody saw the boats.",
        "The law coercion bureaus departed. Nobody noticed the vessels.",
    )
    assert found.swaps == (
        ("enforcement", "coercion"),
        ("agencies", "bureaus"),
        ("left", "departed"),
        ("saw", "noticed"),
        ("boats", "vessels"),
    )
    assert [piece.ours for piece in found.rows[0]] == [
        "The law ",
        "enforcement agencies left",
        ". ",
    ]


def test_words_of_another_number_stand_for_each_other_as_a_whole() -> None:
    assert difference("He left at once, alone.", "He left “promptly”, alone.").swaps == (
        ("at once", "promptly"),
    )


def test_what_only_one_has_stands_for_nothing() -> None:
    found = difference("The boats leave today", "The boats leave")
    assert told(found) == [("today", "")]
    assert found.swaps == ()


def test_case_accents_and_punctuation_make_no_difference_and_are_kept() -> None:
    found = difference("The Café: closed.", "the cafe, closed!")
    assert told(found) == []
    assert "".join(piece.theirs for piece in found.pieces) == "the cafe, closed!"


def test_a_small_word_between_two_texts_of_their_own_is_no_trace() -> None:
    one, other = "one two three four five six", "red green blue black white grey"
    found = difference(f"{one} of {one}", f"{other} of {other}")
    assert told(found) == [(f"{one} of {one}", f"{other} of {other}")]
    assert found.swaps == ()


def test_a_row_ends_where_a_sentence_ends_in_both() -> None:
    found = difference("One. Two\nThree: four. Five", "One! Two\nThree. Four. Six")
    assert ["".join(piece.ours for piece in row) for row in found.rows] == [
        "One. ",
        "Two\n",
        "Three: four. ",
        "Five",
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("a " * 2_000_000, "b " * 2_000_000), ("漢" * 2_000_000, "字漢" * 1_000_000)],
    ids=["words", "no spaces"],
)
def test_texts_of_megabytes_are_cut_and_that_is_said(ours: str, theirs: str) -> None:
    found = difference(ours, theirs)  # whole, they would take for ever
    assert found.left_off == (len(ours) - LONGEST, len(theirs) - LONGEST)
    assert "".join(piece.ours for piece in found.pieces) == ours[:LONGEST]


def test_a_long_text_is_not_cut_within_a_word() -> None:
    text = "boats " * LONGEST
    kept = "".join(piece.ours for piece in difference(text, "boats").pieces)
    assert kept.endswith("boats ")
    assert len(kept) <= LONGEST
