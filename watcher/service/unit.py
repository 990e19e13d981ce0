"""The units of systemd, with the path of the program that is really installed."""

import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import ServiceError

PLACES = (
    Path(__file__).parents[2] / "systemd",  # in a checkout
    Path(sysconfig.get_path("data"), "share", "watcher", "systemd"),  # where a wheel puts it
)
PROGRAM = "/opt/watcher/bin/watcher"  # as the shipped units have it
CONFIG = "/etc/watcher/watcher.yaml"
DAEMON = ("watcher.service",)
TIMER = ("watcher-once.service", "watcher-once.timer")
HIDDEN = ("/home", "/root", "/run/user")  # what ProtectHome= hides


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a unit's file."""

    path: Path
    changed: bool


def unit(name: str, program: Path, config: Path, places: Sequence[Path] = PLACES) -> str:
    """Give a unit's text for a program and a configuration."""
    source = next((place / name for place in places if (place / name).is_file()), None)
    if source is None:
        raise ServiceError(f"the unit {name} is not in {' or '.join(map(str, places))}")
    text = source.read_text(encoding="utf-8")
    return text.replace(PROGRAM, _escaped(program)).replace(CONFIG, _escaped(config))


def doubts(program: Path, python: Path) -> tuple[str, ...]:
    """Tell why the service, with a user of its own and without homes, could not start a program.

    `python` is what runs it: a venv only links to that, and it may be in somebody's home.
    """
    if not program.is_file():
        return (f"there is no program {program}: install Watcher into a venv, or with pipx",)
    needed = (program, program.resolve(), python.resolve())
    for each in needed:
        for hidden in HIDDEN:
            if each.is_relative_to(hidden):
                return (
                    f"{each} is in {hidden}, which the service cannot see (ProtectHome=): install "
                    "with the system's Python into /opt (/usr/bin/python3 -m venv /opt/watcher), "
                    "or with pipx install --global",
                )
    ways = dict.fromkeys(way for each in needed for way in (each, *each.parents))
    closed = [way for way in ways if not way.stat().st_mode & 0o001]
    return tuple(
        f"{each} may not be entered by the service's user: chmod o+rx {each}" for each in closed
    )


def write(name: str, text: str, folder: Path) -> Written:
    """Write a unit's file, if it is not just so already."""
    path = folder / name
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return Written(path=path, changed=False)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
    except OSError as error:
        raise ServiceError(f"{path} cannot be written: {error.strerror}; are you root?") from error
    return Written(path=path, changed=True)


def _escaped(path: Path) -> str:
    """Write a path as a word of ExecStart=: % and $ mean something there, blanks end it."""
    told = str(path).replace("%", "%%").replace("$", "$$")
    return f'"{told}"' if " " in told else told
