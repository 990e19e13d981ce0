"""SIGTERM and SIGINT ask to stop, SIGHUP asks to reload; both are heard between two steps.

A signal is written into a pipe by the interpreter at the moment it arrives (`set_wakeup_fd`),
whichever thread it meets, and read where somebody waits: none is lost between looking and waiting.
Another thread of ours asks through the same pipe, so that all wishes are heard in their order.
"""

import select
import signal
import socket
from types import TracebackType
from typing import Literal, Self

Wish = Literal["stop", "reload"]
WISHES: dict[int, Wish] = {
    signal.SIGTERM: "stop",
    signal.SIGINT: "stop",
    signal.SIGHUP: "reload",
}


class Signals:
    """Hears signals while it is open, and puts the handlers back that were there before.

    Must be opened in the main thread.
    """

    def __enter__(self) -> Self:
        self._ear, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _only_wake) for number in WISHES}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._ear.close()
        self._mouth.close()

    def wait(self, patience: float | None = None) -> Wish | None:
        """Wait until somebody wishes something, or for so many seconds; then nothing is wished.

        Other signals only end the wait.
        """
        ready, _, _ = select.select([self._ear], [], [], patience)
        if not ready:
            return None
        return WISHES.get(self._ear.recv(1)[0])

    def ask(self, wish: Wish) -> None:
        """Wish something, from any thread."""
        number = next(number for number, meant in WISHES.items() if meant == wish)
        self._mouth.send(bytes([number]))


def _only_wake(_number: int, _frame: object) -> None:
    """Do nothing: that there is a handler makes the interpreter write into the pipe."""
