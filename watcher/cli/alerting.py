"""Verbs about what was promised: alerts list, show, retry, drop."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.charts import span
from watcher.cli.printing import Page, json_line, moment, say, table
from watcher.cli.records import alert_record, attempt_record, plan_record
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock
from watcher.model import Alert, AlertState, Attempt, ChannelName, Planned, RouteName

if TYPE_CHECKING:
    from watcher.ports import Transaction

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
KEY = Annotated[str, typer.Argument(help="The alert's key, or its beginning.")]
CHANNEL = Annotated[str | None, typer.Option(help="Only alerts to this channel.")]
SINCE = Annotated[str | None, typer.Option(help="Only alerts promised since then: 12h, 3d.")]

RETRIED = (AlertState.DEAD, AlertState.DOUBTFUL, AlertState.SUPPRESSED)
MANY = 1_000_000

alerts = typer.Typer(help="What was promised, sent, refused.", no_args_is_help=True)


@alerts.command("list")
def list_alerts(
    config: CONFIG = None,
    *,
    state: Annotated[list[AlertState] | None, typer.Option(help="Only these states.")] = None,
    route: Annotated[str | None, typer.Option(help="Only alerts to this route.")] = None,
    channel: CHANNEL = None,
    since: SINCE = None,
    limit: Annotated[int, typer.Option(help="How many to list at the most.")] = 100,
    as_json: JSON = False,
) -> None:
    """List alerts, newest first.

    - `watcher alerts list --state dead` shows the dead letters, with the reasons
    - `watcher alerts list --state held --route legal` shows what waits for the next digest
    """
    with Opened(config) as store, store.reading() as tx:
        found = tx.alerts(
            state or [],
            limit,
            route=RouteName(route) if route else None,
            channel=ChannelName(channel) if channel else None,
            since=SystemClock().now() - span(since) if since else None,
        )
    if as_json:
        for alert in found:
            json_line(alert_record(alert))
        return
    table(
        ("alert", "state", "route", "created", "due", "rules", "headline", "last"),
        (
            (
                a.key,
                a.state.value,
                a.route,
                a.created_at,
                None if a.settled_at else a.due_at,
                ",".join(sorted(a.rule_ids)),
                a.message.headline,
                a.last_outcome,
            )
            for a in found
        ),
    )


@alerts.command("show")
def show_alert(key: KEY, config: CONFIG = None, *, as_json: JSON = False) -> None:
    """Show one alert: how it reads, why it was promised, each attempt, what a digest told of.

    - `watcher alerts show 615928fe0d4ce6e6`
    """
    from watcher.alerts.render import as_text

    with Opened(config) as store, store.reading() as tx:
        alert = _known(tx, key)
        plans, attempts = tx.plans_of(alert.key), tx.attempts(alert.key)
        members = tx.members(alert.key)
    if as_json:
        json_line(
            {
                **alert_record(alert),
                "plans": [{"item": plan.item, **plan_record(plan)} for plan in plans],
                "tries": [attempt_record(attempt) for attempt in attempts],
                "members": [member.key for member in members],
            }
        )
        return
    typer.echo(as_text(alert))
    typer.echo("")
    page = Page()
    for line in _story(alert, plans, attempts, members):
        page.show(line, hang=11)


def _story(
    alert: Alert, plans: Sequence[Planned], attempts: Sequence[Attempt], members: Sequence[Alert]
) -> list[str]:
    """Tell in lines what became of an alert."""
    lines = [f"{alert.state.value} on {alert.channel}, {alert.attempts} attempts"]
    lines += [f"  key      {alert.key}", f"  because  {alert.because}"]
    if waits := waits_for(alert):
        lines.append(f"  waits    {waits}")
    lines += [f"  plan     {p.decision} for item {p.item}: {p.because}" for p in plans]
    lines += [
        f"  attempt  {moment(a.at)} #{a.number}: {a.outcome} {a.detail}".rstrip() for a in attempts
    ]
    if alert.last_outcome:
        lines.append(f"  last     {alert.last_outcome}")
    lines += [f"  member   {m.key} {m.message.headline}" for m in members]
    return lines


def waits_for(alert: Alert) -> str:
    """Say until when an alert waits, and with which others; "" where it does not."""
    if alert.settled_at is not None or alert.state is AlertState.SENDING:
        return ""
    told = f"until {moment(alert.due_at)}"
    return f"{told}, to be told together: {alert.bundle}" if alert.bundle else told


@alerts.command("retry")
def retry_alerts(
    key: Annotated[str | None, typer.Argument(help="The alert's key, or its beginning.")] = None,
    config: CONFIG = None,
    *,
    channel: Annotated[str | None, typer.Option(help="All dead letters of a channel.")] = None,
    since: Annotated[
        str | None, typer.Option(help="All dead letters promised since then: 12h, 3d.")
    ] = None,
) -> None:
    """Send a dead, doubtful or suppressed alert again, or many dead letters, each under its key.

    - `watcher alerts retry 8f3a`
    - `watcher alerts retry --channel slack-security --since 3d`
    """
    if bool(key) == bool(channel or since):
        say("name one alert, or say which dead letters: --channel, --since")
        raise typer.Exit(2)
    now = SystemClock().now()
    with Opened(config) as store, store.transaction() as tx:
        found = (
            (_retriable(tx, key),)
            if key
            else tx.alerts(
                (AlertState.DEAD,),
                MANY,
                channel=ChannelName(channel) if channel else None,
                since=now - span(since) if since else None,
            )
        )
        for alert in found:
            tx.retry_alert(alert, now)
    if not found:
        say("no dead letter is like that")
        raise typer.Exit(1)
    told = f"alert {found[0].key} is" if len(found) == 1 else f"{len(found)} alerts are"
    say(f"{told} pending again; the daemon or `watcher once` sends them")


def _retriable(tx: "Transaction", key: str) -> Alert:
    alert = _known(tx, key)
    if alert.state not in RETRIED:
        say(f"alert {key!r} is {alert.state.value}: only dead, doubtful and suppressed are retried")
        raise typer.Exit(1)
    return alert


@alerts.command("drop")
def drop_alerts(
    keys: Annotated[list[str], typer.Argument(help="Alerts' keys, or their beginnings.")],
    config: CONFIG = None,
) -> None:
    """Never send these alerts: they are suppressed, stay on record, and can be retried.

    - `watcher alerts drop 615928fe0d4ce6e6`
    """
    from watcher.alerts import drop_by_hand

    now = SystemClock().now()
    with Opened(config) as store, store.transaction() as tx:
        for key in keys:
            alert = _known(tx, key)
            dropped = drop_by_hand(alert, now)
            if dropped is None:
                say(f"alert {key!r} is {alert.state.value}: it cannot be dropped; nothing was done")
                raise typer.Exit(1)
            tx.resettle([dropped])
    say(f"{len(keys)} alerts dropped" if len(keys) > 1 else "1 alert dropped")


def _known(tx: "Transaction", key: str) -> Alert:
    """Find an alert, or leave with exit code 1."""
    alert = tx.alert(key)
    if alert is None:
        say(f"no alert {key!r} is known; `watcher alerts list` lists them")
        raise typer.Exit(1)
    return alert
