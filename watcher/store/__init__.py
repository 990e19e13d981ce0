"""All SQL: what was observed and promised, on SQLite or PostgreSQL. Decides nothing."""

from watcher.store.store import SqlStore, SqlTransaction, open_store
from watcher.store.versions import engine_version

__all__ = ["SqlStore", "SqlTransaction", "engine_version", "open_store"]
