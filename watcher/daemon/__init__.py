"""When things are done, and by whom: knows nothing of feeds.

alarm      the alarm clock, and the one guard for bugs
pulse      when each job last showed that it lives
signals    what somebody wishes: stop, reload
notify     a word to systemd
lock       one writing process
control    a socket to ask a running daemon by
"""

from watcher.daemon.alarm import Alarm, Job
from watcher.daemon.control import Control, Record, ask, asking
from watcher.daemon.lock import Holder, holder, locked
from watcher.daemon.notify import Notify, notifier, reloading, watchdog_of
from watcher.daemon.pulse import Pulse
from watcher.daemon.signals import Signals, Wish

__all__ = [
    "Alarm",
    "Control",
    "Holder",
    "Job",
    "Notify",
    "Pulse",
    "Record",
    "Signals",
    "Wish",
    "ask",
    "asking",
    "holder",
    "locked",
    "notifier",
    "reloading",
    "watchdog_of",
]
