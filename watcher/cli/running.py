"""Verbs that do the job: run, once, demo, check, init."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.history import volume_warnings
from watcher.cli.printing import json_line, say, table
from watcher.cli.records import alert_record, fault_record, visit_record
from watcher.cli.settings import CONFIG, loaded
from watcher.clock import SystemClock
from watcher.model import Fault
from watcher.text.numbers import several

RECORD = Annotated[
    Path | None,
    typer.Option(help="Write what each visit gets to this folder, for `watcher replay`."),
]
MEGABYTES = Annotated[
    int, typer.Option(min=16, help="How large the folder may grow; then the oldest visits go.")
]
BAD_CONFIG = 78  # EX_CONFIG of sysexits.h
JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def _log_to_stderr(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings quote addresses: fetch.wire
    logging.getLogger("alembic").setLevel(logging.WARNING)


def run(
    config: CONFIG = None,
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every visit.")] = False,
    record: RECORD = None,
    record_megabytes: MEGABYTES = 1024,
) -> None:
    """Be the daemon, in the foreground; systemd runs this. SIGHUP reloads, SIGTERM stops.

    Exit code 78 for a faulty configuration, so that systemd does not start it again.

    - `watcher run -v --config /etc/watcher/watcher.yaml`
    """
    from watcher.config import environment
    from watcher.errors import ConfigError

    _log_to_stderr(verbose=verbose)
    try:
        good = loaded(config)
    except ConfigError as bad:
        say(str(bad))
        raise typer.Exit(BAD_CONFIG) from None

    from watcher.app import opened, recorder
    from watcher.service.mending import whole
    from watcher.service.pen import alone
    from watcher.service.running import serve

    now = SystemClock().now()
    with (
        alone(good.state, environment(), "watcher run", now),
        whole(good, now),
        recorder(record, record_megabytes) as recording,
        opened(good, recorder=recording) as app,
    ):
        serve(app, lambda: loaded(config), environment())


def once(
    config: CONFIG = None,
    *,
    all_feeds: Annotated[bool, typer.Option("--all", help="Every feed, due or not.")] = False,
    record: RECORD = None,
    record_megabytes: MEGABYTES = 1024,
    as_json: JSON = False,
) -> None:
    """Visit all due feeds, deliver what is due, and end; prints what happened.

    What a daemon does of itself is done where it is due: the backup and the line of the day, the
    ping, and old texts are forgotten. A damaged database is mended first.

    - `watcher once --all`
    """
    from watcher.app import opened, recorder
    from watcher.config import environment
    from watcher.service.mending import whole
    from watcher.service.pen import alone
    from watcher.service.routine import ping_once, round_off
    from watcher.service.troubles import Troubles

    good, now = loaded(config), SystemClock().now()
    with (
        alone(good.state, environment(), "watcher once", now),
        whole(good, now),
        recorder(record, record_megabytes) as recording,
        opened(good, recorder=recording) as app,
    ):
        if all_feeds:
            with app.store.transaction() as tx:
                tx.make_all_due(app.clock.now())
        visits = app.poll_until_done()
        app.judge_rules()
        deliveries = app.deliver_all()
        troubles = Troubles(app)
        round_off(app, troubles)
        deliveries += app.deliver_all()
        ping_once(app, troubles)
    if as_json:
        for visit in visits:
            json_line({"visit": visit_record(visit)})
        for delivery in deliveries:
            json_line({"alert": alert_record(delivery.alert)})
        return
    table(
        ("feed", "outcome", "items", "new", "copies", "hits", "alerts", "reason"),
        (
            (v.feed, v.outcome, v.items, v.fresh, v.copies, v.hits, v.promised, v.reason)
            for v in visits
        ),
    )
    sent = sum(delivery.alert.state == "sent" for delivery in deliveries)
    say(
        f"{several(len(visits), 'feed')} visited, "
        f"{several(sum(v.fresh for v in visits), 'new item')}, "
        f"{several(sum(v.promised for v in visits), 'alert')} promised, {sent} delivered"
    )


def demo(*, as_json: JSON = False) -> None:
    """Show the main job on the shipped example in `seeds/`, with no network beyond loopback.

    - `watcher demo --json`
    """
    from watcher.demo import show

    raise typer.Exit(show(as_json=as_json))


def check(
    config: CONFIG = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(help="Warn of rules that would have fired too often since then: 7d, 4w."),
    ] = None,
    as_json: JSON = False,
) -> None:
    """Check configuration, rules and the rules' own tests; all faults at once, exit 2 on any.

    - `watcher check --since 7d`
    """
    from watcher.errors import ConfigError

    try:
        good = loaded(config, check_tests=True, quiet=True)
    except ConfigError as bad:
        for fault in bad.faults:
            _tell_fault(fault, as_json=as_json)
        raise typer.Exit(2) from None
    floods = volume_warnings(config, since) if since else ()
    for fault in (*good.warnings, *floods):
        _tell_fault(fault, as_json=as_json)
    if not as_json:
        typer.echo(
            f"good: {several(len(good.feeds), 'feed')}, {several(len(good.rules.infos), 'rule')}, "
            f"{several(len(good.routes), 'route')}, {several(len(good.channels), 'channel')}"
        )


def _tell_fault(fault: Fault, *, as_json: bool) -> None:
    if as_json:
        json_line({"warning" if fault.warning else "error": fault_record(fault)})
    else:
        say(fault.told())


def init(
    folder: Annotated[Path, typer.Argument(help="Where to put it; made if it is not there.")],
    *,
    state: Annotated[
        str, typer.Option(help="The database; else watcher.db beside the configuration.")
    ] = "",
) -> None:
    """Copy the commented example configuration to a folder; asks nothing, never overwrites.

    - `watcher init /etc/watcher --state /var/lib/watcher/watcher.db`
    """
    from watcher.config import copy_example

    for path in copy_example(folder, state=state):
        typer.echo(str(path))
    say(f"now edit {folder}/watcher.yaml, then: watcher check --config {folder}/watcher.yaml")
