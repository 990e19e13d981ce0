"""What we raise on purpose.

    WatcherError
    ├── ConfigError      the operator's mistake: every fault at once, each with its place
    ├── ServiceError     the daemon cannot be asked, or cannot be one
    │   └── AlreadyRunning   another process works on the state
    └── StoreError       the database cannot be used
        ├── StoreLocked      another process holds it too long
        ├── StoreDamaged     its content cannot be
        ├── StoreFull        there is no room left for it
        ├── StoreForeign     the file or database is not ours
        ├── StoreNewer       it was written by a newer Watcher
        ├── StoreReadOnly    it cannot be written
        └── BrokenOff        a copy was left off, because somebody had to wait for it

The world's trouble (a feed that is down, a channel that refuses) is never an exception but a
value: see `FetchFailed`, `TryLater`, `Refused` in `model`. Anything else that is raised is a bug.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the nouns take longer to load than all that the list of verbs needs
    from watcher.model import Fault


class WatcherError(Exception):
    """Everything below; `str()` is fit to be shown to the operator."""


class ConfigError(WatcherError):
    """Configuration that cannot go into service; carries all faults, never only the first."""

    def __init__(self, faults: "Sequence[Fault]") -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.told() for fault in self.faults))


class ServiceError(WatcherError):
    """The daemon cannot be asked, or cannot be one; the message says what to do."""


class AlreadyRunning(ServiceError):  # noqa: N818 - it is a state, told after its noun
    """Another process works on the state."""


class StoreError(WatcherError):
    """The database cannot be used; the message says what to do."""


class StoreLocked(StoreError):  # noqa: N818 - it is a state of the store, told after its noun
    """Another process has held the database for longer than we wait."""


class StoreFull(StoreError):  # noqa: N818
    """There is no room left where the database is."""


class StoreMissing(StoreError):  # noqa: N818
    """There is no database yet, and none was to be made."""


class StoreDamaged(StoreError):  # noqa: N818
    """The database is ours, and its content cannot be: a backup belongs in its place."""


class StoreForeign(StoreError):  # noqa: N818
    """The file is a database of another program, or none at all; it was left untouched."""


class StoreNewer(StoreError):  # noqa: N818
    """The database was written by a newer Watcher; it was left untouched."""


class StoreReadOnly(StoreError):  # noqa: N818
    """The database can be read but not written."""


class BrokenOff(StoreError):  # noqa: N818
    """A copy was left off before it was done, as was wished; nothing is left of it."""
