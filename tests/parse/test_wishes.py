"""When feeds want no visits, and where their older items stand."""

import pytest

from tests.parse.documents import ADDRESS, document, rss
from tests.parse.test_reading_json import feed as json_feed
from watcher.parse.wishes import older_page, skip_days, skip_hours

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def hours(*numbers: object) -> str:
    inside = "".join(f"<hour>{number}</hour>" for number in numbers)
    return f"<skipHours>{inside}</skipHours>"


def days(*names: str) -> str:
    return "<skipDays>" + "".join(f"<day>{name}</day>" for name in names) + "</skipDays>"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (hours(0, 7, " 23 "), {0, 7, 23}),
        (hours(24), {0}),
        (hours(25, -1, "noon", 5), {5}),
        (hours(*range(24)), set()),
        ("<SkipHours>\n<Hour>3</Hour>\n</SkipHours>", {3}),
        (hours(), set()),
        ("<skipHours><hour>3</hour>", set()),
        ("", set()),
    ],
)
def test_35_hours_to_leave_out_are_read_when_sane(written: str, meant: set[int]) -> None:
    assert document(rss(channel=written)).skip_hours == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (days("Saturday", "sunday"), {5, 6}),
        (days("Someday", "Monday"), {0}),
        (
            days(*["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
            set(),
        ),
        ("", set()),
    ],
)
def test_35_days_to_leave_out_are_read_when_sane(written: str, meant: set[int]) -> None:
    assert document(rss(channel=written)).skip_days == meant


def test_an_item_that_writes_about_feeds_says_nothing_of_its_own() -> None:
    about = (
        f"<title>How to</title><description><![CDATA[{hours(3)}{days('Monday')}]]></description>"
    )
    assert not document(rss(about)).skip_hours | document(rss(about)).skip_days
    behind = rss(about).replace("</channel>", f"{hours(9)}</channel>")
    assert document(behind).skip_hours == {9}


def test_a_large_body_without_an_end_is_searched_quickly() -> None:
    body = b"<skipHours><hour>1" * 50_000
    assert (skip_hours(body), skip_days(body)) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("links", "page"),
    [
        ([("next", "/2"), ("prev-archive", "/2025")], "/2025"),
        ([("self", "/1"), ("Next", "/2")], "/2"),
        ([("next", "")], ""),
        ([("previous", "/0"), ("self", "/1")], ""),
    ],
)
def test_34_an_archive_is_preferred_to_a_page(links: list[tuple[str, str]], page: str) -> None:
    assert older_page(links) == page


def test_34_the_older_page_is_found_in_every_dialect() -> None:
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{}" href="?page=2"/>'
    assert document(rss(channel=link.format("next"))).older_page == f"{ADDRESS}?page=2"
    archive = link.format("prev-archive").replace("atom:link xmlns:atom", "link xmlns")
    atom = f"<feed {ATOM}><title>t</title>{archive}<entry><id>1</id></entry></feed>"
    assert document(atom).older_page == f"{ADDRESS}?page=2"
    assert document(json_feed(next_url="/feed.json?page=2")).older_page == (
        "http://press.example/feed.json?page=2"
    )
    assert document(rss()).older_page == ""
