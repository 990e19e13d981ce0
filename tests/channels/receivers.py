"""An HTTP receiver on this machine that keeps what it is sent, and answers what it is told to.

`Receiver(Reply(500), HANG)` answers 500 to the first request, nothing to the second, and 200 `ok`
to all that follow. Given a function instead (`decide=`), it asks it about each request.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Request:
    """What arrived; header names in lower case."""

    line: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP."""

    status: int = 200
    text: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)


class Trouble(Enum):
    """What a receiver may do that is no answer."""

    HANG = auto()  # say nothing until the other side gives up
    RESET = auto()  # break the connection when the request is read
    CLOSE = auto()  # close it without a word
    DRIP = auto()  # answer one byte of a header at a time, for ever
    HALF = auto()  # begin an answer of 200 and break off within the body
    NOISE = auto()  # greet in plain text that is not HTTP
    DEAF = auto()  # break the connection at the first byte: within the handshake, with TLS


Behaviour = Reply | Trouble
HANG, RESET, CLOSE, DRIP, HALF, NOISE, DEAF = Trouble
_CUT = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset


class Receiver:
    """Listens on 127.0.0.1 until the `with` block ends."""

    def __init__(
        self,
        *script: Behaviour,
        decide: Callable[[Request], Behaviour] | None = None,
        tls: ssl.SSLContext | None = None,
        path: str = "/hooks/T0SECRET/B0SECRET/canary-in-the-path",
    ) -> None:
        self.requests: list[Request] = []
        self._script = list(script)
        self._decide = decide
        self._tls = tls
        self._path = path
        self._over = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.02)
        self._port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; from now on connections are refused."""
        self._over.set()
        self._thread.join()
        self._server.close()

    @property
    def url(self) -> str:
        """The whole address, with the path that is a secret."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._port}{self._path}"

    def _serve(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError, TimeoutError):
                connection, _ = self._server.accept()
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(20)  # a machine may stall
        with connection:
            if self._script and self._script[0] in (DEAF, NOISE):
                self._be_rude(connection, self._script.pop(0))
                return
            if self._tls:
                with self._tls.wrap_socket(connection, server_side=True) as wrapped:
                    self._answer(wrapped)
            else:
                self._answer(connection)

    def _be_rude(self, connection: socket.socket, behaviour: Behaviour) -> None:
        """Do what is not even polite enough to listen first."""
        if behaviour is NOISE:
            connection.sendall(b"220 mail.example ESMTP\r\n")
        connection.recv(100_000 if behaviour is NOISE else 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)

    def _answer(self, connection: socket.socket) -> None:
        request = _read(connection)
        self.requests.append(request)
        if self._decide is not None:
            behaviour = self._decide(request)
        else:
            behaviour = self._script.pop(0) if self._script else Reply()
        if isinstance(behaviour, Reply):
            connection.sendall(_written(behaviour))
        else:
            self._be_trouble(connection, behaviour)

    def _be_trouble(self, connection: socket.socket, trouble: Trouble) -> None:
        if trouble is HANG:
            while not self._over.is_set() and connection.recv(1):
                pass
        elif trouble is RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)
        elif trouble is DRIP:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self._over.wait(0.02):
                connection.sendall(b"x")
        elif trouble is HALF:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)


def _read(connection: socket.socket) -> Request:
    with connection.makefile("rb") as stream:
        line = stream.readline().decode().rstrip("\r\n")
        headers: dict[str, str] = {}
        while said := stream.readline().decode("latin-1").rstrip("\r\n"):
            name, _, value = said.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
    return Request(line=line, headers=headers, body=body)


def _written(reply: Reply) -> bytes:
    body = reply.text.encode()
    headers = {"Content-Length": str(len(body)), **reply.headers}
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} Whatever\r\n{told}\r\n".encode() + body
