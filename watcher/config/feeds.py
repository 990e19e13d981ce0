"""Files of feeds become feeds."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from watcher.cadence import Pace
from watcher.config.checking import LIST_WANTED, check, check_names
from watcher.config.findings import Findings
from watcher.config.nodes import Many, Path, Scalar, Table, child
from watcher.config.shapes import FeedsFile, FeedShape
from watcher.config.sheet import Sheet
from watcher.model import Feed, FeedId


@dataclass(slots=True)
class Feeds:
    """The feeds of all files, and where each id and address was first written."""

    findings: Findings
    pace: Pace
    feeds: list[Feed] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)  # with the places, of faulty ones too
    addresses: dict[str, str] = field(default_factory=dict)

    def add(self, sheet: Sheet) -> None:
        """Take in a file; what is wrong with it is noted."""
        check(sheet, FeedsFile, self.findings, apart=("feeds", "groups"))
        check_names(sheet, ("groups",), self.findings)
        for group, path in _feeds(sheet, self.findings):
            self._add(sheet, group, path)

    def _add(self, sheet: Sheet, group: str, path: Path) -> None:
        read = check(sheet, FeedShape, self.findings, path)
        self._check_id(sheet, (*path, "id"))
        self._check_address(sheet, (*path, "url"))
        if read is None:
            return
        if read.poll is not None and not self.pace.least <= read.poll <= self.pace.most:
            bounds = "min and max of `poll` in the main file are the bounds"
            node = sheet.at((*path, "poll"))
            self.findings.add(sheet.fault("C011", f"out of bounds: {bounds}", node))
        tags = dict.fromkeys((group, *read.tags) if group else read.tags)
        self.feeds.append(
            Feed(
                id=FeedId(read.id),
                url=read.url,
                title=read.title,
                language=read.lang,
                tags=tuple(tags),
                every=read.poll,
                backfill=read.backfill,
                full_text=read.full_text,
            )
        )

    def _check_id(self, sheet: Sheet, path: Path) -> None:
        node = child(sheet.root, *path)
        if not isinstance(node, Scalar) or not node.value:
            return
        place = f"{sheet.name}:{sheet.place(node.start).line}"
        if (first := self.ids.setdefault(node.value, place)) != place:
            message = f'feed "{node.value}" is there already: {first}'
            self.findings.add(sheet.fault("C013", message, node))

    def _check_address(self, sheet: Sheet, path: Path) -> None:
        node = child(sheet.root, *path)
        if not isinstance(node, Scalar) or not node.value:
            return
        place = f"{sheet.name}:{sheet.place(node.start).line}"
        if (first := self.addresses.setdefault(node.value, place)) != place:
            message = f"this address is there already: {first}"
            self.findings.add(sheet.fault("C103", message, node, warning=True))


def _feeds(sheet: Sheet, findings: Findings) -> Iterator[tuple[str, Path]]:
    """List the paths of all feeds of a file, each with the name of its group."""
    alone = child(sheet.root, "feeds")
    if isinstance(alone, Many):
        yield from (("", ("feeds", number)) for number in range(len(alone.items)))
    groups = child(sheet.root, "groups")
    if not isinstance(groups, Table):
        return
    for name, entry in groups.entries.items():
        if isinstance(entry.value, Many):
            members = range(len(entry.value.items))
            yield from ((name, ("groups", name, number)) for number in members)
        elif entry.value != Scalar("", entry.value.start, entry.value.end, ""):
            findings.add(sheet.fault("C010", LIST_WANTED, entry.value.start))
