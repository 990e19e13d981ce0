"""The copies of a database, and what they replaced: all is told by their names.

A copy of `watcher.db` is `watcher.db.20261126T033000Z`, in the folder of backups. One that was
damaged is `watcher.db.damaged-20261126T101500Z-since-20261126T033000Z`, beside the one that is in
its place: found when, and replaced by a copy of when. One that was not there, though there are
copies of it, leaves an empty file: `watcher.db.missing-…-since-…`. Nothing else has to be
remembered of any, and whoever takes such a file away has said that it is dealt with.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
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


class Loss(StrEnum):
    """What a database may be, so that a copy has to take its place."""

    DAMAGED = "damaged"
    MISSING = "missing"


_TOLD = {
    Loss.DAMAGED: ("damaged", "The damaged one is {}"),
    Loss.MISSING: (
        "gone",
        "Who wants to begin anew takes the backups away, too. This is said until {} is taken away",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time that is missing, because a copy took the place of a damaged or lost database."""

    loss: Loss
    since: datetime  # when the copy was made
    until: datetime  # when it was found
    kept: Path  # the damaged one; an empty file for one that was gone

    def told(self) -> str:
        """Say what happened, and what it means."""
        found, kept = _TOLD[self.loss]
        return (
            f"The database was found to be {found} at {self.until:%Y-%m-%d %H:%M:%S} UTC, and its "
            f"backup of {self.since:%Y-%m-%d %H:%M:%S} UTC was put in its place. What feeds showed "
            "in between and show no longer is missing; what they still show is seen again, and "
            "alerts that went out in between may come again, under the same keys. "
            f"{kept.format(self.kept)}"
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


def is_there(database: Path) -> bool:
    """Tell whether there is a database: of an empty file, somebody made no more than its name."""
    try:
        return bool(database.stat().st_size)
    except FileNotFoundError:
        return False


def missed(config: Config) -> Copy | None:
    """Give the newest copy of a database that is not there; None if it is there, or never was."""
    folder, database = folder_of(config), file_of(config.state)
    if folder is None or database is None:
        return None
    try:
        if is_there(database):
            return None
    except OSError:
        return None  # whoever opens it says what is wrong
    return next(iter(copies(folder, database)), None)


def aside(loss: Loss, copy: Copy, now: datetime) -> str:
    """Name what was replaced by a copy, behind the database's name."""
    return f"{loss}-{now:{STAMP}}-since-{copy.at:{STAMP}}"


def gaps(database: Path) -> tuple[Gap, ...]:
    """List what was replaced by copies, the latest first."""
    database = database.resolve()
    listed = (
        Gap(loss=loss, until=times[0], since=times[1], kept=path)
        for loss in Loss
        for path, times in _named(
            database.parent, rf"{re.escape(database.name)}\.{loss}-{_STAMP}-since-{_STAMP}"
        )
    )
    return tuple(sorted(listed, key=lambda gap: gap.until, reverse=True))


def due_since(plan: Backup, made: Iterable[datetime], now: datetime) -> datetime | None:
    """Tell since when a copy should be made; None while the last one is young enough.

    That is the first time that was set for one and passed without. Copies of the future, made by a
    clock that was wrong then, do not count; without any, it is the last time that was set.
    """
    last_set, last_made = _set_for(plan, now), max((at for at in made if at <= now), default=None)
    if last_made is None:
        return last_set
    return None if last_made >= last_set else _set_for(plan, last_made) + timedelta(days=1)


def _set_for(plan: Backup, now: datetime) -> datetime:
    """Tell the last time before a moment that was set for a copy, by the clocks of the plan."""
    local = now.astimezone(plan.zone)
    set_for = local.replace(hour=plan.at.hour, minute=plan.at.minute, second=0, microsecond=0)
    return set_for if set_for <= local else set_for - timedelta(days=1)


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
