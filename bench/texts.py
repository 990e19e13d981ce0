"""Real texts to measure on: short items and articles, and all there is to draw rules from.

The texts belong to their publishers: they are read where they are, and nothing of them is kept.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from watcher.text.markup import door_clean, plain

SHORT_WORDS = range(50, 101)  # title and summary: about 60
ARTICLE_WORDS = range(350, 1001)  # content: about 600
_STREAMS = ("items_agnews_test", "items_npr", "items_wgrz", "fnc1_bodies")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Published:
    """What one item says, as it was published: HTML, or plain."""

    title: str
    summary: str = ""
    content: str = ""

    @cached_property
    def plain(self) -> "Published":
        """The same as plain text, as the service makes it when it reads a feed."""
        return Published(plain(self.title), plain(self.summary), plain(self.content))

    @property
    def whole(self) -> str:
        """All texts in one."""
        return "\n".join(text for text in (self.title, self.summary, self.content) if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The items to match, of each length, and the plain texts that rules are drawn from."""

    short: tuple[Published, ...]
    articles: tuple[Published, ...]
    corpus: tuple[str, ...]
    source: str


def texts_of_data(data: Path, *, short: int, articles: int, seed: int) -> Texts:
    """Read the development texts; OSError where they are not there.

    A short item is a title with its summary, an article has a content too. All of them are in the
    corpus: people write rules for what the feeds write about.
    """
    streams = list(_distinct(_of_streams(data / "dedup/dev")))
    feeds = list(_distinct(_of_feeds(data / "feeds/dev/real")))
    whole = [one.plain.whole for one in (*streams, *feeds)]
    brief = [one for one in (*streams, *feeds) if _is_brief(one.plain)]
    long = [replace(one, summary="") for one in feeds if _has(one.plain.content, ARTICLE_WORDS)]
    rng = random.Random(seed)
    return Texts(
        short=_some(brief, short, rng),
        articles=_some(long, articles, rng),
        corpus=tuple(whole),
        source=f"{data}: {len(streams):,} stream items, {len(feeds):,} of feed documents",
    )


def texts_of_file(path: Path) -> Texts:
    """Read items from lines of JSON with title, summary and content; these are the corpus too."""
    items = [_of_row(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return Texts(
        short=tuple(one for one in items if not one.content),
        articles=tuple(one for one in items if one.content),
        corpus=tuple(one.plain.whole for one in items),
        source=f"{path}: {len(items):,} items",
    )


def texts_made_up(seed: int) -> Texts:
    """Make items of words that mean nothing, for when there are no real ones."""
    rng = random.Random(seed)
    syllables = [one + other for one in "bdfgklmnprst" for other in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(3_000)]
    names = [word.capitalize() for word in words[:400]]
    phrases = [" ".join(rng.choices(names + words, k=rng.randint(2, 3))) for _ in range(600)]

    def text(length: int) -> str:
        pools = rng.choices((words, names, phrases), (6, 1, 3), k=length)
        return " ".join(rng.choice(pool) for pool in pools)

    short = tuple(Published(text(6), text(35)) for _ in range(300))
    articles = tuple(Published(text(6), content=text(420)) for _ in range(40))
    corpus = tuple(one.whole for one in (*short, *articles))
    return Texts(short=short, articles=articles, corpus=corpus, source="made up")


def _some(items: list[Published], most: int, rng: random.Random) -> tuple[Published, ...]:
    return tuple(rng.sample(items, min(most, len(items))))


def _is_brief(item: Published) -> bool:
    return not item.content and _has(f"{item.title} {item.summary}", SHORT_WORDS)


def _has(text: str, words: range) -> bool:
    return len(text.split()) in words


def _distinct(items: Iterable[Published]) -> Iterator[Published]:
    """Leave out revisions and copies: what has a title or a beginning that was there before."""
    seen: set[str] = set()
    for item in items:
        key = item.title or item.content[:80]
        if key not in seen:
            seen.add(key)
            yield item


# --- where they come from -------------------------------------------------------------------------


def _of_streams(folder: Path) -> Iterator[Published]:
    for name in _STREAMS:
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
            yield from (_of_row(json.loads(line)) for line in lines)


def _of_row(row: Mapping[str, str]) -> Published:
    texts = (row.get("title", ""), row.get("summary", ""), row.get("content", row.get("body", "")))
    return Published(*map(door_clean, texts))


def _of_feeds(folder: Path) -> Iterator[Published]:
    """Go through the entries of the well-formed RSS and Atom documents, with their HTML."""
    for path in sorted(folder.iterdir()):
        try:
            root = ElementTree.fromstring(path.read_bytes())
        except (ElementTree.ParseError, ValueError, LookupError):
            continue  # ill-formed, or no XML: what the parser is for, and not measured here
        for entry in (*root.iter("item"), *root.iter(f"{_ATOM}entry")):
            yield _of_entry(entry)


def _of_entry(entry: ElementTree.Element) -> Published:
    title = _inner(entry, "title", f"{_ATOM}title")
    summary = _inner(entry, "description", f"{_ATOM}summary")
    content = _inner(entry, _CONTENT, f"{_ATOM}content")
    if not content and _has(summary, range(SHORT_WORDS.stop * 2, 1_000_000)):
        summary, content = "", summary  # the whole text, where most have a summary
    return Published(*map(door_clean, (title, summary, content)))


def _inner(entry: ElementTree.Element, *names: str) -> str:
    """Give the text of the first element that is there, or the XHTML that is in it."""
    for name in names:
        found = entry.find(name)
        if found is not None:
            inside = (ElementTree.tostring(child, encoding="unicode") for child in found)
            return (found.text or "") + "".join(inside)
    return ""
