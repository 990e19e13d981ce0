"""Verbs that keep alerts in for a while: silence add, list, expire."""

import getpass
from datetime import datetime
from typing import Annotated

import typer

from watcher.cli.charts import span
from watcher.cli.printing import json_line, moment, say, table
from watcher.cli.settings import CONFIG, Opened
from watcher.cli.streams import instant
from watcher.clock import SystemClock
from watcher.model import Severity, Silence, content_id

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Glob = str | None

silences = typer.Typer(
    help="What is kept in for a while; it is on record, and can be sent later.",
    no_args_is_help=True,
)


@silences.command("add")
def add_silence(
    config: CONFIG = None,
    *,
    rule: Annotated[Glob, typer.Option(help="Rules: an id, or a glob such as cve-*.")] = None,
    route: Annotated[Glob, typer.Option(help="Routes.")] = None,
    feed: Annotated[Glob, typer.Option(help="Feeds.")] = None,
    tag: Annotated[Glob, typer.Option(help="Tags of the feed or of the item.")] = None,
    severity: Annotated[Glob, typer.Option(help="low, info, high or critical.")] = None,
    language: Annotated[Glob, typer.Option(help="Languages: en, de.")] = None,
    story: Annotated[Glob, typer.Option(help="A story's id.")] = None,
    for_: Annotated[str | None, typer.Option("--for", help="How long: 30m, 2h, 3d.")] = None,
    until: Annotated[str | None, typer.Option(help="Until when, ISO 8601 (UTC).")] = None,
    comment: Annotated[str, typer.Option(help="Why; it is told with what is kept in.")] = "",
    as_json: JSON = False,
) -> None:
    """Keep in what matches all that is said, from now on and for a while.

    - `watcher silence add --feed gazette --for 2h --comment "the site is being moved"`
    - `watcher silence add --rule 'cve-*' --severity low --until 2026-12-01`
    """
    given = (
        ("rule", rule),
        ("route", route),
        ("feed", feed),
        ("tag", tag),
        ("severity", severity),
        ("language", language),
        ("story", story),
    )
    matches = tuple((label, glob) for label, glob in given if glob)
    now = SystemClock().now()
    ends = _end(for_, until, now)
    if not matches:
        _mistake("say what to keep in: --rule, --route, --feed, --tag, --severity …")
    if severity and not any(each.word == severity for each in Severity) and "*" not in severity:
        _mistake(f"{severity!r} is not a severity; it is low, info, high or critical")
    silence = Silence(
        id=content_id("silence", *(part for match in matches for part in match), ends.isoformat()),
        matches=matches,
        begins_at=now,
        ends_at=ends,
        author=_author(),
        comment=comment,
        created_at=now,
    )
    with Opened(config) as store, store.transaction() as tx:
        tx.silence(silence)
    if as_json:
        json_line(silence_record(silence, now))
        return
    typer.echo(silence.id)
    say(f"kept in until {moment(ends)}: {_matched(silence)}; `watcher silence expire` ends it")


def _end(length: str | None, until: str | None, now: datetime) -> datetime:
    if bool(length) == bool(until):
        _mistake("say how long: --for 2h, or --until TIME")
    ends = now + span(length) if length else instant(until)
    if ends <= now:
        _mistake(f"{until} is over")
    return ends


def _mistake(text: str) -> None:
    say(text)
    raise typer.Exit(2)


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without users
        return ""


@silences.command("list")
def list_silences(
    config: CONFIG = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    as_json: JSON = False,
) -> None:
    """List the silences, the first to end first.

    - `watcher silence list --all`
    """
    now = SystemClock().now()
    with Opened(config) as store, store.reading() as tx:
        found = tx.silences(None if everything else now)
    if as_json:
        for silence in found:
            json_line(silence_record(silence, now))
        return
    table(
        ("silence", "keeps in", "until", "author", "comment"),
        ((s.id, _matched(s), s.ends_at, s.author, s.comment) for s in found),
    )


@silences.command("expire")
def expire_silence(
    silence: Annotated[str, typer.Argument(help="The silence's id, or its beginning.")],
    config: CONFIG = None,
) -> None:
    """End a silence now. What it kept in stays kept in: `watcher alerts retry` sends it.

    - `watcher silence expire 9b1f6c0e5d2a7f43`
    """
    now = SystemClock().now()
    with Opened(config) as store, store.transaction() as tx:
        found = [one for one in tx.silences(now) if one.id.startswith(silence)]
        if len(found) != 1:
            say(f"{'several silences begin' if found else 'no silence begins'} with {silence!r}")
            raise typer.Exit(1)
        tx.expire_silence(found[0], now)
    say(f"silence {found[0].id} has ended")


def silence_record(silence: Silence, now: datetime) -> dict[str, object]:
    """Tell a silence, as docs/command-line.md has it."""
    return {
        "silence": silence.id,
        "matches": dict(silence.matches),
        "begins": moment(silence.begins_at),
        "ends": moment(silence.ends_at),
        "in_force": silence.begins_at <= now < silence.ends_at,
        "author": silence.author,
        "comment": silence.comment,
        "created": moment(silence.created_at),
    }


def _matched(silence: Silence) -> str:
    return ", ".join(f"{label} {glob}" for label, glob in silence.matches)
