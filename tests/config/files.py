"""Writes small configurations for tests."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from watcher.config import Config, load
from watcher.errors import ConfigError
from watcher.model import Fault

MAIN = """\
version: 1
include: {feeds: [feeds.yaml], rules: [rules.yaml]}
channels:
  console: {type: console}
"""
FEEDS = """\
version: 1
feeds:
  - {id: wire, url: https://wire.example/feed}
"""
RULES = """\
version: 1
rules:
  - id: blackberry
    when: =BlackBerry
    tests: {match: [BlackBerry], no_match: [blackberry]}
"""


def write(folder: Path, main: str = MAIN, feeds: str = FEEDS, rules: str = RULES) -> Path:
    """Write the three files; what they say may be indented."""
    for name, text in (("watcher.yaml", main), ("feeds.yaml", feeds), ("rules.yaml", rules)):
        (folder / name).write_text(dedent(text), encoding="utf-8")
    return folder / "watcher.yaml"


def loaded(
    folder: Path,
    main: str = MAIN,
    feeds: str = FEEDS,
    rules: str = RULES,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """Load a configuration of three files."""
    return load(write(folder, main, feeds, rules), environment or {})


def refused(
    folder: Path,
    main: str = MAIN,
    feeds: str = FEEDS,
    rules: str = RULES,
    environment: Mapping[str, str] | None = None,
) -> tuple[Fault, ...]:
    """Load a configuration that has faults, and give them."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, main, feeds, rules, environment)
    return caught.value.faults


def told(faults: tuple[Fault, ...]) -> list[str]:
    """Tell faults in one line each: file name, line, column, code, message."""
    return [
        f"{Path(fault.file).name}:{fault.line}:{fault.column} {fault.code} {fault.message}"
        for fault in faults
    ]
