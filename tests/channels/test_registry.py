"""Every kind of channel has its word, its settings and its way to be opened."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from tests.fakes import FakeClock
from watcher.channels import (
    KINDS,
    AppriseSettings,
    ChannelSettings,
    ConsoleSettings,
    EmailSettings,
    FileSettings,
    SlackSettings,
    WebhookSettings,
    channel_faults,
    open_channel,
)
from watcher.errors import ConfigError
from watcher.model import ChannelName, Secret

NAME = ChannelName("out")
URL = Secret("https://hooks.example/canary-in-the-path")
EXAMPLES: dict[str, ChannelSettings] = {
    "console": ConsoleSettings(name=NAME),
    "file": FileSettings(name=NAME, path=Path("alerts.jsonl")),
    "slack": SlackSettings(name=NAME, url=URL),
    "webhook": WebhookSettings(name=NAME, url=URL),
    "email": EmailSettings(
        name=NAME, host="mail.example", sender="w@example.org", recipients=("a@example.org",)
    ),
    "apprise": AppriseSettings(name=NAME, url=Secret("json://localhost/canary-in-the-path")),
}


def test_every_kind_has_its_settings() -> None:
    assert set(KINDS.values()) == set(get_args(ChannelSettings))
    assert {word: type(example) for word, example in EXAMPLES.items()} == dict(KINDS)


@pytest.mark.parametrize("word", KINDS)
def test_every_kind_opens_without_asking_anybody(word: str) -> None:
    channel = open_channel(EXAMPLES[word], FakeClock())
    assert channel.name == NAME
    assert "canary" not in f"{channel!r} {EXAMPLES[word]!r}"


@pytest.mark.parametrize("settings", KINDS.values())
def test_settings_are_frozen_and_given_by_name(settings: type[ChannelSettings]) -> None:
    with pytest.raises(TypeError, match="positional"):
        settings(NAME)  # type: ignore[call-arg]
    assert fields(settings)[0].name == "name"
    assert not hasattr(EXAMPLES["console"], "__dict__")


def test_a_file_without_a_name_is_the_operators_mistake() -> None:
    nameless = FileSettings(name=NAME, path=Path("/"))
    assert channel_faults(nameless) == ("`path` must name a file",)
    with pytest.raises(ConfigError, match='channel "out": `path` must name a file'):
        open_channel(nameless, FakeClock())
