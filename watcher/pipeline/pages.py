"""Visits that wait for the pages of their items, and what the pages say, put into the items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watcher import parse
from watcher.model import (
    DueFeed,
    FeedId,
    FetchResult,
    Imprint,
    Item,
    PageMissed,
    PageNote,
    PageResult,
    PagesAsked,
    PagesGot,
    ReadResult,
    Wished,
)
from watcher.ports import Pages, PagesCame, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a visit has in hand before anything of it is written down."""

    due: DueFeed
    answer: FetchResult
    before: Imprint | None  # of the document before
    read: ReadResult | None  # None: there was nothing to read
    now: datetime  # the visit's time, however long its pages take
    wished: Wished = field(default_factory=lambda: Wished(unwished={}))
    got: PagesGot = field(default_factory=dict)

    @property
    def asked(self) -> PagesAsked:
        """The pages that it needs."""
        return PagesAsked(feed=self.due.feed.id, addresses=self.wished.addresses)


class Waiting:
    """The visits whose pages have not come yet. They are not written down: a cut loses nothing."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._visits: dict[FeedId, Seen] = {}
        self._came: list[PagesCame] = []

    def __bool__(self) -> bool:
        return bool(self._visits)

    def add(self, seen: Seen) -> None:
        """Ask for a visit's pages."""
        self._visits[seen.due.feed.id] = seen
        self._pages.ask(seen.asked)

    def wait(self, patience: float) -> None:
        """Wait until pages come, but no longer than so many seconds."""
        self._came += self._pages.come(patience)

    def come(self) -> Iterator[Seen]:
        """Give the visits that have all they can get; one that nobody waits for is dropped."""
        self.wait(0)
        while self._came:
            asked, got = self._came.pop(0)
            seen = self._visits.get(asked.feed)
            if seen is not None and seen.asked == asked:
                del self._visits[asked.feed]
                yield replace(seen, got=got)


class FullTexts:
    """Lets the items of one visit say what their pages say, within its transaction."""

    def __init__(self, tx: Transaction, wished: Wished, got: PagesGot) -> None:
        self._tx = tx
        self._unwished = wished.unwished
        self._pages: Mapping[str, PageResult] = parse.clean_pages(got)
        self.notes: list[PageNote] = []

    def put_into(self, items: Iterable[Item]) -> list[Item]:
        """Give the items with their pages' texts, and note what became of each wish."""
        return [self._filled(item) for item in items]

    def _filled(self, item: Item) -> Item:
        why_not = self._unwished.get(item.id, "")
        if why_not:
            self.notes.append(PageNote(item=item.id, used=False, outcome=why_not))
        page = self._pages.get(item.link)
        if why_not or page is None:
            return item
        mark = parse.page_mark(page)
        here = [one.url for one in self.notes if mark and one.mark == mark]
        filled = parse.filled(item, page, [*self._tx.page_twins(mark, item.id), *here])
        self.notes.append(filled.note)
        return filled.item


class NoPages:
    """In place of `ports.Pages` where no page is to be fetched."""

    def __init__(self, reason: str = "not asked for: no pages are fetched here") -> None:
        self._reason = reason
        self._came: list[PagesCame] = []

    def ask(self, asked: PagesAsked) -> None:
        """Answer at once that nothing was asked for."""
        missed = PageMissed(reason=self._reason)
        self._came.append((asked, dict.fromkeys(asked.addresses, missed)))

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:  # noqa: ARG002 - the port's
        """Give the answers."""
        came, self._came = self._came, []
        return came
