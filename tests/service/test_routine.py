"""The ping and the line of the day."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from tests.store.nouns import every_item, make_item
from watcher.app import TEXTS_KEPT, App, opened
from watcher.config import load
from watcher.daemon import Job
from watcher.errors import ConfigError
from watcher.model import AlertKind, Topic
from watcher.service.routine import ping_once, round_off, routine, tell_the_day
from watcher.service.troubles import Troubles

MAIN = """version: 1
state: a.db
include: {{feeds: [feeds.yaml], rules: [rules.yaml]}}
channels: {{out: {{type: file, path: alerts.jsonl}}}}
operator: out
backup: {{enabled: no}}
{more}
"""


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 6, 59, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], App]]:
    opening = []

    def make(more: str) -> App:
        (tmp_path / "watcher.yaml").write_text(MAIN.format(more=more))
        (tmp_path / "feeds.yaml").write_text(
            "version: 1\nfeeds: [{id: a, url: 'http://a.example/'}]\n"
        )
        (tmp_path / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
        config = load(tmp_path / "watcher.yaml", {"PING": "http://127.0.0.1:1/secret"})
        opening.append(opened(config, Clock()))
        return opening[-1].__enter__()

    yield make
    for one in opening:
        one.__exit__(None, None, None)


def lines(app: App) -> list[str]:
    with app.store.reading() as tx:
        found = tx.alerts([], 100)
    return [alert.message.headline for alert in found if alert.kind is AlertKind.SERVICE]


HOUR = timedelta(hours=1)
AGES = {"young": -24, "old": 1, "older": 22}  # hours that the text is older than it has to be kept


def texts(app: App) -> set[str]:
    with app.store.reading() as tx:
        return {item.id for item in every_item(tx) if item.title}


DAILY = 'daily: {at: "08:00", timezone: Europe/Berlin}'


def test_the_line_of_the_day_is_told_once_at_its_time_by_the_clocks_of_its_zone(
    made: Callable[[str], App],
) -> None:
    app = made(DAILY)
    clock = app.clock
    assert isinstance(clock, Clock)
    assert not tell_the_day(app), "in Berlin it is 07:59"
    clock.time += timedelta(minutes=1)
    assert tell_the_day(app)
    clock.time += timedelta(minutes=30)
    assert not tell_the_day(app), "it was told"
    assert lines(app) == ["1 feed, 0 items, 0 gaps, all alerts delivered"]
    clock.time += timedelta(days=1)
    assert tell_the_day(app)
    assert len(lines(app)) == 2


def test_a_daemon_that_starts_long_after_the_time_tells_no_line(
    made: Callable[[str], App],
) -> None:
    app = made(DAILY)
    assert isinstance(app.clock, Clock)
    app.clock.time += timedelta(hours=2)
    assert not tell_the_day(app)
    assert lines(app) == []


def test_without_its_setting_there_is_no_job(made: Callable[[str], App]) -> None:
    app = made("")
    assert routine(app, Troubles(app)) == ()


@pytest.fixture
def heard() -> Iterator[tuple[int, Queue[str]]]:
    posted = Queue[str]()

    class Switch(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.put(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Switch) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, posted
        server.shutdown()
        thread.join()


def ping_job(app: App, troubles: Troubles) -> Job:
    (job,) = routine(app, troubles)
    return job


def test_the_ping_comes_while_all_is_well_and_stays_away_in_trouble(
    made: Callable[[str], App], heard: tuple[int, Queue[str]], caplog: pytest.LogCaptureFixture
) -> None:
    port, posted = heard
    app = made(f'ping: {{url: "http://127.0.0.1:{port}/mine", every: 2m}}')
    troubles = Troubles(app)
    job = ping_job(app, troubles)
    assert job.every == timedelta(minutes=2)
    job.do()
    assert posted.get(timeout=10) == "/mine"
    troubles.see(Topic.STORE, "there is no room left")
    with caplog.at_level(logging.WARNING):
        job.do()
    with pytest.raises(Empty):
        posted.get(timeout=0.2)
    assert "no ping, because not all is well" in caplog.text
    troubles.see(Topic.STORE, "")
    job.do()
    assert posted.get(timeout=10) == "/mine"


def test_a_round_does_what_has_come_due_and_pings_when_all_is_well(
    made: Callable[[str], App], heard: tuple[int, Queue[str]]
) -> None:
    port, posted = heard
    app = made(f'ping: {{url: "http://127.0.0.1:{port}/mine"}}\n{DAILY}')
    assert isinstance(app.clock, Clock)
    app.clock.time += timedelta(minutes=5)
    before = app.clock.time - TEXTS_KEPT
    with app.store.transaction() as tx:
        tx.keep([make_item(name, seen_at=before - ago * HOUR) for name, ago in AGES.items()])
    for _ in range(2):
        round_off(app, Troubles(app))
    assert len(lines(app)) == 1, "the line of the day"
    assert texts(app) == set(AGES), "nothing is a day older than it may be"
    app.clock.time += timedelta(hours=3)
    round_off(app, Troubles(app))
    assert texts(app) == {"young"}
    troubles = Troubles(app)
    troubles.see(Topic.BACKUP, "there is no room")
    ping_once(app, troubles)
    assert posted.empty()
    ping_once(app, Troubles(app))
    assert posted.get(timeout=10) == "/mine"


def test_a_ping_that_does_not_arrive_is_logged_without_its_address(
    made: Callable[[str], App], caplog: pytest.LogCaptureFixture
) -> None:
    app = made("ping: {url: env:PING}")
    job = ping_job(app, Troubles(app))
    assert job.every == timedelta(minutes=5)
    with caplog.at_level(logging.WARNING):
        job.do()
    assert "the ping did not arrive" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("ping: {url: nonsense}", "this is not an http or https address"),
        ("ping: {every: 5m}", "url"),
        ('daily: {at: "25:00", timezone: UTC}', "is not a time of day"),
        ('daily: {at: "08:00"}', "timezone"),
    ],
)
def test_a_fault_in_ping_or_daily_is_told_at_its_place(
    made: Callable[[str], App], more: str, fault: str
) -> None:
    with pytest.raises(ConfigError, match=fault) as bad:
        made(more)
    assert "watcher.yaml:7" in str(bad.value)
