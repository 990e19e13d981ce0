"""Posting over HTTP, once: no redirects, no environment, no cookies, a deadline for it all.

Of `requests` only the reading of addresses is used. A session for each alert costs a millisecond;
a longer one would keep the connection where the server does not say "close" itself, and send the
next alert into a connection that may be dead.
"""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property, lru_cache
from http.client import HTTPException
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from requests import Request
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from watcher.alerts.render import one_line
from watcher.channels.sending.answers import Answer, retry_after
from watcher.channels.sending.fuse import Fuse, watch
from watcher.channels.sending.reading import read_body, read_head
from watcher.channels.sending.secrets import Redactor
from watcher.channels.sending.trouble import told
from watcher.model import Doubtful, Refused, Secret, TryLater
from watcher.ports import Clock

Failed = TryLater | Doubtful | Refused

READ_AT_MOST = 4_096  # bytes of an answer; its beginning tells
_FIT_FOR_A_HEADER = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch
_ALWAYS = {
    "User-Agent": "Watcher",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # an answer cannot grow while it is read
    "Connection": "close",  # one that was kept may be dead, and then nobody knows what arrived
}


class Poster:
    """Posts to one address, which is a secret unless it is given as a text."""

    def __init__(
        self,
        url: Secret | str,
        clock: Clock,
        *,
        timeout: timedelta,
        ca_file: str = "",
        secrets: Sequence[Secret] = (),
        read_at_most: int = READ_AT_MOST,
    ) -> None:
        self._url = url if isinstance(url, Secret) else Secret(url)
        self._read_at_most = read_at_most
        self._clock = clock
        self._timeout = timeout
        self._redact = Redactor((*([url] if isinstance(url, Secret) else []), *secrets))
        self._ca_file = ca_file

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer | Failed:
        """Post once and give the answer, or why there is none; never raises for the world's sake.

        What failed before the body was touched cannot have arrived; afterwards it may have.
        """
        to = _target(self._url.reveal())
        if to is None:
            return Refused(reason="the address cannot be used; is it a whole http or https URL?")
        sent = _Request(to, body, headers)
        with Fuse(self._timeout) as fuse:
            try:
                return self._posted(to, sent, fuse)
            except (HTTPException, OSError, ValueError) as trouble:
                return self._failed(trouble, sent, fuse)

    def _posted(self, to: "_Target", sent: "_Request", fuse: Fuse) -> Answer:
        request = sent.written()
        with self._connected(to) as connection:
            sent.touched = True
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                status, headers = read_head(stream)
                text, whole = _beginning(stream, status, headers, self._read_at_most)
        return Answer(
            status=status,
            text=self._redact(one_line(text, self._read_at_most)),
            whole=whole and not fuse.blown,  # a cut looks like an end
            retry_after=retry_after(headers.get("retry-after", ""), self._clock.now()),
        )

    @contextmanager
    def _connected(self, to: "_Target") -> Iterator[socket.socket]:
        """Connect, under the fuse from the first byte of the handshake on."""
        tls = self._tls if to.tls else None
        with socket.create_connection((to.host, to.port), self._timeout.total_seconds()) as plain:
            if tls is None:
                watch(plain)
                yield plain
                return
            with tls.wrap_socket(
                plain, server_hostname=to.host, do_handshake_on_connect=False
            ) as secured:
                watch(secured)
                secured.do_handshake()
                yield secured

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Whom we trust: loading a bundle of certificates takes longer than all else here."""
        try:
            return ssl.create_default_context(cafile=self._ca_file or DEFAULT_CA_BUNDLE_PATH)
        except OSError as trouble:  # ssl.SSLError, where it holds no certificates, is one
            told = f"the file of certificates cannot be read: {trouble.strerror}"
            raise OSError(trouble.errno, told) from trouble

    def _failed(self, trouble: Exception, sent: "_Request", fuse: Fuse) -> Failed:
        late = f"no answer within {self._timeout.total_seconds():g} s"
        reason = self._redact(late if fuse.blown else told(trouble))
        if sent.touched:
            return Doubtful(reason=f"the answer was lost: {reason}")
        return TryLater(reason=f"no connection: {reason}")


class _Target(NamedTuple):
    """What a request needs to know of its address."""

    tls: bool
    host: str
    port: int
    path: str
    headers: Mapping[str, str]


@lru_cache(64)
def _target(url: str) -> _Target | None:
    """Read an address as `requests` does: quoted, its host in ASCII, a login as a header.

    None where nothing can be posted to it.
    """
    try:
        asked = Request("POST", url).prepare()
        parts = urlsplit(asked.url or "")
        tls, port = parts.scheme == "https", parts.port
    except ValueError:  # as all of its errors about addresses are
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    login = {key: told for key, told in asked.headers.items() if key == "Authorization"}
    host = {"Host": parts.netloc.rpartition("@")[2]}
    return _Target(tls, parts.hostname, port or (443 if tls else 80), asked.path_url, login | host)


class _Request:
    """One POST, which knows whether any of it was taken to be written."""

    def __init__(self, to: _Target, body: bytes, headers: Mapping[str, str]) -> None:
        self.touched = False
        self._path, self._body = to.path, body
        self._headers = {**_ALWAYS, **to.headers, **headers, "Content-Length": str(len(body))}

    def written(self) -> bytes:
        """Write it in one piece; raises ValueError where a header would be no header (RFC 9112)."""
        for name, value in self._headers.items():
            if not _FIT_FOR_A_HEADER(value):
                raise ValueError(f"the header {name} has characters that none may have")
        lines = "".join(f"{name}: {value}\r\n" for name, value in self._headers.items())
        return f"POST {self._path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + self._body


def _beginning(
    stream: BinaryIO, status: int, headers: Mapping[str, str], at_most: int
) -> tuple[str, bool]:
    """Read the beginning of an answer; that this fails does not unsay its status."""
    try:
        return read_body(stream, status, headers, at_most).decode("utf-8", "replace"), True
    except (HTTPException, OSError, ValueError):
        return "", False
