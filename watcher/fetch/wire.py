"""Connections to checked addresses, under one shared TLS context.

requests would load the bundle of certificates anew for every host (30 ms each); here one context,
made once, serves all. A connection is used for one request: with a pause between two requests to
a host, keeping it alive would hold a socket and save nothing.
"""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from watcher.errors import ConfigError
from watcher.fetch.guard import Guard
from watcher.fetch.lifeline import Lifeline
from watcher.fetch.settings import FetchSettings
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

        Nothing of the connection is left when the block ends. Raises what requests and urllib3
        raise. We do not go through a `requests.Session`: it reads the whole body of a redirect,
        however long, and it keeps cookies.
        """
        connect = line.patience(self._settings.connect_timeout.total_seconds())
        read = self._settings.read_timeout.total_seconds()
        with closing(GuardedAdapter(self._tls, self._guard, line)) as adapter:
            response = adapter.send(request, stream=True, timeout=(connect, read))
            with closing(response.raw):
                yield response


class GuardedAdapter(HTTPAdapter):
    """Gives one visit's requests their connections."""

    def __init__(self, tls: ssl.SSLContext, guard: Guard, line: Lifeline) -> None:
        self._tls = tls
        self._guard = guard
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **kinds: Any,  # noqa: ANN401 - as in requests
    ) -> None:
        """Let pools open guarded connections only, with the shared context."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **kinds)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_pool, HTTPConnectionPool, self._opening(GuardedHTTP)),
            "https": partial(_pool, HTTPSConnectionPool, self._opening(GuardedHTTPS)),
        }

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401,ARG002
        """Demand a valid certificate; requests' own method would load the bundle again."""
        conn.cert_reqs = "CERT_REQUIRED"

    def _opening(self, kind: "type[GuardedHTTP]") -> Callable[..., HTTPConnection]:
        return partial(kind, guard=self._guard, line=self._line)


def _pool(
    kind: Callable[..., HTTPConnectionPool],
    opening: Callable[..., HTTPConnection],
    *places: object,
    **options: object,
) -> HTTPConnectionPool:
    """Make a pool that opens its connections like this."""
    pool = kind(*places, **options)
    pool.ConnectionCls = opening  # type: ignore[assignment] # urllib3 only ever calls it
    return pool


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
