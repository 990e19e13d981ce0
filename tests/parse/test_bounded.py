from time import process_time

import pytest

from tests.parse.documents import atom, document, item_of, reason, rss

ATTRIBUTES = " ".join(f"a{n}='1'" for n in range(40_000))
LONG_BASE = "http://base.example/" + "a/" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(f"<author>{'a' * 60_000}@{'b.' * 20_000}</author>"), id="author"),
        pytest.param(rss("".join(f"<category>{n}</category>" for n in range(20_000))), id="tags"),
        pytest.param(rss(f"<x {ATTRIBUTES}/>"), id="attributes"),
        pytest.param(
            atom("<content type='xhtml'>" + "\n" * 400_000 + "<b xmlns=''>x</b></content>"),
            id="blank",
        ),
        pytest.param(
            f"<rss xml:base='{LONG_BASE}'><channel>{'<item><link>x</link></item>' * 2_000}"
            "</channel></rss>",
            id="base",
        ),
        pytest.param(
            atom("".join(f"<content>{n}</content>" for n in range(20_000))), id="contents"
        ),
        pytest.param(rss(f"<description>{'&lt;!--' * 200_000}</description>"), id="comments"),
    ],
)
def test_40_a_hostile_document_takes_seconds_at_most(body: str) -> None:
    before = process_time()
    assert document(body).items
    assert process_time() - before < 5  # each of them needs several times as long without bounds


def test_a_large_page_is_refused_without_reading_it() -> None:
    before = process_time()
    assert reason("<html><title>Blog</title>" + "<p>x" * 500_000) == "no feed but a web page “Blog”"
    assert process_time() - before < 1  # feedparser needs ten times as long


def test_what_is_left_of_too_much_is_its_beginning() -> None:
    many = "".join(f"<category>{n}</category>" for n in range(300))
    assert item_of(rss(many)).tags == tuple(str(n) for n in range(100))
    assert item_of(rss(f"<author>{'a' * 600}</author>")).authors == ("a" * 300,)


def test_blank_ends_of_a_long_text_are_cut_and_its_inside_is_not() -> None:
    blank = "\n" * 500
    inside = f"{blank}<b>one</b>{blank}<i>two</i>{blank}"
    body = (
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div></content>"
    )
    assert item_of(atom(body)).content == "one two"
    assert item_of(atom(f"<content type='html'>{blank}</content>")).content == ""


def test_an_element_with_too_many_attributes_has_none() -> None:
    many = " ".join(f"a{n}='1'" for n in range(501))
    entry = "<link href='/1' {}/><title>x</title>"
    assert item_of(atom(entry.format(many))).link == ""
    assert item_of(atom(entry.format("a='1'"))).link == "http://press.example/1"
