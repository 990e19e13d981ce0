"""Pages of items: asked for as politely as feeds, as far as robots.txt and the budget allow."""

import logging
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Condition, Thread
from typing import Any

import requests

from watcher.fetch.address import Address, read_address
from watcher.fetch.body import read_beginning, read_body
from watcher.fetch.lifeline import JOIN_WAIT, Lifeline, started
from watcher.fetch.reader import PageReader, TooHardError
from watcher.fetch.robots import MOST_BYTES, Robots, Rules, read_rules, site_of
from watcher.fetch.rounds import PageTask, Round
from watcher.fetch.settings import FetchSettings
from watcher.fetch.traffic import NOT_WANTED, Batch, Job, Traffic
from watcher.fetch.trouble import Foreign, Trouble, told
from watcher.fetch.visit import MOST_HOPS, Ask, Redirect, Visitor
from watcher.model import (
    Fetched,
    FetchFailed,
    PageMissed,
    PageRead,
    PageResult,
    PagesAsked,
    PagesGot,
    Source,
)
from watcher.ports import Clock, PagesCame
from watcher.text.links import resolve

log = logging.getLogger(__name__)

ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
HTML = frozenset({"text/html", "application/xhtml+xml"})
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

GLANCE = 0.2  # seconds between two looks at what else is wanted, while pages are under way

Answer = Fetched | FetchFailed | Redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """What came of a request for a page, or for the robots.txt of a site."""

    page: PageTask | None
    site: str
    host: str
    answer: Answer


class HttpPages:
    """Fetches pages over HTTP and finds the articles on them; fulfils `ports.Pages`.

    A thread of its own, which starts with the first page, sees to whose turn it is and has the
    pages read; the requests are made by the threads that fetch feeds.
    """

    def __init__(
        self, settings: FetchSettings, clock: Clock, visitor: Visitor, traffic: Traffic
    ) -> None:
        self._settings = settings
        self._budget = settings.pages
        self._clock = clock
        self._visitor = visitor
        self._traffic = traffic
        self._robots = Robots()
        self._reader = PageReader()
        self._changed = Condition()  # guards all that follows
        self._asked: deque[PagesAsked] = deque()
        self._came: deque[PagesCame] = deque()
        self._thread: Thread | None = None
        self._closed = False

    def ask(self, asked: PagesAsked) -> None:
        """Begin to fetch the pages that a visit asks for."""
        with self._changed:
            if self._closed:
                self._came.append((asked, _all_missed(asked, NOT_WANTED)))
            else:
                self._asked.append(asked)
            if self._thread is None:
                self._thread = started(self._work, "watcher-pages")
            self._changed.notify_all()

    def come(self, patience: float = 0.0) -> Sequence[PagesCame]:
        """Give what has come; waits for the first for so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._came, patience)
            came = tuple(self._came)
            self._came.clear()
        return came

    def close(self) -> None:
        """End the thread and the process that reads pages; what has not come never will."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._reader.close()
        if self._thread is not None:
            self._thread.join(JOIN_WAIT)

    # --- in our own thread

    def _work(self) -> None:
        with self._traffic.batch(self._budget.at_once) as batch:
            while not (self._closed or batch.abandoned):
                work = Round(self._settings)
                try:
                    self._go_round(work, batch)
                except Exception as bug:  # nobody may wait for ever
                    log.exception("a bug while fetching pages")
                    reason = f"a fault in Watcher itself ({type(bug).__name__})"
                    self._hand_over(
                        (one.asked, _all_missed(one.asked, reason)) for one in work.visits
                    )

    def _go_round(self, work: Round, batch: Batch[_Answered]) -> None:
        while not (self._closed or batch.abandoned):
            for asked in self._wanted(idle=not work.visits):
                work.add(asked)
            self._traffic.add(batch, list(self._startable(work)))
            self._hand_over(work.finished())
            if work.visits:
                patience = min(work.patience(), GLANCE)
                for answered in batch.handful(self._budget.at_once, patience):
                    self._note(work, answered)
            work.give_up_late_ones()

    def _wanted(self, *, idle: bool) -> Sequence[PagesAsked]:
        """Take what was asked for; with nothing else to do, wait for it."""
        with self._changed:
            if idle:
                self._changed.wait_for(lambda: self._closed or self._asked)
            asked = tuple(self._asked)
            self._asked.clear()
        return asked

    def _hand_over(self, came: Iterable[PagesCame]) -> None:
        with self._changed:
            self._came.extend(came)
            self._changed.notify_all()

    # --- what to ask for next

    def _startable(self, work: Round) -> Iterator[Job[_Answered]]:
        """Give jobs for the pages whose turn it is; robots.txt goes before."""
        for page in work.turns():
            site = site_of(page.target)
            rules = self._robots.rules(site, self._clock.now())
            if rules is None:
                if work.waits_for(site, page):
                    yield self._job(work, page, None, site)
            elif objection := rules.objection(page.target.url):
                work.miss(page, f"not asked for: {objection}")
            else:
                yield self._job(work, page, rules, site)

    def _job(self, work: Round, page: PageTask, rules: Rules | None, site: str) -> Job[_Answered]:
        """Make the request for a page, or for its site's rules where these are not known."""
        left = work.began(page)
        ask = self._robots_ask(site) if rules is None else self._page_ask(page.target)
        subject = None if rules is None else page
        return Job(
            host=page.target.host,
            do=partial(self._answered, subject, site, page.target.host, ask),
            # rules are for others too: they have time of their own
            deadline=min(self._settings.deadline, self._budget.deadline if rules is None else left),
            gap=0.0 if rules is None else rules.delay,
        )

    def _page_ask(self, target: Address) -> Ask:
        return Ask(target=target, headers={"Accept": ACCEPT}, read=self._read_page)

    def _robots_ask(self, site: str) -> Ask:
        # plain, so that the beginning of one that is too long can be read
        headers = {"Accept": "text/plain, */*;q=0.5", "Accept-Encoding": "identity"}
        return Ask(target=read_address(f"{site}/robots.txt"), headers=headers, read=_read_robots)

    # --- in the pool's threads

    def _answered(
        self, page: PageTask | None, site: str, host: str, ask: Ask, line: Lifeline
    ) -> _Answered:
        try:
            answer = self._through(ask, line) if page is None else self._visitor.ask(ask, line)
            assert isinstance(answer, Answer), "nothing conditional was asked"
        except Exception as trouble:
            if not line.why and not isinstance(trouble, (Trouble, *Foreign)):
                log.exception("a bug while fetching a page of %s", site)
                answer = FetchFailed(reason=f"a fault in Watcher itself ({type(trouble).__name__})")
            else:
                answer = FetchFailed(reason=line.why or told(trouble))
        return _Answered(page=page, site=site, host=host, answer=answer)

    def _through(self, ask: Ask, line: Lifeline) -> Answer:
        """Ask for rules and follow redirects: whatever is found at their end are the site's."""
        for _ in range(MOST_HOPS + 1):
            answer = self._visitor.ask(ask, line)
            if not isinstance(answer, Redirect):
                assert isinstance(answer, Answer)
                return answer
            ask = Ask(target=answer.target, headers=ask.headers, read=ask.read)
        return FetchFailed(
            reason=f"more than {MOST_HOPS} redirects", status=404
        )  # RFC 9309 2.3.1.2

    def _read_page(
        self, response: requests.Response, headers: Mapping[str, str], line: Lifeline
    ) -> bytes:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind not in HTML:
            raise Trouble(f"it is no HTML but {kind[:60]}")
        coding = headers.get("content-encoding", "")
        return read_body(response.raw, coding, self._budget.max_bytes, line)

    # --- what has come, in our own thread again

    def _note(self, work: Round, answered: _Answered) -> None:
        page, answer = answered.page, answered.answer
        work.ended(answered.host)
        if page is None:
            assert not isinstance(answer, Redirect)
            self._robots.note(answered.site, read_rules(answer, self._clock.now()))
            work.knows(answered.site)
        elif page.asked not in page.visit.missing:
            return  # it came too late
        elif isinstance(answer, Redirect):
            _follow(work, page, answer.target)
        elif isinstance(answer, FetchFailed):
            work.miss(page, answer.reason)
        else:
            page.visit.note(page.asked, self._read(page, answer))

    def _read(self, page: PageTask, answer: Fetched) -> PageResult:
        if page.visit.too_hard:
            return PageMissed(reason="another page of this visit was too hard to read")
        charset = CHARSET.search(answer.headers.get("content-type", ""))
        try:
            found = self._reader.read(answer.body, charset[1] if charset else "")
        except TooHardError as trouble:
            page.visit.too_hard = True  # all together may not cost more than one
            return PageMissed(reason=str(trouble))
        if not found["text"].strip():
            return PageMissed(reason="no article was found on it")
        return PageRead(
            url=answer.url,
            text=found["text"],
            sources=tuple(_sources(answer.url, found)),
        )


def _all_missed(asked: PagesAsked, reason: str) -> PagesGot:
    return dict.fromkeys(asked.addresses, PageMissed(reason=reason))


def _read_robots(response: requests.Response, headers: Mapping[str, str], line: Lifeline) -> bytes:
    return read_beginning(response.raw, headers.get("content-encoding", ""), MOST_BYTES, line)


def _follow(work: Round, page: PageTask, target: Address) -> None:
    """Let a page be asked for where it is now: a redirect is a request like any other."""
    page.been.add(page.target.url)
    if target.url in page.been:
        work.miss(page, "the redirects go in a circle")
    elif len(page.been) > MOST_HOPS:
        work.miss(page, f"more than {MOST_HOPS} redirects")
    else:
        page.target = target
        work.wait(page)


def _sources(url: str, found: Mapping[str, Any]) -> Iterator[Source]:
    for how, addresses in (("rel=canonical", found["canonical"]), ("og:url", found["og"])):
        for address in addresses:
            if absolute := resolve(url, address):
                yield Source(url=absolute, how=how)
