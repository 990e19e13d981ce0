"""A word to systemd (sd_notify(3)): a datagram to the socket that it names."""

import socket
from collections.abc import Callable
from time import CLOCK_MONOTONIC, clock_gettime_ns

Notify = Callable[[str], None]


def notifier(address: str) -> Notify:
    """Make a function that sends a state such as `READY=1`; without an address it does nothing.

    An address that begins with `@` is in the abstract namespace. A socket that is not there is
    no trouble of ours: the daemon runs without anyone listening, too.
    """
    if not address:
        return lambda _: None
    path = "\0" + address[1:] if address.startswith("@") else address

    def notify(state: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            try:
                out.sendto(state.encode(), path)
            except OSError:
                return

    return notify


def reloading() -> str:
    """Give the state that says since when we reload; without the time, systemd would wait."""
    return f"RELOADING=1\nMONOTONIC_USEC={clock_gettime_ns(CLOCK_MONOTONIC) // 1000}"


def watchdog_of(told: str) -> float | None:
    """Read WATCHDOG_USEC: after how many seconds without a sign we are ended; None: never."""
    return int(told) / 1e6 if told.isdigit() and int(told) else None
