"""How a Slack channel is reached: by an incoming webhook, or by the Web API as a bot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from watcher.alerts.render import web_link
from watcher.alerts.template import Template
from watcher.channels.sending import timeout_faults
from watcher.model import ChannelName, Repeats, Secret

_BOT = re.compile(r"xox[bp]-[A-Za-z0-9-]+|xoxe\.xox[bp]-[A-Za-z0-9-]+")
_CHANNEL = re.compile(r"#?[^\s#@<>&,:/]{1,80}")
WEBHOOK_CONVERSATIONS = 2  # in blocks, and once more as plain text
API_CONVERSATIONS = 5  # two pages of history, two posts, and an edit


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """An incoming webhook's address, which is a secret as a whole; or a bot's token and channel."""

    name: ChannelName
    url: Secret | None = None
    token: Secret | None = None
    channel: str = ""  # its id, or its name
    doubtful: Repeats = Repeats.RESEND  # where nobody can look whether an alert arrived
    timeout: timedelta = timedelta(seconds=20)  # for each of a few conversations
    ca_file: str = ""  # certificates to trust instead of the public ones
    template: Template | None = None  # words of the operator's own; None: the built-in ones
    api: str = "https://slack.com/api"  # where the Web API is; another one in tests

    @property
    def repeats(self) -> Repeats:
        """What to do with an alert that may have arrived: a bot can look, a webhook cannot."""
        return Repeats.TOLD_APART if self.token else self.doubtful


def faults(settings: SlackSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing address or token."""
    return tuple(_faults(settings))


def _faults(settings: SlackSettings) -> Iterator[str]:
    if settings.url and settings.token:
        yield "`url` is of an incoming webhook and `token` of a bot: give one of them"
    elif settings.url:
        yield from _webhook_faults(settings, settings.url.reveal())
    elif settings.token:
        yield from _bot_faults(settings, settings.token.reveal())
    else:
        yield "`url` (of an incoming webhook), or `token` and `channel` (of a bot), is missing"


def _webhook_faults(settings: SlackSettings, address: str) -> Iterator[str]:
    if address.startswith("xox"):
        yield "`url` must be the address of an incoming webhook; this is a token: call it `token`"
    elif not web_link(address):
        yield "`url` must be a whole http or https URL"
    elif settings.channel:
        yield "`channel` goes with a `token`; an incoming webhook has its channel in its address"
    else:
        yield from timeout_faults(settings.timeout, conversations=WEBHOOK_CONVERSATIONS)


def _bot_faults(settings: SlackSettings, token: str) -> Iterator[str]:
    if web_link(token):
        yield "`token` must be a bot's token; this is an address: call it `url`"
    elif token.startswith("xapp-"):
        yield "`token` must be a bot's token (xoxb-…); this one is of an app"
    elif not _BOT.fullmatch(token):
        yield "`token` must be a bot's token: xoxb-…"
    elif not settings.channel:
        yield "`channel` is missing: the id (C0123456789) or name of the channel to post to"
    elif not _CHANNEL.fullmatch(settings.channel):
        yield "`channel` must be the id (C0123456789) or name of a channel"
    else:
        yield from timeout_faults(settings.timeout, conversations=API_CONVERSATIONS)
