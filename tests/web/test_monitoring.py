"""What is shipped for Prometheus and Grafana: it asks for numbers that there are."""

import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.web.scene import Page, Scene
from watcher.model import Delivery, Sent

ROOT = Path(__file__).parents[2]
RULES = ROOT / "monitoring/watcher-alerts.yaml"
CASES = ROOT / "tests/monitoring/watcher-alerts-tests.yaml"
DASHBOARD = json.loads((ROOT / "monitoring/watcher-dashboard.json").read_text(encoding="utf-8"))
MANUAL = (ROOT / "docs/status-page.md").read_text(encoding="utf-8")
NAME = re.compile(r"\bwatcher_\w+")
PARTS_OF_A_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def queries() -> list[str]:
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked += [one["query"] for one in DASHBOARD["templating"]["list"] if one["type"] == "query"]
    return asked


@pytest.fixture(scope="module")
def exposed(page: Page, played: Scene) -> dict[str, set[str]]:
    """The names of all numbers with their labels, of a Watcher that has done something of each."""
    for visit in played.world.poll():
        played.counters.visit(visit)
    with played.world.store.reading() as tx:
        alert = tx.alerts_page(limit=1)[0]
    settled = replace(alert, settled_at=alert.created_at + timedelta(seconds=7))
    played.counters.delivery(Delivery(alert=settled, outcome=Sent(reference="")))
    found: dict[str, set[str]] = {}
    for line in page.get("/metrics").text.splitlines():
        if not line.startswith("#"):
            name, labels = re.fullmatch(r"(\w+)(?:\{(.*)\})? \S+", line).groups()  # type: ignore[union-attr]
            found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels or ""))
    return found


def test_every_query_of_the_dashboard_names_numbers_that_there_are(
    exposed: dict[str, set[str]],
) -> None:
    assert len(queries()) > 15
    for query in queries():
        assert NAME.findall(query), query
        assert set(NAME.findall(query)) <= set(exposed), query


def test_every_alerting_rule_names_numbers_that_there_are(exposed: dict[str, set[str]]) -> None:
    for rule in rules():
        assert set(NAME.findall(rule["expr"])) <= set(exposed), rule["alert"]


def test_labels_that_are_asked_for_are_there(exposed: dict[str, set[str]]) -> None:
    for query in (*queries(), *(rule["expr"] for rule in rules())):
        for name, told in re.findall(r"(watcher_\w+)\{([^}]*)\}", query):
            asked = set(re.findall(r"(\w+)\s*[=!]~?\s*\"", told)) - {"instance"}
            assert asked <= exposed[name], query


def test_no_label_is_one_that_prometheus_gives_itself(exposed: dict[str, set[str]]) -> None:
    assert not set().union(*exposed.values()) & {"job", "instance"}


def test_every_number_is_in_the_manual_and_no_other(exposed: dict[str, set[str]]) -> None:
    table = MANUAL.split("## Numbers")[1].split("```yaml")[0]
    rows = "".join(re.findall(r"(?m)^\| `.*?\|", table))
    told = set(re.findall(r"`(\w+)(?:\{[\w,]+\})?`", rows))
    names = {PARTS_OF_A_HISTOGRAM.sub("", name) for name in exposed}
    assert told == {name.removeprefix("watcher_") for name in names}


def test_promtool_takes_the_rules(promtool: str) -> None:
    checked = subprocess.run([promtool, "check", "rules", RULES], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_rules_alert_when_they_should_and_not_before(promtool: str) -> None:
    checked = subprocess.run(
        [promtool, "test", "rules", CASES], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_rule_has_a_case_in_which_it_alerts_and_one_in_which_it_does_not() -> None:
    cases = [
        (case["alertname"], "exp_alerts" in case)
        for group in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]
        for case in group["alert_rule_test"]
    ]
    for rule in rules():
        assert {(rule["alert"], True), (rule["alert"], False)} <= set(cases), rule["alert"]


def test_promtool_takes_every_query_of_the_dashboard(promtool: str, tmp_path: Path) -> None:
    asked = [query for query in queries() if not query.startswith("label_values")]
    whole = [
        {"alert": f"A{number}", "expr": query.replace("$__rate_interval", "5m")}
        for number, query in enumerate(asked)
    ]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": whole}]}))
    checked = subprocess.run([promtool, "check", "rules", file], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alert_is_in_the_manual() -> None:
    told = re.findall(r"(?m)^\| `(Watcher\w+)` \|", MANUAL)
    assert told == [rule["alert"] for rule in rules()]


def test_panels_of_the_dashboard_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        columns, lines = range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])
        own = set(product(columns, lines))
        assert not own & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= own
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
