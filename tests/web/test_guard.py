"""Who may see the page, and what they may do on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.scene import GUARDED, PASSWORD, TOKEN, Page, Scene, page_of
from watcher.model import Secret
from watcher.web import WebSettings, hashed, web_faults
from watcher.web.guard import HEADERS
from watcher.web.passwords import is_right
from watcher.web.site import FORMS, PAGES

FREE = {"/healthz", "/readyz"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_other_names_are_turned_away(page: Page, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8080", "LOCALHOST"])
def test_our_own_names_are_not(page: Page, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/api/v1/status", "/static/style.css", "/metrics"]
)
def test_every_answer_carries_the_headers(page: Page, path: str) -> None:
    answer = page.get(path)
    assert {key: answer.headers.get(key) for key in HEADERS} == dict(HEADERS)
    assert "server" not in answer.headers
    assert not [key for key in answer.headers if key.lower().startswith("access-control")]


def test_the_policy_lets_in_nothing_but_our_own(page: Page) -> None:
    policy = page.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", [path.replace("{key}", "k").replace("{id}", "i") for path in FORMS]
)
def test_a_form_without_our_token_does_nothing(page: Page, path: str) -> None:
    answer = page.post(path, data={"form_token": "0" * 64, "rule": "x", "for": "1d"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_what_comes_from_elsewhere_changes_nothing(page: Page, headers: dict[str, str]) -> None:
    fields = {"form_token": page.form_token(), "rule": "x", "for": "1d"}
    assert page.post("/silences/add", data=fields, headers=headers).status_code == 403


def test_a_token_of_another_visitor_is_none(page: Page) -> None:
    token = page.form_token()
    page.session.cookies.clear()
    page.get("/")
    answer = page.post("/silences/add", data={"form_token": token, "rule": "x", "for": "1d"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_there_are_no_other_ways_to_change_something(page: Page, method: str) -> None:
    answer = page.session.request(method, f"{page.base}/silences/add", timeout=30)
    assert answer.status_code in (403, 405)


def test_a_long_body_is_not_read(page: Page) -> None:
    assert page.post("/silences/add", data={"comment": "x" * 100_000}).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield from (b"x" * 10_000 for _ in range(10))

    # the status only: what is not read lets the end of the connection overtake the answer's text
    headers = {"x-watcher": "1"}
    with page.post("/api/v1/silences", data=chunks(), headers=headers, stream=True) as answer:
        assert answer.status_code == 413


@pytest.mark.parametrize("path", sorted(set(PAGES) - FREE))
def test_strangers_see_nothing(guarded: Page, path: str) -> None:
    answer = guarded.get(path)
    assert answer.status_code in (303, 401, 404)
    assert "Tarsia" not in answer.text
    assert "0.1.0" not in guarded.get("/login").text


@pytest.mark.parametrize("path", sorted(FREE))
def test_probes_need_no_login(guarded: Page, path: str) -> None:
    assert guarded.get(path).status_code == 200


def test_who_knows_the_password_is_let_in_under_a_new_name(guarded: Page) -> None:
    guarded.get("/login")
    before = guarded.session.cookies["watcher"]
    answer = guarded.send("/login/enter", password=PASSWORD.reveal(), next="/feeds")
    assert (answer.status_code, answer.headers["location"]) == (303, "/feeds")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly; SameSite=Strict" in cookie
    assert guarded.session.cookies["watcher"] != before
    assert guarded.get("/feeds").status_code == 200
    guarded.send("/logout")
    assert guarded.get("/feeds").status_code == 303


@pytest.mark.parametrize("there", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_a_login_leads_to_our_own_pages_only(guarded: Page, there: str) -> None:
    answer = guarded.send("/login/enter", password=PASSWORD.reveal(), next=there)
    assert answer.headers["location"] == "/"


def test_passwords_cannot_be_tried_often(guarded: Page) -> None:
    answers = [guarded.send("/login/enter", password="wrong").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    answer = guarded.send("/login/enter", password=PASSWORD.reveal())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_programs_send_the_token(guarded: Page) -> None:
    good = {"authorization": f"Bearer {TOKEN.reveal()}"}
    assert guarded.get("/api/v1/status", headers=good).status_code == 200
    assert guarded.get("/metrics", headers=good).status_code == 200
    bad = guarded.get("/api/v1/status", headers={"authorization": "Bearer canary"})
    assert bad.status_code == 401
    assert bad.headers["content-type"] == "application/problem+json"


def test_behind_tls_cookies_are_for_tls_only(played: Scene) -> None:
    with page_of(played, WebSettings(https=True)) as page:
        cookie = page.get("/").headers["set-cookie"]
    assert cookie.startswith("__Host-watcher=")
    assert cookie.endswith("Path=/; HttpOnly; SameSite=Strict; Secure")


def test_a_hash_stands_for_its_password() -> None:
    kept = Secret(hashed("correct horse battery"))
    assert is_right("correct horse battery", kept)
    assert not is_right("correct horse", kept)
    assert "correct" not in kept.reveal()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (WebSettings(host="0.0.0.0", hosts=("w.example",)), "give a `password`"),
        (WebSettings(host="0.0.0.0", password=PASSWORD), "name in `hosts`"),
        (WebSettings(password=Secret("short")), "12 characters"),
        (WebSettings(password=Secret("scrypt:1:1:1:x:y")), "neither a hash"),
        (WebSettings(password=PASSWORD, token=Secret("short")), "too easy to guess"),
        (WebSettings(token=TOKEN), "keeps nobody out"),
    ],
)
def test_settings_that_would_let_strangers_in_are_faults(settings: WebSettings, told: str) -> None:
    assert told in " ".join(web_faults(settings))


def test_good_settings_have_no_faults() -> None:
    assert web_faults(GUARDED) == ()
    assert web_faults(WebSettings()) == ()


def test_it_listens_on_a_socket_that_others_cannot_open(played: Scene, tmp_path: Path) -> None:
    import http.client
    import socket

    class Connection(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(str(tmp_path / "web.sock"))

    with page_of(played, WebSettings(socket=str(tmp_path / "web.sock"))):
        assert (tmp_path / "web.sock").stat().st_mode & 0o777 == 0o660
        asking = Connection("localhost")
        asking.request("GET", "/healthz")
        assert asking.getresponse().status == 200
        asking.close()
    assert not (tmp_path / "web.sock").exists()
