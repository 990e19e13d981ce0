"""What the channels share: posting over HTTP, what answers mean, deadlines, and hiding secrets."""

from watcher.channels.sending.answers import Answer, Meaning, meaning_of, outcome, retry_after
from watcher.channels.sending.fuse import Fuse, timeout_faults, watch
from watcher.channels.sending.http import Failed, Poster
from watcher.channels.sending.marks import GAP, lifeless, no_markdown
from watcher.channels.sending.secrets import Redactor
from watcher.channels.sending.texts import fitted, size, units
from watcher.channels.sending.trouble import told

__all__ = [
    "GAP",
    "Answer",
    "Failed",
    "Fuse",
    "Meaning",
    "Poster",
    "Redactor",
    "fitted",
    "lifeless",
    "meaning_of",
    "no_markdown",
    "outcome",
    "retry_after",
    "size",
    "timeout_faults",
    "told",
    "units",
    "watch",
]
