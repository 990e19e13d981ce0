"""One feed as a list has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed of a list, in the list's own words; nothing of it is checked yet."""

    url: str
    title: str = ""
    groups: tuple[str, ...] = ()  # the nearest first
    tags: tuple[str, ...] = ()
    language: str = ""
    id: str = ""  # these three are ours: only an export of Watcher has them
    poll: str = ""
    backfill: str = ""
    file: str
    line: int
