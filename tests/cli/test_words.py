"""Matched words in their context, on one line of a given width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from watcher.cli.words import beginning, harmless, in_context, signed

STORY = (
    "In the end BlackBerry said no to a back door for Islamabad\nand the rest is about "
    "unfettered access to the servers of the company, which left the country in December."
)


def line(text: str, *words: str, width: int = 80) -> str:
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    return signed(in_context(text, spans, width))


def test_words_stand_in_signs_with_what_is_around_them() -> None:
    assert line("BlackBerry says no", "BlackBerry") == "«BlackBerry» says no"
    assert line(STORY, "back door", width=40) == "… no to a «back door» for Islamabad …"


def test_words_far_apart_have_an_ellipsis_between_them() -> None:
    assert line(STORY, "BlackBerry", "back door", width=30) == "… «BlackBerry» … «back door» …"


def test_context_grows_evenly_around_all_words() -> None:
    told = line(STORY, "BlackBerry", "unfettered access", width=70)
    assert told == "… the end «BlackBerry» said no … is about «unfettered access» to the …"


def test_a_break_is_shown_and_never_breaks_the_line() -> None:
    assert "Islamabad / and the rest" in line(STORY, "BlackBerry", width=200)


def test_overlapping_spans_are_one_and_touching_ones_are_two() -> None:
    assert signed(in_context("abcdef", [(2, 4), (0, 3)], 40)) == "«abcd»ef"
    assert signed(in_context("abcdef", [(0, 3), (3, 4)], 40)) == "«abc»«d»ef"


def test_spans_outside_the_text_are_left_out_or_cut() -> None:
    assert signed(in_context("abc", [(2, 9), (7, 9), (1, 1)], 40)) == "ab«c»"


def test_without_spans_it_is_the_beginning() -> None:
    assert beginning(STORY, 30) == "In the end BlackBerry said …"
    assert beginning("short", 30) == "short"
    assert beginning("", 30) == ""


def test_only_the_first_words_are_shown_where_not_all_fit() -> None:
    assert line(STORY, "BlackBerry", "back door", width=20) == "… end «BlackBerry» …"
    assert line(STORY, "back door", "Islamabad", width=26) == "… to a «back door» for …"


def test_words_wider_than_the_line_are_cut() -> None:
    shown = line("x" * 500, "x" * 400, width=20)
    assert cell_len(shown) <= 20
    assert shown.startswith("«xxx")


def test_wide_characters_take_two_columns() -> None:
    text = "加拿大黑莓公司宣布退出巴基斯坦市场因为政府要求访问其服务器"
    assert line(text, "黑莓", width=20) == "加拿大«黑莓»公司宣…"
    assert cell_len(line(text, "黑莓", width=20)) == 19


def test_a_character_is_never_torn_from_its_accents() -> None:
    text = "n" + "e\u0323\u0331" * 60
    for width in range(6, 30):
        shown = "".join(piece for piece, _ in in_context(text, [(0, 1)], width)).rstrip("…")
        assert shown.endswith("\u0331") or shown == "n"


def test_a_long_word_is_not_cut_before_its_last_accent() -> None:
    text = "m " + "x" * 23 + "e\u0323\u0331" + "y" * 30
    assert signed(in_context(text, [(0, 1)], 30)) == "«m» " + "x" * 23 + "e\u0323\u0331…"


def test_words_side_by_side_have_no_ellipsis_between_them() -> None:
    assert signed(in_context("aaaa bbb " + "c" * 40, [(0, 4), (5, 8)], 15)) == "«aaaa» «bbb» …"


def test_a_word_that_is_left_out_is_not_shown_by_half() -> None:
    assert signed(in_context("黑公司巴基斯坦市场", [(0, 1), (3, 7)], 12)) == "«黑»公司…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\x00\x07\x9bb", "ab"),
        ("a\u202eb", "ab"),
        ("a\tb\rc\u2028d", "a b c d"),
        ("a\nb", "a / b"),
        ("\ud800", "\ufffd"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_what_could_harm_a_terminal_is_taken_away(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_signs_stay_on_the_words_when_characters_before_them_go() -> None:
    assert signed(in_context("\x1b\x1ba \nword", [(5, 9)], 40)) == "a  / «word»"


@given(
    st.text(alphabet="ab 黑é\u0301\n\x1b👩\u200d", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=6),
    st.integers(12, 60),
)
def test_a_line_fits_and_says_nothing_but_the_text(
    text: str, spans: list[tuple[int, int]], width: int
) -> None:
    pieces = in_context(text, spans, width)
    assert cell_len(signed(pieces)) <= width
    whole = harmless(text)
    for part in signed(pieces, ("", "")).split("…"):
        assert part.strip() in whole
    covered = "".join(
        letter if any(start <= at < end for start, end in spans) else "\x00"
        for at, letter in enumerate(text)
    )
    marked = [shown for shown, is_marked in pieces if is_marked]
    runs = [harmless(run) for run in covered.split("\x00")]
    assert all(any(shown in run for run in runs) for shown in marked)
    assert bool(marked) == any(map(harmless, covered.replace("\x00", "")))
