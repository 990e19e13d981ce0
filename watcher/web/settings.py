"""What the status page must be told, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from watcher.model import Secret
from watcher.web.passwords import is_sound

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
LEAST_TOKEN = 20  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the page is served, to whom, and under which names."""

    host: str = "127.0.0.1"
    port: int = 8080
    socket: str = ""  # path of a Unix socket; then host and port do not count
    hosts: tuple[str, ...] = ()  # names it is asked for by, besides those of this machine itself
    password: Secret | None = None  # or its scrypt hash
    token: Secret | None = None  # for programs; the addresses of alert feeds are made from it too
    https: bool = False  # what stands in front of it speaks TLS

    @property
    def names(self) -> frozenset[str]:
        """The host names under which it answers."""
        own = () if self.socket or self.host in ("0.0.0.0", "::") else (self.host,)  # noqa: S104
        return frozenset(name.lower().strip("[]") for name in (*LOCAL_NAMES, *own, *self.hosts))

    @property
    def told(self) -> str:
        """Where it is, as one types it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"unix:{self.socket}" if self.socket else f"http://{host}:{self.port}/"


def web_faults(settings: WebSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing password or token."""
    return tuple(_faults(settings))


def _faults(settings: WebSettings) -> Iterator[str]:
    if not settings.socket and not is_loopback(settings.host):
        if settings.password is None:
            yield (
                f"{settings.host} can be reached from other machines: give a `password`, "
                "or listen on 127.0.0.1"
            )
        if not settings.hosts:
            yield "name in `hosts` what people call this machine by: other names are turned away"
    if settings.token is not None and settings.password is None:
        yield "a `token` keeps nobody out without a `password`"
    if settings.password is not None and not is_sound(settings.password):
        yield "`password` is neither a hash that `watcher web password` made nor 12 characters long"
    if settings.token is not None and len(settings.token.reveal()) < LEAST_TOKEN:
        yield f"`token` is too easy to guess: {LEAST_TOKEN} characters at least"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
