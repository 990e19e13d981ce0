"""The example, told to somebody who sees Watcher for the first time."""

from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus
from textwrap import fill
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher.demo.newsroom import Edition
from watcher.demo.playing import Audience, Copy, Played, Scene, Told
from watcher.model import Sent

WIDTH = 100  # of the text where there is no terminal to ask


class Summary(Audience):
    """Tells what happens while the example is played, and afterwards what came of it."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        width = None if out.isatty() else WIDTH
        self.console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)

    def welcome(self, feeds: int) -> None:
        """Say what is about to happen."""
        self._say(
            f"A small newsroom: {feeds} feeds, played by a server on this machine. Watcher visits "
            "them as the days pass and looks for “lawful interception”, “back door” and BlackBerry."
        )

    def edition(self, edition: Edition) -> None:
        """Say which time it is in the newsroom; the alerts of that time follow."""
        self._head(f"{edition.moment:%A} {edition.moment.day} {edition.moment:%B %Y, %H:%M} UTC")
        self.out.flush()  # what the console channel writes comes after it

    def scene(self, scene: Scene) -> None:
        """Say so where nothing was alerted."""
        if not scene.deliveries:
            self._say("No alert.")

    def finish(self, played: Played) -> None:
        """Say what came of it: hour by hour, alert by alert, copy by copy, and in sum."""
        self._head("What happened, edition by edition")
        self.console.print(_scenes(played.scenes))
        self._say("The first visit of a feed is a baseline: what was there before does not alert.")
        stories = len({told.first.story for told in played.told})
        alerts = _many(len(played.told), "alert", "alerts")
        self._head(f"{alerts}, about {_many(stories, 'story', 'stories')}")
        for number, told in enumerate(played.told, 1):
            self._alert(number, told)
        folded = [(told, copy) for told in played.told for copy in told.copies]
        self._head(
            f"{_many(len(folded), 'copy was', 'copies were')} folded and did not alert again"
        )
        for told, copy in folded:
            self._copy(told, copy)
        self._head("In sum")
        for line in _sum(played):
            self._say(f"  {line}")

    def _alert(self, number: int, told: Told) -> None:
        lead = told.first.message.lead
        rules = ", ".join(sorted(told.first.rule_ids))
        self._say(f"  {number}. {told.first.message.headline}")
        self._say(f"     {lead.feed if lead else told.first.kind}; rules: {rules or 'none'}")

    def _copy(self, told: Told, copy: Copy) -> None:
        self._say(f"  {copy.item.feed}: {copy.item.title}")
        self._say(f"     copies: {told.first.message.headline}")
        for number, reason in enumerate(copy.placement.because):
            self._say(f"     {'        ' if number else 'because:'} {reason}")

    def _head(self, text: str) -> None:
        self.console.print()
        self.console.print(Text(text, style="bold"))

    def _say(self, text: str) -> None:
        indent = " " * (len(text) - len(text.lstrip()))
        told = fill(text, self.console.width, subsequent_indent=indent, break_on_hyphens=False)
        self.console.print(Text(told))


def _scenes(scenes: Iterable[Scene]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("when (UTC)")
    for name in ("visits", "unchanged", "new items", "matching", "copies", "alerts"):
        table.add_column(name, justify="right")
    for scene in scenes:
        table.add_row(f"{scene.moment:%a %d %b %Y %H:%M}", *_numbers(scene))
    return table


def _numbers(scene: Scene) -> tuple[str, ...]:
    visits = scene.visits
    alerts = {(delivery.alert.story, delivery.alert.revision) for delivery in scene.deliveries}
    numbers = (
        len(visits),
        sum(visit.outcome == "not modified" for visit in visits),
        sum(visit.fresh for visit in visits),
        sum(visit.hits for visit in visits),
        sum(visit.copies for visit in visits),
        len(alerts),
    )
    return tuple(str(number) for number in numbers)


def _sum(played: Played) -> Iterable[str]:
    counts, visits = played.counts, sum(len(scene.visits) for scene in played.scenes)
    unchanged = played.answers.get(HTTPStatus.NOT_MODIFIED, 0)
    yield f"{counts.feeds} feeds, {visits} visits; {unchanged} were answered “not modified”"
    yield f"{counts.items} items in {counts.stories} stories, {counts.copies} of them copies"
    sent = Counter(
        str(delivery.alert.route)
        for scene in played.scenes
        for delivery in scene.deliveries
        if isinstance(delivery.outcome, Sent)
    )
    routes = ", ".join(f"{number} by route {route}" for route, number in sorted(sent.items()))
    yield f"{len(played.told)} alerts; sent: {routes or 'none'}"
    yield f"{played.received} of them reached the webhook receiver, signed"


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
