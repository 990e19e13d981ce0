"""A damaged database at the start: what is mended, what is refused, and what is never touched."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from watcher.config import Config, load
from watcher.errors import StoreDamaged, StoreError, StoreForeign, StoreMissing, StoreNewer
from watcher.model import Feed, FeedId
from watcher.service.copies import Loss, copy_at, gaps
from watcher.service.mending import is_suspect, refuse_to_begin_anew, suspect, whole
from watcher.store import open_store
from watcher.store.backup import backup, verify
from watcher.store.restoring import restoring

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
MAIN = """version: 1
state: a.db
include: {feeds: [feeds.yaml], rules: [rules.yaml]}
channels: {out: {type: file, path: alerts.jsonl}}
"""


class Kept:
    """A database with copies of nights before."""

    def __init__(self, folder: Path) -> None:
        (folder / "watcher.yaml").write_text(MAIN)
        (folder / "feeds.yaml").write_text("version: 1\nfeeds: []\n")
        (folder / "rules.yaml").write_text("version: 1\nrules: []\n")
        self.config: Config = load(folder / "watcher.yaml", {})
        self.database = folder / "a.db"
        self.copies = folder / "backups"
        self.copies.mkdir()
        self.configure(100)

    def configure(self, feeds: int) -> None:
        store = open_store(str(self.database))
        known = [Feed(id=FeedId(f"f{n}"), url=f"http://{n}.example/") for n in range(feeds)]
        try:
            with store.transaction() as tx:
                tx.configure_feeds(known, NOW)
        finally:
            store.close()

    def copy(self, at: datetime) -> Path:
        path = copy_at(self.copies, self.database, at)
        backup(self.database, path)
        return path

    def feeds(self) -> int:
        return verify(self.database).feeds


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def spoil(path: Path, behind: int = 4096, *, seed: int = 7) -> bytes:
    """Write over the pages of a file that are behind the first ones."""
    content, luck = bytearray(path.read_bytes()), Random(seed)
    for start in range(behind, len(content), 4096):
        content[start : start + 64] = luck.randbytes(64)
    path.write_bytes(content)
    return bytes(content)


def start(kept: Kept) -> None:
    with whole(kept.config, NOW):
        open_store(str(kept.database)).close()


def test_the_newest_good_backup_takes_the_place_of_what_is_damaged_which_is_kept(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.copy(NIGHT - timedelta(days=1))
    kept.configure(110)
    kept.copy(NIGHT)
    kept.configure(120)
    damaged = spoil(kept.database)
    with caplog.at_level(logging.ERROR):
        start(kept)
    assert kept.feeds() == 110
    (gap,) = gaps(kept.database)
    assert (gap.since, gap.until) == (NIGHT, NOW)
    assert gap.kept.read_bytes() == damaged
    assert "a.db is damaged; put a backup in its place" in caplog.text
    assert "its backup of 2026-03-02 03:30:00 UTC was put in its place" in caplog.text


def test_a_backup_that_has_become_bad_is_passed_over(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.copy(NIGHT - timedelta(days=1))
    kept.configure(110)
    spoil(kept.copy(NIGHT))
    spoil(kept.database)
    start(kept)
    assert kept.feeds() == 100
    assert "is of no use: " in caplog.text


def test_without_a_good_backup_the_start_is_refused_and_all_stays_as_it_was(kept: Kept) -> None:
    damaged = spoil(kept.database)
    with pytest.raises(StoreDamaged, match=r"there is no good backup in .*backups"):
        start(kept)
    assert kept.database.read_bytes() == damaged
    assert gaps(kept.database) == ()


def test_where_no_backups_are_made_the_start_says_what_to_do(kept: Kept) -> None:
    (kept.database.parent / "watcher.yaml").write_text(MAIN + "backup: {enabled: no}\n")
    kept.config = load(kept.database.parent / "watcher.yaml", {})
    spoil(kept.database)
    with pytest.raises(StoreDamaged, match="no backups are made here: `watcher restore`"):
        start(kept)


def foreign(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[68:72] = b"\0\0\0\0"
    path.write_bytes(content)


def no_database(path: Path) -> None:
    path.write_bytes(b"another program's notes\n" * 500)


def foreign_and_damaged(path: Path) -> None:
    foreign(path)
    spoil(path)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE watcher_schema SET version_num = '9999'")
        raw.commit()


def newer_and_damaged(path: Path) -> None:
    newer(path)
    with closing(sqlite3.connect(path)) as raw:
        (page,) = raw.execute("SELECT max(rootpage) FROM sqlite_master").fetchone()
    spoil(path, (page - 1) * 4096)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (foreign, StoreForeign),
        (no_database, StoreForeign),
        (foreign_and_damaged, StoreForeign),
        (newer, StoreNewer),
        (newer_and_damaged, StoreNewer),
    ],
)
def test_what_is_not_ours_or_of_a_newer_release_is_never_restored_over(
    kept: Kept, change: Callable[[Path], None], refusal: type[StoreError]
) -> None:
    kept.copy(NIGHT)
    change(kept.database)
    content = kept.database.read_bytes()
    with pytest.raises(refusal):
        start(kept)
    assert kept.database.read_bytes() == content
    assert gaps(kept.database) == ()


def test_a_database_that_somebody_else_has_locked_is_not_taken_for_damaged(kept: Kept) -> None:
    kept.copy(NIGHT)
    with closing(sqlite3.connect(kept.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE").close()
        other.execute("BEGIN EXCLUSIVE").close()
        with whole(kept.config, NOW):
            pass
    assert gaps(kept.database) == ()
    assert kept.feeds() == 100


def leave_rows_out_of_an_index(path: Path) -> None:
    """Change a table while its index is out of sight."""
    index = "FROM sqlite_master WHERE name = 'feed_due'"
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON").close()
        row = raw.execute(f"SELECT * {index}").fetchone()
        raw.execute(f"DELETE {index}").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DELETE FROM feed WHERE id = 'f1'").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON").close()
        raw.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row).close()


def test_damage_that_turns_up_later_has_the_next_start_look_from_end_to_end(kept: Kept) -> None:
    kept.copy(NIGHT)
    leave_rows_out_of_an_index(kept.database)
    start(kept)
    assert gaps(kept.database) == (), "a short look does not find it"
    with pytest.raises(StoreDamaged), whole(kept.config, NOW):
        raise StoreDamaged("a job met it")
    assert is_suspect(kept.database)
    start(kept)
    assert len(gaps(kept.database)) == 1
    assert not is_suspect(kept.database)
    assert kept.feeds() == 100


def test_a_suspicion_that_was_wrong_is_forgotten(kept: Kept) -> None:
    kept.copy(NIGHT)
    suspect(kept.database)
    start(kept)
    assert not is_suspect(kept.database)
    assert gaps(kept.database) == ()


def test_a_restore_that_was_cut_short_is_ended_before_anything_is_opened(kept: Kept) -> None:
    copy = kept.copy(NIGHT)
    kept.configure(120)
    steps = restoring(copy, kept.database, "damaged-20260302T100000Z-since-20260302T033000Z")
    for _ in range(3):
        next(steps)
    start(kept)
    assert kept.feeds() == 100
    assert len(gaps(kept.database)) == 1


def test_a_disk_that_damages_again_and_again_is_not_filled_with_what_is_kept(kept: Kept) -> None:
    kept.copy(NIGHT)
    for day in range(3):
        spoil(kept.database)
        with whole(kept.config, NOW + timedelta(days=day)):
            pass
    assert len(gaps(kept.database)) == 3
    spoil(kept.database)
    with pytest.raises(StoreDamaged, match="3 damaged ones are kept beside it already"):
        start(kept)


def gone(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("lose", [gone, emptied])
def test_a_database_that_is_gone_is_never_begun_anew_while_there_is_a_backup(
    kept: Kept, caplog: pytest.LogCaptureFixture, lose: Callable[[Path], None]
) -> None:
    kept.configure(110)
    kept.copy(NIGHT)
    kept.configure(120)
    lose(kept.database)
    with caplog.at_level(logging.ERROR):
        start(kept)
    assert kept.feeds() == 110
    (gap,) = gaps(kept.database)
    assert (gap.loss, gap.since, gap.until) == (Loss.MISSING, NIGHT, NOW)
    assert gap.kept.name == "a.db.missing-20260302T120000Z-since-20260302T033000Z"
    assert "The database was found to be gone at 2026-03-02 12:00:00 UTC" in caplog.text
    assert "Who wants to begin anew takes the backups away, too" in caplog.text


def test_nor_is_it_begun_anew_where_no_backup_of_it_is_good(kept: Kept) -> None:
    spoil(kept.copy(NIGHT))
    kept.database.unlink()
    for _ in range(2):
        with pytest.raises(StoreDamaged, match=r"there is no database .*a\.db; there is no good b"):
            start(kept)


def test_a_command_makes_no_database_where_there_was_one(kept: Kept) -> None:
    refuse_to_begin_anew(kept.config)
    kept.copy(NIGHT)
    refuse_to_begin_anew(kept.config)
    kept.database.unlink()
    with pytest.raises(StoreMissing, match="but a backup of 2026-03-02 03:30:00 UTC: `watcher run"):
        refuse_to_begin_anew(kept.config)


def test_a_database_that_never_was_is_nobodys_loss(kept: Kept) -> None:
    kept.database.unlink()
    refuse_to_begin_anew(kept.config)
    with whole(kept.config, NOW):
        assert not kept.database.exists()


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_anywhere_never_lose_what_was_there(kept: Kept, seed: int) -> None:
    """Whatever is hit, the start takes the file as it is, mends it, or refuses it untouched."""
    kept.copy(NIGHT)
    luck = Random(seed)
    content = bytearray(kept.database.read_bytes())
    for _ in range(luck.randint(1, 6)):
        place = luck.randrange(len(content) - 64)
        content[place : place + 64] = luck.randbytes(64)
    kept.database.write_bytes(content)
    try:
        start(kept)
    except (StoreForeign, StoreNewer):
        assert kept.database.read_bytes() == content
        assert gaps(kept.database) == ()
        return
    for gap in gaps(kept.database):
        assert gap.kept.read_bytes() == content
        assert kept.feeds() == 100
