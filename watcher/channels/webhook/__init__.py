"""Webhooks: alerts posted as JSON, in the form that the receiver reads."""

from watcher.channels.webhook.channel import WebhookChannel
from watcher.channels.webhook.formats import CUSTOM, FORMATS
from watcher.channels.webhook.settings import WebhookSettings, faults

__all__ = ["CUSTOM", "FORMATS", "WebhookChannel", "WebhookSettings", "faults"]
