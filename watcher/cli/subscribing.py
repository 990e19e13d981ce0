"""Verbs that take lists of feeds in and give them out: feeds import, feeds export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.printing import in_progress, json_line, say
from watcher.cli.settings import CONFIG, loaded
from watcher.model import Fault

SHOWN = 20  # faults, and doubles, that are told one by one
FEEDS = Path("config/feeds.yaml")


def import_feeds(
    files: Annotated[
        list[Path], typer.Argument(help="OPML, or plain lists of addresses, one a line.")
    ],
    *,
    to: Annotated[
        Path, typer.Option(help="The file of feeds to add to; made if it is not there.")
    ] = FEEDS,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add the feeds of lists to a file of feeds, of which nothing else changes.

    Ids are made of titles, else of hosts; outlines and categories become groups and tags. Feeds
    whose address is there already are passed over. Exit code 1 where something was no feed.

    - `watcher feeds import subscriptions.opml`
    """
    from watcher.config.subscriptions import import_lists, read_lists

    lists = read_lists(files)
    done = import_lists(in_progress(lists.listed, len(lists.listed), "importing"), to)
    faults = (*lists.faults, *done.faults)
    _tell_some(lists.warnings)
    _tell_some(done.doubles)
    _tell_some(faults)
    if as_json:
        json_line(
            {
                "file": str(to),
                "added": list(done.added),
                "doubles": [_record(fault) for fault in done.doubles],
                "faults": [_record(fault) for fault in faults],
            }
        )
    else:
        typer.echo(
            f"{to}: {len(done.added)} feeds added, {len(done.doubles)} there already, "
            f"{len(faults)} no feeds"
        )
    if faults:
        raise typer.Exit(1)


def _tell_some(faults: Sequence[Fault]) -> None:
    for fault in faults[:SHOWN]:
        say(fault.told())
    if len(faults) > SHOWN:
        say(f"… and {len(faults) - SHOWN} more like these (--json tells all)")


def _record(fault: Fault) -> dict[str, object]:
    return {"file": fault.file, "line": fault.line, "message": fault.message}


def export_feeds(config: CONFIG = None) -> None:
    """Write the configured feeds as OPML 2.0 to standard output, groups as outlines.

    - `watcher feeds export`
    """
    from watcher.config.subscriptions import write_opml
    from watcher.fetch import redacted

    feeds = loaded(config, quiet=True).feeds
    typer.echo(write_opml(feeds), nl=False)
    secretive = sum(redacted(feed.url) != feed.url for feed in feeds)
    if secretive:
        say(f"take care whom you give this to: {secretive} addresses hold what may be a secret")


def add_feed(
    address: Annotated[str, typer.Argument(help="A feed's address, or that of a web page.")],
    config: CONFIG = None,
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="The file of feeds to add to; else the one beside the configuration."),
    ] = None,
) -> None:
    """Look at a feed and, if it can be read, add it to a file of feeds; a page's own feed is found.

    Of a page that names several, all are listed and none is added. Exit code 1 where none was.

    - `watcher feeds add https://example.org`
    """
    from watcher.cli.checking import configuration, looked_at
    from watcher.cli.settings import PLACES
    from watcher.model import FetchFailed

    known = configuration(config)
    found = looked_at(address, known)
    offers = found.offers
    if found.document is None and len(offers) == 1:
        say(f"{address} is a page; its feed is {offers[0].url}")
        found = looked_at(offers[0].url, known)
    if found.document is None:
        for offer in offers:
            say(f"  {offer.kind:10} {offer.url}  {offer.title}".rstrip())
        answer = found.look.answer
        if offers:
            say(f"{address} is a page that names {len(offers)} feeds; add one of these")
        elif isinstance(answer, FetchFailed):
            say(f"{address} cannot be fetched: {answer.reason}")
        else:
            say(f"{address} is no feed that can be read; `watcher feeds check {address}` tells why")
        raise typer.Exit(1)
    beside = config or next((place for place in PLACES if place.exists()), None)
    target = to or (beside.parent / "feeds.yaml" if beside else FEEDS)
    _add(
        found.body.moved_to if found.body and found.body.moved_to else found.feed.url,
        found.document.title,
        target,
    )


def _add(url: str, title: str, target: Path) -> None:
    from watcher.config.subscriptions import Listed, import_lists

    done = import_lists([Listed(url=url, title=title, file=url, line=0)], target)
    for fault in (*done.doubles, *done.faults):
        say(fault.told())
    if not done.added:
        raise typer.Exit(1)
    typer.echo(f"{target}: {done.added[0]} added, {url}")
    say("the first visit is a baseline: what it shows then alerts nobody; now: watcher reload")
