"""What the database is, and whether something is known to be wrong with it."""

import sqlite3

_REPAIRED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))  # in their series; from the last one on, always
_UNSOUND = (
    "can lose what was written when more than one process writes at the same moment (fixed in "
    "3.44.6, 3.50.7 and 3.51.3). One Watcher on a database is safe; do not let two of them, or "
    "another program, write to it."
)


def engine_version(url: str) -> tuple[str, str]:
    """Name the engine behind a path or URL, and what to know about it; empty: nothing."""
    if url.startswith("postgres"):
        return "PostgreSQL", ""
    name = f"SQLite {sqlite3.sqlite_version}"
    return name, "" if _is_sound(sqlite3.sqlite_version_info) else f"{name} {_UNSOUND}"


def _is_sound(version: tuple[int, ...]) -> bool:
    same_series = any(version[:2] == good[:2] and version >= good for good in _REPAIRED)
    return same_series or version >= _REPAIRED[-1]
