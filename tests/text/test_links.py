import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.links import host, normal_link, place_in_page, resolve

STORY = "example.org/2026/story"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/2026/story",
        "https://example.org/2026/story/",
        "https://www.example.org/2026/story#comments",
        "http://m.example.org:80/2026/story",
        "https://EXAMPLE.org:443/2026//story",
        "https://user:secret@example.org/2026/story",
        "//example.org/2026/story",
        "https://example.org./2026/story?",
        "https://amp.example.org/2026/story/amp/",
        "https://example.org/2026/story?utm_source=rss&utm_medium=feed",
        "https://example.org/2026/story?fbclid=abc&source=rss&at_campaign=x",
        "https://example.org/2026/st%6Fry/index.html",
        " https://example.org/2026/story ",
    ],
)
def test_one_page_has_one_normal_link(url: str) -> None:
    assert normal_link(url) == STORY


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/2026/Story",
        "https://example.org/2026/story2",
        "https://example.org:8080/2026/story",
        "https://news.example.org/2026/story",
        "https://example.org/2026/story?id=2",
        "https://example.org/2026/story?source=reuters",
        "https://example.org/2026/story#!/2",
    ],
)
def test_other_pages_have_other_normal_links(url: str) -> None:
    assert normal_link(url) not in ("", STORY)


def test_parameters_are_compared_in_any_order() -> None:
    assert normal_link("http://a.example/?b=2&a=1") == normal_link("http://a.example?a=1&b=2")


def test_international_hosts_and_paths_are_compared_in_one_form() -> None:
    written = normal_link("https://bücher.example/ä?q=ü")
    assert written == normal_link("http://xn--bcher-kva.example/%c3%a4?q=%C3%BC")


@pytest.mark.parametrize("url", ["http://" + "ü" * 80 + ".example/x", "http://ü..example/x"])
def test_hosts_that_are_no_names_are_compared_as_they_are(url: str) -> None:
    assert normal_link(url) == url.removeprefix("http://")


@pytest.mark.parametrize(
    "url",
    [
        *("", "mailto:a@b.example", "javascript:alert(1)", "urn:uuid:1", "no address"),
        *("http://[::1/x", "http:///x", "http://a.example:port/"),
        "http://a.example/" + "x" * 9_000,
    ],
)
def test_what_is_no_address_of_the_web_has_no_normal_link(url: str) -> None:
    assert normal_link(url) == ""


def test_an_amp_page_is_the_page() -> None:
    assert normal_link("http://a.example/x.amp.html") == normal_link("http://a.example/x.html")
    assert normal_link("http://amp.dev/x") == "amp.dev/x"


def test_long_links_stay_different_though_they_are_shortened() -> None:
    one, other = (normal_link("http://a.example/" + "x" * 2_000 + end) for end in "ab")
    assert one != other
    assert len(one) <= 800


@given(st.text())
def test_any_text_has_a_normal_link_and_a_host_or_none(text: str) -> None:
    assert isinstance(normal_link(text), str)
    assert isinstance(host(f"http://{text}"), str)
    resolve("http://a.example/", text)


@given(
    st.from_regex(r"https?://[a-z]{1,9}\.example(/[a-zA-Z0-9%&?=~.-]{0,9}){0,3}", fullmatch=True)
)
def test_a_normal_link_is_its_own_normal_link(url: str) -> None:
    once = normal_link(url)
    assert normal_link(f"http://{once}") == once


def test_the_host_is_lower_case_and_has_no_port() -> None:
    assert host("https://CNET.com:443/x") == "cnet.com"
    assert host("https://www.example.org./x") == "www.example.org"
    assert host("http://[2001:DB8::1]:80/") == "2001:db8::1"
    assert host("http://[broken/") == ""
    assert host("no address") == ""


@pytest.mark.parametrize(
    ("href", "absolute"),
    [
        ("story", "http://a.example/news/story"),
        ("/story?x=1", "http://a.example/story?x=1"),
        ("//b.example/x", "http://b.example/x"),
        ("https://b.example/a b", "https://b.example/a%20b"),
        (" \n?p=1 ", "http://a.example/news/?p=1"),
        ("magnet:?xt=urn:btih:1", "magnet:?xt=urn:btih:1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@b.example", ""),
        ("", ""),
        ("http://[broken/", ""),
        ("https:///x", ""),
        ("x" * 9_000, ""),
    ],
)
def test_addresses_become_absolute_or_nothing(href: str, absolute: str) -> None:
    assert resolve("http://a.example/news/", href) == absolute


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://a.example/changes#october-3", "october-3"),
        ("http://a.example/changes#comments", ""),
        ("http://a.example/changes#comment-12", ""),
        ("http://a.example/changes#xtor=RSS-1", ""),
        ("http://a.example/changes#utm_source=rss", ""),
        ("http://a.example/#!/changes", ""),
        ("http://a.example/changes", ""),
    ],
)
def test_a_fragment_is_a_place_unless_it_only_tracks(url: str, place: str) -> None:
    assert place_in_page(url) == place
