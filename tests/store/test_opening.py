"""What can be opened, and what is refused and left untouched."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import PostgreSQL
from tests.store.engines import engine_of
from tests.store.nouns import NOON, every_item, make_feed, make_item
from watcher.errors import (
    StoreError,
    StoreForeign,
    StoreLocked,
    StoreNewer,
    StoreReadOnly,
)
from watcher.store import open_store
from watcher.store.opening import APPLICATION_ID

SOON = timedelta(milliseconds=50)
NOBODY = 65534


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    """Check that a file is the same afterwards, and that nothing was put beside it."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    yield
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside


def foreign_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE item (id TEXT)")
        connection.commit()
    return path


# --- files


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
def test_a_missing_file_is_made_for_its_owner_alone(tmp_path: Path, form: str) -> None:
    path = tmp_path / "100% new.db"
    store = open_store(form.format(path=path))
    with store.transaction() as tx:
        tx.keep([make_item()])
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    store.close()
    assert modes == dict.fromkeys(["100% new.db", "100% new.db-wal", "100% new.db-shm"], 0o600)
    assert [file.name for file in tmp_path.iterdir()] == ["100% new.db"]


def test_the_settings_are_on_every_connection(sqlite_url: str) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "busy_timeout": 5_000,
        "application_id": APPLICATION_ID,
        "journal_size_limit": 67_108_864,
    }
    store = open_store(sqlite_url)
    for transaction in (store.transaction(), store.reading()):
        with transaction as tx:
            connection = tx._connection
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected
            }
        assert found == expected
    store.close()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    path.touch()
    open_store(str(path)).close()
    open_store(str(path)).close()
    assert path.read_bytes()[68:72] == b"WTCH"


def test_a_file_that_is_no_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    for content in (b"x", b"# Notes\n" * 100, b"SQLite format 3\0"):
        path = tmp_path / "notes.txt"
        path.write_bytes(content)
        with untouched(path), pytest.raises(StoreForeign, match="is not a database"):
            open_store(str(path))


def test_another_programs_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    path = foreign_database(tmp_path / "theirs.db")
    with untouched(path), pytest.raises(StoreForeign, match="another program's database"):
        open_store(str(path))


def test_a_file_of_a_newer_watcher_is_refused_and_left_untouched(sqlite_url: str) -> None:
    path = path_of(sqlite_url)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE watcher_schema SET version_num = '9999'")
        connection.commit()
    with untouched(path), pytest.raises(StoreNewer, match=r"newer Watcher \(schema 9999\)"):
        open_store(sqlite_url)


def test_our_file_without_our_version_but_with_such_tables_is_refused(sqlite_url: str) -> None:
    path = path_of(sqlite_url)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE watcher_schema")
        connection.commit()
    with untouched(path), pytest.raises(StoreForeign, match="another program's tables"):
        open_store(sqlite_url)


def test_a_file_that_another_process_holds_is_said_to_be_locked(sqlite_url: str) -> None:
    store = open_store(sqlite_url, patience=SOON)
    with closing(sqlite3.connect(path_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = r"another process has held .*watcher\.db"
        with pytest.raises(StoreLocked, match=held), store.transaction():
            pass
        with store.reading() as tx:
            assert tx.feeds() == ()
        other.execute("ROLLBACK")
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
    store.close()


def test_a_file_that_another_process_holds_alone_cannot_be_opened(sqlite_url: str) -> None:
    with closing(sqlite3.connect(path_of(sqlite_url), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked):
            open_store(sqlite_url, patience=SOON)
        other.execute("ROLLBACK")


def test_opening_does_not_wait_for_a_writer(sqlite_url: str) -> None:
    with closing(sqlite3.connect(path_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        open_store(sqlite_url, patience=SOON).close()


def _fill(url: str) -> None:
    store = open_store(url)
    with store.transaction() as tx:
        tx.keep([make_item(f"{n:04}", content="text " * 200) for n in range(300)])
    store.close()


def test_a_damaged_file_is_refused_at_the_start(sqlite_url: str) -> None:
    _fill(sqlite_url)
    path = path_of(sqlite_url)
    content = bytearray(path.read_bytes())
    content[4096 * 30 : 4096 * 60] = b"\xff" * 4096 * 30
    path.write_bytes(content)
    with untouched(path), pytest.raises(StoreError, match="is damaged; put a backup"):
        open_store(sqlite_url)


def test_a_file_that_was_cut_short_is_refused(sqlite_url: str) -> None:
    _fill(sqlite_url)
    path = path_of(sqlite_url)
    path.write_bytes(path.read_bytes()[: 4096 * 20])
    with pytest.raises(StoreError, match="is damaged; put a backup"):
        open_store(sqlite_url)


def test_damage_that_shows_only_later_is_told_then(sqlite_url: str) -> None:
    _fill(sqlite_url)
    store = open_store(sqlite_url)
    path = path_of(sqlite_url)
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096 * 100)
    with pytest.raises(StoreError, match="is damaged"), store.reading() as tx:
        every_item(tx)
    store.close()


def test_looking_over_a_large_file_is_given_up_in_time(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(sqlite_url)
    ticks = iter(range(1_000))  # every look at the clock comes a second later
    monkeypatch.setattr("watcher.store.opening.time.monotonic", lambda: next(ticks))
    monkeypatch.setattr("watcher.store.opening.STEPS", 10)
    open_store(sqlite_url).close()


def test_a_folder_a_missing_folder_and_no_permission_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(str(tmp_path))
    with pytest.raises(StoreError, match=r"the folder .*/missing of the database does not exist"):
        open_store(str(tmp_path / "missing" / "watcher.db"))


def _try_as_nobody(url: str, answers: "multiprocessing.SimpleQueue[str]") -> None:
    """Run in a child process: permissions mean nothing to root."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        open_store(url).close()
        answers.put("opened")
    except StoreError as error:
        answers.put(f"{type(error).__name__}: {error}")


def as_nobody(url: str) -> str:
    context = multiprocessing.get_context("fork")  # what was imported cannot be read any more
    answers: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    child = context.Process(target=_try_as_nobody, args=(url, answers))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    answer = answers.get()
    answers.close()
    return answer


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody may write to, as far up as we made it."""
    closed = [folder for folder in tmp_path.parents if not folder.stat().st_mode & 0o001]
    changed = [tmp_path, *closed]
    modes = [folder.stat().st_mode for folder in changed]
    for folder in changed:
        folder.chmod(0o777)
    yield tmp_path
    for folder, mode in zip(changed, modes, strict=True):
        folder.chmod(mode)


@pytest.mark.skipif(sys.platform != "linux", reason="changes user, and forks")
def test_a_file_that_cannot_be_written_is_refused(sqlite_url: str, open_folder: Path) -> None:
    path = path_of(sqlite_url)
    path.chmod(0o444)
    with untouched(path):
        assert as_nobody(sqlite_url) == (
            f"StoreReadOnly: {path} cannot be written: {path} is read-only for this user"
        )


@pytest.mark.skipif(sys.platform != "linux", reason="changes user, and forks")
def test_a_folder_that_cannot_be_written_is_refused(sqlite_url: str, open_folder: Path) -> None:
    path = path_of(sqlite_url)
    path.chmod(0o666)
    open_folder.chmod(0o555)
    assert as_nobody(sqlite_url) == (
        f"StoreReadOnly: {path} cannot be written: {open_folder} is read-only for this user"
    )
    assert as_nobody(str(open_folder / "new.db")) == (
        f"StoreReadOnly: {open_folder}/new.db cannot be made: Permission denied"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="changes user, and forks")
def test_a_file_that_cannot_be_read_is_refused(sqlite_url: str, open_folder: Path) -> None:
    path = path_of(sqlite_url)
    path.chmod(0)
    assert as_nobody(sqlite_url) == f"StoreError: {path} may not be read by this user"
    open_folder.chmod(0)
    assert as_nobody(sqlite_url) == f"StoreError: {path} may not be read by this user"


def test_a_full_disk_is_told_and_takes_nothing_with_it(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.transaction() as tx:
        tx.configure_feeds([make_feed()], NOON)
    with pytest.raises(StoreError, match="no room left"), store.transaction() as tx:  # noqa: PT012
        tx._connection.exec_driver_sql("PRAGMA max_page_count = 1")
        tx.keep([make_item(f"{n}", content="text " * 2_000) for n in range(50)])
    with store.reading() as tx:
        assert (tx.counts().feeds, tx.counts().items) == (1, 0)
    store.close()


# --- URLs


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:hunter2@db/watcher",
        "sqlite://host/watcher.db",
        "sqlite:///watcher.db?mode=ro",
        "sqlite+aiosqlite:///watcher.db",
    ],
)
def test_other_urls_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"write a path, sqlite:///PATH or") as refused:
        open_store(url)
    assert "hunter2" not in str(refused.value)


def test_a_url_that_cannot_be_read_is_refused_without_repeating_it() -> None:
    with pytest.raises(StoreError, match="URL cannot be read") as refused:
        open_store("postgresql://root:hunter2@db:port/watcher")
    assert "hunter2" not in str(refused.value)


# --- PostgreSQL


def test_a_missing_driver_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'watcher\[postgres\]'") as refused:
        open_store("postgresql://root:hunter2@db/watcher")
    assert "hunter2" not in str(refused.value)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        open_store(f"postgresql://root:hunter2@/watcher?host={tmp_path}")
    assert "hunter2" not in str(refused.value)


def test_a_database_that_does_not_exist_is_told(postgresql: PostgreSQL) -> None:
    with pytest.raises(StoreError, match="missing"):
        open_store(postgresql.url("missing"))


def test_an_empty_database_gets_our_tables(postgresql: PostgreSQL) -> None:
    with postgresql.database(template="template0") as url:
        store = open_store(url)
        with store.reading() as tx:
            assert tx.counts().items == 0
        store.close()


def test_a_database_with_another_programs_tables_is_refused(postgresql: PostgreSQL) -> None:
    with postgresql.database(template="template0") as url:
        engine = engine_of(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE item (id TEXT)"))
        engine.dispose()
        with pytest.raises(StoreForeign, match=r"another program's tables \(item\)"):
            open_store(url)


def test_a_database_with_only_unrelated_tables_is_shared(postgresql: PostgreSQL) -> None:
    with postgresql.database(template="template0") as url:
        engine = engine_of(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE theirs (id TEXT)"))
        engine.dispose()
        open_store(url).close()


def test_a_database_of_a_newer_watcher_is_refused(postgresql_url: str) -> None:
    engine = engine_of(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE watcher_schema SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreNewer, match="schema 9999"):
        open_store(postgresql_url)


def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: PostgreSQL) -> None:
    latin = "ENCODING 'LATIN1' LOCALE 'C'"
    with (
        postgresql.database(template="template0", more=latin) as url,
        pytest.raises(StoreError, match="has the encoding LATIN1; Watcher needs UTF8"),
    ):
        open_store(url)


def test_a_read_only_server_is_told(postgresql_url: str) -> None:
    engine = engine_of(postgresql_url)
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()
    store = open_store(postgresql_url)
    with pytest.raises(StoreReadOnly, match="read-only server"), store.transaction() as tx:
        tx.keep([make_item()])
    store.close()


def _break_connections(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        )
    engine.dispose()


def test_a_connection_that_the_server_broke_is_told_and_the_next_one_works(
    postgresql_url: str,
) -> None:
    store = open_store(postgresql_url)
    told = r"broke off|cannot be reached"
    with pytest.raises(StoreError, match=told), store.transaction() as tx:  # noqa: PT012
        _break_connections(postgresql_url)
        tx.keep([make_item()])
    with store.transaction() as tx:
        tx.keep([make_item()])
    store.close()


def test_too_many_threads_at_once_are_told(postgresql_url: str) -> None:
    store = open_store(postgresql_url, patience=SOON)
    held = [store.reading() for _ in range(15)]
    for transaction in held:
        transaction.__enter__()
    with pytest.raises(StoreLocked, match="all connections"), store.reading():
        pass
    for transaction in held:
        transaction.__exit__(None, None, None)
    store.close()


def test_a_database_that_is_up_to_date_is_opened_without_the_means_to_change_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "watcher.db"
    open_store(str(path)).close()
    looking = (
        "import sys; from watcher.store import open_store; "
        f"open_store({str(path)!r}).close(); "
        "print([name for name in ('alembic', 'psycopg', 'pygments') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", looking], text=True).strip() == "[]"
