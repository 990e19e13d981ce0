"""What a person would look at when something seems wrong, looked at in one go.

Each check says what is so and, where that is not well, what to do. Nothing is written.
"""

import shutil
import socket
import ssl
import stat
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import certifi

from watcher.config import Config, load
from watcher.daemon.control import ask
from watcher.errors import ConfigError, ServiceError, StoreError, StoreMissing
from watcher.fetch import host_of
from watcher.ports import Store
from watcher.service.copies import ROOM_LEFT, copies, folder_of, gaps, missed
from watcher.service.places import Places, places_of
from watcher.store import open_store, versions
from watcher.text.numbers import several

SLOW = 1.0  # seconds, for an answer of the database
HOSTS_LOOKED_UP = 3
DNS_PATIENCE = 8.0
DAEMON_PATIENCE = 10.0
STALE = timedelta(hours=25)  # every feed is visited once a day at the least
OLD_COPY = timedelta(hours=50)  # one a day, and one that may have failed


class Verdict(StrEnum):
    """How a check came out."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # works, and yet …
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    told: str
    advice: str = ""  # what to do


def examined(path: Path, environment: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """Look at everything, in the order in which one thing rests on the other."""
    try:
        config = load(path, environment)
    except ConfigError as bad:
        first, *more = str(bad).splitlines()
        told = f"{first}{f' … and {len(more)} lines more' if more else ''}"
        yield _wrong("config", told, f"`watcher check -c {path}` tells every fault")
        return
    yield _configured(config)
    yield from _secrets(path)
    places = places_of(config.state, environment)
    yield from _state(places)
    yield from _sqlite(places)
    yield from _stored(config, now)
    yield from _kept(config, places, now)
    yield _names(config)
    yield _roots()
    yield _daemon(places)


def _configured(config: Config) -> Check:
    counted = several(len(config.feeds), "feed"), several(len(config.rules.infos), "rule")
    told = ", ".join((*counted, str(config.path)))
    if config.warnings:
        told += f"; {len(config.warnings)} warnings"
        return _doubtful("config", told, f"`watcher check -c {config.path}` tells them")
    return _good("config", told)


def _secrets(path: Path) -> Iterator[Check]:
    """Look whether others may read the main file; only then does it matter what is in it."""
    mode = path.stat().st_mode
    plain = "in plain text" in "\n".join(_warnings(path))
    if plain and mode & (stat.S_IRGRP | stat.S_IROTH):
        yield _wrong(
            "permissions",
            f"{path} holds a secret and may be read by others ({stat.filemode(mode)})",
            f"chmod 600 {path}, or write file:PATH instead of the secret",
        )
    else:
        yield _good("permissions", f"{path} gives nothing away ({stat.filemode(mode)})")


def _warnings(path: Path) -> tuple[str, ...]:
    try:
        return tuple(warning.message for warning in load(path, {}).warnings)
    except ConfigError:  # secrets that only the daemon's environment has: then none is plain
        return ()


def _state(places: Places) -> Iterator[Check]:
    if places.database is None:
        return
    file, folder = places.database, places.database.absolute().parent
    if not folder.is_dir():
        yield _wrong("disk", f"there is no folder {folder}", f"mkdir {folder}, for its user alone")
        return
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**2:,.0f} MiB free for {file}"
    few = free < ROOM_LEFT
    yield (
        _wrong("disk", told, "make room: when it is full, no feed is visited")
        if few
        else _good("disk", told)
    )
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        mode = stat.filemode(file.stat().st_mode)
        yield _doubtful("permissions", f"{file} is open to others ({mode})", f"chmod 600 {file}")


def _sqlite(places: Places) -> Iterator[Check]:
    if places.database is None:
        return
    version = versions.sqlite_version()
    if versions.has_wal_reset_bug():
        yield _doubtful(
            "sqlite",
            f"{version} has the WAL-reset bug (sqlite.org/wal.html): two connections that "
            "write at the same moment may lose commits; Watcher writes with one at a time",
            "never write into the database with other programs; 3.51.3 and later are mended",
        )
    else:
        yield _good("sqlite", version)


def _stored(config: Config, now: datetime) -> Iterator[Check]:
    try:
        store = open_store(config.state, create=False)
    except StoreMissing as missing:
        yield _not_there(config, missing)
        return
    except StoreError as trouble:
        yield _wrong(
            "database", str(trouble), "docs/troubleshooting.md, “What is said, and what to do”"
        )
        return
    try:
        yield from _asked(config, store, now)
    except StoreError as trouble:
        yield _wrong(
            "database", str(trouble), "docs/troubleshooting.md, “What is said, and what to do”"
        )
    finally:
        store.close()


def _not_there(config: Config, missing: StoreMissing) -> Check:
    """Tell of a database that is not there: nothing is wrong with that, unless there was one."""
    copy = missed(config)
    if copy is None:
        return _doubtful("database", str(missing), "nothing, before the first start")
    there_was = f"there was one at {copy.at:%Y-%m-%d %H:%M} UTC"
    return _wrong(
        "database",
        f"{missing}; {there_was}",
        f"the next start puts that backup in its place, or: watcher restore {copy.path}",
    )


def _asked(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    with store.reading() as tx:
        counts, known = tx.counts(), tx.feeds()
        ahead = tx.visited_after(now + timedelta(seconds=2))
    yield _good(
        "database",
        f"answers; {several(counts.items, 'item')}, {several(counts.stories, 'story', 'stories')}",
    )
    if ahead:
        yield _wrong(
            "clock",
            f"{now:%Y-%m-%d %H:%M:%S} UTC, but {len(ahead)} feeds were visited after that",
            "the clock was set back, or is wrong: timedatectl tells",
        )
    else:
        yield _good("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, behind every visit")
    visits = [feed.memory.last_visit_at for feed in known if feed.memory.last_visit_at]
    failing = [feed.feed.id for feed in known if feed.memory.trouble]
    if not visits:
        yield _doubtful("visits", "no feed was visited yet", "watcher once, or watcher run")
        return
    last = max(visits)
    told = f"the last one {last:%Y-%m-%d %H:%M} UTC, {len(failing)} of {len(known)} feeds fail"
    if config.feeds and now - last > STALE:
        yield _wrong("visits", told, "is the daemon running? systemctl status watcher")
    elif failing:
        yield _doubtful("visits", told, f"watcher feeds show {failing[0]}")
    else:
        yield _good("visits", told)


def _kept(config: Config, places: Places, now: datetime) -> Iterator[Check]:
    """Look for the last backup, and for damaged databases that one took the place of."""
    if places.database is None:
        return
    folder = folder_of(config)
    made = copies(folder, places.database) if folder else ()
    if folder is None:
        advice = "take out `backup.enabled`, or see to it that another program makes them"
        yield _doubtful("backup", "none is made: it is switched off", advice)
    elif not made:
        yield _doubtful("backup", f"none in {folder} yet", "the daemon makes one a day")
    elif now - made[0].at > OLD_COPY:
        told = f"the last one is {made[0].path}"
        yield _wrong("backup", told, "`watcher status` and the log tell why there is none since")
    else:
        yield _good("backup", f"{made[0].path}, of {len(made)}")
    for gap in gaps(places.database):
        advice = f"when nothing of it is needed any more, take it away: {gap.kept.name}"
        yield _doubtful("restored", gap.told(), advice)


def _names(config: Config) -> Check:
    """Look up some hosts of feeds, all at once: resolvers may take their time."""
    hosts = list(dict.fromkeys(filter(None, (host_of(feed.url) for feed in config.feeds))))
    if not hosts:
        return _doubtful("dns", "no feed to look up", "watcher feeds add ADDRESS")
    asked = hosts[:HOSTS_LOOKED_UP]
    pool = ThreadPoolExecutor(len(asked))
    answers = {host: pool.submit(socket.getaddrinfo, host, None) for host in asked}
    pool.shutdown(wait=False)
    lost = [host for host, answer in answers.items() if not _resolved(answer)]
    if len(lost) == len(asked):
        told = f"{', '.join(lost)} cannot be looked up"
        return _wrong("dns", told, "is there a network, and a name server? /etc/resolv.conf")
    if lost:
        return _doubtful("dns", f"{lost[0]} cannot be looked up", f"watcher feeds check {lost[0]}")
    return _good("dns", f"{', '.join(asked)}")


def _resolved(answer: "Future[Any]") -> bool:
    try:
        answer.result(DNS_PATIENCE)
    except (OSError, TimeoutError, UnicodeError):
        return False
    return True


def _roots() -> Check:
    file = certifi.where()
    try:
        context = ssl.create_default_context(cafile=file)
    except OSError as error:
        return _wrong("tls", f"{file}: {error}", "install certifi anew, or set fetch.ca_file")
    roots = context.cert_store_stats()["x509_ca"]
    if not roots:
        return _wrong("tls", f"{file} holds no certificates", "install certifi anew")
    return _good("tls", f"{roots} roots in {file}; {ssl.OPENSSL_VERSION}")


def _daemon(places: Places) -> Check:
    if places.socket is None:
        return _doubtful("daemon", "cannot be asked: it has no socket", "set RUNTIME_DIRECTORY")
    try:
        record = ask(places.socket, {"ask": "status"}, DAEMON_PATIENCE)
    except ServiceError as trouble:
        return _wrong("daemon", str(trouble), "systemctl status watcher; journalctl -u watcher")
    if record is None:
        return _doubtful("daemon", "not running", "systemctl start watcher, or watcher run")
    troubles = [f"{each['topic']}: {each['text']}" for each in record["troubles"]]
    told = f"process {record['pid']} since {record['since']}"
    if troubles:
        return _wrong("daemon", f"{told}; {'; '.join(troubles)}", "watcher status")
    return _good("daemon", f"{told}; {record['doing']}")


def _good(name: str, told: str) -> Check:
    return Check(name=name, verdict=Verdict.GOOD, told=told)


def _doubtful(name: str, told: str, advice: str) -> Check:
    return Check(name=name, verdict=Verdict.DOUBTFUL, told=told, advice=advice)


def _wrong(name: str, told: str, advice: str) -> Check:
    return Check(name=name, verdict=Verdict.WRONG, told=told, advice=advice)
