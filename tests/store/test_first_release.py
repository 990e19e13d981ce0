"""A database of release 0.1.0, which had no table of rules, on both engines."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, select

from tests.databases import PostgreSQL
from tests.store.engines import engine_of
from tests.store.nouns import LONG_AGO, every_item
from tools import make_release_database as release
from watcher.model import RuleActivity
from watcher.store import SqlStore, migrations, open_store
from watcher.store.upgrading import upgrade

FIRST = Path(migrations.__file__).parent / "versions" / "0001_first.py"
FILE = Path(__file__).parent / "data" / "release-0.1.0.db"
LATER = release.NOON + timedelta(days=40)


def first_tables(engine: Engine, folder: Path) -> None:
    """Make the tables that 0.1.0 had."""
    (folder / "history" / "versions").mkdir(parents=True)
    shutil.copy(FIRST, folder / "history" / "versions")
    config = Config()
    config.set_main_option("script_location", str(folder / "history"))
    with engine.connect() as connection:
        upgrade(connection, ScriptDirectory.from_config(config))


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy what the one database holds to the other, which has the same tables."""
    there = MetaData()
    there.reflect(source)
    with source.connect() as reading, target.begin() as writing:
        for table in there.sorted_tables:
            rows = [dict(row._mapping) for row in reading.execute(select(table))]
            if table.name != "watcher_schema":
                writing.execute(insert(table), rows)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """The database of the release, opened by the Watcher of today."""
    path = Path(shutil.copy(FILE, tmp_path))
    if request.param == "sqlite":
        yield (store := open_store(str(path)))
        store.close()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database(template="template0") as url:
        source, target = engine_of(f"sqlite:///{path}"), engine_of(url)
        first_tables(target, tmp_path)
        copy_rows(source, target)
        source.dispose()
        target.dispose()
        yield (store := open_store(url))
        store.close()


def test_it_holds_what_it_held(old_store: SqlStore) -> None:
    with old_store.reading() as tx:
        assert every_item(tx) == [release.LEAD, release.COPY]
        trail = tx.trail(release.LEAD.id)
        assert tx.rule_activity(LONG_AGO) == ()
    assert trail is not None
    assert trail.hits == (release.HIT,)


def test_a_rule_is_in_service_from_today_and_its_hits_of_old_are_known(old_store: SqlStore) -> None:
    rule = release.HIT.rule
    with old_store.transaction() as tx:
        tx.configure_rules([rule], LATER)
        assert tx.rule_activity(LONG_AGO) == (
            RuleActivity(rule=rule.id, in_service=True, since=LATER, last_hit_at=release.NOON),
        )
        assert tx.hits_per_day([rule.id], LONG_AGO) == {rule.id: {release.NOON.date(): 1}}
        assert [past.item for past in tx.hits_of(rule.id, 5)] == [release.LEAD]
