"""The parts, put together from a configuration, and swapped for another one."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from tests.fakes import FakeClock
from tests.servers import FeedServer, Reply
from tests.store.nouns import make_alert
from watcher.app import App, opened
from watcher.config import Config, load
from watcher.daemon import Alarm
from watcher.errors import ConfigError, StoreLocked
from watcher.model import (
    Alert,
    AlertState,
    ChannelHealth,
    ChannelName,
    Fault,
    FeedMemory,
    FullText,
    Manners,
    MatchedRule,
    Message,
    RuleId,
    Severity,
    StoryId,
    Visit,
)

MAIN = """version: 1
state: {state}
include: {{feeds: [feeds.yaml], rules: [rules.yaml]}}
fetch: {{concurrency: {concurrency}}}
channels: {{{channel}: {{type: file, path: alerts.jsonl}}}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Config]:
    def written(state: str = "a.db", concurrency: int = 4, channel: str = "out") -> Config:
        text = MAIN.format(state=state, concurrency=concurrency, channel=channel)
        (tmp_path / "watcher.yaml").write_text(text)
        feeds = f"version: 1\nfeeds: [{{id: {channel}, url: 'http://{channel}.example/'}}]\n"
        (tmp_path / "feeds.yaml").write_text(feeds)
        rules = "version: 1\nrules: [{id: flood, when: flood, tests: {match: [flood]}}]\n"
        (tmp_path / "rules.yaml").write_text(rules)
        return load(tmp_path / "watcher.yaml", {})

    return written


@pytest.fixture
def app(write: Callable[..., Config]) -> Iterator[App]:
    with opened(write()) as app:
        yield app


def feeds(app: App) -> list[str]:
    with app.store.reading() as tx:
        return [due.feed.id for due in tx.feeds()]


def test_a_reload_swaps_feeds_rules_channels_and_fetching(
    app: App, write: Callable[..., Config]
) -> None:
    before = app.fetcher
    app.reload(lambda: write(channel="desk", concurrency=9))
    assert feeds(app) == ["desk"]
    assert list(app.pipeline.channels) == ["desk"]
    assert list(app.pipeline.watch.feeds) == ["desk"]
    assert app.pipeline.fetcher is app.fetcher is not before


def test_a_lease_is_longer_than_any_visit(app: App, write: Callable[..., Config]) -> None:
    assert app.pipeline.feed_lease == 3 * app.config.fetch.deadline
    slow = replace(app.config.fetch, deadline=timedelta(minutes=30))
    app.apply(replace(app.config, fetch=slow))
    assert app.pipeline.feed_lease == timedelta(minutes=90)


def test_a_lease_leaves_time_for_pages_where_they_are_fetched(app: App) -> None:
    config = app.config
    app.apply(replace(config, feeds=(replace(config.feeds[0], full_text=FullText.AUTO),)))
    wait = config.fetch.pages.longest_wait
    assert app.pipeline.feed_lease == 3 * config.fetch.deadline + wait


def test_a_reload_puts_the_budget_for_pages_into_service(app: App) -> None:
    before = app.pipeline.pages
    pages = replace(app.config.fetch.pages, per_visit=3)
    app.apply(replace(app.config, fetch=replace(app.config.fetch, pages=pages)))
    assert app.pipeline.watch.pages_per_visit == 3
    assert app.pipeline.pages is app.fetcher.pages is not before


def test_a_fetcher_with_the_same_settings_stays(app: App, write: Callable[..., Config]) -> None:
    before = app.fetcher
    app.reload(lambda: write(channel="desk"))
    assert app.fetcher is before


def test_a_faulty_configuration_leaves_the_old_one_in_service(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty() -> Config:
        raise ConfigError([Fault(code="C001", message="no such key")])

    with caplog.at_level(logging.ERROR):
        app.reload(faulty)
    assert "no such key" in caplog.text
    assert feeds(app) == ["out"]
    assert list(app.pipeline.channels) == ["out"]


def test_a_database_that_is_locked_leaves_the_old_one_in_service(
    app: App, write: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked() -> None:
        raise StoreLocked("another process has held it for too long")

    monkeypatch.setattr(app.store, "transaction", locked)
    app.reload(lambda: write(channel="desk"))
    monkeypatch.undo()
    assert feeds(app) == ["out"]
    assert list(app.pipeline.channels) == ["out"]
    assert app.config.channels[0].name == "out"


def test_another_database_is_told_to_wait_for_the_next_start(
    app: App, write: Callable[..., Config], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        app.reload(lambda: write(state="b.db"))
    assert "`state` changed" in caplog.text


def serving(app: App) -> dict[str, datetime]:
    with app.store.reading() as tx:
        return {one.rule: one.since for one in tx.rule_activity(app.clock.now())}


def test_rules_are_in_service_from_when_they_first_were(
    app: App, write: Callable[..., Config], tmp_path: Path
) -> None:
    before = serving(app)
    assert list(before) == ["flood"]

    def more() -> Config:
        write()
        (tmp_path / "rules.yaml").write_text(
            "version: 1\nrules: [{id: fire, when: fire}, {id: flood, when: flood}]\n"
        )
        return load(tmp_path / "watcher.yaml", {})

    app.reload(more)
    after = serving(app)
    assert list(after) == ["fire", "flood"]
    assert after["flood"] == before["flood"] < after["fire"]
    app.reload(write)
    with opened(app.config) as again:
        assert serving(again) == before


def test_there_is_one_delivery_job_for_each_channel(app: App) -> None:
    assert [job.name for job in app.jobs()] == ["poll", "deliver out", "gather", "rules", "prune"]
    assert app.prune() == 0


def promised(app: App, key: str, **more: object) -> Alert:
    now = app.clock.now()
    rule = MatchedRule(id=RuleId("old"), title="", severity=Severity.INFO)
    made = make_alert(
        key,
        channel=ChannelName("out"),
        story=StoryId(key),
        created_at=now,
        due_at=now,
        message=Message(headline=key, rules=(rule,)),
    )
    alert = replace(made, **more)  # type: ignore[arg-type]
    with app.store.transaction() as tx:
        tx.promise(alert)
    return alert


def stored(app: App, key: str) -> Alert:
    with app.store.reading() as tx:
        found = tx.alert(key)
    assert found is not None
    return found


def test_a_reload_drops_what_is_held_for_a_rule_that_is_no_more(app: App) -> None:
    later = app.clock.now() + timedelta(hours=1)
    promised(app, "a", state=AlertState.HELD, due_at=later)
    app.apply(app.config)
    assert stored(app, "a").state is AlertState.SUPPRESSED
    assert "rule old was taken away" in stored(app, "a").last_outcome


def test_a_reload_gives_a_channel_that_is_gone_another_chance(app: App) -> None:
    name = ChannelName("out")
    gone = ChannelHealth(name=name, failures=5, trouble="410", failing_since=app.clock.now())
    with app.store.transaction() as tx:
        tx.keep_health(gone)
    promised(app, "a")
    assert app.deliver_all() == ()
    app.apply(app.config)
    assert [delivery.alert.state for delivery in app.deliver_all()] == [AlertState.SENT]


def test_who_waits_for_all_alerts_gets_them_slowly_but_all(app: App) -> None:
    name = ChannelName("out")
    gap = Manners(gap=timedelta(milliseconds=50))
    app.pipeline.watch = replace(app.pipeline.watch, manners={name: gap})
    for key in "abc":
        promised(app, key)
    began = monotonic()
    assert len(app.deliver_all()) == 3
    assert monotonic() - began >= 0.1


def test_what_a_visit_promised_is_delivered_at_once(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []

    class Bell(Alarm):
        def ring(self, name: str) -> None:
            rung.append(name)

    feed = app.config.feeds[0].id
    visits = [Visit(feed=feed, at=app.clock.now(), outcome="read", promised=n) for n in (0, 0, 1)]
    monkeypatch.setattr(app, "visits", lambda: iter(visits))
    app.keep_visiting()
    app.alarm = Bell([])
    app.keep_visiting()
    assert rung == ["deliver out"]


@pytest.mark.parametrize(("due", "wait"), [(-5, 0.1), (0.01, 0.1), (0.6, 0.6), (30, 30)], ids=str)
def test_feeds_are_visited_when_they_are_due_and_not_a_seconds_worth_at_once(
    app: App, monkeypatch: pytest.MonkeyPatch, due: float, wait: float
) -> None:
    clock = FakeClock()
    app.clock = clock
    with app.store.transaction() as tx:
        feed, now = app.config.feeds[0].id, clock.now()
        tx.record_visit(FeedMemory(feed=feed, due_at=now + timedelta(seconds=due)))
    monkeypatch.setattr(app, "visits", lambda: iter(()))
    assert app.keep_visiting() == timedelta(seconds=wait)
    app.pipeline.rest(resting=True)
    assert app.keep_visiting() is None


def test_a_slow_but_living_poll_shows_a_sign_at_each_item_and_while_it_waits_for_a_feed(
    tmp_path: Path,
) -> None:
    items = "".join(f"<item><title>{n}</title><guid>{n}</guid></item>" for n in range(50))
    body = f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode()
    later = Event()
    with FeedServer() as server:
        url = server.on("/feed", Reply(body=body, wait_for=later))
        (tmp_path / "watcher.yaml").write_text(
            MAIN.format(state="a.db", concurrency=4, channel="out").replace(
                "fetch: {", "fetch: {allow_networks: [127.0.0.0/8], "
            )
        )
        (tmp_path / "feeds.yaml").write_text(f"version: 1\nfeeds: [{{id: a, url: '{url}'}}]\n")
        (tmp_path / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
        with opened(load(tmp_path / "watcher.yaml", {})) as app:
            signs = [0, 0]

            def living() -> None:
                signs[later.is_set()] += 1
                if signs[0] == 5:
                    later.set()

            app.pipeline.living = living
            assert [visit.items for visit in app.poll_until_done()] == [50]
    assert signs[0] == 5, "while the feed did not answer"
    assert signs[1] >= 50, "while its items were taken in"


def test_a_poll_that_hangs_is_silent_after_half_a_minute_however_long_a_visit_may_take(
    app: App,
) -> None:
    (poll,) = (job for job in app.jobs() if job.name == "poll")
    assert poll.limit == timedelta(seconds=30)
    assert poll.parts["visits"] > 2 * app.config.fetch.deadline
    app.pulse.expect({"poll": timedelta(milliseconds=50)})
    Event().wait(0.1)
    assert "poll" in app.pulse.silent()
    app.pipeline.living()
    assert app.pulse.ages()["poll"] < 0.1
