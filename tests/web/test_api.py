"""The API keeps to its description, pages lose nothing, and trouble is told as RFC 9457 says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.scene import Page
from watcher import web
from watcher.web.api import DOES, LOOKS, ROOT

OURS = {"x-watcher": "1"}
LISTS = ("feeds", "rules", "stories", "alerts", "silences", "channels")


@pytest.fixture(scope="module")
def described(page: Page) -> Any:
    return page.get("/api/openapi.json").json()


def test_every_address_is_described_and_no_other(described: Any) -> None:
    told = {
        (path, method)
        for path, methods in described["paths"].items()
        for method in methods
        if path.startswith(ROOT)
    }
    there = {(ROOT + path, "get") for path, _ in LOOKS}
    assert told == there | {(ROOT + path, "post") for path, _ in DOES}


@pytest.mark.parametrize("name", LISTS)
def test_answers_are_as_described_and_leave_no_key_out(
    page: Page, described: Any, name: str
) -> None:
    answer = page.get(f"{ROOT}/{name}").json()
    kind = {"stories": "Story"}.get(name, name[:-1].capitalize())
    schema = described["components"]["schemas"][kind]
    for record in answer["items"]:
        whole = {**schema, "components": described["components"]}
        jsonschema.validate(record, whole)
        assert set(record) == set(schema["properties"])
    assert answer["items"]


@pytest.mark.parametrize("name", ["feeds", "rules", "stories", "alerts"])
def test_pages_of_one_hold_what_the_whole_list_holds(page: Page, name: str) -> None:
    whole = page.get(f"{ROOT}/{name}").json()["items"]
    assert len(whole) >= 3
    assert list(leafed(page, name)) == whole


def leafed(page: Page, name: str) -> Iterator[Any]:
    asked: dict[str, str] = {"limit": "1"}
    while True:
        answer = page.get(f"{ROOT}/{name}", params=asked).json()
        yield from answer["items"]
        if answer["next"] is None:
            return
        asked["cursor"] = answer["next"]


def test_alerts_of_a_rule_and_in_a_state(page: Page) -> None:
    of_rule = page.get(f"{ROOT}/alerts?rule=back-door").json()["items"]
    assert [alert["rules"] for alert in of_rule] == [["back-door"]]
    dead = page.get(f"{ROOT}/alerts?state=dead").json()["items"]
    assert [alert["last"] for alert in dead] == ["refused: 404 no such hook"]


def test_what_is_as_it_was_is_not_sent_again(page: Page) -> None:
    first = page.get(f"{ROOT}/feeds")
    again = page.get(f"{ROOT}/feeds", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert page.get(f"{ROOT}/feeds", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("alerts?limit=0", "`limit` is a number from 1 to 200"),
        ("alerts?limit=1&limit=2", "a parameter is given twice"),
        ("alerts?cursor=nonsense", "this `cursor` is none that we gave"),
        ("alerts?state=lost", "`state` is none of held, "),
        ("alerts?colour=red", "there is no parameter `colour` here"),
    ],
)
def test_trouble_is_told_as_a_problem(page: Page, asked: str, told: str) -> None:
    answer = page.get(f"{ROOT}/{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(told)


def test_what_is_not_there_is_a_problem_too(page: Page) -> None:
    answer = page.get(f"{ROOT}/feeds/nobody")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    assert page.get("/api/nothing").headers["content-type"] == "application/problem+json"


def test_a_page_of_another_site_cannot_make_a_browser_change_something(page: Page) -> None:
    body = json.dumps({"matches": {"rule": "x"}, "for": "1h"})
    answer = page.post(f"{ROOT}/silences", data=body, headers={"content-type": "text/plain"})
    assert answer.status_code == 403


def test_programs_make_and_end_a_silence(page: Page) -> None:
    told = {"matches": {"rule": "api-*"}, "for": "2h", "comment": "from a program"}
    made = page.post(f"{ROOT}/silences", json=told, headers=OURS).json()
    assert (made["matches"], made["active"]) == ({"rule": "api-*"}, True)
    ended = page.post(f"{ROOT}/silences/{made['id']}/expire", headers=OURS).json()
    assert ended["active"] is False


def test_only_what_was_given_up_is_sent_again(page: Page) -> None:
    sent = page.get(f"{ROOT}/alerts?state=sent").json()["items"][0]["key"]
    assert page.post(f"{ROOT}/alerts/{sent}/retry", headers=OURS).status_code == 409
    assert page.post(f"{ROOT}/alerts/{sent}/drop", headers=OURS).status_code == 409
    tries = page.get(f"{ROOT}/alerts/{sent}").json()["tries"]
    assert [each["outcome"] for each in tries][-1] == "sent"


DESCRIBED = schemathesis.openapi.from_path(Path(web.__file__).parent / "openapi.yaml")
_FOUND: list[Any] = list(DESCRIBED.get_all_operations())
OPERATIONS = {found.ok().label: found.ok() for found in _FOUND}


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_whatever_is_asked_the_answer_is_as_described(
    page: Page, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]
    if mode is GenerationMode.NEGATIVE and not _takes_something(operation):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=15, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: Any) -> None:
        made_up = "cursor" in (case.query or {})  # a text, and yet none of ours
        case.call_and_validate(
            base_url=page.base, excluded_checks=[positive_data_acceptance] if made_up else []
        )

    ask()


def _takes_something(operation: Any) -> bool:
    return bool(operation.query or operation.body)
