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
    """Write the configured feeds as OPML 2.0 to standard output, groups as outlines."""
    from watcher.config.subscriptions import write_opml
    from watcher.fetch import redacted

    feeds = loaded(config, quiet=True).feeds
    typer.echo(write_opml(feeds), nl=False)
    secretive = sum(redacted(feed.url) != feed.url for feed in feeds)
    if secretive:
        say(f"take care whom you give this to: {secretive} addresses hold what may be a secret")
