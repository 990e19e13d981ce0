"""The copies of a database, and the damaged ones that were kept: all is told by their names.

A copy of `watcher.db` is `watcher.db.20261126T033000Z`, in the folder of backups. One that was
damaged is `watcher.db.damaged-20261126T101500Z-since-20261126T033000Z`, beside the one that is in
its place: found when, and replaced by a copy of when. Nothing else has to be remembered of either,
and whoever takes such a file away has said that it is dealt with.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.config import Config
from watcher.config.main_file import Backup
from watcher.service.places import file_of

ROOM_LEFT = 200 * 1024 * 1024  # bytes on the disk of the database that are the service's
STAMP = "%Y%m%dT%H%M%SZ"
_STAMP = r"(\d{8}T\d{6}Z)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of the database, as it was at a moment; it was verified before it got its name."""

    at: datetime
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time that is missing, because a damaged database was replaced by a copy."""

    since: datetime  # when the copy was made
    until: datetime  # when the damage was found
    kept: Path  # the damaged one

    def told(self) -> str:
        """Say what happened, and what it means."""
        return (
            f"The database was found to be damaged at {self.until:%Y-%m-%d %H:%M:%S} UTC, and its "
            f"backup of {self.since:%Y-%m-%d %H:%M:%S} UTC was put in its place. What feeds showed "
            "in between and show no longer is missing; what they still show is seen again, and "
            "alerts that went out in between may come again, under the same keys. The damaged one "
            f"is {self.kept}"
        )


def folder_of(config: Config) -> Path | None:
    """Tell where copies of the database go; None where none is made."""
    database = file_of(config.state)
    if config.backup is None or database is None:
        return None
    return config.backup.folder or database.parent / "backups"


def copy_at(folder: Path, database: Path, now: datetime) -> Path:
    """Name the copy of a moment."""
    return folder / f"{database.name}.{now:{STAMP}}"


def copies(folder: Path, database: Path) -> tuple[Copy, ...]:
    """List the copies of a database that are in a folder, newest first."""
    found = _named(folder, re.escape(database.name) + r"\." + _STAMP)
    listed = (Copy(at=times[0], path=path) for path, times in found)
    return tuple(sorted(listed, key=lambda copy: copy.at, reverse=True))


def leftovers(folder: Path, database: Path) -> Iterator[Path]:
    """Find what a process that was killed left of its copy."""
    pattern = re.escape(database.name) + r"\." + _STAMP + r"\.part(?:-wal|-shm|-journal)?"
    return (path for path, _ in _named(folder, pattern))


def aside(copy: Copy, now: datetime) -> str:
    """Name what a damaged database is called from now on, behind its name."""
    return f"damaged-{now:{STAMP}}-since-{copy.at:{STAMP}}"


def gaps(database: Path) -> tuple[Gap, ...]:
    """List the damaged databases that are kept, the latest first."""
    database = database.resolve()
    pattern = re.escape(database.name) + r"\.damaged-" + _STAMP + "-since-" + _STAMP
    found = _named(database.parent, pattern)
    listed = (Gap(until=times[0], since=times[1], kept=path) for path, times in found)
    return tuple(sorted(listed, key=lambda gap: gap.until, reverse=True))


def is_due(plan: Backup, made: Iterable[datetime], now: datetime) -> bool:
    """Tell whether a copy should be made: none is younger than the last time that was set for one.

    Those that were made in the future, by a clock that was wrong then, do not count.
    """
    local = now.astimezone(plan.zone)
    set_for = local.replace(hour=plan.at.hour, minute=plan.at.minute, second=0, microsecond=0)
    if set_for > local:
        set_for -= timedelta(days=1)
    return not any(set_for <= at <= now for at in made)


def _named(folder: Path, pattern: str) -> Iterator[tuple[Path, list[datetime]]]:
    """Find files by their names, with the times that stand in these."""
    name = re.compile(pattern)
    try:
        within = sorted(folder.iterdir())
    except OSError:
        return
    for path in within:
        if found := name.fullmatch(path.name):
            times = [_time(each) for each in found.groups()]
            if all(times):
                yield path, [time for time in times if time]


def _time(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None  # the 99th of a month: somebody else's name
