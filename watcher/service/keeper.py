"""Makes the daily copy of the database while all else goes on, and takes the oldest ones away."""

import logging
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from watcher.app import App
from watcher.config.main_file import Backup
from watcher.errors import BrokenOff, StoreDamaged, StoreError
from watcher.model import Topic
from watcher.service.copies import (
    ROOM_LEFT,
    Copy,
    copies,
    copy_at,
    due_since,
    folder_of,
    leftovers,
)
from watcher.service.mending import suspect
from watcher.service.places import file_of
from watcher.service.troubles import Troubles
from watcher.store import backup

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # after a copy that could not be made


class Keeper:
    """Makes a copy when one is due; a failure is told once, and once when it works again.

    A trouble is known by the time since when a copy was due, so that whoever goes on after the
    process that told of it does not tell of it again.
    """

    def __init__(self, app: App, troubles: Troubles) -> None:
        self._app, self._troubles = app, troubles
        self._failed_at: datetime | None = None

    def keep(self) -> None:
        """Make a copy if one is due, verify it, and only then take away what is too old."""
        plan, database = self._app.config.backup, file_of(self._app.config.state)
        folder, now = folder_of(self._app.config), self._app.clock.now()
        if plan is None or database is None or folder is None or self._just_failed(now):
            return
        since = due_since(plan, (copy.at for copy in copies(folder, database)), now)
        if since is None:
            return
        try:
            self._troubles.recall(Topic.BACKUP, since)
            self._make(plan, database, folder, now)
        except BrokenOff:
            log.info("the backup was left off: others wait for it; it is made afterwards")
        except (StoreError, OSError) as trouble:
            self._failed_at = now
            told = str(trouble)
            if isinstance(trouble, StoreDamaged):
                suspect(database)
                told += "; the next start of Watcher looks the database over from end to end"
            log.error("no backup: %s", told)
            self._troubles.see(Topic.BACKUP, told, since)
        else:
            self._failed_at = None
            self._troubles.see(Topic.BACKUP, "")

    def _just_failed(self, now: datetime) -> bool:
        return self._failed_at is not None and self._failed_at <= now < self._failed_at + AGAIN

    def _make(self, plan: Backup, database: Path, folder: Path, now: datetime) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in leftovers(folder, database):
            path.unlink(missing_ok=True)
        _refuse_without_room(database, folder)
        done = backup.backup(database, copy_at(folder, database, now), self._wished)
        log.info("backup %s", done.told())
        made = [copy for copy in copies(folder, database) if copy.at <= now]
        _take_away(made[plan.keep :])

    def _wished(self) -> bool:
        """Tell whether to go on: whoever stops or reloads waits for all jobs to end."""
        return not (self._app.pipeline.resting or self._app.pipeline.stopping)


def _refuse_without_room(database: Path, folder: Path) -> None:
    """Leave the service its room: a disk that a backup fills visits no feed."""
    journal = Path(f"{database}-wal")
    needed = sum(path.stat().st_size for path in (database, journal) if path.exists())
    shared = folder.stat().st_dev == database.parent.stat().st_dev
    free = shutil.disk_usage(folder).free
    if free < needed + (ROOM_LEFT if shared else 0):
        left = f", and {ROOM_LEFT / 1024**2:,.0f} MiB are left to the service" if shared else ""
        raise StoreError(
            f"there is too little room in {folder}: {free / 1024**2:,.0f} MiB are free, the copy "
            f"takes {needed / 1024**2:,.1f} MiB{left}"
        )


def _take_away(old: Sequence[Copy]) -> None:
    for copy in old:
        copy.path.unlink(missing_ok=True)
        log.info("backup %s is taken away: there are newer ones", copy.path)
