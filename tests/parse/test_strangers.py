import pytest

from tests.parse.documents import document, reason, rss


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "an empty body"),
        (b" \n", "an empty body"),
        (b"%PDF-1.7 x", "no feed but a PDF document"),
        (b"\x1f\x8b\x08\x00", "no feed but gzip data that was not unpacked"),
        (b"\x89PNG\r\n", "no feed but a picture"),
        (b"\x01\x02\xff\xfe", "no feed but bytes of an unknown kind"),
        (b"\xfd7z\0\0 <f\xb0\x01$>", "no feed but bytes of an unknown kind"),
        (b"Not here.\nSorry", "no feed but plain text: “Not here. Sorry”"),
        (b"x" * 100, f"no feed but plain text: “{'x' * 79}…”"),
        (
            b"<?xml version='1.0'?><!-- c --><opml version='2.0'><body/></opml>",
            "no feed but XML with the root element <opml>",
        ),
        (b"<tv><channel id='1'/></tv>", "no feed but XML with the root element <tv>"),
        (
            b"<!DOCTYPE html><html><head><title>Our\n news &amp; more</title></head></html>",
            "no feed but a web page “Our news & more”",
        ),
        (b"<html><body><p>Moved</p></body></html>", "no feed but a web page"),
        (
            b"<html><title>Welcome</title><form><input type=password name=p></form></html>",
            "no feed but a web page “Welcome”, perhaps a login page or a captive portal",
        ),
        (
            b"<html><title>Free Wi-Fi</title></html>",
            "no feed but a web page “Free Wi-Fi”, perhaps a login page or a captive portal",
        ),
        (
            b"<html><title>Just a moment...</title></html>",
            "no feed but a check against robots: the web page “Just a moment...”",
        ),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, told: str) -> None:
    assert reason(body) == told


def test_a_page_that_has_a_feeds_element_in_it_is_a_page() -> None:
    page = b"<html><title>Blog</title><svg xmlns:a='http://www.w3.org/2005/Atom'></svg>x</html>"
    assert reason(page) == "no feed but a web page “Blog”"
    assert reason(b"<html><title>Blog</title><entry>x</entry></html>").endswith("“Blog”")


def test_an_empty_feed_is_a_feed() -> None:
    assert document(rss()).items == ()


def test_a_warning_before_a_feed_does_not_hide_it() -> None:
    read = document(f"<b>Warning</b>: something{rss('<title>Flood</title>')}")
    assert [item.title for item in read.items] == ["Flood"]


def test_items_without_a_root_are_items() -> None:
    read = document("<item><title>Flood</title></item>")
    assert (read.kind, [item.title for item in read.items]) == ("unknown", ["Flood"])
