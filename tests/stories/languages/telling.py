"""How the tables of a language are written.

A text with `{one|other}` in it is two texts: the earlier item has the one, the later the other.
"""

import re
from typing import NamedTuple

from tests.stories.telling import item
from watcher.model import Item

CHOICE = re.compile(r"\{([^{|}]*)\|([^{|}]*)\}")


class Two(NamedTuple):
    """Title and summary of two items."""

    title: str
    summary: str

    @property
    def items(self) -> tuple[Item, Item]:
        """The earlier and the later item, of two sources."""
        return self._item("earlier", r"\1"), self._item("later", r"\2")

    def _item(self, name: str, chosen: str) -> Item:
        title, summary = (CHOICE.sub(chosen, text) for text in self)
        return item(name, title=" ".join(title.split()), summary=" ".join(summary.split()))


class Article(NamedTuple):
    """What is copied: a text, the title that another editor gives it, and a dateline for it."""

    title: str
    summary: str
    other_title: str
    dateline: str


class Language(NamedTuple):
    """The tables of a language, and what sites that write in it add to a text."""

    name: str
    lookalikes: tuple[Two, ...]
    articles: tuple[Article, ...]
    edited: tuple[Two, ...]
    site: str
    more: str
    first_on: str

    def in_guises(self, article: Article) -> dict[str, tuple[str, str]]:
        """Give what other sites make of an article without another word in it."""
        title, summary, other_title, dateline = article
        cut = summary[: summary.index(" ", 2 * len(summary) // 3)]
        return {
            "verbatim": (title, summary),
            "suffix": (f"{title} - {self.site}", summary),
            "capitals": (title.upper(), summary),
            "dateline": (title, dateline + summary),
            "cut": (title, f"{cut} …"),
            "cut-in-a-word": (title, f"{cut[:-2]}… {self.more}"),
            "another-title": (other_title, summary),
            "first-on": (title, f"{summary} {self.first_on.format(title=title)}"),
        }
