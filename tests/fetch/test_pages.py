"""Pages of items, from a real server: what is asked for, what comes of it, and what is missed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.conftest import Desk, due, seconds
from tests.servers import FeedServer, Reply
from watcher.fetch import PageBudget, extractor
from watcher.fetch import reader as reading
from watcher.fetch.reader import PageReader, TooHardError
from watcher.fetch.robots import MOST_BYTES, Robots, Rules
from watcher.fetch.visit import Visitor
from watcher.model import (
    FeedId,
    FetchFailed,
    FullText,
    PageMissed,
    PageRead,
    PageResult,
    PagesAsked,
    PagesGot,
    Source,
)
from watcher.ports import Pages

PATIENCE = 20.0  # seconds to wait for what must come
SENTENCES = [
    "The river rose two metres overnight and the council of Northam closed the bridge at six.",
    "Engineers want to look at the pillars before any lorry may cross again, said Jane Doe.",
    "Traffic is led over the old ford, which the fire brigade has under watch day and night.",
    "The school buses start a quarter of an hour earlier until the water has gone down again.",
]
HEAD = {"Content-Type": "text/html; charset=utf-8"}


def page(*sentences: str, head: str = "") -> bytes:
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences or SENTENCES)
    html = f"<html><head><title>Flood</title>{head}</head><body><nav><a href=/>Home</a></nav>"
    return f"{html}<article><h1>Flood</h1>{body}</article><footer>Imprint</footer></body>".encode()


def html(body: bytes = b"", **more: Any) -> Reply:
    return Reply(body=body or page(), headers=HEAD, **more)


def budget(**more: Any) -> dict[str, Any]:
    return {"pages": PageBudget(**more)}


def came(pages: Pages, *asked: PagesAsked) -> Iterator[tuple[str, PagesGot]]:
    """Ask for pages, and give each visit's as soon as they are there."""
    for one in asked:
        pages.ask(one)
    missing = len(asked)
    while missing and (some := pages.come(PATIENCE)):
        missing -= len(some)
        yield from ((one.feed, got) for one, got in some)


def get(desk: Desk, *urls: str, **settings: Any) -> dict[str, PageResult]:
    asked = PagesAsked(feed=FeedId("feed"), addresses=urls)
    [(feed, got)] = came(desk.fetcher(**settings).pages, asked)
    assert feed == "feed"
    return dict(got)


def text(desk: Desk, url: str, **settings: Any) -> str:
    result = get(desk, url, **settings)[url]
    assert isinstance(result, PageRead), result
    return result.text


def why(desk: Desk, url: str, **settings: Any) -> str:
    result = get(desk, url, **settings)[url]
    assert isinstance(result, PageMissed), result
    return result.reason


def asked_for(server: FeedServer) -> list[str]:
    return [seen.path for seen in server.requests]


def test_they_are_pages(desk: Desk) -> None:
    pages: Pages = desk.fetcher().pages
    assert pages.come() == ()
    assert list(came(pages, PagesAsked(feed=FeedId("a"), addresses=()))) == [("a", {})]


def test_the_article_of_a_page_is_found_without_what_stands_around_it(
    server: FeedServer, desk: Desk
) -> None:
    found = text(desk, server.on("/1", html()))
    assert all(sentence in found for sentence in SENTENCES)
    assert "Imprint" not in found


def test_robots_txt_is_asked_for_first_and_once_a_day(server: FeedServer, desk: Desk) -> None:
    urls = [server.on(f"/{number}", html()) for number in range(3)]
    pages = desk.fetcher().pages
    asked = PagesAsked(feed=FeedId("feed"), addresses=tuple(urls))
    list(came(pages, asked))
    assert asked_for(server)[0] == "/robots.txt"
    list(came(pages, asked))
    assert server.count("/robots.txt") == 1
    desk.clock.advance(hours=25)
    list(came(pages, asked))
    assert server.count("/robots.txt") == 2


def test_what_robots_txt_forbids_is_not_asked_for(server: FeedServer, desk: Desk) -> None:
    server.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /secret"))
    url = server.on("/secret/1", html())
    assert why(desk, url) == "not asked for: robots.txt forbids it"
    assert asked_for(server) == ["/robots.txt"]


def test_nothing_is_asked_of_a_site_whose_robots_txt_cannot_be_read(
    server: FeedServer, desk: Desk
) -> None:
    server.on("/robots.txt", Reply(status=500))
    said = why(desk, server.on("/1", html()))
    assert said.endswith("robots.txt cannot be read: 500 Internal Server Error")
    assert server.count("/1") == 0


def test_the_beginning_of_a_robots_txt_that_is_too_long_counts(
    server: FeedServer, desk: Desk
) -> None:
    rules = b"User-agent: *\nDisallow: /secret\n" + (b"#" * 999 + b"\n") * (MOST_BYTES // 900)
    server.on("/robots.txt", Reply(body=rules))
    assert "forbids" in why(desk, server.on("/secret", html()))
    assert text(desk, server.on("/open", html()))


def test_a_robots_txt_may_be_redirected(server: FeedServer, desk: Desk) -> None:
    server.on("/robots.txt", Reply(status=301, location="/other"))
    server.on("/other", Reply(body=b"User-agent: *\nDisallow: /"))
    assert "forbids" in why(desk, server.on("/1", html()))
    server.on("/other", Reply(status=301, location="/robots.txt"))
    assert text(desk, server.on("/1", html()))  # no end of it: as if there were none


def test_the_rules_of_the_site_that_a_redirect_leads_to_count(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known["other.example"] = ["127.0.0.1"]
    with FeedServer() as other:
        other.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /"))
        desk.names.known["other.example"] = ["127.0.0.1"]
        target = other.at("other.example") + "/1"
        url = server.on("/1", Reply(status=302, location=target))
        assert "robots.txt forbids it" in why(desk, url)
        assert asked_for(other) == ["/robots.txt"]


def test_a_redirect_is_followed_and_the_page_says_where_it_is(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on("/old", Reply(status=301, location="/new"))
    server.on("/new", html())
    result = get(desk, url)[url]
    assert isinstance(result, PageRead)
    assert result.url == f"{server.url}/new"


def test_redirects_without_end_are_given_up(server: FeedServer, desk: Desk) -> None:
    circle = server.on("/a", Reply(status=302, location="/b"))
    server.on("/b", Reply(status=302, location="/a"))
    for number in range(9):
        server.on(f"/{number}", Reply(status=302, location=f"/{number + 1}"))
    assert why(desk, circle) == "the redirects go in a circle"
    assert why(desk, f"{server.url}/0") == "more than 5 redirects"


FAILURES = {
    "404 Not Found": Reply(status=404),
    "403 Forbidden": Reply(status=403),
    "it is no HTML but application/pdf": Reply(
        body=b"%PDF", headers={"Content-Type": "application/pdf"}
    ),
    "no article was found on it": html(b"<html><body></body></html>"),
    "the answer is larger than 1 MiB": html(b"<p>" * 20_000, repeat=40),
    "the answer broke off before its end": html(cut_after=20),
    "the server hung up without an answer": Reply(raw=b""),
    "redirected without saying where to": Reply(status=302),
}


@pytest.mark.parametrize("reason", FAILURES)
def test_a_failure_is_told_in_words(server: FeedServer, desk: Desk, reason: str) -> None:
    url = server.on("/1", FAILURES[reason])
    assert why(desk, url, **budget(max_bytes=1024 * 1024)) == reason


def test_what_is_no_html_is_not_even_read(server: FeedServer, desk: Desk) -> None:
    film = Reply(body=b"x" * 65536, repeat=1000, headers={"Content-Type": "video/mp4"})
    assert why(desk, server.on("/1", film)) == "it is no HTML but video/mp4"
    assert server.bytes_sent < 30_000_000


def test_19_private_addresses_are_refused_on_each_hop(server: FeedServer, desk: Desk) -> None:
    assert "is not a public address" in why(desk, "http://10.0.0.1/1")
    url = server.on("/1", Reply(status=302, location="http://169.254.169.254/latest"))
    assert "is not a public address" in why(desk, url)


def test_an_address_that_is_none_is_missed(desk: Desk) -> None:
    assert why(desk, "mailto:jane@a.example") == "only http and https are fetched, not mailto:"


def test_credentials_of_a_link_are_never_sent(server: FeedServer, desk: Desk) -> None:
    url = server.on("/1", html()).replace("//", "//user:secret@")
    assert text(desk, url)
    assert not any("authorization" in seen.headers for seen in server.requests)


def test_a_host_that_asks_for_peace_is_left_alone(server: FeedServer, desk: Desk) -> None:
    busy = server.on("/1", Reply(status=429, headers={"Retry-After": "60"}))
    other = server.on("/2", html())
    pages = desk.fetcher(per_host=1).pages
    [(_, got)] = came(pages, PagesAsked(feed=FeedId("a"), addresses=(busy, other)))
    reasons = [result.reason for result in got.values() if isinstance(result, PageMissed)]
    assert reasons[0] == "429 Too Many Requests"
    assert "wants to be left alone" in reasons[1]
    assert server.count("/2") == 0


def test_the_charset_of_the_header_counts(server: FeedServer, desk: Desk) -> None:
    body = page("Die Brücke über die Elbe wurde am Morgen für alle Fahrzeuge gesperrt. " * 4)
    reply = Reply(
        body=body.decode().encode("cp1252"), headers={"Content-Type": "text/html; charset=cp1252"}
    )
    assert "Brücke über" in text(desk, server.on("/1", reply))
    reply = Reply(body=body, headers={"Content-Type": "text/html; charset=no-such-thing"})
    assert "Brücke über" in text(desk, server.on("/1", reply))


def test_where_a_page_says_that_it_belongs_is_told_in_whole_addresses(
    server: FeedServer, desk: Desk
) -> None:
    head = (
        '<link rel="canonical" href="/story"><meta property="og:url" content="http://b.example/s">'
    )
    url = server.on("/1", html(page(head=head)))
    result = get(desk, url)[url]
    assert isinstance(result, PageRead)
    assert result.sources == (
        Source(url=f"{server.url}/story", how="rel=canonical"),
        Source(url="http://b.example/s", how="og:url"),
    )


# --- politeness and budget


def test_36_pages_and_feeds_share_the_gate_of_a_host(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher(host_gap=seconds(0.15))
    server.on("/feed", Reply(body=b"<rss/>"))
    urls = tuple(server.on(f"/{number}", html()) for number in range(2))
    list(fetcher.fetch_all([due(server.url + "/feed")]))
    list(came(fetcher.pages, PagesAsked(feed=FeedId("a"), addresses=urls)))
    first, *_, last = server.requests
    assert len(server.requests) == 4
    assert last.at - first.at > 0.36  # three gaps: two alone are 0.3


def test_a_feed_is_not_asked_whose_lease_ends_before_its_pages_may_have_come(
    server: FeedServer, desk: Desk
) -> None:
    server.on("/feed", Reply(body=b"<rss/>"))
    plain = due(server.url + "/feed")
    full = replace(plain, feed=replace(plain.feed, full_text=FullText.AUTO))
    now, settings = desk.clock.now(), {"deadline": seconds(4), **budget(deadline=seconds(10))}
    leases = ((plain, 4.0), (full, 23.9), (full, 24.0))
    asked = [replace(one, leased_until=now + seconds(lease)) for one, lease in leases]
    postponed = []
    for one in asked:
        [(_, answer)] = desk.fetcher(**settings).fetch_all([one])
        postponed.append(isinstance(answer, FetchFailed) and answer.postponed)
    assert postponed == [False, True, False]


def test_a_crawl_delay_keeps_pages_apart(server: FeedServer, desk: Desk) -> None:
    server.on("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 0.3\nDisallow: /x"))
    get(desk, *(server.on(f"/{number}", html()) for number in range(3)))
    times = [seen.at for seen in server.requests if seen.path != "/robots.txt"]
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.25


def test_no_more_pages_are_under_way_than_the_budget_allows(server: FeedServer, desk: Desk) -> None:
    for number in range(9):
        server.on(f"/{number}", html(pause=0.05))
        desk.names.known[f"h{number}.example"] = ["127.0.0.1"]
    urls = [f"{server.at(f'h{number}.example')}/{number}" for number in range(9)]
    got = get(desk, *urls, **budget(at_once=3))
    assert all(isinstance(result, PageRead) for result in got.values())
    assert server.most_at_once <= 3


def test_what_has_not_come_when_the_time_is_over_is_missed_and_the_rest_is_there(
    server: FeedServer, desk: Desk
) -> None:
    good, slow = server.on("/good", html()), server.on("/slow", html(drip=1))
    got = get(desk, good, slow, **budget(deadline=seconds(4)))
    assert isinstance(got[good], PageRead)
    result = got[slow]
    assert isinstance(result, PageMissed)
    assert "time" in result.reason or "within" in result.reason


def test_a_page_that_waits_for_its_host_is_missed_in_time(server: FeedServer, desk: Desk) -> None:
    server.on("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 30\nDisallow: /x"))
    first, second = server.on("/1", html()), server.on("/2", html())
    got = get(desk, first, second, **budget(deadline=seconds(4)))
    assert isinstance(got[first], PageRead)
    assert got[second] == PageMissed(reason="the time for this visit's pages was over")


def test_40_a_slow_host_keeps_the_pages_of_no_other_feed_waiting(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known |= {"slow.example": ["127.0.0.1"]}
    released = threading.Event()
    slow = [f"{server.at('slow.example')}/slow{number}" for number in range(6)]
    for number in range(6):
        server.on(f"/slow{number}", html(wait_for=released))
    good = server.on("/good", html())
    pages = desk.fetcher(**budget(at_once=3)).pages
    answers = came(
        pages,
        PagesAsked(feed=FeedId("slow"), addresses=tuple(slow)),
        PagesAsked(feed=FeedId("good"), addresses=(good,)),
    )
    feed, got = next(answers)
    assert feed == "good"
    assert isinstance(got[good], PageRead)
    released.set()
    [(feed, got)] = answers
    assert all(isinstance(result, PageRead) for result in got.values())


def test_nor_does_it_take_their_places_while_they_wait_for_their_rules(
    server: FeedServer, desk: Desk
) -> None:
    desk.names.known |= {"slow.example": ["127.0.0.1"]}
    released = threading.Event()
    slow = tuple(f"{server.at('slow.example')}/slow{number}" for number in range(6))
    for number in range(6):
        server.on(f"/slow{number}", html(wait_for=released))
    with FeedServer() as other:
        other.on("/robots.txt", Reply(pause=0.3))
        good = tuple(other.on(f"/{number}", html(pause=0.2)) for number in range(2))
        answers = came(
            desk.fetcher(**budget(at_once=4)).pages,
            PagesAsked(feed=FeedId("slow"), addresses=slow),
            PagesAsked(feed=FeedId("good"), addresses=good),
        )
        assert next(answers)[0] == "good"
        assert other.most_at_once == 2
        released.set()
        assert [feed for feed, _ in answers] == ["slow"]


def test_visits_whose_turn_never_comes_are_given_up_in_time(server: FeedServer, desk: Desk) -> None:
    """Which ones, and when: see test_rounds."""
    slow = [server.on(f"/{number}", html(hang=True)) for number in range(10)]
    asked = [PagesAsked(feed=FeedId(url), addresses=(url,)) for url in slow]
    pages = desk.fetcher(per_host=1, **budget(deadline=seconds(0.4))).pages
    results = [result for url, got in came(pages, *asked) for result in got.values()]
    assert len(results) == 10
    assert PageMissed(reason="the time for this visit's pages was over") in results
    assert not all(server.count(f"/{number}") for number in range(10))


def test_what_is_asked_for_while_others_are_under_way_begins_at_once(
    server: FeedServer, desk: Desk
) -> None:
    released = threading.Event()
    slow, quick = server.on("/slow", html(wait_for=released)), server.on("/quick", html())
    pages = desk.fetcher().pages
    pages.ask(PagesAsked(feed=FeedId("slow"), addresses=(slow,)))
    while not server.count("/slow"):
        assert pages.come(0.05) == ()
    pages.ask(PagesAsked(feed=FeedId("quick"), addresses=(quick,)))
    assert [asked.feed for asked, _ in pages.come(PATIENCE)] == ["quick"]
    released.set()
    assert [asked.feed for asked, _ in pages.come(PATIENCE)] == ["slow"]


def test_after_a_bug_in_the_round_nobody_waits_for_ever(
    server: FeedServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.on("/1", html())
    right = Robots.note
    bugs = iter([True])

    def wrong(self: Robots, site: str, rules: Rules) -> None:
        if next(bugs, False):
            raise ZeroDivisionError
        right(self, site, rules)

    monkeypatch.setattr(Robots, "note", wrong)
    pages = desk.fetcher().pages
    asked = PagesAsked(feed=FeedId("a"), addresses=(url,))
    missed = PageMissed(reason="a fault in Watcher itself (ZeroDivisionError)")
    assert list(came(pages, asked)) == [("a", {url: missed})]
    [(_, got)] = came(pages, asked)
    assert isinstance(got[url], PageRead)


def test_a_closed_fetcher_fetches_no_pages(server: FeedServer, desk: Desk) -> None:
    fetcher = desk.fetcher()
    url = server.on("/1", html())
    fetcher.close()
    [(_, got)] = came(fetcher.pages, PagesAsked(feed=FeedId("a"), addresses=(url,)))
    assert isinstance(got[url], PageMissed)
    assert asked_for(server) == []


def test_closing_the_fetcher_ends_a_round(server: FeedServer, desk: Desk) -> None:
    url = server.on("/1", html(hang=True))
    fetcher = desk.fetcher(**budget(deadline=seconds(60)))
    threading.Timer(0.3, fetcher.close).start()
    assert list(came(fetcher.pages, PagesAsked(feed=FeedId("a"), addresses=(url,)))) == []


def test_a_bug_while_fetching_a_page_is_told_and_costs_only_that_page(
    server: FeedServer,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    right = Visitor.ask

    def wrong(self: Visitor, ask: Any, line: Any) -> Any:
        if ask.target.url.endswith("/1"):
            raise ZeroDivisionError("token=s3cret")
        return right(self, ask, line)

    monkeypatch.setattr(Visitor, "ask", wrong)
    bad, good = server.on("/1", html()), server.on("/2", html())
    got = get(desk, bad, good)
    assert got[bad] == PageMissed(reason="a fault in Watcher itself (ZeroDivisionError)")
    assert isinstance(got[good], PageRead)
    assert "a bug while fetching a page" in caplog.text


# --- reading in a process of its own


HARD = b"<html><body><p " + b" ".join(b"a%d=x" % number for number in range(60_000)) + b">x"


def test_40_a_page_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    reader = PageReader(patience=seconds(0.5))
    with pytest.raises(TooHardError, match="too hard to read"):
        reader.read(HARD, "")
    reader = PageReader()
    assert SENTENCES[0] in reader.read(page(), "")["text"]
    reader.close()


def test_after_a_page_that_was_too_hard_the_others_of_its_visit_are_not_read(
    server: FeedServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: PageReader, html: bytes, charset: str) -> dict[str, Any]:
        raise TooHardError("it is too hard to read")

    monkeypatch.setattr(PageReader, "read", never)
    first, second = server.on("/1", html()), server.on("/2", html(pause=0.1))
    got = get(desk, first, second)
    assert [result.reason for result in got.values() if isinstance(result, PageMissed)] == [
        "it is too hard to read",
        "another page of this visit was too hard to read",
    ]


def test_a_process_that_died_is_started_again() -> None:
    reader = PageReader()
    reader.read(page(), "")
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait()
    assert SENTENCES[0] in reader.read(page(), "")["text"]
    reader.close()


def test_what_a_page_does_to_the_parser_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(html: bytes, charset: str) -> dict[str, Any]:
        raise MemoryError

    monkeypatch.setattr(extractor, "found", full)
    monkeypatch.setattr(extractor, "_allow_time", lambda: None)  # it is for a process of its own
    asked, told = BytesIO(b'{"size": 3, "charset": ""}\n<p>'), BytesIO()
    extractor.answer(asked, told)
    assert told.getvalue() == b'{"trouble": "MemoryError"}\n'


def test_a_process_in_trouble_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_asked", lambda *_: b'{"trouble": "MemoryError"}\n')
    reader = PageReader()
    with pytest.raises(TooHardError, match=r"cannot be read \(MemoryError\)"):
        reader.read(page(), "")
    assert reader._process is None
    reader.close()


def test_a_closed_reader_reads_nothing() -> None:
    reader = PageReader()
    reader.close()
    with pytest.raises(TooHardError, match="given up"):
        reader.read(page(), "")


def test_the_process_that_reads_knows_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK", "s3cret")
    reader = PageReader()
    reader.read(page(), "")
    assert reader._process is not None
    environment = Path(f"/proc/{reader._process.pid}/environ").read_bytes()
    reader.close()
    assert b"s3cret" not in environment


def test_nothing_of_pages_is_loaded_where_none_is_fetched() -> None:
    program = "import sys, watcher.app; print({'trafilatura', 'lxml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"set()\n"
