"""How each kind of channel may be spoken to."""

from datetime import timedelta
from pathlib import Path

import pytest

from watcher.channels import (
    AppriseSettings,
    ChannelSettings,
    ConsoleSettings,
    EmailSettings,
    FileSettings,
    SlackSettings,
    WebhookSettings,
)
from watcher.config import manners_of
from watcher.model import ChannelName, Repeats, Secret

NAME, URL = ChannelName("c"), Secret("https://hooks.example/x")
SECOND = timedelta(seconds=1)
MAIL = EmailSettings(name=NAME, host="h", sender="a@example.org", recipients=("b@example.org",))


def webhook(form: str) -> WebhookSettings:
    return WebhookSettings(name=NAME, url=URL, format=form)


@pytest.mark.parametrize(
    ("settings", "gap", "at_once"),
    [
        (ConsoleSettings(name=NAME), 0, 1),
        (FileSettings(name=NAME, path=Path("x")), 0, 1),
        (SlackSettings(name=NAME, url=URL), 1, 1),
        (webhook("watcher"), 0, 8),
        (webhook("cloudevents"), 0, 8),
        (webhook("slack"), 1, 1),
        (webhook("discord"), 2, 1),
        (webhook("teams"), 1, 1),
        (AppriseSettings(name=NAME, url=URL), 1, 1),
        (MAIL, 1, 1),
    ],
)
def test_chats_and_mail_are_sent_to_slowly_and_programs_as_fast_as_they_take_it(
    settings: ChannelSettings, gap: int, at_once: int
) -> None:
    manners = manners_of(settings)
    assert (manners.gap, manners.at_once) == (gap * SECOND, at_once)


def test_what_to_do_with_a_doubtful_alert_is_the_channels_own_policy() -> None:
    held = SlackSettings(name=NAME, url=URL, doubtful=Repeats.HOLD)
    assert manners_of(held).repeats is Repeats.HOLD
    assert manners_of(webhook("watcher")).repeats is Repeats.TOLD_APART
