"""Real items to recognise copies among, and copies of them, made afresh.

The texts belong to their publishers: they are read where they are, and nothing of them is kept.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tools.spinning import (
    Dictionary,
    Spinner,
    Text,
    boiled,
    cut,
    edited,
    framed,
    headlined,
    house_list,
    mythes,
    retitled,
    rotated,
    shouted,
    wordnet,
)
from watcher import parse
from watcher.model import Document, DueFeed, Feed, FeedId, FeedMemory, Fetched, Item, ItemId

Step = Callable[[Text, Random], Text]
DAY = timedelta(days=1)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
STREAMS = {"fit": ("npr",), "check": ("wgrz", "agnews_test")}
WORDS = 8  # a summary that is spun has at least so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of copy, and the share of it that is wanted."""

    name: str
    wanted: float
    dictionary: str = ""  # "": no word is swapped
    degree: float = 0.0
    then: tuple[Step, ...] = ()

    def copy(self, text: Text, dictionaries: dict[str, Dictionary], seed: int) -> Text:
        """Copy a text."""
        if self.dictionary:
            text = Spinner(dictionaries[self.dictionary], self.degree, 0.9, seed).spin(text)
        rng = Random(f"{seed}|{self.name}|{text.title}")
        for step in self.then:
            text = step(text, rng)
        return text


KINDS = (
    Kind(name="verbatim, title in capitals", wanted=0.99, then=(shouted,)),
    Kind(name="lightly edited", wanted=0.99, then=(edited,)),
    Kind(name="title changed", wanted=0.99, then=(retitled,)),
    Kind(name="title changed to words of the text", wanted=0.99, then=(headlined,)),
    Kind(name="MyThes, 10 %", wanted=0.98, dictionary="mythes", degree=0.1),
    Kind(name="house list, 20 %", wanted=0.98, dictionary="house", degree=0.25),
    Kind(name="MyThes, 25 %", wanted=0.98, dictionary="mythes", degree=0.22),
    Kind(name="WordNet, 25 %", wanted=0.98, dictionary="wordnet", degree=0.24),
    Kind(name="MyThes, 40 %", wanted=0.95, dictionary="mythes", degree=0.36),
    Kind(name="WordNet, 40 %", wanted=0.95, dictionary="wordnet", degree=0.39),
    Kind(name="WordNet, 45 %", wanted=0.92, dictionary="wordnet", degree=0.5),
    Kind(name="WordNet broader words, 48 %", wanted=0.92, dictionary="related", degree=0.43),
    Kind(name="MyThes 40 %, cut to 60 %", wanted=0.88, dictionary="mythes", degree=0.36,
         then=(cut,)),
    Kind(name="MyThes 25 %, sentences moved", wanted=0.70, dictionary="mythes", degree=0.22,
         then=(rotated,)),
    Kind(name="WordNet 25 %, boilerplate around", wanted=0.97, dictionary="wordnet", degree=0.24,
         then=(boiled,)),
    Kind(name="MyThes 25 %, boilerplate within", wanted=0.97, dictionary="mythes", degree=0.22,
         then=(framed,)),
)  # fmt: skip


def dictionaries() -> dict[str, Dictionary]:
    """Load the dictionaries that are there; our own always is."""
    found = {"house": house_list()}
    for name, load in (
        ("mythes", mythes),
        ("wordnet", wordnet),
        ("related", lambda: wordnet(senses=3, related=True)),
    ):
        try:
            found[name] = load()
        except OSError:
            continue
    return found


def stream(data: Path, name: str) -> Iterator[Item]:
    """Read the items of a stream, the first version of each, in their order."""
    known: set[str] = set()
    with (data / f"items_{name}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            if record["guid"] in known:
                continue
            known.add(record["guid"])
            yield Item(
                id=ItemId(f"{name}-{number}"),
                feed=FeedId(name),
                title=record["title"],
                summary=record["summary"],
                seen_at=datetime.fromtimestamp(record["published"] or BEGIN.timestamp(), UTC),
            )


def documents(data: Path) -> Iterator[Item]:
    """Read the items of whole feed documents of many sites, where they are beside the streams."""
    if not (data / "index.jsonl").is_file():
        return
    with (data / "index.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["group"] != "real" or not (data / record["file"]).is_file():
                continue
            feed = Feed(id=FeedId(record["site"] or record["file"]), url="http://feed.example/")
            due = DueFeed(feed=feed, memory=FeedMemory(feed=feed.id, due_at=BEGIN))
            body = (data / record["file"]).read_bytes()
            read = parse.read(due, Fetched(status=200, url=feed.url, body=body), BEGIN)
            if isinstance(read, Document):
                for item in read.items:
                    yield replace(item, id=ItemId(f"{record['file']} {item.id}"))


def crowded(items: list[Item], days: float = 10) -> list[Item]:
    """Let all items come within these days, so that all are in the window at once."""
    step = days * DAY / max(1, len(items))
    return [replace(item, seen_at=BEGIN + n * step) for n, item in enumerate(items)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy from another source, a day after its original."""

    kind: Kind
    original: Item
    item: Item


def copies(items: list[Item], kinds: tuple[Kind, ...], each: int, seed: int) -> Iterator[Copied]:
    """Make copies of items drawn at random, of each kind others; unspun ones are left out."""
    known = dictionaries()
    kinds = tuple(kind for kind in kinds if not kind.dictionary or kind.dictionary in known)
    rng = Random(seed)
    able = [item for item in items if len(item.summary.split()) >= WORDS]
    rng.shuffle(able)
    for place, kind in enumerate(kinds):
        made = 0
        for item in able[place :: len(kinds)]:
            if made == each:
                break
            before = Text(item.title, item.summary, item.content)
            text = kind.copy(before, known, seed)
            if text == before or (rotated in kind.then and text.summary[:20] == item.summary[:20]):
                continue
            made += 1
            yield Copied(
                kind=kind,
                original=item,
                item=replace(
                    item,
                    id=ItemId(f"copy-{place}-{item.id}"),
                    feed=FeedId("copies"),
                    title=text.title,
                    summary=text.summary,
                    content=text.content,
                    seen_at=item.seen_at + DAY,
                ),
            )
