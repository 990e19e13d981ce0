"""The verb that tells at a glance how everything is: status."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.channelling import channel_records
from watcher.cli.printing import json_line, moment
from watcher.cli.records import feed_record
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock
from watcher.model import Ailment

if TYPE_CHECKING:
    from pathlib import Path

    from watcher.config import Config
    from watcher.service.copies import Copy, Gap

JSON = Annotated[bool, typer.Option("--json", help="One JSON object.")]
TROUBLED = ("failing", "troubled", "gone", "not configured")  # states of channels


def status(config: CONFIG = None, *, as_json: JSON = False) -> None:
    """Tell how the daemon does, what is in trouble, and what waits to be sent.

    - `watcher status --json`
    """
    from watcher.cli.daemon_state import daemon_lines, daemon_record
    from watcher.cli.rule_states import rule_states

    opened, now = Opened(config), SystemClock().now()
    daemon = daemon_record(opened.config)
    with opened as store, store.reading() as tx:
        counts, known = tx.counts(), tx.feeds()
        rules = rule_states(tx, opened.config, now)
        configured = [one.name for one in opened.config.channels]
        ways = channel_records(tx, configured, now)
    channels = [record for record in ways if record["state"] in TROUBLED]
    ailing = {
        ailment.value: [state.info.id for state in rules if ailment in state.wrong]
        for ailment in Ailment
    }
    troubled = [feed for feed in known if feed.state in ("failing", "gone", "quiet")]
    waiting = {state.value: number for state, number in counts.alerts.items() if number}
    folder, copy, gaps = _kept(opened.config)
    if as_json:
        json_line(
            {
                "daemon": daemon,
                "backup": {"at": moment(copy.at), "file": str(copy.path)} if copy else None,
                "restored": [
                    {"since": gap.since, "until": gap.until, "kept": str(gap.kept)} for gap in gaps
                ],
                "feeds": len(known),
                "items": counts.items,
                "stories": counts.stories,
                "copies": counts.copies,
                "hits": counts.hits,
                "alerts": waiting,
                "troubled": [feed_record(feed) for feed in troubled],
                "channels": channels,
                "rules": {"configured": len(rules), **ailing},
            }
        )
        return
    for line in daemon_lines(daemon):
        typer.echo(line)
    for line in _kept_lines(folder, copy, gaps, now):
        typer.echo(line)
    typer.echo(f"feeds     {len(known)}, {len(troubled)} in trouble")
    told = ", ".join(f"{len(names)} {ailment}" for ailment, names in ailing.items())
    typer.echo(f"rules     {len(rules)}, {told}")
    typer.echo(f"items     {counts.items}, {counts.hits} rule hits")
    typer.echo(f"stories   {counts.stories}, {counts.copies} copies folded into them")
    told = ", ".join(f"{number} {state}" for state, number in sorted(waiting.items()))
    typer.echo(f"alerts    {told or 'none yet'}")
    for feed in troubled:
        typer.echo(f"trouble   {feed.feed.id}: {feed.memory.trouble or feed.state}")
    for record in channels:
        typer.echo(f"channel   {_channel_told(record)}")
    for ailment, names in ailing.items():
        if names:
            typer.echo(f"{ailment:9} {', '.join(names)}")


def _kept(config: "Config") -> "tuple[Path | None, Copy | None, tuple[Gap, ...]]":
    """Find the last backup, and what was replaced by one; of PostgreSQL nothing."""
    from watcher.service.copies import copies, folder_of, gaps
    from watcher.service.places import file_of

    folder, database = folder_of(config), file_of(config.state)
    if database is None:
        return None, None, ()
    made = copies(folder, database) if folder else ()
    return folder, next(iter(made), None), gaps(database)


def _kept_lines(
    folder: "Path | None", copy: "Copy | None", gaps: "Sequence[Gap]", now: datetime
) -> Iterator[str]:
    from watcher.cli.rule_states import ago

    if copy is not None:
        yield f"backup    {ago(copy.at, now)}, {copy.path}"
    elif folder is not None:
        yield f"backup    none in {folder} yet: the daemon makes one a day"
    for gap in gaps:
        yield f"restored  {gap.told()}"


def _channel_told(record: Mapping[str, object]) -> str:
    since = f" since {record['failing_since']}" if record["failing_since"] else ""
    told = [f"{record['channel']} {record['state']}{since}"]
    told += [f": {record['trouble']}"] if record["trouble"] else []
    waits = [f"{record[name]} {name}" for name in ("held", "pending", "dead") if record[name]]
    told += [f"; {', '.join(waits)}"] if waits else []
    told += [f"; the next try at {record['next_try']}"] if record["next_try"] else []
    return "".join(told)
