"""The feeds, and one of them."""

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from watcher.model import DueFeed, FeedId
from watcher.text.spans import spoken
from watcher.web.day import bar, stretches
from watcher.web.desk import Desk, numbered_page
from watcher.web.problems import nothing_there

ORDER = ("gone", "failing", "quiet", "not visited yet", "ok")


def feeds(desk: Desk, request: Request) -> Response:
    """List the feeds, those that need somebody first."""
    with desk.given.store.reading() as tx:
        found = sorted(tx.feeds(), key=_need)
    now = desk.given.clock.now()
    shown, more = numbered_page(request, found)
    rows = [(feed, _day(feed, now)) for feed in shown]
    return desk.page(request, "feeds", feeds=rows, number=len(found), more=more)


def feed(desk: Desk, request: Request) -> Response:
    """Show one feed."""
    name = FeedId(request.path_params["name"])
    with desk.given.store.reading() as tx:
        found = tx.feed(name)
    if found is None:
        raise nothing_there("feed", name)
    now = desk.given.clock.now()
    return desk.page(
        request,
        "feed",
        feed=found,
        day=_day(found, now),
        stretches=stretches(found.memory, now)[::-1],
        facts=tuple(_facts(found, now)),
    )


def _need(feed: DueFeed) -> tuple[int, bool, str]:
    return ORDER.index(feed.state), feed.memory.gap_at is None, feed.feed.id


def _day(feed: DueFeed, now: datetime) -> Markup:
    return bar(stretches(feed.memory, now), feed.feed.title or feed.feed.id)


def _facts(feed: DueFeed, now: datetime) -> Iterator[tuple[str, str]]:
    memory, habits = feed.memory, feed.memory.habits
    if memory.interval:
        yield "Visited every", spoken(memory.interval)
    if not memory.gone:
        wait = f"in {spoken(memory.due_at - now)}" if memory.due_at > now else "now"
        yield "Next visit", f"{wait}{f': {memory.because}' if memory.because else ''}"
    yield "Visits", str(memory.visits)
    if habits.rate is not None:
        yield "New items", f"about {habits.rate:.2g} a day"
    if habits.window:
        yield "Shows", f"{habits.window} items, {habits.overlap} of them known at the last visit"
    if habits.longest_pause:
        yield "Longest pause", spoken(habits.longest_pause)
    yield "Gaps", f"{memory.gaps}{'; older pages are being read' if memory.look_back else ''}"
    if feed.feed.tags:
        yield "Tags", ", ".join(feed.feed.tags)
    if feed.feed.language:
        yield "Language", feed.feed.language
