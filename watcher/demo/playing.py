"""The example, played: the daemon's own pipeline looks at the newsroom as its days pass.

Real are the HTTP, the database, the rules, the pipeline and the channels; only the clock is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from watcher.app import opened
from watcher.clock import PlayedClock
from watcher.config import load
from watcher.demo.loopback import FeedServer, Receiver
from watcher.demo.newsroom import Edition, Newsroom
from watcher.model import (
    Alert,
    Counts,
    Delivery,
    Item,
    Placement,
    StoryId,
    Visit,
)
from watcher.ports import Transaction
from watcher.stories import claims

FEEDS_AT = "http://127.0.0.1:8015"  # what the example's configuration says, until we know better
ALERTS_AT = "http://127.0.0.1:8016"
SECRET = "whsec_c2VlZHMgYXJlIG5vIHNlY3JldCBhdCBhbGwhIQ=="  # noqa: S105 - signs loopback traffic only
SECRET_NAME = "WATCHER_DEMO_SECRET"  # noqa: S105 - the name of it
ALL = 10_000  # more than the example has of anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one edition came to."""

    moment: datetime
    visits: tuple[Visit, ...]
    deliveries: tuple[Delivery, ...]


class Audience:
    """Is told what happens while it happens; this one says nothing of it."""

    def edition(self, edition: Edition) -> None:
        """Hear that an edition comes out; its alerts follow."""

    def scene(self, scene: Scene) -> None:
        """Hear what the edition came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An item that was folded into a story, and why."""

    item: Item
    placement: Placement
    attributed: bool  # it names the story's lead as its source; otherwise its text told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert as a reader counts them: one of a story, to however many routes."""

    first: Alert  # the same alert to the first of its routes
    routes: tuple[str, ...]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """All that came of the example."""

    scenes: tuple[Scene, ...]
    told: tuple[Told, ...]
    counts: Counts
    answers: Mapping[HTTPStatus, int]  # of the feed server
    received: int  # alerts that the webhook receiver took

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The alerts in the form of the example's `expected-alerts.jsonl`."""
        return tuple(_record(told) for told in self.told)


def play(newsroom: Newsroom, audience: Audience | None = None, *, console: bool = True) -> Played:
    """Play the example from its first edition to its last, and tell the audience as it goes.

    Without `console` the alerts that would go to the terminal go to a file instead.
    """
    with (
        TemporaryDirectory(prefix="watcher-demo-") as folder,
        FeedServer() as server,
        Receiver(SECRET) as receiver,
    ):
        path = _configured(newsroom.config, Path(folder), server, receiver, console=console)
        return _play(newsroom, path, server, receiver, audience or Audience())


def _configured(
    source: Path, folder: Path, server: FeedServer, receiver: Receiver, *, console: bool
) -> Path:
    """Copy the configuration, with the addresses of our servers in it."""
    changes = {FEEDS_AT: server.url, ALERTS_AT: receiver.url}
    if not console:
        changes["{type: console}"] = "{type: file, path: alerts.jsonl}"
    for path in sorted(source.rglob("*.yaml")):
        text = path.read_text("utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        copy = folder / path.relative_to(source)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text, "utf-8")
    return folder / "watcher.yaml"


def _play(
    newsroom: Newsroom,
    config: Path,
    server: FeedServer,
    receiver: Receiver,
    audience: Audience,
) -> Played:
    clock = PlayedClock(newsroom.editions[0].moment)
    scenes = []
    with opened(load(config, {SECRET_NAME: SECRET}), clock) as app:
        for edition in newsroom.editions:
            audience.edition(edition)
            clock.moment = edition.moment
            server.show(edition.documents, edition.moment)
            visits, deliveries = app.poll_until_done(), app.deliver_all()
            scenes.append(Scene(moment=edition.moment, visits=visits, deliveries=deliveries))
            audience.scene(scenes[-1])
        with app.store.reading() as tx:
            return Played(
                scenes=tuple(scenes),
                told=_told(tx),
                counts=tx.counts(),
                answers=server.answered,
                received=len(receiver.received),
            )


def _told(tx: Transaction) -> tuple[Told, ...]:
    """Gather the alerts of all routes, oldest first; those of one moment by their links."""
    alerts = sorted(tx.alerts((), ALL), key=_order)
    groups = (list(group) for _, group in groupby(alerts, key=_order_but_route))
    return tuple(
        Told(
            first=group[0],
            routes=tuple(alert.route for alert in group),
            copies=_copies(tx, group[0].story) if group[0].story else (),
        )
        for group in groups
    )


def _order_but_route(alert: Alert) -> tuple[datetime, str, str, int]:
    link = alert.message.lead.link if alert.message.lead else ""
    return alert.created_at, link, alert.message.headline, alert.revision


def _order(alert: Alert) -> tuple[datetime, str, str, int, str]:
    return *_order_but_route(alert), alert.route


def _copies(tx: Transaction, story: StoryId) -> tuple[Copy, ...]:
    """List what was folded into a story: all that it holds besides its lead."""
    (lead, _), *others = tx.story_items(story)
    copies = (
        Copy(
            item=item,
            placement=placement,
            attributed=lead.normal_link in {source.url for source in claims(item)},
        )
        for item, placement in others
    )
    return tuple(sorted(copies, key=lambda copy: (copy.item.seen_at, copy.item.link)))


def _record(told: Told) -> dict[str, object]:
    message = told.first.message
    return {
        "kind": told.first.kind.value,
        "feed": message.lead.feed if message.lead else "",
        "title": message.headline,
        "link": message.lead.link if message.lead else "",
        "rules": sorted(told.first.rule_ids),
        "routes": list(told.routes),
        "copies": [
            {
                "feed": copy.item.feed,
                "title": copy.item.title,
                "link": copy.item.link,
                "evidence": "attribution" if copy.attributed else "text",
            }
            for copy in told.copies
        ],
    }
