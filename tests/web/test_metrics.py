"""Numbers for Prometheus: right, and in its format as promtool has it."""

import re
import subprocess
from dataclasses import replace
from datetime import timedelta

from tests.web.scene import Page, Scene, page_of
from watcher.errors import StoreFull
from watcher.model import Delivery, Refused, Sent
from watcher.web.counters import Counters, Latencies
from watcher.web.metrics import _family, _histogram


def value(page: Page, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", page.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_promtool_finds_nothing_to_blame(page: Page, promtool: str) -> None:
    told = page.get("/metrics").content
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=told, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_numbers_are_those_of_the_store(page: Page, played: Scene) -> None:
    assert value(page, 'watcher_alerts{channel="phone",state="dead"}') == 1
    assert value(page, 'watcher_feed_failures{feed="m.example"}') == 3
    assert value(page, "watcher_config_reload_success") == 1
    with played.world.store.reading() as tx:
        assert value(page, "watcher_items") == tx.counts().items


def test_what_is_counted_since_the_start_grows(page: Page, played: Scene) -> None:
    played.world.publish("http://harbour.example/", "A new bridge for Tarsia")
    played.world.pass_time(hours=3)
    for visit in played.world.poll():
        played.counters.visit(visit)
    for delivery in played.world.deliver():
        played.counters.delivery(delivery)
    assert value(page, "watcher_new_items_total") == 1
    tries = value(page, 'watcher_delivery_attempts_total{channel="phone",outcome="sent"}')
    assert tries == 1


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    lines = list(_family("x", "gauge", "y", [({"feed": 'a"\n\\b'}, 1.0)]))
    assert lines[-1] == 'x{feed="a\\"\\n\\\\b"} 1'


def test_ready_is_who_does_the_work(page: Page, played: Scene) -> None:
    assert page.get("/readyz").json()["status"] == "ok"
    played.broken["poll"] = "ZeroDivisionError: canary"
    answer = page.get("/readyz")
    played.broken.clear()
    assert answer.status_code == 503
    assert "canary" not in answer.text


def test_how_long_alerts_took_is_told_as_a_histogram() -> None:
    latencies = Latencies()
    for seconds in (0.5, 1.0, 4.0, 700.0, 90_000.0):
        latencies = latencies.with_one(seconds)
    lines = list(_histogram("x", "y", {"phone": latencies}))
    assert 'x_bucket{channel="phone",le="1"} 2' in lines
    assert 'x_bucket{channel="phone",le="900"} 4' in lines
    assert 'x_bucket{channel="phone",le="21600"} 4' in lines
    assert 'x_bucket{channel="phone",le="+Inf"} 5' in lines
    assert 'x_sum{channel="phone"} 90705.5' in lines
    assert 'x_count{channel="phone"} 5' in lines


def test_only_what_was_sent_took_its_time(played: Scene) -> None:
    with played.world.store.reading() as tx:
        alert = tx.alerts_page(limit=1)[0]
    settled = replace(alert, settled_at=alert.created_at + timedelta(seconds=7))
    counters = Counters()
    counters.delivery(Delivery(alert=settled, outcome=Refused(reason="404")))
    counters.delivery(Delivery(alert=settled, outcome=Sent(reference="")))
    (latencies,) = counters.latencies.values()
    assert (sum(latencies.numbers), latencies.seconds) == (1, 7.0)


def test_a_database_that_cannot_be_written_is_a_number_too(played: Scene) -> None:
    def write(patience: timedelta) -> None:
        raise StoreFull("full")

    good = played.prove_writable
    played.prove_writable = write
    with page_of(played) as page:
        assert value(page, "watcher_database_writable") == 0
        assert value(page, 'watcher_last_tick_seconds{task="poll"}') == 0.5
        assert value(page, "watcher_database_bytes") == played.database_size()
    played.prove_writable = good
