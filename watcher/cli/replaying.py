"""The verb that goes through recorded visits: replay."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.printing import in_progress, json_line, moment, say
from watcher.cli.settings import CONFIG, loaded
from watcher.model import Alert, Notice, Visit

if TYPE_CHECKING:
    from watcher.replay import Tally

Record = dict[str, object]


def replay(
    recorded: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of `--record`, timelines (NAME.tar.xz), or folders of either.",
            show_default=False,
        ),
    ],
    config: CONFIG = None,
    *,
    rules: Annotated[
        Path | None, typer.Option(help="A rule file; else the rules of the configuration.")
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="A database to use and keep; else one that is thrown away.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Run recorded visits through the whole pipeline, at their times, and print the alerts.

    Nothing is sent or fetched. The same records and rules give the same output, byte for byte.

    - `watcher run --record visits`, and later `watcher replay visits --rules new.yaml`
    """
    from watcher.recording import merged, sources_in, surveyed
    from watcher.replay import Tally, own_database, play, set_up

    configured = loaded(config, quiet=True) if config or not rules else None
    sources = sources_in(recorded)
    survey = surveyed(sources)
    for name in survey.torn:
        say(f"{name}: its last record was interrupted and is passed over")
    tally, tell = Tally(), _tell_as_json if as_json else _tell
    with own_database(state, configured) as database:
        records = in_progress(merged(sources), survey.records, "replaying")
        for came in play(set_up(configured, rules, survey, database), survey, records):
            tally.add(came)
            tell(came)
    if as_json:
        json_line({"summary": _summary_record(tally)})
    else:
        typer.echo("\n".join(_summary_lines(tally)))


def _tell(came: Visit | Alert) -> None:
    from watcher.alerts.render import as_text

    if isinstance(came, Alert):
        typer.echo(f"{moment(came.settled_at)}  {came.route}\n{as_text(came)}\n")
        return
    for notice in came.notices:
        head = f"{moment(came.at)}  notice\nFeed {notice.feed}: {notice.topic}"
        typer.echo(f"{head}\n{notice.text}\n")


def _tell_as_json(came: Visit | Alert) -> None:
    for record in replay_records(came):
        json_line(record)


def replay_records(came: Visit | Alert) -> Iterator[Record]:
    """Tell an alert, or the notices that a visit brought."""
    if isinstance(came, Alert):
        yield {"alert": _alert_record(came)}
        return
    for notice in came.notices:
        yield {"notice": _notice_record(came, notice)}


def _alert_record(alert: Alert) -> Record:
    lead = alert.message.lead
    return {
        "at": moment(alert.settled_at),
        "key": alert.key,
        "kind": alert.kind.value,
        "route": alert.route,
        "feed": lead.feed if lead else "",
        "story": alert.story,
        "item": alert.item,
        "headline": alert.message.headline,
        "link": lead.link if lead else "",
        "rules": sorted(alert.rule_ids),
        "copies": [copy.item for copy in alert.message.copies],
        "because": alert.because,
    }


def _notice_record(visit: Visit, notice: Notice) -> Record:
    return {
        "at": moment(visit.at),
        "feed": notice.feed,
        "topic": notice.topic,
        "text": notice.text,
    }


def _summary_record(tally: "Tally") -> Record:
    return {
        "from": moment(tally.first),
        "to": moment(tally.last),
        "feeds": len(tally.feeds),
        "visits": tally.visits,
        "documents": tally.documents,
        "unchanged": tally.unchanged,
        "failed": tally.failed,
        "items": tally.items,
        "edits": tally.edits,
        "copies": tally.copies,
        "gaps": tally.gaps,
        "alerts": tally.alerts,
        "rules": dict(sorted(tally.rules.items())),
        "notices": dict(sorted(tally.notices.items())),
    }


def _summary_lines(tally: "Tally") -> list[str]:
    return [
        f"visits     {tally.visits} of {len(tally.feeds)} feeds, {moment(tally.first)} to "
        f"{moment(tally.last)}: {tally.documents} documents, {tally.unchanged} unchanged, "
        f"{tally.failed} failed",
        f"items      {tally.items}, {tally.edits} edits, {tally.copies} copies",
        f"gaps       {tally.gaps}",
        f"alerts     {tally.alerts}{_counted(tally.rules)}",
        f"notices    {tally.notices.total()}{_counted(tally.notices)}",
    ]


def _counted(counter: Mapping[Any, int]) -> str:
    told = ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))
    return f": {told}" if told else ""
