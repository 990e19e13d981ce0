"""The status page's settings: off unless asked for, and never open to strangers by mistake."""

from pathlib import Path

import pytest

from tests.config.files import MAIN, loaded, refused, told
from watcher.model import Secret
from watcher.web import WebSettings

HASH = "scrypt:16384:8:1:c2FsdHNhbHRzYWx0c2FsdA==:3q2-7w=="


def web(tmp_path: Path, text: str, **environment: str) -> WebSettings | None:
    return loaded(tmp_path, f"{MAIN}web: {text}\n", environment=environment).web


def faults(tmp_path: Path, text: str, **environment: str) -> str:
    found = refused(tmp_path, f"{MAIN}web: {text}\n", environment=environment)
    assert not any("canary" in fault.told() for fault in found)
    return "\n".join(told(found))


def test_there_is_no_page_unless_asked_for(tmp_path: Path) -> None:
    assert loaded(tmp_path).web is None


def test_it_is_for_this_machine_only_unless_told_otherwise(tmp_path: Path) -> None:
    assert web(tmp_path, "{hosts: []}") == WebSettings(host="127.0.0.1", port=8080)
    assert web(tmp_path, '{listen: "[::1]:9000"}') == WebSettings(host="::1", port=9000)


def test_a_socket_lies_beside_the_file(tmp_path: Path) -> None:
    found = web(tmp_path, "{listen: unix:web.sock}")
    assert found is not None
    assert found.socket == str(tmp_path / "web.sock")


def test_all_of_it(tmp_path: Path) -> None:
    text = (
        '{listen: "0.0.0.0:80", hosts: [w.example], password: env:PASS, token: env:TOKEN, '
        "https: yes}"
    )
    found = web(tmp_path, text, PASS="canary-password", TOKEN="canary-token-for-programs")
    assert found == WebSettings(
        host="0.0.0.0",
        port=80,
        hosts=("w.example",),
        password=Secret("canary-password"),
        token=Secret("canary-token-for-programs"),
        https=True,
    )
    assert "canary" not in repr(found)


def test_a_hash_may_stand_in_the_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, f'{MAIN}web: {{password: "{HASH}"}}\n')
    assert config.warnings == ()


def test_a_password_that_stands_in_the_file_is_doubted(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"{MAIN}web: {{password: canary-password}}\n")
    (doubt,) = config.warnings
    assert doubt.code == "C101"
    assert "canary" not in doubt.told()


def test_passwords_in_clear_over_the_network_are_doubted(tmp_path: Path) -> None:
    text = '{listen: "10.0.0.5:80", hosts: [w.example], password: env:PASS}'
    environment = {"PASS": "canary-password"}
    config = loaded(tmp_path, f"{MAIN}web: {text}\n", environment=environment)
    assert [doubt.code for doubt in config.warnings] == ["C107"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{listen: "0.0.0.0:80"}', "C011 0.0.0.0 can be reached from other machines"),
        ("{listen: 8080}", "C011 write an address and a port"),
        ('{listen: "127.0.0.1:99999"}', "C011 write an address and a port"),
        ("{password: env:NOWHERE}", "C015 the environment variable NOWHERE is not set"),
        ("{password: canary}", "C011 `password` is neither a hash"),
        ("{passwort: canary-password}", 'C003 unknown key "passwort"'),
        ("on", "C010 a mapping is wanted here"),
    ],
)
def test_faults_are_told_with_their_place(tmp_path: Path, text: str, message: str) -> None:
    assert message in faults(tmp_path, text)
