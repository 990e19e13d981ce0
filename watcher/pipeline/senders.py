"""Who carries alerts to a channel: the thread that asks, or several that it waits for."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from watcher.model import Alert, Outcome
from watcher.ports import Channel

Answer = tuple[Alert, Outcome]
TOGETHER = 0.01  # seconds


class Sender:
    """Has up to so many alerts under way.

    A bug met in one does not keep the others from ending, but nothing more is begun after it.
    """

    def __init__(self, channel: Channel, pool: ThreadPoolExecutor | None, at_once: int) -> None:
        self._channel, self._pool, self._at_once = channel, pool, at_once
        self._alone: Alert | None = None
        self._under_way: dict[Future[Outcome], Alert] = {}
        self.bug: BaseException | None = None

    @property
    def room(self) -> int:
        """How many more may be under way."""
        return 0 if self.bug or self._alone else self._at_once - len(self._under_way)

    @property
    def busy(self) -> bool:
        """Whether any is."""
        return bool(self._alone or self._under_way)

    def send(self, alerts: Sequence[Alert]) -> None:
        """Let these be under way."""
        for alert in alerts:
            if self._pool is None:
                self._alone = alert
            else:
                self._under_way[self._pool.submit(self._channel.send, alert)] = alert

    def answers(self) -> Sequence[Answer]:
        """Wait until there is an answer, and give all there are.

        What comes within a hundredth of a second is settled together, which costs half as much.
        """
        if self._alone is not None:
            alone, self._alone = self._alone, None
            return ((alone, self._channel.send(alone)),)
        ended, others = wait(self._under_way, return_when=FIRST_COMPLETED)
        ended |= wait(others, timeout=TOGETHER).done
        come = [(self._under_way.pop(one), one) for one in ended]
        bugs = filter(None, (one.exception() for _, one in come))
        self.bug = self.bug or next(bugs, None)
        return [(alert, one.result()) for alert, one in come if one.exception() is None]


@contextmanager
def sender(channel: Channel, at_once: int) -> Iterator[Sender]:
    """Open a way to a channel that takes so many at once; a bug that it met flies at the end."""
    if at_once == 1:
        yield Sender(channel, None, 1)
        return
    with ThreadPoolExecutor(at_once, thread_name_prefix=f"send {channel.name}") as pool:
        several = Sender(channel, pool, at_once)
        yield several
    if several.bug is not None:
        raise several.bug
