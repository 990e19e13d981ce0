"""Numbers for Prometheus: right, and in its format as promtool has it."""

import re
import shutil
import subprocess

import pytest

from tests.conftest import left_out_or_failed
from tests.web.scene import Page, Scene


@pytest.fixture(scope="session")
def promtool(request: pytest.FixtureRequest) -> str:
    found = shutil.which("promtool")
    if found is None:
        left_out_or_failed(request, "promtool is not here: apt-get install prometheus")
    assert found is not None
    return found


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
    from watcher.web.metrics import _family

    lines = list(_family("x", "gauge", "y", [({"feed": 'a"\n\\b'}, 1.0)]))
    assert lines[-1] == 'x{feed="a\\"\\n\\\\b"} 1'


def test_ready_is_who_does_the_work(page: Page, played: Scene) -> None:
    assert page.get("/readyz").json()["status"] == "ok"
    played.broken["poll"] = "ZeroDivisionError: canary"
    answer = page.get("/readyz")
    played.broken.clear()
    assert answer.status_code == 503
    assert "canary" not in answer.text
