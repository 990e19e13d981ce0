"""Connections to checked addresses, under one shared TLS context.

requests would load the bundle of certificates anew for every host (30 ms each); here one context,
made once, serves all. A connection is used for one request: with a pause between two requests to
a host, keeping it alive would hold a socket and save nothing.
"""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection

from watcher.errors import ConfigError
from watcher.fetch.guard import Guard
from watcher.fetch.lifeline import Lifeline
from watcher.fetch.settings import FetchSettings
from watcher.fetch.trouble import Trouble
from watcher.model import Fault

# its warnings quote addresses, and addresses hold secrets; what matters comes back as a result
logging.getLogger("urllib3").setLevel(logging.ERROR)


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Make the context that all connections share: public certificates, and the operator's."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as trouble:
            message = f"ca_file {ca_file} cannot be read as PEM certificates: {trouble.strerror}"
            raise ConfigError([Fault(code="C001", message=message)]) from trouble
    return context


class Wire:
    """Sends requests, each over a connection of its own that the guard has let through."""

    def __init__(self, settings: FetchSettings, guard: Guard) -> None:
        self._settings = settings
        self._guard = guard
        self._tls = tls_context(settings.ca_file)

    @contextmanager
    def answer(self, request: PreparedRequest, line: Lifeline) -> Iterator[Response]:
        """Send a request and give its answer with the body still on the line.

        Nothing of the connection is left when the block ends. Raises what urllib3 and http.client
        raise. Of requests only its request and its response are used: its session reads the whole
        body of a redirect, however long, and keeps cookies, and its adapter costs more than all
        else that a 304 takes.
        """
        with closing(self._connection(str(request.url), line)) as connection:
            connection.connect()
            connection.timeout = line.patience(self._settings.read_timeout.total_seconds())
            try:
                connection.request(
                    "GET",
                    request.path_url,
                    headers=request.headers,
                    preload_content=False,
                    decode_content=False,
                )
            except ValueError:  # a line break in a header, and the like
                raise Trouble("the address or a stored validator cannot be sent") from None
            with closing(connection.getresponse()) as raw:
                yield _response(raw)

    def _connection(self, url: str, line: Lifeline) -> HTTPConnection:
        parts = urlsplit(url)
        patience = line.patience(self._settings.connect_timeout.total_seconds())
        tls = {"ssl_context": self._tls} if parts.scheme == "https" else {}
        kind = GuardedHTTPS if tls else GuardedHTTP
        return kind(
            parts.hostname, parts.port, timeout=patience, guard=self._guard, line=line, **tls
        )


def _response(raw: BaseHTTPResponse) -> Response:
    response = Response()
    response.raw, response.status_code, response.reason = raw, raw.status, raw.reason or ""
    return response


class GuardedHTTP(HTTPConnection):
    """A connection to an address that was checked; the Host header still says the name."""

    def __init__(
        self,
        *places: Any,  # noqa: ANN401 - as in urllib3
        guard: Guard,
        line: Lifeline,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*places, **options)
        self._guard = guard
        self._line = line

    def _new_conn(self) -> socket.socket:
        addresses = self._guard.addresses(self._dns_host, self.port)
        return connect(addresses, self.port, self.timeout, self._line)


class GuardedHTTPS(GuardedHTTP, HTTPSConnection):
    """The same under TLS: the name is what the certificate is checked against."""


def connect(
    addresses: tuple[str, ...], port: int, timeout: float | None, line: Lifeline
) -> socket.socket:
    """Connect to the first of these addresses that answers; raises what the last one raised."""
    trouble: OSError | None = None
    for address in addresses:
        try:
            return _connected(address, port, timeout, line)
        except OSError as again:
            trouble = again
            line.check()
    assert trouble is not None, "the guard gives at least one address"
    if isinstance(trouble, TimeoutError):
        raise Trouble("connecting took too long") from trouble
    raise trouble


def _connected(address: str, port: int, timeout: float | None, line: Lifeline) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(line.patience(timeout))
        line.hold(connection)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection
