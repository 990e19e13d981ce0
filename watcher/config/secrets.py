"""Secrets: `env:NAME`, `file:PATH`, `credential:NAME`; none of them is ever shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.config import limits
from watcher.config.findings import Findings
from watcher.config.nodes import Scalar
from watcher.config.sheet import Sheet
from watcher.config.suggest import question
from watcher.model import Secret

CREDENTIALS = "CREDENTIALS_DIRECTORY"  # systemd sets it for a service with credentials
SECRET_KEYS = ("url", "password", "secrets", "secret", "token")
_SECRET_KEY = re.compile(rf"""\b(?:{"|".join(SECRET_KEYS)})["']?[ \t]*:[ \t]*""")
_VALUE = re.compile(r"""\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,\[\]}#&*|>][^,\]}#\n]*""")
_REFERENCE = re.compile(r"(env|file|credential):(.*)", re.DOTALL)


def is_reference(text: str) -> bool:
    """Whether a text says where a secret is, and is none itself."""
    return _REFERENCE.fullmatch(text) is not None


def likely_secrets(text: str) -> Iterator[tuple[int, int]]:
    """Find what may be secrets in the text of a main file, be it YAML or not."""
    for key in _SECRET_KEY.finditer(text):
        for piece in _VALUE.finditer(text, key.end(), _value_end(text, key.end())):
            if not is_reference(piece.group().strip("'\"")):
                yield piece.span()


def _value_end(text: str, start: int) -> int:
    """Find where the value (or the list of values) of a key ends, roughly."""
    closing = re.compile(r"[\]\n]" if text.startswith("[", start) else r"[,}\n]|\s#")
    found = closing.search(text, start)
    return found.start() if found else len(text)


class _Missing(Exception):  # noqa: N818 - it never leaves this file
    """A secret is not where its reference says; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Looks up secrets in the environment, in files, and with systemd."""

    folder: Path  # of the configuration file
    environment: Mapping[str, str]
    sheet: Sheet
    findings: Findings

    def secret(self, node: Scalar, *, plain: bool = False) -> Secret | None:
        """Find the secret that a value names; None, and a fault, where it is missing.

        A value that names none is the secret itself: that works, with a warning unless it is a
        `plain` one, that gives nothing away.
        """
        if not (found := _REFERENCE.fullmatch(node.value)):
            self.sheet.hide(node)
            if not plain:
                self.findings.add(self.sheet.fault("C101", _PLAIN, node, warning=True))
            return Secret(node.value)
        try:
            return Secret(self._looked_up(found[1], found[2].strip()))
        except _Missing as missing:
            self.findings.add(self.sheet.fault("C015", str(missing), node))
            return None

    def _looked_up(self, kind: str, name: str) -> str:
        if kind == "env":
            return self._variable(name)
        if kind == "file":
            return _content(self.folder / name, f"the file {self.folder / name}")
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", name) or name in (".", ".."):
            raise _Missing(f'"{name}" cannot name a credential')
        if not (folder := self.environment.get(CREDENTIALS)):
            raise _Missing(f"{CREDENTIALS} is not set; systemd sets it, with LoadCredential={name}")
        return _content(Path(folder) / name, f"the credential {name} in {folder}")

    def _variable(self, name: str) -> str:
        if name not in self.environment:
            hint = question(name, self.environment)
            raise _Missing(f"the environment variable {name} is not set{hint}")
        if not (text := self.environment[name].strip()):
            raise _Missing(f"the environment variable {name} is empty")
        return text


_PLAIN = (
    "a secret stands here in plain text; better put it into a file that only Watcher may read, "
    "and write file:PATH (or env:NAME, or credential:NAME)"
)


def _content(path: Path, told: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(limits.SECRET_BYTES + 1).decode("utf-8").strip()
    except OSError as trouble:
        raise _Missing(f"{told} cannot be read: {trouble.strerror}") from None
    except ValueError:
        raise _Missing(f"{told} does not hold text") from None
    if not text or len(text) > limits.SECRET_BYTES:
        raise _Missing(f"{told} is {'too long' if text else 'empty'}")
    return text
