"""Ids and groups: made of titles and hosts, and no two ids the same."""

import re
from collections import Counter
from collections.abc import Iterable
from unicodedata import normalize

from watcher.model import content_id
from watcher.text.links import host

LONGEST = 60  # characters of an id that is made; `config` allows a hundred
_GOOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_ODD = re.compile(r"[^A-Za-z0-9_.]+")


def is_name(text: str) -> bool:
    """Tell whether a text can be a name as it stands."""
    return _GOOD.fullmatch(text) is not None


def group_name(title: str) -> str:
    """Make a name of a title; one that can be a name stays as it is."""
    if is_name(title):
        return title
    return _slug(title) or f"group-{content_id(title)[:6]}"  # in a script that no name can have


class Ids:
    """The ids that are taken, and new ones."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: Counter[str] = Counter()

    def new(self, wanted: str, title: str, url: str) -> str:
        """Take an id: the wanted one if it is free, else one of the title, else of the host."""
        good = wanted if is_name(wanted) else ""
        stem = good or _slug(title).lower() or _slug(host(url).removeprefix("www.")) or "feed"
        name = stem
        while name in self._taken:
            self._next[stem] += 1
            name = f"{stem[: 99 - 7]}-{self._next[stem] + 1}"
        self._taken.add(name)
        return name


def _slug(text: str) -> str:
    """Give what of a text can be a name: Latin letters without their accents, digits."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").replace("'", "")
    return _ODD.sub("-", plain).strip("-_.")[:LONGEST].rstrip("-_.")
