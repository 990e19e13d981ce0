"""Texts are cut between words, and never inside what a reader sees as one character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.render import grapheme_edge, shortened

FAMILY = "👨‍👩‍👧‍👦"
WHOLE = [
    "e\u0301",
    FAMILY,
    "👍🏽",
    "🇩🇪",
    "\u1100\u1161\u11a8",
    "\u1100\uac00",
    "ｶ\uff9e",
    "\r\n",
    "🏴\U000e0067\U000e007f",
]


@pytest.mark.parametrize("character", WHOLE)
def test_a_character_is_kept_whole(character: str) -> None:
    text = f"a{character}b"
    inside = range(1, 1 + len(character))
    assert {grapheme_edge(text, at) for at in inside} == {1}
    assert grapheme_edge(text, 1 + len(character)) == 1 + len(character)


def test_flags_in_a_row_are_cut_between_flags() -> None:
    assert [grapheme_edge("🇩🇪🇫🇷🇵🇱", at) for at in range(7)] == [0, 0, 2, 2, 4, 4, 6]


def test_a_heap_of_marks_is_cut_through_rather_than_lost() -> None:
    assert grapheme_edge("e" + "\u0301" * 500, 400) == 400


def test_a_short_text_of_one_character_is_not_cut_into() -> None:
    assert grapheme_edge("e" + "\u0301" * 10, 5) == 0


def test_a_text_that_fits_is_left_alone() -> None:
    assert shortened("exactly ten", 11) == "exactly ten"


def test_a_text_is_cut_between_words() -> None:
    assert shortened("Phone maker leaves country", 20) == "Phone maker leaves…"


def test_a_cut_at_the_end_of_a_word_keeps_the_word() -> None:
    assert shortened("Phone maker leaves country", 19) == "Phone maker leaves…"


def test_a_text_without_words_is_cut_between_characters() -> None:
    assert shortened(FAMILY * 9, 10) == FAMILY + "…"


@given(st.text(max_size=300), st.integers(1, 200))
def test_a_shortened_text_fits_and_begins_like_the_whole(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert text.startswith(short.removesuffix("…"))
    assert short == text or short.endswith("…")
