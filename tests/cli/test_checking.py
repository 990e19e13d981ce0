"""A feed looked at thoroughly, over real connections; what a person and a program are told."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Watcher
from tests.servers import FeedServer, Reply
from watcher.clock import SystemClock

RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def feed(*ages: timedelta, channel: str = "", pad: str = "Lorries wait.") -> bytes:
    """Write a feed whose items are so old."""
    now = SystemClock().now()
    items = "".join(
        f"<item><guid>{number}</guid><link>https://paper.example/{number}</link><title>Flood</title>"
        f"<description>{pad}</description><pubDate>{format_datetime(now - age)}</pubDate></item>"
        for number, age in enumerate(ages)
    )
    return (
        "<rss version='2.0'><channel><title>The Paper</title><link>https://paper.example/</link>"
        f"<language>en</language>{channel}{items}</channel></rss>"
    ).encode()


HOURLY = feed(*(number * HOUR for number in range(1, 21)))


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "watcher.yaml"
    file.write_text(
        "version: 1\nstate: watcher.db\ninclude: {feeds: [feeds.yaml], rules: []}\n"
        "fetch: {allow_networks: [127.0.0.0/8], per_host_gap: 0s, deadline: 5s}\n"
        "channels: {out: {type: console}}\n"
    )
    (tmp_path / "feeds.yaml").write_text("version: 1\nfeeds: []\n")
    return file


def lines(said: Said) -> dict[str, list[str]]:
    """Give what stands behind each label, and under `odd` what is odd."""
    told: dict[str, list[str]] = {"odd": []}
    label = ""
    for line in said.out.splitlines()[1:]:
        if found := re.match(r"  [!·] (.*)", line):
            told["odd"].append(found[1])
        elif found := re.match(r"  (.{11})  (.*)", line):
            label = found[1].strip() or label
            told.setdefault(label, []).append(found[2])
    return told


# --- a feed in order ------------------------------------------------------------------------------


def test_a_feed_in_order_is_told_in_full(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on(
        "/feed",
        Reply(
            body=gzip.compress(HOURLY),
            encoding="gzip",
            etag='"1"',
            headers={**RSS, "Server": "nginx", "Cache-Control": "max-age=300"},
        ),
    )
    said = watcher("feeds", "check", url, "-c", config)
    told = lines(said)
    assert said.code == 0
    assert said.out.splitlines()[0] == url
    assert told["title"] == ["The Paper"]
    assert told["format"] == ["RSS 2.0, in en"]
    assert told["site"] == ["https://paper.example/"]
    assert told["server"] == ["nginx"]
    assert re.fullmatch(r"200 OK in \d+ ms", told["answer"][0])
    assert re.fullmatch(r"\d KiB, sent as \d+ bytes \(gzip\)", told["size"][0])
    assert told["validators"] == ['ETag "1"']
    assert told["asked again"] == ["304 Not Modified, so it knows that nothing has changed"]
    assert told["items"][0].startswith("20, the newest 1 hour ago (")
    assert told["texts"] == ["about 13 characters an item"]
    assert told["new items"][0].startswith("about 24 a day, by their dates up to now")
    assert told["window"] == ["what it shows reaches back 20 hours"]
    assert told["it asks"] == ["its answer is fresh for 5 minutes (Cache-Control, Expires)"]
    assert told["interval"] == [
        "15 minutes: the usual interval",
        "up to 1 hour while it brings nothing new",
    ]
    assert told["to watch it"] == [f"- {{id: the-paper, url: {url}, title: The Paper}}"]
    assert "nothing is odd about it" in said.out
    assert [seen.headers.get("if-none-match") for seen in server.requests] == [None, '"1"']


def test_its_two_requests_keep_the_pause_that_its_host_is_owed(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    config.write_text(config.read_text().replace("per_host_gap: 0s", "per_host_gap: 1s"))
    watcher("feeds", "check", server.on("/feed", Reply(body=HOURLY, etag='"1"')), "-c", config)
    first, second = server.requests
    assert second.at - first.at >= 0.5  # a second, but that a busy server notes the first late


def test_the_interval_is_the_one_that_the_daemon_would_choose(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    quick = feed(*(number * HOUR / 20 for number in range(1, 11)))
    url = server.on("/feed", Reply(body=quick, etag='"1"', headers=RSS))
    told = lines(watcher("feeds", "check", url, "-c", config))
    assert told["interval"] == [
        "15 minutes: the usual interval",
        "up to 30 minutes while it brings nothing new",
    ]
    slow = feed(HOUR, channel="<ttl>180</ttl>")
    url = server.on("/slow", Reply(body=slow, etag='"1"', headers=RSS))
    told = lines(watcher("feeds", "check", url, "-c", config))
    assert told["it asks"] == ["no more often than every 3 hours (ttl, sy:updatePeriod)"]
    asked = "the feed asks to be visited no more often (ttl, sy:updatePeriod)"
    assert told["interval"] == [f"3 hours: {asked}"]
    config.write_text(config.read_text() + "poll: {default: 2h}\n")
    told = lines(watcher("feeds", "check", f"{server.url}/feed", "-c", config))
    assert told["interval"] == ["30 minutes: half of the 10 items that it shows pass in 30 minutes"]


def test_a_configured_feed_is_checked_by_its_id_and_with_its_own_interval(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=RSS))
    (config.parent / "feeds.yaml").write_text(
        f"version: 1\nfeeds: [{{id: paper, url: '{url}', poll: 2h}}]\n"
    )
    for name in ("paper", url):
        told = lines(watcher("feeds", "check", name, "-c", config))
        assert told["configured"] == ["as paper"]
        assert told["interval"] == ["2 hours: its `poll` setting"]
        assert "to watch it" not in told


# --- servers --------------------------------------------------------------------------------------


def odd(said: Said) -> list[str]:
    assert said.code == 0, said
    return lines(said)["odd"]


def test_a_feed_without_validators_is_sent_whole_each_time(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    said = watcher(
        "feeds", "check", server.on("/feed", Reply(body=HOURLY, headers=RSS)), "-c", config
    )
    assert lines(said)["validators"] == ["none"]
    assert lines(said)["asked again"] == ["the whole document, though nothing has changed"]
    assert odd(said) == [
        "it has no ETag and no Last-Modified to ask by: each visit brings the whole document"
    ]


def test_validators_that_the_server_does_not_know_again_are_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', own_etag='"2"', headers=RSS))
    said = watcher("feeds", "check", url, "-c", config)
    assert odd(said) == [
        "its server does not know its own validators again: each visit brings the whole document"
    ]


def test_a_way_to_ask_that_works_is_looked_for_as_the_daemon_would(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    reply = Reply(
        body=HOURLY,
        etag='"1-gzip"',
        own_etag='"1"',
        last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
        headers=RSS,
    )
    said = watcher("feeds", "check", server.on("/feed", reply), "-c", config)
    assert lines(said)["asked again"] == [
        "the whole document, though nothing has changed",
        "by its date alone: 304 Not Modified, so it knows that nothing has changed",
    ]
    assert odd(said) == [
        "its server does not know its own ETag again: Watcher asks it by date alone"
    ]
    assert len(server.requests) == 3


def test_the_same_validators_for_different_documents_are_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    first = Reply(body=HOURLY, etag='"1"', own_etag='"x"', headers=RSS)
    other = Reply(body=HOURLY + b" ", etag='"1"', own_etag='"x"', headers=RSS)
    said = watcher("feeds", "check", server.on("/feed", first, other), "-c", config)
    assert lines(said)["asked again"] == ["another document"]
    assert odd(said) == ["it sends different documents under the same ETag: changes may be missed"]


def test_bytes_that_differ_at_each_request_are_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    replies = (Reply(body=HOURLY + b" " * n, etag=f'"{n}"', headers=RSS) for n in range(3))
    said = watcher("feeds", "check", server.on("/feed", *replies), "-c", config)
    assert odd(said) == [
        "its bytes differ at each request though no item does: each visit brings the whole document"
    ]


def test_an_item_that_came_between_the_two_requests_is_not_odd(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    ages = [number * HOUR for number in range(1, 21)]
    replies = (Reply(body=feed(*ages[n:]), etag=f'"{n}"', headers=RSS) for n in (1, 0))
    said = watcher("feeds", "check", server.on("/feed", *replies), "-c", config)
    assert lines(said)["asked again"] == ["another document"]
    assert odd(said) == []


def test_a_server_that_fails_the_second_time_is_unsteady(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=RSS), Reply(status=500))
    assert odd(watcher("feeds", "check", url, "-c", config)) == [
        "asked again a moment later it failed: 500 Internal Server Error"
    ]


def test_a_feed_that_is_called_a_page_is_read_and_that_is_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    reply = Reply(body=HOURLY, etag='"1"', headers={"Content-Type": "text/html"})
    assert odd(watcher("feeds", "check", server.on("/feed", reply), "-c", config)) == [
        "its server calls it text/html: it is read as the feed that it is"
    ]


def test_a_large_feed_without_compression_and_a_wrong_clock_are_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    large = feed(*(number * HOUR for number in range(1, 21)), pad="Lorries wait. " * 200)
    behind = format_datetime(datetime.now(UTC) - 3 * HOUR, usegmt=True)  # noqa: TID251
    url = server.on("/feed", Reply(body=large, etag='"1"', date=behind, headers=RSS))
    assert odd(watcher("feeds", "check", url, "-c", config)) == [
        "it is sent without compression, though we ask for it",
        "its server's clock is 3 hours behind: its dates may be too",
    ]


def test_a_server_that_wants_fewer_visits_than_its_feed_needs_is_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    headers = {**RSS, "Cache-Control": "max-age=86400"}
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=headers))
    assert odd(watcher("feeds", "check", url, "-c", config)) == [
        "half of the 20 items that it shows pass in 10 hours, and it would be visited every"
        " 24 hours: items may be missed"
    ]


def test_a_feed_that_has_ended_is_told(server: FeedServer, config: Path, watcher: Watcher) -> None:
    old = feed(*((900 + number) * DAY for number in range(10)))
    url = server.on("/feed", Reply(body=old, etag='"1"', headers=RSS))
    assert odd(watcher("feeds", "check", url, "-c", config)) == [
        "its newest item is 2 years old, and it never paused for more than 24 hours before:"
        " it may have ended"
    ]


def test_what_is_wrong_with_the_document_is_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    broken = HOURLY.replace(b"<language>", b"<b><language>")
    url = server.on("/feed", Reply(body=broken, etag='"1"', headers=RSS))
    [fault] = odd(watcher("feeds", "check", url, "-c", config))
    assert fault.startswith("not well-formed: line 1: ")


# --- redirects ------------------------------------------------------------------------------------


def test_redirects_are_told_one_by_one_and_the_new_address_is_what_to_configure(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    new = server.on("/new", Reply(body=HOURLY, etag='"1"', headers=RSS))
    old = server.on("/old", Reply(status=301, location="/new"))
    said = watcher("feeds", "check", old, "-c", config)
    assert lines(said)["redirected"] == [f"301, for good: to {new}"]
    assert f"url: {new}," in lines(said)["to watch it"][0]
    assert odd(said) == ["it has moved for good: configure where it is redirected to"]


def test_a_redirect_to_another_host_is_told(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=RSS))
    there = server.at("localhost")
    url = server.on("/old", Reply(status=302, location=f"{there}/feed"))
    said = watcher("feeds", "check", url, "-c", config)
    assert lines(said)["redirected"] == [f"302, this once: to {there}/feed"]
    assert odd(said) == ["each visit is redirected, to another host (localhost), and not for good"]


# --- no feed --------------------------------------------------------------------------------------

PAGE = b"""<!doctype html><html><head><title>The Paper</title>
<link rel="alternate" type="application/rss+xml" title="The Paper: News" href="/feed/">
<link rel="alternate" type="application/atom+xml" href="https://b.example/atom.xml?key=s3cr3t">
</head><body>Flood</body></html>"""


def test_of_a_web_page_the_feeds_that_it_names_are_suggested(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    said = watcher("feeds", "check", server.on("/", Reply(body=PAGE)), "-c", config)
    assert said.code == 1
    assert lines(said)["no feed"] == ["a web page “The Paper”"]
    assert lines(said)["its feeds"] == [
        "RSS “The Paper: News”",
        f'- {{id: the-paper-news, url: {server.url}/feed/, title: "The Paper: News"}}',
        "Atom: https://b.example/atom.xml?key=***",
    ]
    assert len(server.requests) == 1


def test_a_suggested_line_is_one_that_the_configuration_understands(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    said = watcher("feeds", "check", server.on("/", Reply(body=PAGE)), "-c", config)
    server.on("/feed/", Reply(body=HOURLY, etag='"1"', headers=RSS))
    line = lines(said)["its feeds"][1]
    (config.parent / "feeds.yaml").write_text(f"version: 1\nfeeds:\n  {line}\n")
    assert watcher("feeds", "check", "the-paper-news", "-c", config).code == 0


def test_a_page_that_names_no_feed_says_so(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/", Reply(body=b"<html><title>Hello</title></html>"))
    said = watcher("feeds", "check", url, "-c", config)
    assert (said.code, lines(said)["its feeds"]) == (
        1, ['it names none (<link rel="alternate">)'],
    )  # fmt: skip


def test_a_captive_portal_is_told_for_what_it_is(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    server.on("/login", Reply(body=b"<html><title>Wi-Fi login</title></html>"))
    url = server.on("/feed", Reply(status=302, location=f"{server.at('localhost')}/login"))
    told = lines(watcher("feeds", "check", url, "-c", config))
    assert told["no feed"] == ["a web page “Wi-Fi login”, perhaps a login page or a captive portal"]
    assert told["odd"] == [
        "each visit is redirected, to another host (localhost), and not for good"
    ]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(status=404), "404 Not Found"),
        (Reply(status=410), "410 Gone"),
        (Reply(status=429, headers={"Retry-After": "60"}), "429 Too Many Requests"),
        (Reply(body=HOURLY, cut_after=9), "the answer broke off before its end"),
    ],
)
def test_what_cannot_be_had_is_told_and_not_asked_for_again(
    server: FeedServer, config: Path, watcher: Watcher, reply: Reply, told: str
) -> None:
    said = watcher("feeds", "check", server.on("/feed", reply), "-c", config)
    assert said.code == 1
    assert lines(said)["trouble"] == [told]
    assert len(server.requests) == 1


def test_a_private_address_is_refused_with_the_way_to_open_it(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    config.write_text(config.read_text().replace("allow_networks: [127.0.0.0/8], ", ""))
    said = watcher("feeds", "check", server.on("/feed", Reply(body=HOURLY)), "-c", config)
    assert said.code == 1
    assert lines(said)["trouble"] == [
        "127.0.0.1 is not a public address; `allow_networks` can open its network"
    ]
    assert not server.requests


# --- files, programs, mistakes --------------------------------------------------------------------


def test_a_file_is_checked_for_what_it_says(tmp_path: Path, config: Path, watcher: Watcher) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(HOURLY)
    said = watcher("feeds", "check", file, "-c", config)
    told = lines(said)
    assert said.code == 0
    assert (told["title"], told["odd"]) == (["The Paper"], [])
    assert not {"server", "answer", "asked again", "to watch it", "validators"} & told.keys()


def test_no_configuration_is_needed(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feed.xml").write_bytes(HOURLY)
    monkeypatch.chdir(tmp_path)
    assert watcher("feeds", "check", "feed.xml").code == 0
    assert not (tmp_path / "watcher.db").exists()


@pytest.mark.parametrize("wanted", ["nothing", "ftp://paper.example/feed", "http://", "a:b"])
def test_what_is_no_address_is_the_operators_mistake(
    config: Path, watcher: Watcher, wanted: str
) -> None:
    said = watcher("feeds", "check", wanted, "-c", config)
    assert (said.code, said.out) == (2, "")
    assert "is no address of the web" in said.err


def test_a_password_in_the_address_is_not_shown(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=RSS))
    secret = url.replace("//", "//me:hunter2@")
    for options in ((), ("--json",)):
        said = watcher("feeds", "check", secret, "-c", config, *options)
        assert said.code == 0
        assert "hunter2" not in said.out + said.err
        assert "***@127.0.0.1" in said.out


def test_programs_get_one_object_with_the_keys_that_the_manual_names(
    server: FeedServer, config: Path, watcher: Watcher
) -> None:
    url = server.on("/feed", Reply(body=HOURLY, etag='"1"', headers=RSS))
    said = watcher("feeds", "check", url, "-c", config, "--json")
    [record] = said.records
    manual = (Path(__file__).parents[2] / "docs/command-line.md").read_text(encoding="utf-8")
    told = re.search(r"^`feeds check`: (.*?)\.\n", manual, re.MULTILINE | re.DOTALL)
    assert told
    keys = {key.strip() for key in re.sub(r"\([^)]*\)", "", told[1]).split(",")}
    assert keys == record.keys()
    assert (record["readable"], record["items"], record["interval"]) == (True, 20, 900)
    assert record["asked_again"] == [{"way": "both", "outcome": "not modified"}]
    assert record["odd"] == []
    page = watcher("feeds", "check", server.on("/", Reply(body=PAGE)), "-c", config, "--json")
    assert page.code == 1
    [record] = page.records
    assert keys == record.keys()
    assert (record["readable"], record["trouble"]) == (False, "no feed but a web page “The Paper”")
    offers = record["offers"]
    assert isinstance(offers, list)
    assert [offer["kind"] for offer in offers] == ["RSS", "Atom"]
