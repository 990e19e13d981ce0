"""A damaged database at the start: moved aside, the newest good backup in its place, the gap said.

So is one that is not there, though there are backups of it: to begin anew would be to forget what
was promised. Only these are mended. What is another program's, a newer Watcher's, locked or
read-only is left as it is, and the start refuses. A look at the start is short, so a large database
is looked over only in part; where damage turns up later, a mark beside the database says that the
next start has to look from end to end.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from watcher.config import Config
from watcher.errors import StoreDamaged, StoreError, StoreMissing
from watcher.service.copies import Loss, aside, copies, folder_of, gaps, is_there, missed
from watcher.service.places import file_of
from watcher.store import backup, open_store, restoring

log = logging.getLogger("watcher")

MOST_KEPT = 3  # damaged databases; who finds a fourth should look at the disk


@contextmanager
def whole(config: Config, now: datetime) -> Iterator[None]:
    """See to it that the database is whole, as far as can be seen, before anybody opens it.

    Raises StoreDamaged where it is not, and there is no good backup. Nobody else may work on the
    database. Damage that turns up until the end is noted for the next start.
    """
    database = file_of(config.state)
    if database is None:
        yield
        return
    _mend(config, database, now)
    try:
        yield
    except StoreDamaged:
        suspect(database)
        raise


def suspect(database: Path) -> None:
    """Note that the next start has to look the database over from end to end."""
    with suppress(OSError):  # no room for a name: then the start looks as far as it always does
        _mark(database).touch(mode=0o600)


def is_suspect(database: Path) -> bool:
    """Tell whether the next start looks the database over from end to end."""
    return _mark(database).exists()


def _mark(database: Path) -> Path:
    return database.with_name(f"{database.name}.suspect")


def refuse_to_begin_anew(config: Config) -> None:
    """Raise StoreMissing where a database is not there, and was: who only commands makes none."""
    if copy := missed(config):
        raise StoreMissing(
            f"there is no database {file_of(config.state)}, but a backup of "
            f"{copy.at:%Y-%m-%d %H:%M:%S} UTC: `watcher run` puts it in its place, and so does "
            f"`watcher restore {copy.path}`; who wants to begin anew takes the backups away"
        )


def _mend(config: Config, database: Path, now: datetime) -> None:
    restoring.finish(database)
    damage = _damage_of(database)
    if damage is not None:
        backup.refuse_newer(database)
        _restore(config, database, Loss.DAMAGED, str(damage), now)
    elif missed(config):
        _touch(database)  # an empty one is replaced step by step, as any is
        _restore(config, database, Loss.MISSING, f"there is no database {database}", now)
    _mark(database).unlink(missing_ok=True)


def _touch(database: Path) -> None:
    try:
        database.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"{database} cannot be made: {error.strerror}") from error


def _damage_of(database: Path) -> StoreDamaged | None:
    """Look whether a database is damaged; nothing else that may be wrong with it matters here."""
    try:
        if not is_there(database):
            return None
        if is_suspect(database):
            log.warning("%s: damage was seen, so it is looked over from end to end", database)
            backup.verify(database)
        open_store(str(database), create=False).close()
    except StoreDamaged as damage:
        return damage
    except (StoreError, OSError):
        return None  # whoever opens it next says so
    return None


def _restore(config: Config, database: Path, loss: Loss, told: str, now: datetime) -> None:
    """Put the newest copy that is whole in the place of a database that is lost."""
    folder = folder_of(config)
    if folder is None:
        raise StoreDamaged(f"{told}; no backups are made here: `watcher restore` puts one back")
    kept = [gap for gap in gaps(database) if gap.loss is Loss.DAMAGED]
    if loss is Loss.DAMAGED and len(kept) >= MOST_KEPT:
        raise StoreDamaged(
            f"{told}; {MOST_KEPT} damaged ones are kept beside it already: look at the disk, "
            "then take them away"
        )
    log.error("%s", told)
    useless = []
    for copy in copies(folder, database):
        try:
            restoring.restore(copy.path, database, aside(loss, copy, now))
        except StoreError as trouble:
            useless.append(str(trouble))
            log.error("the backup %s is of no use: %s", copy.path, trouble)
        else:
            log.error("%s", gaps(database)[0].told())
            return
    why = f": {useless[0]}" if useless else ""
    raise StoreDamaged(f"{told}; there is no good backup in {folder}{why}")
