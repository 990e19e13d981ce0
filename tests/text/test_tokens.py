"""Folding and tokens, by section 3 of the watch language."""

import sys
from itertools import pairwise
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.oracle import tokenize
from watcher.text.flat import flattened
from watcher.text.fold import folded
from watcher.text.tokens import is_unspaced, is_word_character, tokens


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Café", "cafe"),
        ("Straße", "strasse"),
        ("Åland", "aland"),
        ("über", "uber"),
        ("København", "kobenhavn"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("ısı", "isi"),
        ("Æsir", "aesir"),
        ("Þór", "thor"),
        ("ΑΘΉΝΑΣ", "αθηνασ"),
        ("\u0301", ""),
        ("が", "が"),
        ("ABC", "abc"),
    ],
)
def test_folding_forgives_case_and_accents(written: str, same: str) -> None:
    assert folded(written) == same


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("Server/client_split", ("server", "client", "split")),
        ("end-to-end", ("end", "to", "end")),
        ("a--b -c- 5G", ("a", "b", "c", "5g")),
        ("O’Brien l'Oréal", ("o", "brien", "l", "oreal")),
        ("Apple's APPLE’S Appleʼs", ("apple", "apple", "apple")),
        ("we'll I'd I'm they're we've", ("we", "i", "i", "they", "we")),
        ("don't WON’T can't", ("dont", "wont", "cant")),
        ("it-s its' s'", ("it", "s", "its", "s")),
        ("rock-don't-care", ("rock", "don", "t", "care")),
        ("rock-don't", ("rock", "dont")),
        ("shouldn't've", ("shouldn", "t")),
        ("wait't", ("wait", "t")),
        ("黑莓BlackBerry手机", ("黑", "莓", "blackberry", "手", "机")),
        ("ゲーム", ("ゲ", "ー", "ム")),
        ("กำ", ("ก", "\u0e33")),
        ("\u0301 x", ("x",)),
        ("a\ud800b", ("a", "b")),
    ],
)
def test_text_is_cut_into_tokens(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text).words == words


def test_a_mark_belongs_to_the_unspaced_character_before_it() -> None:
    cut = tokens("ก่ข")
    assert cut.words == ("ก่", "ข")
    assert cut.starts == (0, 2)


def test_a_break_puts_a_hundred_positions_between_words() -> None:
    assert tokens("a b\nc\nd").positions == (0, 1, 102, 203)


def test_a_dropped_word_takes_no_position() -> None:
    assert tokens("a \u0301 b").positions == (0, 1)


def test_only_parts_of_one_chunk_share_its_number() -> None:
    chunks = tokens("back-door back door").chunks
    assert chunks[0] == chunks[1]
    assert len(set(chunks)) == 3


def test_a_token_keeps_its_place_in_the_text() -> None:
    text = "«Don't» Apple's"
    cut = tokens(text)
    spans = zip(cut.starts, cut.ends, strict=True)
    assert [text[start:end] for start, end in spans] == ["Don't", "Apple"]


def test_the_unspaced_scripts_are_the_ranges_of_the_standard() -> None:
    ranges = (
        "0E00–0EFF 1000–109F 1100–11FF 3130–318F AC00–D7AF 1780–17FF 2E80–2FDF 3005–3007 "
        "3021–3029 3400–4DBF 4E00–9FFF F900–FAFF 20000–3FFFF 3041–30FF 31F0–31FF"
    )
    for written in ranges.split():
        first, last = (int(point, 16) for point in written.split("–"))
        assert is_unspaced(chr(first))
        assert is_unspaced(chr(last))
    total = sum(is_unspaced(chr(point)) for point in range(sys.maxunicode + 1))
    assert total == sum(
        int(b, 16) - int(a, 16) + 1 for a, b in (r.split("–") for r in ranges.split())
    )


@given(st.text(alphabet=st.sampled_from("abnstSé'’-‐ \n黑ム\u0301\u3099\u0e31.&_ʼ5"), max_size=40))
def test_tokens_are_ordered_disjoint_and_made_of_word_characters(text: str) -> None:
    cut = tokens(text)
    assert list(cut.positions) == sorted(set(cut.positions))
    assert all(a < b for a, b in zip(cut.starts, cut.ends, strict=True))
    assert all(a <= b for a, b in zip(cut.ends, cut.starts[1:], strict=False))
    for word in cut.words:
        assert folded(word) == word
        assert all(is_word_character(character) for character in word)


@given(st.characters())
def test_a_word_character_is_a_letter_mark_or_number(character: str) -> None:
    expected = category(character)[0] in ("L", "M", "N") and character != "ʼ"
    assert is_word_character(character) == expected


# --- flat texts and others: two ways to the same tokens -------------------------------------------

MIXED = "abnstSdlrevm  é'’-‐ \n黑ム\u0301\u3099\u0e31\u0e01.&_ʼ5ßñÆŉ”“—\x00\x1f\ud800İſʰकि"


@settings(max_examples=1500, deadline=None)
@given(st.text(alphabet=st.sampled_from(MIXED), max_size=60) | st.text(max_size=40))
def test_any_text_is_cut_as_the_standard_says(text: str) -> None:
    cut = tokens(text)
    expected = tokenize(text)
    assert [(t.word, t.start, t.end, t.position) for t in expected] == list(
        zip(cut.words, cut.starts, cut.ends, cut.positions, strict=True)
    )
    linked = [one.chunk == other.chunk and not one.unspaced for one, other in pairwise(expected)]
    assert [at in cut.links for at in range(1, len(cut))] == linked
    assert [one == other for one, other in pairwise(cut.chunks)] == linked


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(MIXED), max_size=90), st.sets(st.integers(0, 60)))
def test_the_places_of_some_tokens_are_those_in_the_columns(text: str, wanted: set[int]) -> None:
    cut = tokens(text)
    there = {at for at in wanted if at < len(cut)}
    places = tokens(text).places(there)  # of tokens whose columns nobody has asked for yet
    assert places == {at: (cut.starts[at], cut.ends[at]) for at in there}


@pytest.mark.parametrize("size", [3, 30, 3_000])
def test_places_are_the_same_whether_few_or_many_are_asked_for(size: int) -> None:
    text = "Don’t say “can't” - l’Oréal's e-mail…\n" * size
    cut = tokens(text)
    for step in (1, 2, 5, 50):
        wanted = range(0, len(cut), step)
        places = tokens(text).places(wanted)
        assert places == {at: (cut.starts[at], cut.ends[at]) for at in wanted}


@pytest.mark.parametrize(
    ("text", "is_flat"),
    [
        ("plain old ASCII, don't", True),
        ("“typographic” – café, Straße", True),
        ("Привет, мир", True),
        ("加拿大黑莓公司 BlackBerry", True),
        ("हिन्दी में", False),
        ("cafe\u0301", False),
    ],
)
def test_only_combining_marks_keep_a_text_from_being_made_flat(text: str, is_flat: bool) -> None:
    assert (flattened(text) is not None) == is_flat
