"""Migrations make today's tables, from nothing and from every release, or do nothing at all."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from tests.databases import PostgreSQL
from tests.store.engines import engine_of
from tests.store.nouns import LONG_AGO, every_item, make_item, sketched
from tools import make_release_database as release
from watcher.errors import StoreError
from watcher.model import DueFeed, FeedId, PageNote
from watcher.store import migrations, open_store, schema
from watcher.store.opening import open_database
from watcher.store.store import PATIENCE
from watcher.store.tables import VERSION_TABLE, metadata
from watcher.store.types import Name
from watcher.store.upgrading import known_migrations, upgrade

STEPS = Path(migrations.__file__).parent / "versions"
RELEASES = sorted((Path(__file__).parent / "data").glob("release-*.db"))


def difference(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, metadata))


def test_migrations_make_exactly_the_tables_of_today(database_url: str) -> None:
    open_store(database_url).close()
    engine = engine_of(database_url)
    assert difference(engine) == []
    engine.dispose()


def test_the_migrations_are_those_that_their_files_are_named_for() -> None:
    in_order = [script.revision for script in known_migrations().walk_revisions()][::-1]
    assert schema.known_migrations() == tuple(in_order)


def test_a_table_more_or_a_column_less_would_be_noticed(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item DROP COLUMN language")
        connection.exec_driver_sql("CREATE TABLE more (id TEXT)")
        connection.exec_driver_sql("DROP INDEX item_seen")
    assert len(difference(engine)) == 3
    engine.dispose()


def test_names_are_ordered_by_code_point_whatever_the_servers_language(postgresql_url: str) -> None:
    names = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Name)
    }
    engine = engine_of(postgresql_url)
    with engine.connect() as connection:
        collated = connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE collation_name = 'C' AND table_schema = 'public'"
        )
        assert {(row.table_name, row.column_name) for row in collated} == names
    engine.dispose()


def test_a_migration_imports_nothing_of_ours() -> None:
    steps = sorted(STEPS.glob("0*.py"))
    assert steps
    assert [step.name for step in steps if "watcher" in step.read_text()] == []


# --- every release


def test_there_is_a_database_of_a_release() -> None:
    assert RELEASES


@pytest.mark.parametrize("file", RELEASES, ids=lambda file: str(file.stem))
def test_the_database_of_a_release_is_brought_to_today_and_holds_what_it_held(
    file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(file, tmp_path))
    store = open_store(str(path))
    with store.reading() as tx:
        assert tx.feeds() == (DueFeed(feed=release.FEED, memory=release.MEMORY),)
        assert every_item(tx) == [release.LEAD, release.COPY]
        assert tx.alerts((), 10) == (release.ALERT,)
        trail = tx.trail(release.LEAD.id)
        near = tx.told_like(sketched(release.WORDS), LONG_AGO, 5)
        claiming = tx.told_by_link(["first.example/flood"], LONG_AGO)
        renamed = make_item("x", guid="", normal_link="", title=release.OLD_TITLE)
        assert [told.id for told in tx.remembered(FeedId("gazette"), [renamed])] == ["1ead"]
    store.close()
    assert trail is not None
    assert trail.versions == 2
    assert trail.hits == (release.HIT,)
    assert [plan.alert for plan in trail.plans] == [release.ALERT]
    assert [attempt.outcome for attempt in trail.attempts] == ["sent"]
    assert [told.item.id for told in near] == ["c0b1", "1ead"]
    assert [told.lead for told in claiming] == [True, False]
    engine = engine_of(f"sqlite:///{path}")
    assert difference(engine) == []
    engine.dispose()


def test_the_database_of_a_release_has_a_row_in_every_table() -> None:
    engine = engine_of(f"sqlite:///file:{RELEASES[-1]}?mode=ro&immutable=1&uri=true")
    with engine.connect() as connection:
        empty = [
            name
            for name in inspect(connection).get_table_names()
            if not connection.execute(
                select(func.count()).select_from(metadata.tables[name])
                if name in metadata.tables
                else select(1)
            ).scalar_one()
        ]
    engine.dispose()
    assert empty == []


# --- migrations to come


def steps_and(tmp_path: Path, body: str) -> ScriptDirectory:
    """Make a history like ours with one step more, which does what `body` says."""
    folder, newest = tmp_path / "history", known_migrations().get_current_head()
    shutil.copytree(STEPS, folder / "versions", ignore=shutil.ignore_patterns("__*"))
    (folder / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '9999'\n"
        f"down_revision = '{newest}'\n\n\ndef upgrade() -> None:\n{body}"
    )
    config = Config()
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)


def filled(url: str) -> None:
    store = open_store(url)
    with store.transaction() as tx:
        release.fill(tx)
        tx.note_pages([PageNote(item=release.LEAD.id, used=True, outcome="read")])
    store.close()


def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    database_url: str, tmp_path: Path
) -> None:
    filled(database_url)
    body = "    op.create_table('more', sa.Column('id', sa.Text))\n"
    body += "    op.execute('DELETE FROM attempt')\n    raise ZeroDivisionError\n"
    database = open_database(database_url, PATIENCE)
    with pytest.raises(ZeroDivisionError), database.writing.connect() as connection:
        upgrade(connection, steps_and(tmp_path, body))
    database.close()
    engine = engine_of(database_url)
    assert difference(engine) == []
    engine.dispose()
    store = open_store(database_url)
    with store.reading() as tx:
        trail = tx.trail(release.LEAD.id)
    store.close()
    assert trail is not None
    assert len(trail.attempts) == 1


def test_a_table_can_be_rebuilt_without_losing_what_refers_to_it(
    database_url: str, tmp_path: Path
) -> None:
    filled(database_url)
    body = "    with op.batch_alter_table('item', recreate='auto') as item:\n"
    body += "        item.alter_column('language', nullable=True)\n"
    database = open_database(database_url, PATIENCE)
    with database.writing.connect() as connection:
        before = counted(connection)
        connection.rollback()  # that was a look
        upgrade(connection, steps_and(tmp_path, body))
    with database.writing.connect() as connection:
        left = counted(connection)
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.close()
    assert left == before
    assert left["item"] >= 1
    assert left["placement"] >= 1


def counted(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }


def test_a_migration_that_leaves_references_to_nothing_is_taken_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    filled(sqlite_url)
    database = open_database(sqlite_url, PATIENCE)
    steps = steps_and(tmp_path, "    op.execute('DELETE FROM item')\n")
    refused = pytest.raises(StoreError, match="nothing was done")
    with refused, database.writing.connect() as connection:
        upgrade(connection, steps)
    database.close()
    store = open_store(sqlite_url)
    with store.reading() as tx:
        assert tx.counts().items == 2
    store.close()


def test_two_that_start_at_once_both_find_the_tables(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    with postgresql.database(template="template0") as url:
        for place in (url, str(tmp_path / "new.db")):
            with ThreadPoolExecutor(2) as pool:
                for opened in [pool.submit(open_store, place) for _ in range(2)]:
                    opened.result().close()
