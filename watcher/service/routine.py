"""What the service does of itself, again and again: the ping, the line a day, the backup.

The daemon has a job for each. A single round, of those who prefer a timer, does what has come due.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from watcher import alerts
from watcher.app import App
from watcher.channels.sending import Answer, Poster
from watcher.config.main_file import Ping
from watcher.daemon import Job
from watcher.model import AlertState
from watcher.service.copies import folder_of, gaps
from watcher.service.keeper import Keeper
from watcher.service.places import file_of
from watcher.service.troubles import Troubles
from watcher.text.numbers import several

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LATE = timedelta(hours=1)  # after its time, a line of the day is told no more
WAITED = timedelta(minutes=10)  # an alert that is due for so long is told to wait
PING_TIMEOUT = timedelta(seconds=10)


def routine(app: App, troubles: Troubles) -> tuple[Job, ...]:
    """List the jobs that the configuration asks for."""
    config = app.config
    jobs = []
    if config.ping is not None:
        do = _pinging(app, troubles, config.ping)
        jobs.append(Job(name="ping", every=config.ping.every, do=do))
    if config.daily is not None:
        jobs.append(Job(name="daily line", every=MINUTE, do=lambda: tell_the_day(app)))
    if folder_of(config) is not None:
        jobs.append(Job(name="backup", every=MINUTE, do=Keeper(app, troubles).keep))
    return tuple(jobs)


def round_off(app: App, troubles: Troubles) -> None:
    """Do what a daemon would have done meanwhile; what it promises is not sent yet."""
    if database := file_of(app.config.state):
        troubles.tell_of_gaps(gaps(database))
    tell_the_day(app)
    Keeper(app, troubles).keep()
    if app.is_prunable():
        app.prune()


def ping_once(app: App, troubles: Troubles) -> None:
    """Ping if that is wanted, and all is well."""
    if app.config.ping is not None:
        _pinging(app, troubles, app.config.ping)()


def _pinging(app: App, troubles: Troubles, wanted: Ping) -> Callable[[], None]:
    """Make what pings, but only while all is well: that it stays away is the message."""
    poster = Poster(wanted.url, app.clock, timeout=PING_TIMEOUT)

    def ping() -> None:
        if troubles.listed() or app.pulse.silent():
            log.warning("no ping, because not all is well")
            return
        answer = poster.post(b"", {})
        if not isinstance(answer, Answer):
            log.warning("the ping did not arrive: %s", answer.reason)
        elif not 200 <= answer.status < 300:
            log.warning("the ping was answered with %d", answer.status)

    return ping


def tell_the_day(app: App) -> bool:
    """Promise the operator the line of the day, once, at its time; tell whether it was."""
    daily, watch = app.config.daily, app.pipeline.watch
    if daily is None or watch.operator is None:
        return False
    now = app.clock.now()
    local = now.astimezone(daily.zone)
    due = local.replace(hour=daily.at.hour, minute=daily.at.minute, second=0, microsecond=0)
    if not due <= local < due + LATE:
        return False
    route = watch.routes[watch.operator]
    line = alerts.daily_line(day_told(app, now), f"{local:%Y-%m-%d}", route, now)
    with app.store.transaction() as tx:
        return tx.promise(line)


def day_told(app: App, now: datetime) -> str:
    """Say how the last day was, in one line."""
    since = now - DAY
    with app.store.reading() as tx:
        items = tx.count_items(since)
        feeds = [feed.memory for feed in tx.feeds()]
        lost = tx.alerts([AlertState.DEAD, AlertState.DOUBTFUL], 10_000)
        waiting = tx.oldest_due(now - WAITED)
    gaps = sum(feed.gap_at is not None and feed.gap_at >= since for feed in feeds)
    failing = sum(bool(feed.trouble) for feed in feeds)
    dead = sum((alert.settled_at or alert.created_at) >= since for alert in lost)
    told = [several(len(feeds), "feed"), *([f"{failing} in trouble"] if failing else [])]
    told += [several(items, "item"), several(gaps, "gap")]
    told += [f"{several(dead, 'alert')} not delivered"] if dead else []
    told += [f"alerts wait on {', '.join(sorted(waiting))}"] if waiting else []
    return ", ".join(told if dead or waiting else [*told, "all alerts delivered"])
