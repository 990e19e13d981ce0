"""A round of pages: whose turn it is, and whose time is over. Not for two threads."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from watcher.fetch.address import Address, read_address
from watcher.fetch.settings import FetchSettings
from watcher.fetch.trouble import Trouble
from watcher.model import PageMissed, PageResult, PagesAsked
from watcher.ports import PagesCame

OUT_OF_TIME = "the time for this visit's pages was over"


@dataclass(slots=True, eq=False)
class PageVisit:
    """What one feed wants, and what has come of it."""

    asked: PagesAsked
    missing: set[str]  # addresses
    ends_at: float  # brought forward when its first request is queued
    begun: bool = False
    got: dict[str, PageResult] = field(default_factory=dict)
    too_hard: bool = False  # one of its pages was: the others are not read either

    def note(self, address: str, result: PageResult) -> None:
        """Note what a page came to; the first word counts."""
        if address in self.missing:
            self.missing.discard(address)
            self.got[address] = result


@dataclass(slots=True, eq=False)
class PageTask:
    """One address on its way, from redirect to redirect."""

    visit: PageVisit
    asked: str
    target: Address
    been: set[str] = field(default_factory=set)


class Round:
    """The pages of a round: who waits, what is under way to which host, what has come."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._waiting: dict[str, deque[PageTask]] = {}
        self._for_rules: dict[str, list[PageTask]] = {}
        self._under_way: Counter[str] = Counter()
        self.visits: list[PageVisit] = []

    def add(self, asked: PagesAsked) -> None:
        """Take the pages of one more visit into the round."""
        visit = PageVisit(
            asked=asked,
            missing=set(asked.addresses),
            ends_at=monotonic() + self._settings.pages.longest_wait.total_seconds(),
        )
        self.visits.append(visit)
        for address in asked.addresses:
            self._begin(visit, address)

    def _begin(self, visit: PageVisit, address: str) -> None:
        try:
            target = read_address(address)
        except Trouble as trouble:
            visit.note(address, PageMissed(reason=str(trouble)))
            return
        self.wait(PageTask(visit=visit, asked=address, target=target))

    def wait(self, page: PageTask) -> None:
        """Queue a page behind the others of its host."""
        self._waiting.setdefault(page.target.host, deque()).append(page)

    def turns(self) -> Iterator[PageTask]:
        """Give the pages whose turn it is.

        No host gets more places than the gate lets through: pages that queue for a slow one would
        take them from all others.
        """
        while self._under_way.total() < self._settings.pages.at_once:
            free = [host for host in self._waiting if self._is_free(host)]
            if not free:
                return
            host = min(free, key=self._under_way.__getitem__)
            page = self._waiting[host].popleft()
            if not self._waiting[host]:
                del self._waiting[host]
            if page.asked in page.visit.missing:
                yield page

    def _is_free(self, host: str) -> bool:
        return self._under_way[host] < self._settings.per_host

    def waits_for(self, site: str, page: PageTask) -> bool:
        """Let a page wait for its site's rules; True if nobody has asked for them yet."""
        first = site not in self._for_rules
        self._for_rules.setdefault(site, []).append(page)
        return first

    def knows(self, site: str) -> None:
        """Let the pages that waited for a site's rules have their turn."""
        for page in reversed(self._for_rules.pop(site, [])):
            self._waiting.setdefault(page.target.host, deque()).appendleft(page)

    def began(self, page: PageTask) -> timedelta:
        """Count a request that is about to be made for a page; gives the time that it has."""
        now, visit = monotonic(), page.visit
        if not visit.begun:
            visit.begun = True
            allowed = self._settings.pages.deadline.total_seconds()
            visit.ends_at = min(visit.ends_at, now + allowed)
        self._under_way[page.target.host] += 1
        return timedelta(seconds=max(0.0, visit.ends_at - now))

    def ended(self, host: str) -> None:
        """Count a request that is over."""
        self._under_way[host] -= 1

    def patience(self) -> float:
        """Tell how long there is to wait before somebody is late."""
        return max(0.0, min(visit.ends_at for visit in self.visits) - monotonic())

    def give_up_late_ones(self) -> None:
        """Miss all that has not come in time."""
        now = monotonic()
        for visit in self.visits:
            if now >= visit.ends_at:
                for address in tuple(visit.missing):
                    visit.note(address, PageMissed(reason=OUT_OF_TIME))

    def miss(self, page: PageTask, reason: str) -> None:
        """Note that there is nothing of a page."""
        page.visit.note(page.asked, PageMissed(reason=reason))

    def finished(self) -> Iterator[PagesCame]:
        """Give the visits that have all they can get."""
        done = [visit for visit in self.visits if not visit.missing]
        self.visits = [visit for visit in self.visits if visit.missing]
        for visit in done:
            yield visit.asked, visit.got
