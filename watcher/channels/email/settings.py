"""What the e-mail channel must be told, and what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal

from watcher.alerts.template import Template
from watcher.channels.sending import timeout_faults
from watcher.model import ChannelName, Secret

_ATOM, _LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """Which server to hand mail in at, as whom, for whom."""

    name: ChannelName
    host: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"  # never falls back
    user: str = ""  # empty: without login
    password: Secret | None = None
    sender: str  # a bare address; its domain also names the messages
    recipients: tuple[str, ...]  # bare addresses
    unsubscribe: str = ""  # who is written to by a reader who wants no more
    timeout: timedelta = timedelta(seconds=60)  # for the whole conversation
    ca_file: str = ""  # certificates to trust instead of the public ones
    template: Template | None = None  # words of the operator's own; None: the built-in ones

    @property
    def domain(self) -> str:
        """The part of the sender's address after the @."""
        return self.sender.rpartition("@")[2]


def faults(settings: EmailSettings) -> tuple[str, ...]:
    """Tell what is wrong with the settings, without showing the password."""
    return tuple(_faults(settings))


def _faults(settings: EmailSettings) -> Iterator[str]:
    if settings.tls not in {"starttls", "implicit", "none"}:
        yield "`tls` must be `starttls`, `implicit` or `none`"
    if settings.tls == "none" and not is_loopback(settings.host):
        yield "`tls: none` is only for a server on this machine"
    if bool(settings.user) != (settings.password is not None):
        yield "`password` and `user` come together"
    if not settings.recipients:
        yield "`to` names nobody"
    if not _is_address(settings.sender):
        yield f"`from` is not a bare e-mail address in ASCII: {settings.sender!r}"
    for address in settings.recipients:
        if not _is_address(address):
            yield f"`to` has what is not a bare e-mail address in ASCII: {address!r}"
    if settings.unsubscribe and not _is_address(settings.unsubscribe):
        yield f"`unsubscribe` is not a bare e-mail address in ASCII: {settings.unsubscribe!r}"
    yield from timeout_faults(settings.timeout)


def is_loopback(host: str) -> bool:
    """Tell whether what is said to a host stays on this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None
