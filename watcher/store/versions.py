"""What the database is, and whether something is known to be wrong with it."""

import sqlite3

_UNSOUND = (
    "can lose what was written when more than one process writes at the same moment (fixed in "
    "3.44.6, 3.50.7 and 3.51.3). One Watcher on a database is safe; do not let two of them, or "
    "another program, write to it."
)


def engine_version(url: str) -> tuple[str, str]:
    """Name the engine behind a path or URL, and what to know about it; empty: nothing."""
    if url.startswith("postgres"):
        return "PostgreSQL", ""
    name = sqlite_version()
    return name, f"{name} {_UNSOUND}" if has_wal_reset_bug() else ""


def sqlite_version() -> str:
    """Name the SQLite that works for us."""
    return f"SQLite {sqlite3.sqlite_version}"


def has_wal_reset_bug() -> bool:
    """Tell whether this SQLite can lose commits when two connections write at once.

    3.7.0 to 3.51.2, but for 3.44.6 and 3.50.7 (sqlite.org/wal.html, "the WAL-reset bug").
    """
    found = sqlite3.sqlite_version_info
    mended = found[:2] in ((3, 44), (3, 50)) and found[2] >= {44: 6, 50: 7}[found[1]]
    return (3, 7, 0) <= found < (3, 51, 3) and not mended
