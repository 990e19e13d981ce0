"""Verbs about ways out: channels list, channels test."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.printing import json_line, moment, say, table
from watcher.cli.settings import CONFIG, Opened, loaded
from watcher.clock import SystemClock
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelHealth,
    ChannelName,
    Message,
    Refused,
    RouteName,
    Sent,
    content_id,
)

if TYPE_CHECKING:
    from watcher.ports import Transaction

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
SAMPLE = Annotated[
    str, typer.Option("--sample", help="What it is like: story, update, digest, feed …")
]
ON_THE_WAY = (AlertState.PENDING, AlertState.SENDING, AlertState.DOUBTFUL)
COLUMNS = (
    "channel",
    "state",
    "last_sent",
    "failing_since",
    "next_try",
    "held",
    "pending",
    "dead",
    "trouble",
)

channels = typer.Typer(help="The ways out and how they do.", no_args_is_help=True)


@channels.command("list")
def list_channels(config: CONFIG = None, *, as_json: JSON = False) -> None:
    """List the channels: how they do, when something last arrived, what waits and what is dead.

    One that the configuration does not have any more is listed while alerts wait for it.

    - `watcher channels list --json`
    """
    now = SystemClock().now()
    opened = Opened(config)
    with opened as store, store.reading() as tx:
        records = channel_records(tx, [one.name for one in opened.config.channels], now)
    if as_json:
        for record in records:
            json_line(record)
        return
    table(COLUMNS, ([record[column] for column in COLUMNS] for record in records))


def channel_records(
    tx: "Transaction", configured: list[ChannelName], now: datetime
) -> list[dict[str, object]]:
    """Tell how channels do, as docs/command-line.md has it."""
    health, numbers = tx.channels(), dict[tuple[ChannelName, AlertState], int]()
    for waiting in tx.waiting():
        numbers[waiting.channel, waiting.state] = waiting.number
    unsent = (AlertState.HELD, *ON_THE_WAY)
    left = {name for name, state in numbers if state in unsent} - set(configured)
    return [
        _record(health.get(name, ChannelHealth(name=name)), name in configured, numbers, now)
        for name in (*configured, *sorted(left))
    ]


def _record(
    health: ChannelHealth,
    configured: bool,
    numbers: Mapping[tuple[ChannelName, AlertState], int],
    now: datetime,
) -> dict[str, object]:
    def number(*states: AlertState) -> int:
        return sum(numbers.get((health.name, state), 0) for state in states)

    return {
        "channel": health.name,
        "state": _state(health, now) if configured else "not configured",
        "last_sent": moment(health.last_sent_at),
        "failing_since": moment(health.failing_since),
        "failures": health.failures,
        "next_try": moment(health.next_try_at),
        "trouble": health.trouble,
        "held": number(AlertState.HELD),
        "pending": number(*ON_THE_WAY),
        "sent": number(AlertState.SENT),
        "dead": number(AlertState.DEAD),
    }


def _state(health: ChannelHealth, now: datetime) -> str:
    from watcher.alerts import is_gone, is_open, may_send

    if is_gone(health):
        return "gone"
    if is_open(health):
        return "failing"
    if not may_send(health, now):
        return "waiting"
    if health.failures:
        return "troubled"
    return "ok" if health.last_sent_at else "not used yet"


@channels.command("test")
def try_channel(
    name: Annotated[str, typer.Argument(help="The channel's name.")],
    config: CONFIG = None,
    *,
    sample: SAMPLE = "",
    as_json: JSON = False,
) -> None:
    """Send a test alert now, past the outbox, and print what the receiver answered.

    Exit 1 where it did not take it. Nothing is kept of it.

    - `watcher channels test desk`
    - `watcher channels test desk --sample digest`
    """
    from watcher.alerts import outcome_told
    from watcher.alerts.template import SAMPLES
    from watcher.channels import open_channel

    if sample and sample not in SAMPLES:
        say(f"no sample {sample!r}; there is {', '.join(SAMPLES)}")
        raise typer.Exit(2)

    configured = {one.name: one for one in loaded(config, quiet=True).channels}
    settings = configured.get(ChannelName(name))
    if settings is None:
        say(f"no channel {name!r} is configured; there is {', '.join(configured)}")
        raise typer.Exit(2)
    clock = SystemClock()
    began = clock.now()
    alert = _test_alert(settings.name, began)
    if sample:
        alert = _like(SAMPLES[sample], alert)
    outcome = open_channel(settings, clock).send(alert)
    took = round((clock.now() - began).total_seconds(), 3)
    word, answer = outcome_told(outcome)
    if isinstance(outcome, Refused) and outcome.gone:
        word = "gone"
    if as_json:
        json_line({"channel": name, "outcome": word, "answer": answer, "seconds": took})
    else:
        typer.echo(f"{word} after {took:g} s{f': {answer}' if answer else ''}")
    if not isinstance(outcome, Sent):
        raise typer.Exit(1)


def _like(sample: Alert, test: Alert) -> Alert:
    """Give the test alert a sample's words and kind; it answers no message, for there is none."""
    return replace(test, kind=sample.kind, item=sample.item, message=sample.message)


def _test_alert(name: ChannelName, now: datetime) -> Alert:
    message = Message(
        headline=f"Test of channel {name}",
        body="This is a test by `watcher channels test`: if you can read it, alerts arrive here.",
    )
    return Alert(
        key=AlertKey(content_id("test", name, now.isoformat())),
        kind=AlertKind.TEST,
        route=RouteName(name),
        channel=name,
        story=None,
        item=None,
        message=message,
        because="a test by hand",
        state=AlertState.SENDING,
        created_at=now,
        due_at=now,
        attempts=1,
    )
