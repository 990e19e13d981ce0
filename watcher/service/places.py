"""Where the lock and the socket of a state are, so that every process finds the same ones."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from watcher.model import content_id

RUNTIME = Path("/run/watcher")  # what the unit's RuntimeDirectory= makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The files beside a state. PostgreSQL needs no lock, and may have no place for a socket."""

    database: Path | None  # the file, where it is one
    lock: Path | None
    socket: Path | None
    sign: Path | None = None  # that leads to the socket


def sign_of(environment: Mapping[str, str]) -> Path | None:
    """Tell where a service's daemon says which socket is its own: `control` in its runtime folder.

    Its commands find it there whatever the configuration says by now, another `state` included.
    """
    folder = environment.get("RUNTIME_DIRECTORY")
    return Path(folder, "control") if folder else None


@contextmanager
def signed(sign: Path | None, socket: Path) -> Iterator[None]:
    """Let a sign lead to this socket, where there is a place for one."""
    if sign is None or not sign.parent.is_dir():
        yield
        return
    fresh = sign.with_name("control.new")
    with suppress(OSError):
        fresh.unlink()
    fresh.symlink_to(socket)
    fresh.replace(sign)
    try:
        yield
    finally:
        with suppress(OSError):
            sign.unlink()


def places_of(state: str, environment: Mapping[str, str]) -> Places:
    """Find the places: beside SQLite's file, else in the folder for what runs."""
    file = file_of(state)
    if file is not None:
        # the folder by its one true name; the file by the name it has
        beside = file.parent.absolute() / file.name
        return Places(
            database=file,
            lock=beside.with_name(f"{file.name}.lock"),
            socket=beside.with_name(f"{file.name}.sock"),
            sign=sign_of(environment),
        )
    if state.startswith("sqlite"):
        return Places(database=None, lock=None, socket=None)  # in memory: nobody else can see it
    named = environment.get("RUNTIME_DIRECTORY") or environment.get("XDG_RUNTIME_DIR")
    folder = Path(named) if named else RUNTIME
    socket = folder / f"watcher-{content_id('state', state)[:12]}.sock"
    if not folder.is_dir():
        return Places(database=None, lock=None, socket=None)
    return Places(database=None, lock=None, socket=socket, sign=sign_of(environment))


def file_of(state: str) -> Path | None:
    """Give the file of a state; None where it is no file."""
    if "://" not in state:
        return Path(state)
    if not state.startswith("sqlite:///"):
        return None
    path = state.removeprefix("sqlite:///").partition("?")[0]
    return Path(path) if path and path != ":memory:" else None
