"""Addresses: read as they are written, shown without their secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.fetch import redacted
from watcher.fetch.address import host_of, read_address
from watcher.fetch.trouble import Trouble


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/feed.xml", "https://a.example/feed.xml"),
        ("https://u:p@a.example/", "https://***@a.example/"),
        ("https://token@a.example/", "https://***@a.example/"),
        ("https://u:p@x@a.example/", "https://***@a.example/"),
        ("https://a.example/f?format=rss&page=2", "https://a.example/f?format=rss&page=2"),
        ("https://a.example/f?token=abc&page=2", "https://a.example/f?token=***&page=2"),
        (
            "https://a.example/f?a=1&API_KEY=x;Auth=y",
            "https://a.example/f?a=1&API_KEY=***;Auth=***",
        ),
        ("https://a.example/f#access_token=x", "https://a.example/f#access_token=***"),
        ("https://a.example/f?u=8f14e45fceea167a5a36dedd4bea2543", "https://a.example/f?u=***"),
        ("https://a.example/f?q=two+words+in+a+long+search", None),
        ("https://a.example/@user/feed", None),
        ("no address at all", None),
    ],
)
def test_secrets_of_an_address_are_not_shown(url: str, shown: str | None) -> None:
    assert redacted(url) == (url if shown is None else shown)


@given(
    st.text("abcdefghij0123456789", min_size=8, max_size=12),
    st.text("klmnopqrst0123456789", min_size=8, max_size=12),
)
def test_no_password_or_token_survives(password: str, token: str) -> None:
    shown = redacted(f"https://user:{password}@host.example/feed?token={token}")
    assert password not in shown
    assert token not in shown


def test_showing_twice_is_showing_once() -> None:
    once = redacted("https://u:p@a.example/?key=1&x=2")
    assert redacted(once) == once


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("  HTTP://A.Example  ", "http://a.example/"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example:443/x", "http://a.example:443/x"),
        ("http://a.example/x#part", "http://a.example/x"),
        ("feed://a.example/x", "http://a.example/x"),
        ("feeds://a.example/x", "https://a.example/x"),
        ("feed:https://a.example/x", "https://a.example/x"),
        ("FEED:http://a.example/x", "http://a.example/x"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("http://stra\u00dfe.example/", "http://xn--strae-oqa.example/"),
        ("http://u:p@a.example/", "http://a.example/"),
    ],
)
def test_an_address_is_read_as_it_is_meant(text: str, url: str) -> None:
    assert read_address(text).url == url


def test_reading_an_address_again_changes_nothing() -> None:
    once = read_address("http://B\u00fccher.example/\u00fc b?q=a b").url
    assert read_address(once).url == once


def test_the_host_is_what_the_limits_go_by() -> None:
    assert host_of("https://user@A.example:8080/x") == "a.example"
    assert host_of("nonsense") == ""


@given(st.text(max_size=60) | st.text(max_size=40).map("http://{}".format))
def test_any_text_is_an_address_or_trouble(text: str) -> None:
    try:
        address = read_address(text)
    except Trouble:
        return
    assert address.url.isascii()
    assert address.scheme in {"http", "https"}
