"""SIGTERM and SIGINT ask to stop, SIGHUP asks to reload; both are heard between two steps."""

import signal
from queue import SimpleQueue
from types import FrameType, TracebackType
from typing import Literal, Self

Wish = Literal["stop", "reload"]
WISHES: dict[signal.Signals, Wish] = {
    signal.SIGTERM: "stop",
    signal.SIGINT: "stop",
    signal.SIGHUP: "reload",
}


class Signals:
    """Hears signals while it is open, and puts the handlers back that were there before.

    Must be opened in the main thread. A handler does nothing but note the wish: everything else
    happens where `wait` is called.
    """

    def __init__(self) -> None:
        self._wishes: SimpleQueue[Wish] = SimpleQueue()
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in WISHES:
            self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave us

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._wishes.put(WISHES[signal.Signals(number)])

    def wait(self) -> Wish:
        """Wait until somebody wishes something."""
        return self._wishes.get()
