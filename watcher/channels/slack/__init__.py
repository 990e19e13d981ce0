"""Slack, by an incoming webhook or as a bot: what it is told, and what its answers mean."""

from watcher.channels.slack.bot import SlackBot
from watcher.channels.slack.settings import SlackSettings, faults
from watcher.channels.slack.webhook import SlackWebhook
from watcher.ports import Clock

__all__ = ["SlackBot", "SlackSettings", "SlackWebhook", "faults", "open_slack"]


def open_slack(settings: SlackSettings, clock: Clock) -> SlackBot | SlackWebhook:
    """Open the channel: a bot where there is a token, else a webhook."""
    if settings.token:
        return SlackBot(settings, settings.token, clock)
    if settings.url:
        return SlackWebhook(settings, settings.url, clock)
    raise ValueError("neither url nor token")  # `faults` tells it before
