"""Feeds that lie, and what they showed: the one side of the account.

A feed brings up to three new items at every visit and shows the last twelve. Some items are about
the flood, some are copies of another feed's, some of these bring the deluge too; each is of a case
with a number of its own, by which it is known wherever it turns up. Answers go wrong in every way
that a server can.
"""

import json
import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from random import Random
from threading import RLock

from tests.chaos.child import JumpingClock
from tests.servers import FeedServer, Reply, Seen

WINDOW = 12
WORDS = [
    f"{a}{b}{c}"
    for a in ("al", "bir", "ced", "dan", "el", "fir", "gor")
    for b in ("der", "ch", "ma", "lo", "vin", "tor")
    for c in ("a", "en", "is", "ow", "ury", "ham")
]
FORMS = ("rss", "atom", "json")
CASE = re.compile(r"case(\d+)")


@dataclass(frozen=True)
class Told:
    """An item as a feed tells it."""

    number: int
    case: int
    title: str
    text: str
    at: datetime

    @property
    def matches(self) -> bool:
        return "flood" in self.title.lower()

    @property
    def brings_more(self) -> bool:
        return "deluge" in self.text


@dataclass
class Shelf:
    """One feed."""

    name: str
    form: str
    shown: deque[Told] = field(default_factory=lambda: deque(maxlen=WINDOW))
    epoch: int = 0  # part of every GUID: a feed that begins another one makes all its items new
    version: int = 0
    last: tuple[Told, ...] = ()  # of the last answer in this run that was whole


class Press(FeedServer):
    """Serves all feeds; keeps the account of what was shown whole, and how often."""

    def __init__(self, seed: int, clock: Path, feeds: int) -> None:
        super().__init__()
        self._rng, self._clock = Random(seed), clock
        self._pen = RLock()
        self.feeds = {f"/feed/{n}": Shelf(f"feed{n}", FORMS[n % len(FORMS)]) for n in range(feeds)}
        self.items: dict[int, Told] = {}
        self.times_shown = Counter[int]()
        self.met = Counter[str]()
        self.calm = False
        self._cases = 0
        self._originals: dict[int, Told] = {}

    # --- what is in the feeds

    def _publish(self, shelf: Shelf) -> None:
        for _ in range(0 if self.calm else self._rng.choice((0, 1, 1, 2, 3))):
            item = self._copy() if self._rng.random() < 0.25 and self._originals else self._new()
            self.items[item.number] = item
            shelf.shown.append(item)
            shelf.version += 1
        if shelf.shown and not self.calm and self._rng.random() < 0.1:
            place = self._rng.randrange(len(shelf.shown))
            edited = replace(shelf.shown[place], title=f"{shelf.shown[place].title} (edited)")
            shelf.shown[place] = edited
            shelf.version += 1
        if not self.calm and self._rng.random() < 0.02:
            shelf.epoch += 1
            shelf.version += 1

    def _new(self) -> Told:
        self._cases += 1
        case, rng = self._cases, self._rng
        about = "Flood in" if rng.random() < 0.7 else "Market of"
        title = f"{about} {' '.join(rng.sample(WORDS, 5))} case{case}"
        text = " ".join((*rng.choices(WORDS, k=60), f"case{case}"))
        item = Told(len(self.items) + 1, case, title, text, self._now())
        self._originals[case] = item
        return item

    def _copy(self) -> Told:
        """Tell another's story again: in its words, a few of them left out, perhaps with more."""
        original = self._originals[self._rng.choice(list(self._originals)[-40:])]
        words = [word for word in original.text.split() if self._rng.random() > 0.03]
        if original.matches and self._rng.random() < 0.3:
            words.insert(0, "deluge")
        text = " ".join((*words, f"case{original.case}"))
        return replace(original, number=len(self.items) + 1, text=text, at=self._now())

    def _now(self) -> datetime:
        """Tell the time as the daemon sees it."""
        return JumpingClock(self._clock).now()

    # --- answering

    def take(self, seen: Seen) -> Reply:
        with self._pen:
            shelf = self.feeds[seen.path]
            self._publish(shelf)
            whole = Reply(
                body=written(shelf).encode(),
                etag=f'"{shelf.version}"',
                headers={"Content-Type": "text/plain"},
            )
            name, reply = self._met(whole)
            self.met[name] += 1
            if reply is whole and seen.headers.get("if-none-match") != whole.etag:
                self._count(shelf)
            return reply

    def _count(self, shelf: Shelf) -> None:
        """Count the answer before this one: that another is asked for shows that it was read."""
        self.times_shown.update(item.number for item in shelf.last)
        shelf.last = tuple(shelf.shown)

    def settled(self, *, killed: bool) -> None:
        """Count what was answered last in a run, unless its reader was killed over it."""
        with self._pen:
            for shelf in self.feeds.values():
                if not killed:
                    self.times_shown.update(item.number for item in shelf.last)
                shelf.last = ()

    def _met(self, whole: Reply) -> tuple[str, Reply]:
        rng = self._rng
        if self.calm or rng.random() < 0.65:
            return "whole", whole
        half = max(1, len(whole.body) * rng.randint(1, 9) // 10)
        wrong = {
            "500": Reply(status=500),
            "503": Reply(status=503, headers={"Retry-After": "60"}),
            "429": Reply(status=429, headers={"Retry-After": format_datetime(self._now())}),
            "404": Reply(status=404, body=b"gone fishing"),
            "304 unasked": Reply(status=304),
            "hang": Reply(hang=True),
            "cut": replace(whole, cut_after=half, etag=""),
            "half, as if whole": replace(whole, body=whole.body[:half], etag=""),
            "no encoding": replace(whole, encoding="gzip"),
            "web page": Reply(body=b"<!doctype html><title>Log in</title><p>Please log in"),
            "nothing": Reply(),
            "noise": Reply(raw=bytes(rng.randrange(256) for _ in range(300))),
            "loop": Reply(status=302, location=self.url + "/feed/0"),
        }
        name = rng.choice(sorted(wrong))
        return name, wrong[name]

    # --- the account

    @property
    def owed(self) -> dict[int, bool]:
        """Give the cases that must have been told, with whether the deluge must be: shown twice."""
        owed: dict[int, bool] = defaultdict(bool)
        for number, times in self.times_shown.items():
            item = self.items[number]
            if times >= 2 and item.matches:
                owed[item.case] |= item.brings_more
        return dict(owed)


def written(shelf: Shelf) -> str:
    """Write a feed in its form, the newest item first."""
    items = list(reversed(shelf.shown))
    base = f"http://{shelf.name}.example"
    if shelf.form == "json":
        told = [
            {
                "id": f"{shelf.epoch}-{item.number}",
                "url": f"{base}/{item.number}",
                "title": item.title,
                "content_text": item.text,
                "date_published": item.at.isoformat(),
            }
            for item in items
        ]
        version = "https://jsonfeed.org/version/1.1"
        return json.dumps({"version": version, "title": shelf.name, "items": told})
    if shelf.form == "atom":
        entries = "".join(
            f"<entry><id>tag:{shelf.name},2026:{shelf.epoch}-{item.number}</id>"
            f'<title>{item.title}</title><link href="{base}/{item.number}"/>'
            f"<updated>{item.at.isoformat()}</updated><content>{item.text}</content></entry>"
            for item in items
        )
        head = f"<title>{shelf.name}</title><id>tag:{shelf.name},2026:feed</id>"
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    entries = "".join(
        f"<item><guid isPermaLink='false'>{shelf.epoch}-{item.number}</guid>"
        f"<title>{item.title}</title><link>{base}/{item.number}</link>"
        f"<pubDate>{format_datetime(item.at)}</pubDate>"
        f"<description>{item.text}</description></item>"
        for item in items
    )
    return f'<rss version="2.0"><channel><title>{shelf.name}</title>{entries}</channel></rss>'
