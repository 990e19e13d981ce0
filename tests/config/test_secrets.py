"""Secrets are looked up, and never shown."""

from pathlib import Path

import pytest

from tests.config.files import loaded, refused, told
from watcher.channels import SlackSettings, WebhookSettings
from watcher.config import load
from watcher.config.secrets import likely_secrets
from watcher.errors import ConfigError
from watcher.model import Secret

MAIN = """\
version: 1
include: {feeds: [feeds.yaml], rules: [rules.yaml]}
channels:
  chat: {type: slack, url: SECRET}
"""


def main(reference: str) -> str:
    """Make a main file whose secret is this."""
    return MAIN.replace("SECRET", reference)


HOOK = "https://hooks.slack.example/services/T0/B0/topsecret"


def url_of(folder: Path, reference: str, environment: dict[str, str] | None = None) -> Secret:
    config = loaded(folder, main(reference), environment=environment)
    [channel] = config.channels
    assert isinstance(channel, SlackSettings)
    assert channel.url
    return channel.url


def fault_of(folder: Path, reference: str, environment: dict[str, str] | None = None) -> str:
    [fault] = refused(folder, main(reference), environment=environment)
    assert (fault.line, fault.column) == (4, 28)
    assert "topsecret" not in fault.told()
    return f"{fault.code} {fault.message}".replace(str(folder), "…")


def test_an_environment_variable_is_looked_up(tmp_path: Path) -> None:
    assert url_of(tmp_path, "env:HOOK", {"HOOK": HOOK + "\n"}).reveal() == HOOK


def test_a_file_is_looked_up_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text(HOOK + "\n")
    assert url_of(tmp_path, "file:hook").reveal() == HOOK
    assert url_of(tmp_path, f"file:{tmp_path}/hook").reveal() == HOOK


def test_a_credential_is_looked_up_where_systemd_says(tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "hook").write_text(HOOK)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    assert url_of(tmp_path, "credential:hook", environment).reveal() == HOOK


def test_missing_secrets_are_faults_that_name_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "huge").write_text("x" * 70_000)
    credentials = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert fault_of(tmp_path, "env:HOKK", {"HOOK": HOOK}) == (
        'C015 the environment variable HOKK is not set - did you mean "HOOK"?'
    )
    assert fault_of(tmp_path, "env:HOOK", {"HOOK": " "}) == (
        "C015 the environment variable HOOK is empty"
    )
    assert fault_of(tmp_path, "file:nowhere") == (
        "C015 the file …/nowhere cannot be read: No such file or directory"
    )
    assert fault_of(tmp_path, "file:empty") == "C015 the file …/empty is empty"
    assert fault_of(tmp_path, "file:huge") == "C015 the file …/huge is too long"
    assert fault_of(tmp_path, "file:binary") == "C015 the file …/binary does not hold text"
    assert fault_of(tmp_path, "credential:hook") == (
        "C015 CREDENTIALS_DIRECTORY is not set; systemd sets it, with LoadCredential=hook"
    )
    assert fault_of(tmp_path, "credential:hook", credentials) == (
        "C015 the credential hook in … cannot be read: No such file or directory"
    )
    assert fault_of(tmp_path, "credential:../hook", credentials) == (
        'C015 "../hook" cannot name a credential'
    )


def test_a_plain_secret_works_with_a_warning_that_does_not_show_it(tmp_path: Path) -> None:
    config = loaded(tmp_path, main(HOOK))
    [warning] = config.warnings
    assert (warning.code, warning.line, warning.column, warning.warning) == ("C101", 4, 28, True)
    assert warning.excerpt == "chat: {type: slack, url: ***}"
    assert "topsecret" not in repr(config)
    assert "topsecret" not in warning.told()


def test_the_plain_address_of_a_signed_webhook_is_no_secret(tmp_path: Path) -> None:
    signed = main(HOOK).replace("slack, ", "webhook, secrets: env:KEY, ")
    config = loaded(tmp_path, signed, environment={"KEY": "whsec_" + "A" * 32})
    [channel] = config.channels
    assert isinstance(channel, WebhookSettings)
    assert len(channel.secrets) == 1
    assert config.warnings == ()


BROKEN_AROUND_SECRETS = [
    # the file is YAML, but something else on the line is wrong
    'x: {type: slack, url: "https://h.example/topsecret", colour: red}',
    "x: {type: slack, url: https://h.example/topsecret, url: env:X}",
    "x: {type: slack, url: env:X, url: https://h.example/topsecret, colour: red}",
    "x: {type: slak, url: topsecret}",
    "x: {type: slack, url: htp://topsecret}",
    "x: {type: slack, url: xoxb-topsecret}",
    "x: {type: webhook, url: 'https://h.example', secrets: [env:NO, topsecret]}",
    "x: {type: webhook, url: 'https://h.example', secrets: [topsecret]}",
    "x: {type: email, server: h:25, from: a@b.example, password: top secret topsecret}",
    "x: {type: console, token: topsecret}",
    "x: {type: slack, url: [topsecret]}",
    "x: {type: slack, url: {a: https://h.example/topsecret}}",
    "x: {type: slack, url: https://topsecret@h.example/x, bad: 1}",
    "x:\n    type: webhook\n    url: https://h.example\n    secrets:\n      - topsecret",
    "x:\n    type: webhook\n    url: https://h.example\n    secrets:\n      - {k: topsecret}",
    "x:\n    type: webhook\n    url:\n      {k: topsecret}",
    'x: {type: slack, url: "https://h.example/\n    topsecret", colour: red}',
    # the file is not YAML
    'x: {type: slack, url: "https://h.example/topsecret" colour}',
    "x: {type: slack, url: https://h.example/topsecret, a: b: c}",
    "x: {type: webhook, secrets: [topsecret, topsecret], a: b: c}",
    "x: {type: slack, url: topsecret, a: \x07}",
    "x: {type: slack, password: topsecret",
]


@pytest.mark.parametrize("line", BROKEN_AROUND_SECRETS)
def test_no_message_shows_a_secret_whatever_is_wrong_around_it(tmp_path: Path, line: str) -> None:
    broken = MAIN.replace("chat: {type: slack, url: SECRET}", line)
    faults = refused(tmp_path, broken)
    assert faults
    for fault in faults:
        assert "topsecret" not in repr(fault)


def test_a_password_in_the_address_of_a_feed_is_not_shown(tmp_path: Path) -> None:
    feeds = "version: 1\nfeeds: [{id: a, url: 'https://me:topsecret@h.example/', colour: red}]\n"
    [fault] = refused(tmp_path, main("env:HOOK"), feeds=feeds, environment={"HOOK": HOOK})
    assert fault.excerpt == "feeds: [{id: a, url: 'https://***@h.example/', colour: red}]"
    assert fault.excerpt[fault.caret - 1 :].startswith("colour")


def test_a_secret_on_a_line_that_is_not_utf_8_is_not_shown(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / "watcher.yaml").write_bytes(b"channels: {x: {url: topsecret, t: \xff}}\n")
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        load(tmp_path / "watcher.yaml", {})
    assert "topsecret" not in str(caught.value)


def test_likely_secrets_are_values_that_are_no_references() -> None:
    text = "url: a b\nsecrets: [env:X, p1, 'p 2']\ntoken: file:y\nurl: \"q\" # c\nurls: z\n"
    assert [text[start:end] for start, end in likely_secrets(text)] == ["a b", "p1", "'p 2'", '"q"']


def test_a_password_in_the_address_of_the_database_is_warned_of(tmp_path: Path) -> None:
    text = main("env:HOOK") + "state: postgresql://watcher:topsecret@db/watcher\n"
    config = loaded(tmp_path, text, environment={"HOOK": HOOK})
    assert config.state == "postgresql://watcher:topsecret@db/watcher"
    assert [warning.code for warning in config.warnings] == ["C101"]
    assert "topsecret" not in repr(config)
    assert "topsecret" not in config.warnings[0].told()


def test_the_address_of_the_database_may_be_a_secret_elsewhere(tmp_path: Path) -> None:
    text = main("env:HOOK") + "state: env:DB\n"
    environment = {"HOOK": HOOK, "DB": "postgresql://u:p@db/w"}
    assert loaded(tmp_path, text, environment=environment).state == "postgresql://u:p@db/w"
    assert told(refused(tmp_path, text, environment={"HOOK": HOOK})) == [
        "watcher.yaml:5:8 C015 the environment variable DB is not set"
    ]
