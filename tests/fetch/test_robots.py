"""What a site allows robots to ask for (RFC 9309)."""

from datetime import timedelta

import pytest

from tests.fakes import MORNING
from watcher.fetch.address import read_address
from watcher.fetch.robots import Robots, Rules, read_rules, site_of
from watcher.model import Fetched, FetchFailed

PAGE = "https://a.example/news/1"


def rules(text: str) -> Rules:
    return read_rules(Fetched(status=200, url="", body=text.encode()), MORNING)


def after(status: int, wait: timedelta | None = None) -> Rules:
    failed = FetchFailed(reason=str(status), status=status, retry_after=wait)
    return read_rules(failed, MORNING)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("user-AGENT: Watcher\nDisallow: /", False),
        ("User-agent: watcher/1.0\nDisallow: /news", False),
        ("User-agent: watch\nDisallow: /", True),
        ("User-agent: watcher-pro\nDisallow: /", True),
        ("User-agent: googlebot\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: watcher\nDisallow: /private", True),
        ("User-agent: *\nDisallow: /news\nAllow: /news/1", True),
        ("User-agent: *\nDisallow: /*/1$", False),
        ("User-agent: *\nDisallow:", True),
        ("<!doctype html><p>No such page</p>", True),
    ],
)
def test_the_longest_rule_of_our_group_decides(text: str, allowed: bool) -> None:
    assert (rules(text).objection(PAGE) == "") is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_such_file_allows_everything(status: int) -> None:
    assert after(status).objection(PAGE) == ""


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_a_site_that_does_not_answer_allows_nothing(status: int) -> None:
    assert "robots.txt cannot be read" in after(status).objection(PAGE)


def test_rules_are_kept_for_a_day_and_silence_for_an_hour_or_as_long_as_asked_for() -> None:
    hours = timedelta(hours=1)
    assert rules("").until == MORNING + 24 * hours
    assert after(500).until == MORNING + hours
    assert after(503, 5 * hours).until == MORNING + 5 * hours
    assert after(503, 500 * hours).until == MORNING + 24 * hours


@pytest.mark.parametrize(
    ("asked", "given"), [("2.5", 2.5), ("86400", 30.0), ("soon", 0.0), ("-1", 0.0), ("nan", 0.0)]
)
def test_a_crawl_delay_is_honoured_within_reason(asked: str, given: float) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {asked}\nDisallow: /x").delay == given


@pytest.mark.parametrize("name", ["User-agent: a", "user  agent a", "User-agent a"])
def test_rules_for_thousands_of_robots_are_read_like_those_for_one(name: str) -> None:
    text = "".join(f"{name}{number}\n" for number in range(15_000))
    text += "".join(f"Disallow: /{number}\n" for number in range(15_000))
    assert rules(text).objection(PAGE) == ""


def test_a_site_is_asked_again_when_its_time_is_over() -> None:
    robots = Robots()
    robots.note("a", rules(""))
    assert robots.rules("a", MORNING + timedelta(hours=23)) is not None
    assert robots.rules("a", MORNING + timedelta(hours=24)) is None
    assert robots.rules("b", MORNING) is None


def test_the_sites_that_were_not_asked_for_longest_are_forgotten_first() -> None:
    robots = Robots()
    for number in range(1_000):
        robots.note(str(number), after(404))
    assert robots.rules("0", MORNING) is not None
    robots.note("one more", after(404))
    assert robots.rules("0", MORNING) is not None
    assert robots.rules("1", MORNING) is None


def test_long_rules_are_kept_for_fewer_sites() -> None:
    robots = Robots()
    for number in range(50):
        robots.note(str(number), Rules(until=MORNING + timedelta(days=1), size=500_000))
    assert robots.rules("0", MORNING) is None
    assert robots.rules("49", MORNING) is not None


def test_rules_are_of_a_scheme_host_and_port() -> None:
    sites = {site_of(read_address(url)) for url in ("http://a/", "https://a/", "http://a:81/x")}
    assert sites == {"http://a:80", "https://a:443", "http://a:81"}
    assert site_of(read_address("http://[::1]/x")) == "http://[::1]:80"
