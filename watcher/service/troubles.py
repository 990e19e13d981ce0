"""What is wrong with the service, from when to when: the operator hears of each twice."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Thread

from watcher import alerts
from watcher.app import App
from watcher.errors import StoreError
from watcher.model import Alert, Refused, Sent, ServiceNotice, Topic
from watcher.service.copies import Gap

log = logging.getLogger(__name__)


class Troubles:
    """The open troubles; each opens once and closes once, however often it is seen."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._open: dict[Topic, tuple[datetime, str]] = {}

    def of(self, topic: Topic) -> str:
        """Tell what is wrong; empty where nothing is."""
        return self._open[topic][1] if topic in self._open else ""

    def listed(self) -> dict[Topic, tuple[datetime, str]]:
        """List what is open: since when, and what it is."""
        return dict(self._open)

    def see(self, topic: Topic, text: str, since: datetime | None = None) -> None:
        """Note what is wrong, from now or another time on, or that nothing is; tell of a change."""
        if text and topic not in self._open:
            since = since or self._app.clock.now()
            self._open[topic] = (since, text)
            self._tell(ServiceNotice(topic=topic, opens=True, opened_at=since, text=text))
        elif text:
            self._open[topic] = (self._open[topic][0], text)
        elif topic in self._open:
            since, was = self._open.pop(topic)
            told = f"It lasted from {since:%Y-%m-%d %H:%M:%S} UTC on: {was}"
            self._tell(ServiceNotice(topic=topic, opens=False, opened_at=since, text=told))

    def recall(self, topic: Topic, since: datetime) -> None:
        """Go on with a trouble that another process told of, if it did, and did not close it."""
        if topic in self._open:
            return
        opened, closed = (self._told_before(topic, since, opens=opens) for opens in (True, False))
        if opened and not closed:
            self._open[topic] = (since, opened.message.body)

    def _told_before(self, topic: Topic, since: datetime, *, opens: bool) -> Alert | None:
        notice = ServiceNotice(topic=topic, opens=opens, opened_at=since, text="")
        if (alert := self._alert(notice)) is None:
            return None
        with self._app.store.reading() as tx:
            return tx.alert(alert.key)

    def tell_of_gaps(self, found: Iterable[Gap]) -> None:
        """Tell the operator of each damaged database that was replaced; of none twice."""
        for gap in found:
            self._tell(
                ServiceNotice(topic=Topic.DAMAGE, opens=True, opened_at=gap.until, text=gap.told())
            )

    def _tell(self, notice: ServiceNotice) -> None:
        if (alert := self._alert(notice)) is None:
            return
        try:
            with self._app.store.transaction() as tx:
                tx.promise(alert)
        except StoreError:  # the very thing to tell of: so it goes out without a promise
            self._send_at_once(alert)

    def _alert(self, notice: ServiceNotice) -> Alert | None:
        """Make the operator's alert; None where there is no operator."""
        watch = self._app.pipeline.watch
        if watch.operator is None:
            return None
        return alerts.notify_of_service(notice, watch.routes[watch.operator], self._app.clock.now())

    def _send_at_once(self, alert: Alert) -> None:
        """Send what cannot be written down, once, beside everything else."""
        channel = self._app.pipeline.channels[alert.channel]

        def send() -> None:
            outcome = channel.send(alert)
            level = logging.INFO if isinstance(outcome, Sent) else logging.ERROR
            log.log(level, "told the operator without the database: %s", outcome)

        _beside(send)


def _beside(do: Callable[[], None]) -> None:
    Thread(target=do, name="watcher-notice", daemon=True).start()


def told_of(refused: Refused | None) -> str:
    """Give the reason of a refusal; empty where there is none."""
    return "" if refused is None else refused.reason
