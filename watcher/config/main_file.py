"""The plain settings of watcher.yaml: how often, how, and where to keep things."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from watcher.cadence import Pace
from watcher.config.checking import check
from watcher.config.findings import Findings
from watcher.config.nodes import Scalar, child
from watcher.config.secrets import Vault, is_reference
from watcher.config.shapes import (
    BackupShape,
    DailyShape,
    FetchShape,
    PingShape,
    PollShape,
    StoriesShape,
)
from watcher.config.sheet import Sheet
from watcher.fetch import FetchSettings, PageBudget
from watcher.model import Secret
from watcher.stories import Windows

DEFAULT_STATE = "watcher.db"
_DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
_FETCH_WORDS = {"contact": "user_agent_contact", "per_host_gap": "host_gap"}  # file's, settings'
_MEGABYTE = 1024 * 1024
_UTC = ZoneInfo("UTC")
_PING_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """An address to call while all is well."""

    url: Secret
    every: timedelta = _PING_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """When the operator is told how the last day was."""

    at: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """When a copy of the database is made, and how many are kept."""

    folder: Path | None = None  # None: beside the database
    at: time = time(3, 30)
    zone: ZoneInfo = _UTC
    keep: int = 7


def pace_of(sheet: Sheet, findings: Findings) -> Pace:
    """Read `poll`; where it is faulty, the defaults do for finding more faults."""
    usual = Pace()
    read = check(sheet, PollShape, findings, ("poll",))
    if read is None:
        return usual
    least, most = read.min or usual.least, read.max or usual.most
    pace = Pace(default=read.default or usual.default, least=least, most=most)
    if not least <= pace.default <= most:
        message = f"out of order: min {least}, default {pace.default}, max {most}"
        findings.add(sheet.fault("C011", message, sheet.at(("poll",)).start))
        return usual
    return pace


def windows_of(sheet: Sheet, findings: Findings) -> Windows:
    """Read `stories`; what it does not say is as the engine has it."""
    read = check(sheet, StoriesShape, findings, ("stories",))
    usual = Windows()
    if read is None:
        return usual
    across = read.across_sources or usual.across
    within = read.within_source or min(usual.within, across)
    if within > across:
        message = f"out of order: within_source {within}, across_sources {across}"
        findings.add(sheet.fault("C011", message, sheet.at(("stories",)).start))
        return usual
    return Windows(across=across, within=within)


def fetch_of(sheet: Sheet, folder: Path, findings: Findings) -> FetchSettings:
    """Read `fetch`; what it does not say is as the settings have it."""
    read = check(sheet, FetchShape, findings, ("fetch",))
    given: dict[str, Any] = {} if read is None else dict(read.given())
    _in_bytes(given)
    if read is not None:
        pages: dict[str, Any] = dict(read.pages.given())
        _in_bytes(pages)
        given["pages"] = PageBudget(**pages)
    if "ca_file" in given:
        given["ca_file"] = folder / Path(given["ca_file"]).expanduser()
        if not given["ca_file"].is_file():
            message = f"there is no file {given['ca_file']}"
            findings.add(sheet.fault("C011", message, sheet.at(("fetch", "ca_file"))))
    return FetchSettings(**{_FETCH_WORDS.get(key, key): value for key, value in given.items()})


def _in_bytes(given: dict[str, Any]) -> None:
    if "max_megabytes" in given:
        given["max_bytes"] = given.pop("max_megabytes") * _MEGABYTE


def state_of(sheet: Sheet, vault: Vault) -> str:
    """Read where the database is: the path of a file, absolute or beside this file, or a URL."""
    node = child(sheet.root, "state")
    if not isinstance(node, Scalar) or not node.value:
        return str(vault.folder / DEFAULT_STATE)
    text = node.value
    if is_reference(text) or re.search(r"://[^/@]*:[^/@]+@", text):
        secret = vault.secret(node)
        text = secret.reveal() if secret is not None else DEFAULT_STATE
    scheme, colon, rest = text.partition("://")
    if not colon:
        return str(vault.folder / Path(text).expanduser())
    if scheme not in _DATABASES:
        message = "this is no database Watcher knows; write a file's path or postgresql://…"
        vault.findings.add(sheet.fault("C011", message, node))
    if scheme == "sqlite" and re.match(r"/[^/]", rest):  # sqlite:///relative.db
        return f"sqlite:///{vault.folder.absolute() / rest[1:]}"
    return text


def ping_of(sheet: Sheet, vault: Vault) -> Ping | None:
    """Read `ping`, where it is."""
    if child(sheet.root, "ping") is None:
        return None
    read = check(sheet, PingShape, vault.findings, ("ping",))
    node = child(sheet.root, "ping", "url")
    if read is None or not isinstance(node, Scalar):
        return None
    url = vault.secret(node)
    if url is None:
        return None
    if not url.reveal().startswith(("http://", "https://")):
        message = "this is not an http or https address"
        vault.findings.add(sheet.fault("C011", message, node))
    return Ping(url=url, every=read.every or _PING_EVERY)


def daily_of(sheet: Sheet, findings: Findings) -> Daily | None:
    """Read `daily`, where it is."""
    if child(sheet.root, "daily") is None:
        return None
    read = check(sheet, DailyShape, findings, ("daily",))
    return None if read is None else Daily(at=read.at, zone=read.timezone)


def backup_of(sheet: Sheet, folder: Path, state: str, findings: Findings) -> Backup | None:
    """Read `backup`; None where none is made: it is switched off, or the state is no file."""
    read, usual = check(sheet, BackupShape, findings, ("backup",)), Backup()
    server = state.startswith("postgres")
    if server and read is not None and read.enabled is not False:
        message = "this is for SQLite, and nothing is done: of PostgreSQL, make backups by pg_dump"
        findings.add(sheet.fault("C108", message, sheet.key_at(("backup",)), warning=True))
    if server or (read is not None and read.enabled is False):
        return None
    if read is None:
        return usual
    return Backup(
        folder=folder / Path(read.folder).expanduser() if read.folder else None,
        at=read.at or usual.at,
        zone=read.timezone or usual.zone,
        keep=read.keep or usual.keep,
    )
