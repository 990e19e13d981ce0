"""A real HTTP(S) server on loopback that does what it is told, right or wrong.

    with FeedServer() as server:
        server.on("/feed", Reply(body=b"<rss/>", etag='"1"'))
        server.on("/busy", Reply(status=429, headers={"Retry-After": "60"}), Reply(body=b"<rss/>"))
        … server.url + "/feed" …
        assert server.requests[0].headers["user-agent"].startswith("watcher/")

A path's replies are given in order, the last one again and again; other paths are 404. Validators
are honoured as a good server does (RFC 9110 section 13): If-None-Match decides alone where it is
sent. Everything else that a server may do wrong is a field of `Reply`.
"""

import ssl
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self

BLOCK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What to answer to one request."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    own_etag: str = ""  # what If-None-Match is compared with, where that is not what was sent
    last_modified: str = ""
    location: str = ""
    date: str | None = None  # instead of the right one; "" for none
    encoding: str = ""  # Content-Encoding, whatever the body really is
    chunked: bool = False
    close_delimited: bool = False  # neither Content-Length nor chunks
    cut_after: int | None = None  # hang up after so many bytes of the body
    repeat: int = 1  # send the body so many times, without ever holding it all
    drip: float = 0.0  # seconds between two bytes of the body
    drip_headers: float = 0.0  # seconds between two bytes of the headers
    pause: float = 0.0  # seconds before the answer
    wait_for: Event | None = None  # answer when this is set
    hang: bool = False  # never answer
    raw: bytes | None = None  # send just these bytes

    @property
    def length(self) -> int:
        return len(self.body) * self.repeat


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    at: float  # monotonic seconds
    tls: bool


class FeedServer:
    """Serves scripts on a loopback address, one thread a connection; nothing outlives the block."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.scheme = "https" if tls else "http"
        self.address = address
        self.requests: list[Seen] = []
        self.connections = 0
        self.bytes_sent = 0
        self.most_at_once = 0
        self.most_on: Counter[str] = Counter()  # at once on each path
        self._now_at_once = 0
        self._now_on: Counter[str] = Counter()
        self._scripts: dict[str, list[Reply]] = {}
        self._lock = Lock()
        self.stopping = Event()
        self._http = _Http(self, tls)
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), name="feed-server")

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return self.at(self.address)

    def at(self, host: str) -> str:
        """Give the server's address under another name."""
        return f"{self.scheme}://{host}:{self.port}"

    def on(self, path: str, *replies: Reply) -> str:
        """Script a path; gives its URL."""
        with self._lock:
            self._scripts[path] = list(replies)
        return self.url + path

    def count(self, path: str) -> int:
        """Tell how many requests came for a path."""
        return sum(seen.path == path for seen in self.requests)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()  # waits for the threads of all connections

    # --- for the handlers

    def take(self, seen: Seen) -> Reply:
        with self._lock:
            self.requests.append(seen)
            script = self._scripts.get(seen.path, [Reply(status=404)])
            return script.pop(0) if len(script) > 1 else script[0]

    def entered(self, step: int, path: str) -> None:
        with self._lock:
            self._now_on[path] += step
            self.most_on[path] = max(self.most_on[path], self._now_on[path])
            self._now_at_once += step
            self.most_at_once = max(self.most_at_once, self._now_at_once)

    def sent(self, size: int) -> None:
        with self._lock:
            self.bytes_sent += size


class _Http(ThreadingHTTPServer):
    """Threads that are joined, TLS in the connection's own thread, no words on stderr."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, owner: FeedServer, tls: ssl.SSLContext | None) -> None:
        self.owner = owner
        self._tls = tls
        self._open: set[socket] = set()
        self._open_lock = Lock()
        super().__init__((owner.address, 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        self.owner.connections += 1
        twin = request.dup()
        with self._open_lock:
            self._open.add(twin)
        try:
            self._talk(request, client_address)
        finally:
            with self._open_lock:
                self._open.discard(twin)
            twin.close()

    def _talk(self, request: Any, client_address: Any) -> None:
        if self._tls is None:
            _Handler(request, client_address, self)
            return
        request.settimeout(5)
        with self._tls.wrap_socket(request, server_side=True) as wrapped:
            wrapped.settimeout(None)
            _Handler(wrapped, client_address, self)

    def hang_up(self) -> None:
        """Wake up whoever waits for a client."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(SHUT_RDWR)
                except OSError:
                    continue  # the client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up and refuse certificates: that is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
        """Keep quiet."""

    def do_GET(self) -> None:
        owner = self.server.owner
        seen = Seen(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            at=monotonic(),
            tls=isinstance(self.connection, ssl.SSLSocket),
        )
        owner.entered(1, seen.path)
        try:
            reply = owner.take(seen)
            self._hesitate(reply)
        finally:  # before the client has its answer, and comes again faster than we count
            owner.entered(-1, seen.path)
        self._answer(reply, seen)
        self.close_connection = self.close_connection or seen.headers.get("connection") == "close"

    def _hesitate(self, reply: Reply) -> None:
        if reply.hang or reply.pause:
            self.server.owner.stopping.wait(None if reply.hang else reply.pause)
        if reply.wait_for is not None:
            while not (reply.wait_for.wait(0.02) or self.server.owner.stopping.is_set()):
                pass

    def _answer(self, reply: Reply, seen: Seen) -> None:
        if self.server.owner.stopping.is_set():
            self.close_connection = True
            return
        if reply.raw is not None:
            self._send(reply.raw)
            self.close_connection = True
            return
        unchanged = _is_unchanged(reply, seen.headers)
        self._send(self._head(reply, unchanged=unchanged), reply.drip_headers)
        if not unchanged:
            self._send_body(reply)

    def _head(self, reply: Reply, *, unchanged: bool) -> bytes:
        status = 304 if unchanged else reply.status
        date = formatdate(usegmt=True) if reply.date is None else reply.date
        lines = {
            "Date": date,
            "ETag": reply.etag,
            "Last-Modified": reply.last_modified,
            "Location": reply.location,
            **({} if unchanged else _framing(reply)),
            **reply.headers,
        }
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Odd"
        head = f"HTTP/1.1 {status} {phrase}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return (head + "\r\n").encode("utf-8")

    def _send_body(self, reply: Reply) -> None:
        left = reply.length if reply.cut_after is None else reply.cut_after
        for piece in _pieces(reply):
            part = piece[:left]
            left -= len(part)
            self._send(_chunk(part) if reply.chunked else part, reply.drip)
            if left <= 0 and reply.cut_after is not None:
                self.close_connection = True
                return
        if reply.chunked:
            self._send(b"0\r\n\r\n")
        self.close_connection = self.close_connection or reply.close_delimited

    def _send(self, data: bytes, drip: float = 0.0) -> None:
        step = 1 if drip else max(1, len(data))
        for start in range(0, len(data), step):
            if drip and self.server.owner.stopping.wait(drip):
                break
            try:
                self.wfile.write(data[start : start + step])
            except OSError:
                self.close_connection = True
                raise
            self.server.owner.sent(min(step, len(data) - start))


def _framing(reply: Reply) -> dict[str, str]:
    frame = {"Content-Encoding": reply.encoding}
    if reply.chunked:
        return {**frame, "Transfer-Encoding": "chunked"}
    if reply.close_delimited:
        return {**frame, "Connection": "close"}
    return {**frame, "Content-Length": str(reply.length)}


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _pieces(reply: Reply) -> Iterator[bytes]:
    for _ in range(reply.repeat):
        for start in range(0, len(reply.body), BLOCK):
            yield reply.body[start : start + BLOCK]


def _is_unchanged(reply: Reply, headers: Mapping[str, str]) -> bool:
    if reply.status != 200:
        return False
    if "if-none-match" in headers:
        known = reply.own_etag or reply.etag
        return bool(known) and _weak(headers["if-none-match"]) == _as_read(_weak(known))
    return bool(reply.last_modified) and headers.get("if-modified-since") == reply.last_modified


def _as_read(header: str) -> str:
    """Give a header as http.server reads the bytes that we sent."""
    return header.encode("utf-8").decode("latin-1")


def _weak(etag: str) -> str:
    return etag.removeprefix("W/")
