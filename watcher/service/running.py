"""The daemon's life: it starts, serves, reloads when asked, and stops.

READY is told when the database answers and the first plan is made. WATCHDOG is told only from
evidence: every job showed a sign of life in the time it may take, and the database has just
answered. A database that answers with an error has answered: to be ended and started again would
not mend a full disk. What does not come back at all is ended.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event

from watcher.app import App
from watcher.config import Config
from watcher.daemon import (
    Alarm,
    Control,
    Job,
    Notify,
    Record,
    Signals,
    notifier,
    reloading,
    watchdog_of,
)
from watcher.daemon.control import LONGEST_LOAN
from watcher.errors import ConfigError, StoreDamaged, StoreError
from watcher.model import Topic
from watcher.service.copies import gaps
from watcher.service.mending import suspect
from watcher.service.places import Places, places_of, signed
from watcher.service.record import record_of
from watcher.service.routine import routine
from watcher.service.troubles import Troubles, told_of

log = logging.getLogger("watcher")

LOOK_EVERY = 5.0  # seconds between two looks at ourselves
LOOKS_IN_A_WATCHDOG = 3
BAD_LOOKS = 2  # in a row until the operator is told: a lock that lasts a moment is no news
LEND = timedelta(seconds=20)
RELOAD = 600.0  # seconds until whoever waits for a reload is told that it still goes on

Load = Callable[[], Config]


@dataclass(slots=True)
class _Ticket:
    """Somebody who waits for a reload."""

    done: Event = field(default_factory=Event)
    answer: Record = field(default_factory=dict)


class Service:
    """An App as a daemon."""

    def __init__(
        self, app: App, load: Load, places: Places, notify: Notify, watchdog: float | None = None
    ) -> None:
        self.app = app
        self.since = app.clock.now()
        self.loaded_at = self.since
        self.troubles = Troubles(app)
        self.state_waits = ""  # the `state` that is used from the next start on
        self.next_visit: datetime | None = None
        self._load = load
        self._places = places
        self._notify = notify
        self._look_every = min(LOOK_EVERY, (watchdog or LOOK_EVERY * 3) / LOOKS_IN_A_WATCHDOG)
        self._signals: Signals | None = None
        self._tickets: SimpleQueue[_Ticket] = SimpleQueue()
        self._fresh: tuple[Config, list[_Ticket]] | None = None
        self._ready = False
        self._bad_looks = {Topic.STORE: 0, Topic.WORK: 0}

    # --- its life

    def run(self) -> None:
        """Be the daemon until a signal says stop; in the main thread."""
        with Signals() as self._signals, self._control():  # before anyone is told that we run
            self.app.showing.serve(self.app.config.web)
            log.info("started; %s", self.app.extent())
            if self._places.database is not None:
                self.troubles.tell_of_gaps(gaps(self._places.database))
            self.app.gather()  # before anything of it goes out alone
            wish = ""
            while wish != "stop":
                with Alarm(
                    self._jobs(), pulse=self.app.pulse, while_closing=self._tell_that_we_live
                ) as self.app.alarm:
                    wish = self._serve(self._signals)
                    if wish == "stop":
                        self._notify("STOPPING=1\nSTATUS=stopping")
                        self.app.stop()
                    else:
                        self.app.pipeline.rest(resting=True)
                if wish == "swap":
                    self._swap()
                    self.app.pipeline.rest(resting=False)
        log.info("stopped")

    def _serve(self, signals: Signals) -> str:
        """Look after ourselves until there is a reason to end the jobs: `stop` or `swap`."""
        while True:
            self.look()
            wish = signals.wait(self._look_every)
            if wish == "stop":
                return "stop"
            if wish == "reload" and self._loaded():
                return "swap"

    def _jobs(self) -> tuple[Job, ...]:
        return (*self.app.jobs(), *routine(self.app, self.troubles))

    @contextmanager
    def _control(self) -> Iterator[None]:
        socket = self._places.socket
        if socket is None:
            log.warning("no control socket: `watcher reload` cannot reach this daemon")
            yield
            return
        with Control(socket, self._answering), signed(self._places.sign, socket):
            yield

    # --- reload

    def _loaded(self) -> bool:
        """Load a configuration while the old one works on; tell whether there is one to take."""
        waiting = _all(self._tickets)
        self._notify(f"{reloading()}\nSTATUS=reloading")
        try:
            fresh = self._load()
        except ConfigError as refused:
            log.error("configuration refused, the old one stays in service:\n%s", refused)
            self._reloaded(waiting, str(refused))
            return False
        self._fresh = (fresh, waiting)
        return True

    def _swap(self) -> None:
        assert self._fresh is not None
        (fresh, waiting), self._fresh = self._fresh, None
        before = self.app.config.state
        refused = told_of(self.app.reload(lambda: fresh))
        if not refused:
            self.loaded_at = self.app.clock.now()
            opened = self.state_waits or before
            self.state_waits = opened if fresh.state != opened else ""
        self._reloaded(waiting, refused)

    def _reloaded(self, waiting: list[_Ticket], refused: str) -> None:
        self.troubles.see(Topic.CONFIG, refused)
        self._notify("READY=1")
        warnings = [] if refused else [*self.app.config.warnings]
        for ticket in waiting:
            ticket.answer = {
                "taken": not refused,
                "faults": refused,
                "watching": self.app.extent(),
                "warnings": [warning.told() for warning in warnings],
                "state_waits": bool(self.state_waits),
            }
            ticket.done.set()

    # --- what it is asked

    @contextmanager
    def _answering(self, request: Record) -> Iterator[Record]:
        with ExitStack() as held:
            yield self._answer(request, held)

    def _answer(self, request: Record, held: ExitStack) -> Record:
        match request.get("ask"):
            case "status":
                return self.record()
            case "reload":
                return self._asked_to_reload(wait=bool(request.get("wait")))
            case "pen":
                return self._lent(held)
            case other:
                return {"error": f"this daemon does not know the question {other!r}"}

    def _lent(self, held: ExitStack) -> Record:
        """Lend our turn to write; whoever has to wait for it meanwhile is excused."""
        try:
            held.enter_context(self.app.store.nobody_writing(LEND))
        except StoreError as trouble:
            return {"error": str(trouble)}
        self.app.pulse.begin_alone("pen", timedelta(seconds=LONGEST_LOAN))
        held.callback(self.app.pulse.end_alone, "pen")
        return {"held": True}

    def _asked_to_reload(self, *, wait: bool) -> Record:
        assert self._signals is not None
        ticket = _Ticket()
        self._tickets.put(ticket)
        self._signals.ask("reload")
        if not wait:
            return {"asked": True}
        if not ticket.done.wait(RELOAD):
            return {"error": f"the reload still goes on after {RELOAD:g} s"}
        return ticket.answer

    def record(self) -> Record:
        """Tell how the daemon does."""
        return record_of(
            self.app,
            self.troubles,
            self.broken,
            since=self.since,
            loaded_at=self.loaded_at,
            next_visit=self.next_visit,
            state_waits=bool(self.state_waits),
            doing=self.told(),
        )

    @property
    def broken(self) -> Mapping[str, str]:
        """The jobs that failed the last time, and why."""
        return dict(self.app.alarm.broken) if self.app.alarm else {}

    # --- how it does

    def look(self) -> None:
        """Look at ourselves, and tell systemd and the operator."""
        self._look_at_the_store()
        if self.app.alarm is not None:
            broken, without = self.broken, dict(self.app.alarm.without_store)
            lacking = [self._told(trouble) for trouble in without.values()]
            failing = [f"{name}: {text}" for name, text in broken.items() if name not in without]
            self._seen(Topic.STORE, lacking[0] if lacking else self._unanswered)
            self._seen(Topic.WORK, "; ".join(failing))
        if not self._ready and not self._unanswered:
            self._ready = True
            self._notify("READY=1")
        self._tell_that_we_live()

    def _look_at_the_store(self) -> None:
        self._unanswered = ""
        try:
            with self.app.store.reading() as tx:
                self.next_visit = tx.next_due_at()
        except StoreError as trouble:
            self._unanswered = str(trouble)

    def _told(self, trouble: StoreError) -> str:
        """Say what is wrong with the database; of damage, note that the next start mends it."""
        if not isinstance(trouble, StoreDamaged) or self._places.database is None:
            return str(trouble)
        suspect(self._places.database)
        return f"{trouble}: start Watcher anew, which puts the last good backup in its place"

    def _seen(self, topic: Topic, text: str) -> None:
        """Believe a trouble, and its end, when it is seen twice in a row."""
        if bool(text) == bool(self.troubles.of(topic)):
            self._bad_looks[topic] = 0
            if text:
                self.troubles.see(topic, text)
            return
        self._bad_looks[topic] += 1
        if self._bad_looks[topic] >= BAD_LOOKS:
            self._bad_looks[topic] = 0
            self.troubles.see(topic, text)

    def _tell_that_we_live(self) -> None:
        """Tell systemd what we do, and that we live if every job does."""
        silent = self.app.pulse.silent()
        if silent:
            told = ", ".join(f"{name} for {age:.0f} s" for name, age in sorted(silent.items()))
            log.error("no sign of life from %s: the watchdog is not told that we live", told)
            self._notify(f"STATUS=no sign of life from {told}")
            return
        self._notify(f"WATCHDOG=1\nSTATUS={self.told()}")

    def told(self) -> str:
        """Say in one line what the daemon is doing."""
        troubles = [f"{topic.value}: {text}" for topic, (_, text) in self.troubles.listed().items()]
        seen = f"{self.next_visit:%H:%M:%S} UTC" if self.next_visit else "none"
        told = "; ".join((self.app.extent(), f"next visit {seen}", *troubles))
        return " ".join(told.split())[:500]


def serve(
    app: App, load: Load, environment: Mapping[str, str], *, places: Places | None = None
) -> None:
    """Be the daemon with what the environment says of systemd."""
    Service(
        app,
        load,
        places or places_of(app.config.state, environment),
        notifier(environment.get("NOTIFY_SOCKET", "")),
        watchdog_of(environment.get("WATCHDOG_USEC", "")),
    ).run()


def _all(queue: "SimpleQueue[_Ticket]") -> list[_Ticket]:
    found = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
