from time import process_time
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.markup import (
    attributes,
    door_clean,
    plain,
    plain_with_links,
    tags,
    text_clean,
    unmarked,
)

BLOCK_NAMES = """
    address article aside blockquote dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
"""
MARKUP = """
    < > </ <!-- --> <a\thref= " ' <b> <p> </p> <br/> & &amp; &#x41; <script> </script> <![CDATA[ ]]>
    <!DOCTYPE <?x x e\u0301 \u0301
"""
SOUP = st.lists(st.sampled_from([*MARKUP.split(), " ", "\n", "<a href=x>", "</a>"])).map("".join)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Black<b>Berry</b>", "BlackBerry"),
        ("back<wbr>door", "backdoor"),
        ('<div class="center-wrap">News</div>', "News"),
        ("<p>Back</p><p>Door</p>", "Back\nDoor"),
        ("one<br>two<BR/>three", "one two three"),
        ("one<P CLASS=x>two", "one\ntwo"),
        ("a <!-- hidden <p> --> b", "a b"),
        ("a<!-- never closed b", "a"),
        ("a<!-->b", "ab"),
        ("a<!--->b", "ab"),
        ("a<!-- x --!>b", "ab"),
        ("a<script>if (a < b) { '<p>' }</script>b", "ab"),
        ("a<SCRIPT>x</script >b", "ab"),
        ("a<style>p { color: red }</style>b", "ab"),
        ("a<script>never closed", "a"),
        ("a<script src=x />b", "ab"),
        ("a</script>b", "ab"),
        ("<scripture>kept</scripture>", "kept"),
        ("AT&amp;T", "AT&T"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt;", "<b>"),
        ("&am<b></b>p;", "&amp;"),
        ("&#66;&#x42;&nbsp;&eacute;", "BB é"),
        ("x < y", "x < y"),
        ("1<2 and <3", "1<2 and <3"),
        ("</3", "</3"),
        ("a <b", "a <b"),
        ("a <", "a <"),
        ('told <a href="http://cut.example/of', "told"),
        ('<a title="a > b">x</a>', "x"),
        ("<a title='a > b' rel=y>x</a>", "x"),
        ('<a title="never closed>x</a> y', "x y"),
        ("<!DOCTYPE html><?xml version='1.0'?>x", "x"),
        ("<![if !mso]>x<![endif]>", "x"),
        ("<![CDATA[<p>Tom &amp; Jerry</p>]]>", "Tom & Jerry"),
        ("Black\u00adBerry\u200b", "BlackBerry"),
        ("a\u00a0b", "a b"),
        ("ﬁre Ｂ", "fire B"),
        (" a \n\t b ", "a b"),
        ("a <p> </p> \n <div> b", "a\nb"),
        ("<p></p>", ""),
        ("", ""),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("a&#x202e;b&#0;c", "a b\ufffdc"),
    ],
)
def test_markup_becomes_plain_text(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("name", BLOCK_NAMES.split())
def test_start_and_end_tags_of_blocks_are_breaks(name: str) -> None:
    assert plain(f"a<{name}>b</{name}>c") == "a\nb\nc"


@pytest.mark.parametrize("name", ["b", "span", "em", "wbr", "img", "details", "caption"])
def test_other_tags_leave_nothing_behind(name: str) -> None:
    assert plain(f"a<{name}>b</{name}>c") == "abc"


def test_links_are_told_with_the_place_of_their_text() -> None:
    html = '<p>From <a href="http://a.example/?x=1&amp;y=2"> the\n<b>Daily</b> Cat</a>,</p>'
    text, anchors = plain_with_links(html)
    assert text == "From the Daily Cat,"
    [(href, start, end)] = anchors
    assert href == "http://a.example/?x=1&y=2"
    assert text[start:end] == "the Daily Cat"


def test_a_link_may_reach_over_breaks_and_starts_with_its_first_word() -> None:
    text, anchors = plain_with_links("a <a href=x><p>b</p><p>c</p></a> d")
    assert [text[start:end] for _, start, end in anchors] == ["b\nc"]


def test_a_link_around_a_picture_has_an_empty_text() -> None:
    assert plain_with_links("a <a href=x><img></a> b") == ("a b", (("x", 1, 1),))


def test_a_link_inside_a_link_ends_it_and_an_open_one_ends_with_the_text() -> None:
    text, anchors = plain_with_links("<a href=x>one<a href=y>two")
    assert [(href, text[start:end]) for href, start, end in anchors] == [("x", "one"), ("y", "two")]


def test_an_anchor_without_an_address_is_no_link() -> None:
    assert plain_with_links("<a name=x>one</a>") == ("one", ())


def test_a_mark_joins_its_letter_across_a_link() -> None:
    assert plain_with_links("e<a href=x>\u0301t\u00e9</a>") == ("été", (("x", 1, 3),))
    assert plain_with_links("<a href=x>e</a>\u0301t") == ("ét", (("x", 0, 1),))
    assert plain_with_links("カ<a href=x>\uff9eス</a>")[0] == "ガス"
    assert plain_with_links("e<a href=x>\u0301</a>") == ("é", (("x", 1, 1),))


@given(SOUP)
def test_any_soup_gives_the_same_text_with_and_without_links(soup: str) -> None:
    text, anchors = plain_with_links(soup)
    assert text == plain(soup)
    assert all(0 <= start <= end <= len(text) for _, start, end in anchors)


@given(st.text())
def test_any_text_comes_out_normal(text: str) -> None:
    result = plain(text)
    assert result == normalize("NFKC", result)
    assert all(" ".join(line.split()) == line != "" for line in result.split("\n") if result)


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_without_markup_plain_and_unmarked_are_the_same(text: str) -> None:
    assert plain(text) == unmarked(text)


def test_a_text_that_is_no_html_keeps_its_angle_brackets_and_references() -> None:
    assert unmarked("Use <div>\nand &amp;\u00ad") == "Use <div> and &amp;"


def test_the_door_drops_controls_and_overrides_and_mends_surrogates() -> None:
    assert door_clean("a\x00b\u202ec\u2066d\x1be\x9f\ud800") == "abcde\ufffd"
    assert door_clean("a\tb\nc\rd\u200fe") == "a\tb\nc\rd\u200fe"
    assert door_clean("a\x0bb\x85c") == "a b c"


def test_in_a_text_controls_and_overrides_keep_words_apart() -> None:
    assert text_clean("a\x00b\u202ec\u2066d\x0be\ud800") == "a b c d e\ufffd"
    assert text_clean("a\tb\nc\rd\u200fe") == "a\tb\nc\rd\u200fe"


def test_attributes_are_read_once_with_references_decoded() -> None:
    [tag] = tags("<A HREF = ' x&amp;y ' rel=nofollow title=\"a b=c\" href=second disabled>")
    assert attributes(tag) == {"href": "x&y", "rel": "nofollow", "title": "a b=c"}


def test_heaps_of_marks_on_one_letter_are_cut() -> None:
    assert plain("e" + "\u0301\u0316" * 100_000).startswith("é")
    assert len(plain("e" + "\u0301\u0316" * 100_000)) <= 31
    assert plain("a" + "—" * 50) == "a" + "—" * 50


@pytest.mark.parametrize(
    "piece",
    [
        *("<!--", "<b>", "<p>", "<", '<a b="', "<a b=", '<a b=">" ', "<a ", "<a<", "&", "&a", "= "),
        *("<script>", "<script></script", "<![CDATA[", "<!", "<?a", "</", "<a href=x>y</a>"),
        "\u0301\u0316",
    ],
)
@pytest.mark.parametrize("end", ["", ">"])
def test_no_soup_takes_more_than_time_in_proportion(piece: str, end: str) -> None:
    def seconds(length: int) -> float:
        soup = piece * (length // len(piece)) + end
        before = process_time()
        plain(soup)
        return process_time() - before

    # a quadratic reader would need some sixteen times as long, and minutes for the larger one
    assert seconds(400_000) < 1 + 10 * seconds(100_000)
