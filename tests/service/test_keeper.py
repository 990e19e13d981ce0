"""The daily copy of the database: when, how many, and what happens where it cannot be made."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from watcher.app import App, opened
from watcher.config import load
from watcher.config.main_file import Backup
from watcher.errors import ConfigError
from watcher.model import AlertKind
from watcher.service.copies import copies, due_since, folder_of
from watcher.service.keeper import Keeper
from watcher.service.mending import is_suspect
from watcher.service.routine import routine
from watcher.service.troubles import Troubles
from watcher.store.backup import verify

MAIN = """version: 1
state: a.db
include: {{feeds: [feeds.yaml], rules: [rules.yaml]}}
channels: {{out: {{type: file, path: alerts.jsonl}}}}
operator: out
{more}
"""
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


class Kept:
    """A program whose database is copied, and a clock to turn."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.troubles = Troubles(app)
        self.keeper = Keeper(app, self.troubles)
        assert isinstance(app.clock, Clock)
        self.clock = app.clock

    def names(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "backups").glob("*"))

    def notices(self) -> list[str]:
        with self.app.store.reading() as tx:
            found = tx.alerts([], 100)
        told = [one.message.headline for one in found if one.kind is AlertKind.SERVICE]
        return sorted(told)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    with ExitStack() as stack:

        def make(more: str = "") -> Kept:
            (tmp_path / "watcher.yaml").write_text(MAIN.format(more=more))
            (tmp_path / "feeds.yaml").write_text(
                "version: 1\nfeeds: [{id: a, url: 'http://a.example/'}]\n"
            )
            (tmp_path / "rules.yaml").write_text("version: 1\nrules: [{id: flood, when: flood}]\n")
            config = load(tmp_path / "watcher.yaml", {})
            return Kept(stack.enter_context(opened(config, Clock())), tmp_path)

        yield make


BERLIN = Backup(at=time(3, 30), zone=ZoneInfo("Europe/Berlin"))
TODAY = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)  # in Berlin it is 03:30


@pytest.mark.parametrize(
    ("made_at", "since"),
    [
        (None, TODAY),
        (TODAY - timedelta(minutes=1), TODAY),
        (TODAY, None),
        (NOON, None),
        (NOON - DAY, TODAY),
        (NOON - 3 * DAY, TODAY - 2 * DAY),
        (NOON + DAY, TODAY),  # by a clock that was wrong
    ],
)
def test_a_copy_is_due_since_the_first_time_that_passed_without(
    made_at: datetime | None, since: datetime | None
) -> None:
    assert due_since(BERLIN, [made_at] if made_at else [], NOON) == since


def test_before_the_time_that_is_set_the_copy_of_the_day_before_is_young_enough() -> None:
    evening = Backup(at=time(18))
    assert due_since(evening, [NOON - DAY + timedelta(hours=6)], NOON) is None
    since = NOON - DAY + timedelta(hours=6)
    assert due_since(evening, [NOON - DAY + timedelta(hours=5)], NOON) == since


def test_the_time_that_is_set_is_one_of_the_clocks_on_the_wall_also_when_they_change() -> None:
    sunday = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # at 02:00 it became 03:00
    saturday = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    assert due_since(BERLIN, [saturday], sunday) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_without_a_word_a_verified_copy_is_made_beside_the_database_once_a_day(
    made: Callable[..., Kept],
) -> None:
    one = made()
    for _ in range(3):
        one.keeper.keep()
    assert one.names() == ["a.db.20260302T120000Z"]
    found = verify(one.folder / "backups" / "a.db.20260302T120000Z")
    assert found.feeds == 1
    assert (one.folder / "backups").stat().st_mode & 0o777 == 0o700
    one.clock.time = NOON + timedelta(hours=15)
    one.keeper.keep()
    assert len(one.names()) == 1, "the next one is due at 03:30"
    one.clock.time += timedelta(minutes=30)
    one.keeper.keep()
    assert one.names() == ["a.db.20260302T120000Z", "a.db.20260303T033000Z"]


def test_the_oldest_go_when_there_are_more_than_are_kept_and_nothing_else_goes(
    made: Callable[..., Kept],
) -> None:
    one = made("backup: {keep: 2}")
    folder = one.folder / "backups"
    folder.mkdir()
    others = ("b.db.20200101T000000Z", "a.db.2020", "a.db.20209999T000000Z", "a.db.before-x")
    for name in (*others, "a.db.20260301T033000Z.part"):
        (folder / name).write_text("of somebody else, or left over")
    for day in range(4):
        one.clock.time = NOON + day * DAY
        one.keeper.keep()
    assert one.names() == sorted((*others, "a.db.20260304T120000Z", "a.db.20260305T120000Z"))


def test_a_copy_of_the_future_is_neither_taken_for_the_newest_nor_taken_away(
    made: Callable[..., Kept],
) -> None:
    one = made("backup: {keep: 1}")
    one.clock.time = NOON + 300 * DAY
    one.keeper.keep()
    one.clock.time = NOON
    one.keeper.keep()
    assert one.names() == ["a.db.20260302T120000Z", "a.db.20261227T120000Z"]


def test_a_copy_that_cannot_be_made_is_told_once_and_once_when_it_works_again(
    made: Callable[..., Kept],
) -> None:
    one = made()
    in_the_way = one.folder / "backups"
    in_the_way.write_text("a file")
    for minutes in (0, 1, 59, 60, 61):
        one.clock.time = NOON + timedelta(minutes=minutes)
        one.keeper.keep()
    assert one.notices() == ["No backup of the database can be made"]
    in_the_way.unlink()
    one.keeper.keep()
    assert one.names() == [], "it is tried once an hour"
    one.clock.time += timedelta(hours=1)
    one.keeper.keep()
    assert len(one.names()) == 1
    assert one.notices() == [
        "Backups of the database are made again",
        "No backup of the database can be made",
    ]


def test_another_process_goes_on_with_a_trouble_that_was_told_and_ends_it(
    made: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is after a restart, and for those who run a round by a timer."""
    one = made()
    one.keeper.keep()
    monkeypatch.setattr("watcher.service.keeper.ROOM_LEFT", 10**18)
    for _ in range(3):
        one.clock.time += DAY
        Keeper(one.app, Troubles(one.app)).keep()
    assert len(one.names()) == 1
    assert one.notices() == ["No backup of the database can be made"]
    monkeypatch.undo()
    for _ in range(2):
        one.clock.time += DAY
        Keeper(one.app, Troubles(one.app)).keep()
    assert one.notices() == [
        "Backups of the database are made again",
        "No backup of the database can be made",
    ]


def test_whoever_stops_or_reloads_does_not_wait_for_a_copy(made: Callable[..., Kept]) -> None:
    one = made()
    one.app.pipeline.rest(resting=True)
    one.keeper.keep()
    assert one.names() == []
    assert one.troubles.listed() == {}
    one.app.pipeline.rest(resting=False)
    one.keeper.keep()
    assert len(one.names()) == 1


def test_a_copy_of_what_is_damaged_is_none_and_the_old_ones_stay(
    made: Callable[..., Kept],
) -> None:
    one = made("backup: {keep: 1}")
    one.keeper.keep()
    (good,) = one.names()
    database = one.folder / "a.db"
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    content = bytearray(database.read_bytes())
    for start in range(8192, len(content), 4096):
        content[start : start + 64] = Random(start).randbytes(64)
    database.write_bytes(content)
    one.clock.time += DAY
    one.keeper.keep()
    assert one.names() == [good]
    assert "looks the database over from end to end" in str(one.troubles.listed())
    assert is_suspect(database)


def test_while_a_copy_is_made_the_daemon_keeps_its_locks(made: Callable[..., Kept]) -> None:
    """Whoever opened the file otherwise would lose them; then others take the journal away."""
    one = made()
    journal = one.folder / "a.db-wal"
    assert journal.exists()
    one.keeper.keep()
    assert len(one.names()) == 1
    look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM feed')"
    subprocess.run([sys.executable, "-c", look, one.folder / "a.db"], check=True)
    assert journal.exists(), "the other process believed that it was the last one"


def test_nothing_is_copied_where_it_is_switched_off(made: Callable[..., Kept]) -> None:
    one = made("backup: {enabled: no}")
    assert folder_of(one.app.config) is None
    assert routine(one.app, one.troubles) == ()


def test_the_daemon_has_a_job_for_it_and_a_folder_is_relative_to_the_configuration(
    made: Callable[..., Kept],
) -> None:
    one = made('backup: {folder: kept/daily, at: "22:00", timezone: Europe/Berlin, keep: 3}')
    assert folder_of(one.app.config) == one.folder / "kept/daily"
    assert [job.name for job in routine(one.app, one.troubles)] == ["backup"]
    plan = one.app.config.backup
    assert plan is not None
    assert (plan.at, plan.zone.key, plan.keep) == (time(22), "Europe/Berlin", 3)


def test_the_folder_of_backups_is_listed_newest_first(made: Callable[..., Kept]) -> None:
    one = made()
    for day in range(3):
        one.clock.time = NOON + day * DAY
        one.keeper.keep()
    found = copies(one.folder / "backups", one.folder / "a.db")
    assert [copy.at.day for copy in found] == [4, 3, 2]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("backup: {keep: 0}", "keep"),
        ('backup: {at: "4 am"}', "is not a time of day"),
        ("backup: {enabled: perhaps}", "is neither true nor false"),
        ("backup: {foldre: x}", 'did you mean "folder"'),
        ("backup: no", "a mapping is wanted here"),
    ],
)
def test_a_fault_is_told_at_its_place(made: Callable[..., Kept], more: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault) as bad:
        made(more)
    assert "watcher.yaml:6" in str(bad.value)
