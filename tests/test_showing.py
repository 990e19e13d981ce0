"""The status page of a whole Watcher: what it shows of its configuration, and when it is there."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from watcher.app import App, opened
from watcher.config import Config, load
from watcher.errors import ConfigError, StoreFull
from watcher.model import Refused

MAIN = """version: 1
include: {{feeds: [feeds.yaml], rules: [rules.yaml]}}
channels:
  chat: {{type: slack, url: env:HOOK}}
  mail: {{type: email, server: smtp.example:25, from: w@a.example, user: w, password: env:PASS}}
routes:
  night: {{channel: chat, quiet_hours: {{from: "22:00", to: "07:00", timezone: Europe/Berlin}}}}
  press: {{channel: mail, to: [ann@a.example]}}
operator: night
notify: [night]
{web}
"""
SECRETS = {
    "HOOK": "https://hooks.slack.com/services/T0/B0/canary-hook",
    "PASS": "canary-password",
}
FEED = "https://user:canary-user@wire.example/feed?token=canary-token"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Config]:
    def written(web: str) -> Config:
        (tmp_path / "watcher.yaml").write_text(MAIN.format(web=web))
        (tmp_path / "feeds.yaml").write_text(f"version: 1\nfeeds: [{{id: wire, url: '{FEED}'}}]\n")
        rules = "version: 1\nrules: [{id: flood, when: flood, tests: {match: [flood]}}]\n"
        (tmp_path / "rules.yaml").write_text(rules)
        return load(tmp_path / "watcher.yaml", SECRETS)

    return written


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(write: Callable[[str], Config], port: int) -> Iterator[App]:
    with opened(write(f'web: {{listen: "127.0.0.1:{port}"}}')) as app:
        app.showing.serve(app.config.web)
        yield app


def get(port: int, path: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{port}{path}", timeout=30)


PLACES = (
    "/", "/feeds", "/feeds/wire", "/rules/flood", "/channels", "/config", "/about", "/metrics",
    "/api/v1/feeds", "/api/v1/channels", "/api/v1/status",
)  # fmt: skip


@pytest.mark.parametrize("path", PLACES)
def test_no_secret_is_on_any_page(app: App, port: int, path: str) -> None:
    answer = get(port, path)
    assert answer.status_code == 200
    assert "canary" not in answer.text


def test_the_configuration_is_shown_as_it_is_in_service(app: App, port: int) -> None:
    text = get(port, "/config").text
    assert "Route night" in text
    assert "begin 22:00:00; end 07:00:00; zone Europe/Berlin" in text
    assert "***" in text
    assert "In service since" in text


def test_a_refused_reload_is_shown_until_the_next_good_one(
    app: App, port: int, write: Callable[[str], Config]
) -> None:
    def bad() -> Config:
        return write("pool: {default: 15m}")

    def good() -> Config:
        return write(f'web: {{listen: "127.0.0.1:{port}"}}')

    app.reload(bad)
    assert "pool" in get(port, "/config").text
    assert "was refused; the old one is in service" in get(port, "/").text
    assert "watcher_config_reload_success 0" in get(port, "/metrics").text
    app.reload(good)
    assert "was refused" not in get(port, "/config").text


def test_a_reload_that_a_bug_refused_is_shown_without_what_the_bug_says(
    app: App, port: int
) -> None:
    def broken() -> Config:
        raise ZeroDivisionError(SECRETS["HOOK"])

    assert isinstance(app.reload(broken), Refused)
    text = get(port, "/config").text
    assert "a bug was in the way (ZeroDivisionError); the log has more" in text
    assert "canary" not in text
    assert "was refused; the old one is in service" in get(port, "/").text
    assert "watcher_config_reload_success 0" in get(port, "/metrics").text


def test_a_reload_to_an_address_that_is_taken_changes_nothing_and_says_so(
    app: App, port: int, write: Callable[[str], Config]
) -> None:
    before = app.config
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        refused = app.reload(lambda: write(f'web: {{listen: "127.0.0.1:{taken}"}}'))
    assert isinstance(refused, Refused)
    assert app.config is before
    assert "cannot listen on" in get(port, "/config").text


def test_a_reload_that_the_database_refused_leaves_the_page_where_it_was(
    app: App, port: int, write: Callable[[str], Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = free_port()

    def full() -> None:
        raise StoreFull("no room left")

    monkeypatch.setattr(app.store, "transaction", full)
    assert isinstance(app.reload(lambda: write(f'web: {{listen: "127.0.0.1:{other}"}}')), Refused)
    assert "no room left" in get(port, "/config").text
    with pytest.raises(requests.ConnectionError):
        get(other, "/healthz")


def test_a_reload_moves_the_page_or_takes_it_away(
    app: App, port: int, write: Callable[[str], Config]
) -> None:
    other = free_port()
    app.reload(lambda: write(f'web: {{listen: "127.0.0.1:{other}"}}'))
    assert get(other, "/healthz").status_code == 200
    with pytest.raises(requests.ConnectionError):
        get(port, "/healthz")
    app.reload(lambda: write(""))
    with pytest.raises(requests.ConnectionError):
        get(other, "/healthz")


def test_who_cannot_listen_says_so(app: App, port: int, write: Callable[[str], Config]) -> None:
    with (
        opened(write(f'web: {{listen: "127.0.0.1:{port}"}}')) as second,
        pytest.raises(ConfigError, match="cannot listen on"),
    ):
        second.showing.serve(second.config.web)


def test_it_is_not_ready_before_jobs_run(app: App, port: int) -> None:
    assert get(port, "/healthz").status_code == 200
    assert get(port, "/readyz").json()["checks"] == {
        "database": "ok",
        "configuration": "ok",
        "jobs": "failing",
        "poll": "ok",
        "work": "ok",
    }
