"""Make the small database that a release leaves behind for the tests of all later ones.

    .venv/bin/python -m tools.make_release_database tests/store/data/release-0.1.0.db

Run it once when a release is made, commit the file, and never make it again: it shows how that
release wrote. `tests/store/test_schema.py` opens every such file and looks for what is told here.
The file is SQLite; PostgreSQL runs the same migrations.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    Attempt,
    ChannelName,
    Cited,
    Feed,
    FeedId,
    FeedMemory,
    Hit,
    Imprint,
    Item,
    ItemId,
    MatchedRule,
    Message,
    Occurrence,
    Placement,
    Planned,
    Quote,
    RouteName,
    RuleId,
    RuleInfo,
    Severity,
    Sketch,
    StoryId,
    Verdict,
)
from watcher.ports import Transaction
from watcher.store import open_store
from watcher.stories import key_of_word

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
FEED = Feed(
    id=FeedId("gazette"),
    url="https://gazette.example/feed",
    title="The Gazette",
    language="en",
    tags=("local",),
    every=timedelta(minutes=15),
    backfill=timedelta(days=1),
)
MEMORY = FeedMemory(
    feed=FEED.id,
    due_at=NOON + timedelta(minutes=15),
    first_read_at=NOON,
    last_visit_at=NOON,
    last_read_at=NOON,
    etag='"1"',
    validators_url=FEED.url,
    visits=1,
    interval=timedelta(minutes=15),
)
IMPRINT = Imprint(
    key="k", envelope="e", channel="c", title=FEED.title, kind="rss20", language="", home="",
    suggested_interval=None, prints=(),
)  # fmt: skip
LEAD = Item(
    id=ItemId("1ead"),
    feed=FEED.id,
    guid="tag:gazette.example,2026:1",
    link="https://gazette.example/flood",
    normal_link="gazette.example/flood",
    title="Flood closes the north bridge",
    summary="Lorries are sent around by the south road.",
    seen_at=NOON,
)
COPY = Item(
    id=ItemId("c0b1"),
    feed=FEED.id,
    guid="tag:gazette.example,2026:2",
    link="https://gazette.example/flood-2",
    normal_link="gazette.example/flood-2",
    title="Flood closes north bridge",
    summary="Lorries are sent around by the south road.",
    seen_at=NOON + timedelta(minutes=1),
)
HIT = Hit(
    rule=RuleInfo(
        id=RuleId("flood"), title="Floods", severity=Severity.HIGH, notify=(RouteName("desk"),)
    ),
    item=LEAD.id,
    occurrences=(
        Occurrence(field="title", value=0, start=0, end=5, text="Flood", term="flood", how="plain"),
    ),
)
ALERT = Alert(
    key=AlertKey("a1e47"),
    kind=AlertKind.STORY,
    route=RouteName("desk"),
    channel=ChannelName("phone"),
    story=StoryId(LEAD.id),
    item=LEAD.id,
    message=Message(
        headline=LEAD.title,
        severity=Severity.HIGH,
        lead=Cited(
            item=LEAD.id,
            title=LEAD.title,
            link=LEAD.link,
            feed=FEED.id,
            feed_title=FEED.title,
            published=None,
            seen_at=NOON,
        ),
        rules=(
            MatchedRule(
                id=RuleId("flood"),
                title="Floods",
                severity=Severity.HIGH,
                quotes=(Quote(field="title", text=LEAD.title, marks=((0, 5),)),),
            ),
        ),
    ),
    because="first alert of this story on route desk: rule flood",
    state=AlertState.SENT,
    created_at=NOON,
    due_at=NOON,
    attempts=1,
    last_outcome="sent",
    settled_at=NOON + timedelta(minutes=2),
)
WORDS = ("flood", "bridge", "lorries")
OLD_TITLE = "Flood at the north bridge"


def fill(tx: Transaction) -> None:
    """Write at least one row into every table."""
    tx.configure_feeds([FEED], NOON)
    tx.configure_rules([HIT.rule], NOON)
    tx.keep([LEAD, COPY])
    for item, verdict in ((LEAD, Verdict.NEW), (COPY, Verdict.COPY)):
        placement = Placement(
            item=item.id,
            story=StoryId(LEAD.id),
            verdict=verdict,
            of=None if item is LEAD else LEAD.id,
            score=0.0 if item is LEAD else 0.97,
            because=("the same sentences",),
        )
        sketch = Sketch(words=tuple(map(key_of_word, WORDS)))
        tx.place(item, placement, sketch, ["first.example/flood"])
    _edit(tx)
    tx.keep_hits([HIT], NOON)
    planned = Planned(
        item=LEAD.id, route=ALERT.route, decision="promised", because="flood", alert=ALERT
    )
    tx.write_plan(planned, NOON)
    attempt = Attempt(alert=ALERT.key, number=1, at=NOON, outcome="sent", detail="ok")
    tx.settle([(ALERT, attempt)])
    tx.keep_imprint(FEED.id, IMPRINT)
    tx.record_visit(MEMORY)


def _edit(tx: Transaction) -> None:
    """Let the lead have had another title once."""
    before = Item(
        id=LEAD.id, feed=LEAD.feed, title=OLD_TITLE, summary=LEAD.summary, seen_at=LEAD.seen_at
    )
    tx.keep_edits([before], NOON)
    tx.keep_edits([LEAD], NOON)


def main() -> None:
    """Make the file that is named on the command line; it must not be there yet."""
    path = Path(sys.argv[1])
    if path.exists():
        sys.exit(f"{path} is there already: the file of a release is made once")
    store = open_store(str(path))
    with store.transaction() as tx:
        fill(tx)
    store.close()
    print(f"made {path}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
