"""All SQL: what was observed and promised, on SQLite or PostgreSQL. Decides nothing."""

from watcher.store.store import SqlStore, SqlTransaction, open_store

__all__ = ["SqlStore", "SqlTransaction", "open_store"]
