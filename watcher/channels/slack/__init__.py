"""Slack, by an incoming webhook: what it is told, and what its answers mean."""

from watcher.channels.slack.channel import SlackChannel, SlackSettings, faults

__all__ = ["SlackChannel", "SlackSettings", "faults"]
