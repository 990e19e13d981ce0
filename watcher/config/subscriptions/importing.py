"""Lists are taken into a file of feeds: whole or not at all, and nothing that is there changes."""

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError

from watcher.config import limits
from watcher.config.files import read_file
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Node, Scalar, Table, child, children
from watcher.config.reader import read_yaml
from watcher.config.sheet import Sheet, speakable
from watcher.config.subscriptions.adding import NEW_FILE, added
from watcher.config.subscriptions.decoding import decoded
from watcher.config.subscriptions.listed import Listed
from watcher.config.subscriptions.naming import Ids, group_name
from watcher.config.subscriptions.opml import read_opml
from watcher.config.subscriptions.plain import read_plain
from watcher.config.subscriptions.written import Entry
from watcher.config.values import backfill, positive_duration, web_address
from watcher.errors import ConfigError
from watcher.fetch import redacted
from watcher.model import Fault
from watcher.text.links import normal_link
from watcher.text.markup import door_clean

LONGEST_TITLE = 200
_FEED_SCHEME = re.compile(r"^feed:(?=https?:)|^feed(?=s?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What the files of lists hold."""

    listed: tuple[Listed, ...]
    faults: tuple[Fault, ...]  # outlines that should be feeds and are none
    warnings: tuple[Fault, ...]  # files that had to be mended


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the feeds of some lists."""

    added: tuple[str, ...]  # ids
    doubles: tuple[Fault, ...]  # feeds that are there already, and where
    faults: tuple[Fault, ...]  # what is no feed, with its line


def read_lists(paths: Sequence[Path]) -> Lists:
    """Read OPML and lists of addresses; raises ConfigError with the fault of each bad file."""
    listed: list[Listed] = []
    doubts: list[Fault] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            feeds, odd = _read(path)
        except ConfigError as bad:
            faults += bad.faults
            continue
        listed += feeds
        doubts += odd
    if faults:
        raise ConfigError(faults)
    return Lists(
        listed=tuple(listed),
        faults=tuple(doubt for doubt in doubts if not doubt.warning),
        warnings=tuple(doubt for doubt in doubts if doubt.warning),
    )


def _read(path: Path) -> tuple[Sequence[Listed], Sequence[Fault]]:
    try:
        with path.open("rb") as file:
            body = file.read(limits.FILE_BYTES + 1)
        if len(body) > limits.FILE_BYTES:
            raise ValueError(f"it is larger than {limits.FILE_BYTES // 2**20} MB; divide it")
        text = decoded(body)
    except OSError as trouble:
        raise _fault(path, f"cannot be read: {trouble.strerror}") from trouble
    except ValueError as trouble:
        raise _fault(path, f"cannot be read: {trouble}") from trouble
    if text.lstrip().startswith("<"):
        return read_opml(str(path), text)
    return tuple(read_plain(str(path), text)), ()


def entry_line(url: str, title: str) -> str:
    """Write a feed as a file of feeds would have it, on one line, with an id of its title."""
    told = " ".join(door_clean(title).split())[:LONGEST_TITLE].rstrip()
    fields: dict[str, str | list[str]] = {"id": Ids(()).new("", told, url), "url": url}
    return Entry(group="", fields=fields | ({"title": told} if told else {})).written()


def import_lists(listed: Iterable[Listed], target: Path) -> Imported:
    """Add the feeds to a file of feeds, which is made if it is not there.

    A feed whose address, compared like links, is there already is passed over. Raises ConfigError,
    and leaves the file as it is, where it cannot be read or the feeds cannot be added to it.
    """
    sheet = _sheet(target)
    taking = _Taking(sheet)
    for one in listed:
        taking.take(one)
    if taking.entries:
        _write(target, added(sheet, taking.entries))
    return Imported(
        added=tuple(str(entry.fields["id"]) for entry in taking.entries),
        doubles=tuple(taking.doubles),
        faults=tuple(taking.faults),
    )


class _Taking:
    """Takes feeds one after the other and remembers which addresses and ids are taken."""

    def __init__(self, sheet: Sheet) -> None:
        self.entries: list[Entry] = []
        self.doubles: list[Fault] = []
        self.faults: list[Fault] = []
        self._places: dict[str, str] = {}
        ids: list[str] = []
        for feed in _feeds_in(sheet):
            match child(feed, "id"), child(feed, "url"):
                case Scalar(value=name), Scalar(value=url) as node:
                    ids.append(name)
                    place = f"{sheet.name}:{sheet.place(node.start).line}"
                    self._places.setdefault(_key(url), place)
        self._ids = Ids(ids)

    def take(self, one: Listed) -> None:
        try:
            url = web_address(_FEED_SCHEME.sub(_web_scheme, one.url))
            settings = _settings(one)
        except PydanticCustomError as wrong:
            self.faults.append(_about(one, wrong.message()))
            return
        if first := self._places.get(_key(url)):
            self.doubles.append(_about(one, f"is there already: {first}", warning=True))
            return
        self._places[_key(url)] = f"{one.file}:{one.line}"
        self.entries.append(self._entry(one, url, settings))

    def _entry(self, one: Listed, url: str, settings: dict[str, str | list[str]]) -> Entry:
        title = " ".join(door_clean(one.title).split())[:LONGEST_TITLE].rstrip()
        names = [group_name(name) for name in (*one.groups, *one.tags)]
        group, *tags = dict.fromkeys(names) or [""]
        if one.groups == () and one.tags:
            group, tags = "", list(dict.fromkeys(names))
        fields: dict[str, str | list[str]] = {"id": self._ids.new(one.id, title, url), "url": url}
        if title:
            fields["title"] = title
        fields |= settings
        if tags:
            fields["tags"] = tags
        return Entry(group=group, fields=fields)


def _settings(one: Listed) -> dict[str, str | list[str]]:
    """Give the settings that only a list of ours has; a wrong one raises."""
    if one.poll:
        positive_duration(one.poll)
    if one.backfill:
        backfill(one.backfill)
    told = {"lang": one.language, "poll": one.poll, "backfill": one.backfill}
    return {name: value for name, value in told.items() if value}


def _feeds_in(sheet: Sheet) -> Iterable[Node]:
    """List the feeds of a file, whatever they look like."""
    lists = (child(sheet.root, "feeds"), *children(child(sheet.root, "groups")))
    return (feed for one in lists if isinstance(one, Many) for feed in one.items)


def _key(url: str) -> str:
    return normal_link(url) or url


def _web_scheme(found: re.Match[str]) -> str:
    """`feed:https://…` is what follows; `feed://…` is http."""
    return "" if found[0].endswith(":") else "http"


def _about(one: Listed, message: str, *, warning: bool = False) -> Fault:
    shown = speakable(redacted(one.url))[:200]
    return Fault(
        code="O004" if warning else "O005",
        message=f"{shown}: {message}",
        file=one.file,
        line=one.line,
        warning=warning,
    )


def _sheet(target: Path) -> Sheet:
    """Read the file of feeds; one that is not there is new."""
    findings = Findings()
    if target.exists():
        sheet = read_file(target, findings)
    else:
        sheet, _ = read_yaml(str(target), NEW_FILE.encode())
    findings.stop_if_any()
    if sheet is None or not isinstance(sheet.root, Table):
        raise _fault(target, "this is no file of feeds")
    return sheet


def _write(target: Path, text: str) -> None:
    """Put the text in the file's place, all at once; who may read it stays as it is."""
    place = target.resolve()  # a link stays a link
    try:
        mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as trouble:
        raise _fault(target, f"cannot be written: {trouble.strerror}") from trouble


def _fault(path: Path, message: str) -> ConfigError:
    return ConfigError([Fault(code="O001", file=str(path), message=message)])
