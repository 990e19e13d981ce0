"""The commented example that ships with Watcher, for the operator to start from."""

import json
import re
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from watcher.errors import ConfigError
from watcher.model import Fault

PLACES = (
    Path(__file__).parents[2] / "config",  # in a checkout, beside the package
    Path(sysconfig.get_path("data"), "share", "watcher", "config"),  # where a wheel puts it
)


STATE = "state: watcher.db\n"  # the line of the example that says where the database is
SCHEMAS = Path(__file__).parent / "schema"
_SCHEMA = re.compile(r"(?<=\$schema=)\S*/(?=\w+\.schema\.json)")


def copy_example(
    folder: Path, places: Sequence[Path] = PLACES, *, state: str = ""
) -> tuple[Path, ...]:
    """Copy the example into a folder, which is made if need be; tell the files.

    With a `state`, the copy names that as its database.

    Raises ConfigError, and copies nothing, where one of the files is there already or the folder
    cannot be written.
    """
    example = next((place for place in places if (place / "watcher.yaml").is_file()), None)
    if example is None:
        looked = " or ".join(map(str, places))
        raise _fault(f"the example configuration is not in {looked}", folder)
    files = [path.relative_to(example) for path in sorted(example.rglob("*.yaml"))]
    there = next((folder / file for file in files if (folder / file).exists()), None)
    if there is not None:
        raise _fault(f"{there} is there already; nothing was copied: name another folder", folder)
    try:
        copied = tuple(_copied(example / file, folder / file) for file in files)
        if state:
            main = folder / "watcher.yaml"
            text = main.read_text(encoding="utf-8")
            assert STATE in text, "the example says where the database is"
            main.write_text(text.replace(STATE, f"state: {json.dumps(state)}\n"), encoding="utf-8")
        return copied
    except OSError as trouble:
        raise _fault(f"{trouble.filename or folder}: {trouble.strerror}", folder) from trouble


def _copied(source: Path, target: Path) -> Path:
    """Copy a file; editors are led to its schema from wherever the copy is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    target.write_text(_SCHEMA.sub(lambda _: f"{SCHEMAS}/", text, count=1), encoding="utf-8")
    return target


def _fault(message: str, folder: Path) -> ConfigError:
    return ConfigError([Fault(code="C000", message=message, file=str(folder))])
