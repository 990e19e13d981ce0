"""Verbs that look at what was observed and promised: why, feeds, stories."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from watcher.cli.alerting import waits_for
from watcher.cli.printing import Page, json_line, moment, say, table
from watcher.cli.records import (
    attempt_record,
    feed_record,
    hit_record,
    page_record,
    placement_record,
    plan_record,
    story_record,
)
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock
from watcher.model import AlertState, Hit, Planned, StoryId, Trail
from watcher.text.links import normal_link

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
DAYS = Annotated[float, typer.Option(help="How many days to look back.")]
LIMIT = Annotated[int, typer.Option(help="How many to list at the most.")]

feeds = typer.Typer(help="The feeds and how they do.", no_args_is_help=True)
stories = typer.Typer(help="The stories, with their copies.", no_args_is_help=True)


def why(
    item: Annotated[str, typer.Argument(help="An item's id, the beginning of one, or a link.")],
    config: CONFIG = None,
    *,
    as_json: JSON = False,
) -> None:
    """Tell all that was decided about an item, and why; also when nothing was sent.

    - `watcher why https://gazette.example/flood`
    """
    with Opened(config) as store, store.reading() as tx:
        found = tx.find_items(item, 10) or tx.find_items(normal_link(item), 10)
        trails = [trail for trail in (tx.trail(one.id) for one in found) if trail]
    if not trails:
        say(f"no item {item!r} is known: no feed showed it, or it was forgotten long ago")
        raise typer.Exit(1)
    for trail in trails:
        if as_json:
            json_line(_trail_record(trail))
        else:
            typer.echo("\n".join(_trail_lines(trail)))


def _trail_record(trail: Trail) -> dict[str, object]:
    from watcher.parse import item_to_json

    return {
        "item": item_to_json(trail.item),
        "versions": trail.versions,
        "last_seen": moment(trail.last_seen_at),
        "page": page_record(trail.page) if trail.page else None,
        "placement": placement_record(trail.placement) if trail.placement else None,
        "rules": [hit_record(hit) for hit in trail.hits],
        "plans": [plan_record(plan) for plan in trail.plans],
        "attempts": [attempt_record(attempt) for attempt in trail.attempts],
    }


def _trail_lines(trail: Trail) -> list[str]:
    item = trail.item
    edits = f", {trail.versions} versions" if trail.versions > 1 else ""
    lines = [
        f"{item.title or '(no title)'}",
        f"  item       {item.id}  {item.link}",
        f"  seen       {moment(item.seen_at)} in {item.feed}{edits}; "
        f"the feed says {moment(item.published) or 'no date'}",
    ]
    if trail.page is not None:
        lines.append(f"  page       {trail.page.outcome}  {trail.page.url}".rstrip())
    if trail.placement is not None:
        lines.append(f"  story      {trail.placement.verdict.value}, story {trail.placement.story}")
        if trail.lead is not None and trail.lead.id != item.id:
            lines.append(f"             led by “{trail.lead.title}” ({trail.lead.feed})")
        lines += [f"             because {reason}" for reason in trail.placement.because]
    if not trail.hits:
        lines.append("  rules      none matches, so nothing was sent")
    for hit in trail.hits:
        lines.append(f"  rule       {hit.rule.id}: {', '.join(_words(hit))}")
    for plan in trail.plans:
        lines += _plan_lines(plan)
    lines += [
        f"  attempt    {moment(a.at)} {a.alert} #{a.number}: {a.outcome} {a.detail}".rstrip()
        for a in trail.attempts
    ]
    return lines


def _words(hit: Hit) -> Iterator[str]:
    """Tell the words that made a rule match, each once, and how often."""
    found = Counter((one.field, one.text, one.how) for one in hit.occurrences)
    for (field, text, how), times in found.items():
        yield f"{field} “{text}” ({how})" + (f" {times} times" if times > 1 else "")


def _plan_lines(plan: Planned) -> list[str]:
    """Tell what was decided for a route, and where its alert stands now."""
    alert = plan.alert
    if alert is None:
        return [
            f"  route      {plan.route}: {plan.decision}",
            f"             because {plan.because}",
        ]
    lines = [
        f"  route      {plan.route}: {plan.decision} {alert.key} ({alert.state.value})",
        f"             because {plan.because}",
    ]
    if waits := waits_for(alert):
        lines.append(f"             waits {waits}")
    if alert.digest is not None:
        lines.append(f"             told in digest {alert.digest}")
    if alert.state in (AlertState.DEAD, AlertState.SUPPRESSED, AlertState.DOUBTFUL):
        lines.append(f"             last: {alert.last_outcome}" if alert.last_outcome else "")
    return [line for line in lines if line]


@feeds.command("list")
def list_feeds(config: CONFIG = None, *, as_json: JSON = False) -> None:
    """List the feeds: how they do, when they are visited and why then, what may be missing.

    - `watcher feeds list --json`
    """
    from watcher.cli.feed_pages import COLUMNS, row_of

    with Opened(config) as store, store.reading() as tx:
        known = tx.feeds()
    if as_json:
        for feed in known:
            json_line(feed_record(feed))
        return
    table(COLUMNS, (row_of(feed) for feed in known))


@feeds.command("show")
def show_feed(
    feed: Annotated[str, typer.Argument(help="The feed's id.")],
    config: CONFIG = None,
    *,
    as_json: JSON = False,
) -> None:
    """Show one feed: all that is remembered and learned of it, and its last visits.

    - `watcher feeds show gazette`
    """
    from watcher.cli.feed_pages import LABEL, page_of, page_record

    with Opened(config) as store, store.reading() as tx:
        found = next((one for one in tx.feeds() if one.feed.id == feed), None)
    if found is None:
        say(f"no feed {feed!r} is known; `watcher feeds list` lists them")
        raise typer.Exit(1)
    if as_json:
        json_line(page_record(found))
        return
    page = Page()
    for line in page_of(found, SystemClock().now()):
        page.show(*line, hang=LABEL)


@stories.command("list")
def list_stories(
    config: CONFIG = None, *, days: DAYS = 14, limit: LIMIT = 100, as_json: JSON = False
) -> None:
    """List the stories that had an item lately, newest first.

    - `watcher stories list --days 2`
    """
    with Opened(config) as store, store.reading() as tx:
        found = tx.stories(SystemClock().now() - timedelta(days=days), limit)
    if as_json:
        for story in found:
            json_line(story_record(story))
        return
    table(
        ("story", "items", "first seen", "feed", "title"),
        ((s.id, s.items, s.first_seen_at, s.feed, s.title) for s in found),
    )


@stories.command("show")
def show_story(
    story: Annotated[str, typer.Argument(help="The story's id.")],
    config: CONFIG = None,
    *,
    as_json: JSON = False,
) -> None:
    """Show a story's items, each with the evidence for its place, and where a copy differs.

    In a copy's text, words of the original that it lacks are [-so-], its own are {+so+}; in colour,
    red and green.

    - `watcher stories show 8f3a41c07d5b2e96`
    """
    from watcher.cli.changed import changes

    with Opened(config) as store, store.reading() as tx:
        items = tx.story_items(StoryId(story))
    if not items:
        say(f"no story {story!r} is known; `watcher stories list` lists them")
        raise typer.Exit(1)
    lead = items[0][0]
    page = Page()
    for item, placement in items:
        if as_json:
            told = {**placement_record(placement), "title": item.title, "link": item.link}
            json_line({**told, "feed": item.feed, "seen": moment(item.seen_at)})
            continue
        typer.echo(f"{placement.verdict.value:8} {item.title}\n{'':8} {item.feed}  {item.link}")
        for reason in placement.because:
            typer.echo(f"{'':8} because {reason}")
        if item.id != lead.id:
            for changed in changes(lead, item, colour=page.colour):
                page.show(f"{'':8} ", *changed, hang=9)
