"""Gets the files of a configuration from the disk, each once, within limits."""

from collections.abc import Iterator
from glob import glob
from pathlib import Path

from watcher.config import limits
from watcher.config.checking import blanks
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Scalar, child
from watcher.config.reader import Taker, no_secrets, read_yaml
from watcher.config.secrets import likely_secrets
from watcher.config.sheet import Sheet
from watcher.config.suggest import did_you_mean
from watcher.model import Fault


def read_file(
    path: Path, findings: Findings, *, secretive: bool = False, take: Taker | None = None
) -> Sheet | None:
    """Read a YAML file; None where nothing can be made of it, and the faults say why.

    `secretive` files hold secrets: their values are hidden in every message. `take` is handed
    the rules of a file of rules one by one.
    """
    body = file_bytes(path)
    if isinstance(body, Fault):
        findings.add(body)
        return None
    hidden = likely_secrets if secretive else no_secrets
    sheet, faults = read_yaml(str(path), body, hidden, take)
    findings.add(*faults)
    findings.add(*blanks(sheet))
    return sheet if sheet.root is not None else None


def included(sheet: Sheet, key: str, folder: Path, findings: Findings) -> Iterator[Path]:
    """Find the files that `include` names under a key, in order, each once."""
    node = child(sheet.root, "include", key)
    seen: set[Path] = set()
    for pattern in node.items if isinstance(node, Many) else (node,):
        if isinstance(pattern, Scalar) and pattern.value:
            found = _matching(folder, pattern.value)
            if not found:
                findings.add(_nothing(sheet, pattern, folder))
            for path in found:
                if (real := path.resolve()) not in seen:  # one file may have several names
                    seen.add(real)
                    yield path


def file_bytes(path: Path) -> bytes | Fault:
    """Read a file's bytes, but no more than a configuration can have."""
    try:
        if not path.is_file() and path.exists():
            return Fault(code="C001", file=str(path), message="this is not a file")
        with path.open("rb") as file:
            body = file.read(limits.FILE_BYTES + 1)
    except OSError as trouble:
        message = f"cannot be read: {trouble.strerror or trouble}"
        return Fault(code="C001", file=str(path), message=message)
    except ValueError as trouble:  # a NUL in the name
        return Fault(code="C001", file=str(path), message=f"cannot be read: {trouble}")
    if len(body) > limits.FILE_BYTES:
        message = f"larger than {limits.FILE_BYTES // 2**20} MB; divide it"
        return Fault(code="C001", file=str(path), message=message)
    return body


def _matching(folder: Path, pattern: str) -> list[Path]:
    """List the files that a pattern names, sorted; a name without wildcards need not exist."""
    if "\0" in pattern:
        return []
    # Path.glob refuses absolute patterns, and `..` in them
    names = sorted(glob(pattern, root_dir=folder, recursive=True))  # noqa: PTH207
    return [folder / name for name in names if (folder / name).is_file()]


def _nothing(sheet: Sheet, pattern: Node, folder: Path) -> Fault:
    assert isinstance(pattern, Scalar)
    near = did_you_mean(pattern.value, (path.name for path in _listed(folder)))
    hint = f' - did you mean "{near[0]}"?' if near else f" (looked in {folder})"
    return sheet.fault("C014", f'"{pattern.value}" matches no file{hint}', pattern)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
