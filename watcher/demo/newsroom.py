"""The shipped example as it lies in `seeds/`: what feeds say when, and what must follow."""

import json
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from watcher.errors import ConfigError
from watcher.model import Fault

MOMENT = "%Y-%m-%dT%H%MZ"  # the name of an edition's folder: a moment, without colons
PLACES = (
    Path(__file__).parents[2] / "seeds",  # in a checkout, beside the package
    Path(sysconfig.get_path("data"), "share", "watcher", "seeds"),  # where a wheel puts it
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What the feeds say from a moment on; a feed that is not here says what it said before."""

    moment: datetime
    documents: Mapping[str, bytes]  # by file name, which is the document's path on the server


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """The example as it was read from disk."""

    config: Path  # folder of its configuration
    editions: tuple[Edition, ...]  # earliest first
    expected: tuple[Mapping[str, object], ...]  # the alerts that must come of it, in order


def find_seeds(places: Sequence[Path] = PLACES) -> Path:
    """Find the example in the first place that holds one; raises ConfigError where none does."""
    for place in places:
        if (place / "editions").is_dir():
            return place
    looked = " or ".join(str(place) for place in places)
    raise _unusable(f"the shipped example is not in {looked}: run `watcher demo` from a checkout")


def read_newsroom(seeds: Path) -> Newsroom:
    """Read the example, all of it; raises ConfigError where it is not one."""
    try:
        folders = sorted(path for path in (seeds / "editions").iterdir() if path.is_dir())
        editions = tuple(_edition(folder) for folder in folders)
        expected = _expected(seeds / "expected-alerts.jsonl")
    except (OSError, ValueError) as trouble:
        raise _unusable(f"{seeds} does not hold a readable example: {trouble}") from trouble
    if not editions:
        raise _unusable(f"{seeds / 'editions'} holds no edition")
    return Newsroom(config=seeds / "config", editions=editions, expected=expected)


def _edition(folder: Path) -> Edition:
    documents = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    moment = datetime.strptime(folder.name, MOMENT).replace(tzinfo=UTC)
    return Edition(moment=moment, documents=documents)


def _expected(path: Path) -> tuple[Mapping[str, object], ...]:
    return tuple(json.loads(line) for line in path.read_text("utf-8").splitlines())


def _unusable(message: str) -> ConfigError:
    return ConfigError([Fault(code="demo", message=message)])
