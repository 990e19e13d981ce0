"""Webhooks: alerts posted as JSON, in the form that the receiver reads."""

from watcher.channels.webhook.channel import WebhookChannel
from watcher.channels.webhook.formats import FORMATS
from watcher.channels.webhook.settings import WebhookSettings, faults

__all__ = ["FORMATS", "WebhookChannel", "WebhookSettings", "faults"]
