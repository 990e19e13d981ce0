"""Who carries alerts to a channel: the thread that asks, or several that it waits for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from watcher.model import Alert, Outcome
from watcher.ports import Channel

Answer = tuple[Alert, Outcome]
TOGETHER = 0.01  # seconds


class Sender:
    """Has up to so many alerts under way.

    A bug met in one does not keep the others from ending, but nothing more is begun after it.
    """

    def __init__(self, channel: Channel, at_once: int) -> None:
        self._channel, self._at_once = channel, at_once
        self._alone: Alert | None = None
        self._under_way = 0
        self._threads: list[Thread] = []
        # Two queues, and no pool with futures: each of those costs as much as a look at the store.
        self._wanted = SimpleQueue[Alert | None]()
        self._ended = SimpleQueue[tuple[Alert, Outcome | BaseException]]()
        self.bug: BaseException | None = None

    @property
    def room(self) -> int:
        """How many more may be under way."""
        return 0 if self.bug or self._alone else self._at_once - self._under_way

    @property
    def busy(self) -> bool:
        """Whether any is."""
        return bool(self._alone or self._under_way)

    def send(self, alerts: Sequence[Alert]) -> None:
        """Let these be under way."""
        for alert in alerts:
            if self._at_once == 1:
                self._alone = alert
                return
            self._under_way += 1
            if self._under_way > len(self._threads):
                name = f"send {self._channel.name} {self._under_way}"
                self._threads.append(Thread(target=self._carry, name=name))
                self._threads[-1].start()
            self._wanted.put(alert)

    def _carry(self) -> None:
        while alert := self._wanted.get():
            try:
                self._ended.put((alert, self._channel.send(alert)))
            except BaseException as bug:  # noqa: BLE001 - it flies where the answers are waited for
                self._ended.put((alert, bug))

    def answers(self) -> Sequence[Answer]:
        """Wait until there is an answer, and give all there are.

        What comes within a hundredth of a second is settled together, which costs half as much.
        """
        if self._alone is not None:
            alone, self._alone = self._alone, None
            return ((alone, self._channel.send(alone)),)
        come = []
        for alert, outcome in self._come():
            self._under_way -= 1
            if isinstance(outcome, BaseException):
                self.bug = self.bug or outcome
            else:
                come.append((alert, outcome))
        return come

    def _come(self) -> Iterator[tuple[Alert, Outcome | BaseException]]:
        yield self._ended.get()
        until = monotonic() + TOGETHER
        while self._under_way:  # the caller counts down
            try:
                yield self._ended.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                return

    def close(self) -> None:
        """Wait until nothing is under way any more."""
        for _ in self._threads:
            self._wanted.put(None)
        for thread in self._threads:
            thread.join()


@contextmanager
def sender(channel: Channel, at_once: int) -> Iterator[Sender]:
    """Open a way to a channel that takes so many at once; a bug that it met flies at the end."""
    carrier = Sender(channel, at_once)
    try:
        yield carrier
    finally:
        carrier.close()
    if carrier.bug is not None:
        raise carrier.bug
