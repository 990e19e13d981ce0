"""When things are done: an alarm clock, signals, and a word to systemd. Knows nothing of feeds."""

from watcher.daemon.alarm import Alarm, Job
from watcher.daemon.notify import notifier
from watcher.daemon.signals import Signals

__all__ = ["Alarm", "Job", "Signals", "notifier"]
