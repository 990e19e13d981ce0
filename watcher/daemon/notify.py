"""A word to systemd (sd_notify(3)): a datagram to the socket that it names."""

import socket
from collections.abc import Callable


def notifier(address: str) -> Callable[[str], None]:
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
