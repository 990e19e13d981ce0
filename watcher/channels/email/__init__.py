"""E-mail over SMTP: the letter, and the conversation that hands it in."""

from watcher.channels.email.channel import EmailChannel
from watcher.channels.email.settings import EmailSettings, faults

__all__ = ["EmailChannel", "EmailSettings", "faults"]
