"""The tables that migrations make are today's tables, on both engines."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.store.engines import engine_of
from watcher.store import open_store
from watcher.store.schema import VERSION_TABLE
from watcher.store.tables import metadata


def test_migrations_make_exactly_the_tables_of_today(database_url: str) -> None:
    open_store(database_url).close()
    engine = engine_of(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
