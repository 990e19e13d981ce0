"""Ways out: one file for each, all of them `ports.Channel`, none that knows another."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from watcher.alerts.template import Template
from watcher.channels.apprise import AppriseChannel, AppriseSettings
from watcher.channels.apprise import faults as apprise_faults
from watcher.channels.console import ConsoleChannel, ConsoleSettings
from watcher.channels.console import faults as console_faults
from watcher.channels.email import EmailChannel, EmailSettings
from watcher.channels.email import faults as email_faults
from watcher.channels.file import FileChannel, FileSettings
from watcher.channels.file import faults as file_faults
from watcher.channels.slack import SlackSettings, open_slack
from watcher.channels.slack import faults as slack_faults
from watcher.channels.templated import Templated
from watcher.channels.webhook import CUSTOM, FORMATS, WebhookChannel, WebhookSettings
from watcher.channels.webhook import faults as webhook_faults
from watcher.errors import ConfigError
from watcher.model import Fault, Repeats
from watcher.ports import Channel, Clock

__all__ = [
    "CUSTOM",
    "FORMATS",
    "KINDS",
    "AppriseSettings",
    "ChannelSettings",
    "ConsoleSettings",
    "EmailSettings",
    "FileSettings",
    "SlackSettings",
    "WebhookSettings",
    "channel_faults",
    "open_channel",
    "repeats_of",
]

ChannelSettings = (
    ConsoleSettings
    | FileSettings
    | SlackSettings
    | WebhookSettings
    | EmailSettings
    | AppriseSettings
)


class _Kind(NamedTuple):
    """How to check and to open channels of one kind; each takes the settings of its own."""

    faults: Callable[[Any], tuple[str, ...]]
    opened: Callable[[Any, Clock], Channel]


_BY_SETTINGS: Mapping[type, _Kind] = {
    ConsoleSettings: _Kind(console_faults, ConsoleChannel),
    FileSettings: _Kind(file_faults, FileChannel),
    SlackSettings: _Kind(slack_faults, open_slack),
    WebhookSettings: _Kind(webhook_faults, WebhookChannel),
    EmailSettings: _Kind(email_faults, EmailChannel),
    AppriseSettings: _Kind(apprise_faults, AppriseChannel),
}

KINDS: Mapping[str, type[ChannelSettings]] = {
    "console": ConsoleSettings,
    "file": FileSettings,
    "slack": SlackSettings,
    "webhook": WebhookSettings,
    "email": EmailSettings,
    "apprise": AppriseSettings,
}
"""The words that the configuration uses for `type`, and the settings that each asks for."""


def channel_faults(settings: ChannelSettings) -> tuple[str, ...]:
    """Tell all that is wrong with a channel's settings, as sentences without any secret."""
    return _BY_SETTINGS[type(settings)].faults(settings)


def repeats_of(settings: ChannelSettings) -> Repeats:
    """Tell what may be done with an alert that may have arrived.

    Files and letters bear the key, so that whoever reads them can tell a repeat.
    """
    match settings:
        case SlackSettings() | WebhookSettings() | AppriseSettings():
            return settings.repeats
        case ConsoleSettings() | FileSettings() | EmailSettings():
            return Repeats.TOLD_APART


def open_channel(settings: ChannelSettings, clock: Clock) -> Channel:
    """Open the channel that the settings describe; nothing is sent and nobody is asked.

    Raises ConfigError, with all faults, where the settings cannot work.
    """
    if found := channel_faults(settings):
        told = (f'channel "{settings.name}": {fault}' for fault in found)
        raise ConfigError([Fault(code="channel", message=message) for message in told])
    channel = _BY_SETTINGS[type(settings)].opened(settings, clock)
    words = _words_of(settings)
    return channel if words is None else Templated(channel, words)


def _words_of(settings: ChannelSettings) -> Template | None:
    """Give the template of which the channel shows the words, if any."""
    match settings:
        case FileSettings():
            return None
        case WebhookSettings() if settings.format == CUSTOM:
            return None  # it posts what the template writes
        case _:
            return settings.template
