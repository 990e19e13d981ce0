"""Two small HTTP servers on 127.0.0.1: one plays the feeds, one receives the alerts.

Both speak real HTTP, take any free port, answer in threads of their own and, when their `with`
block ends, have closed every socket and joined every thread.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self

TYPES = {".xml": "application/xml", ".json": "application/feed+json"}
PATIENCE = 5.0  # seconds that a connection may be silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came in. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back."""

    status: HTTPStatus
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class LoopbackServer:
    """Answers HTTP on 127.0.0.1 for as long as its `with` block lasts."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))
        self._http.daemon_threads = False  # so that closing joins the threads that still answer
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        """Start to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Answer what is under way, then close the socket and end every thread."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(answer: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE  # HTTP/1.0: a connection for each request, so that closing never waits

        def do_GET(self) -> None:
            self._exchange()

        def do_POST(self) -> None:
            self._exchange()

        def _exchange(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            request = Request(method=self.command, path=self.path, headers=headers, body=body)
            self._write(answer(request))

        def _write(self, answer: Answer) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    return Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document as the feed server shows it, with its validators."""

    body: bytes
    type: str
    since: datetime

    @property
    def etag(self) -> str:
        """A strong validator: the same bytes have the same one."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it, also when it has not changed."""
        return {
            "Content-Type": self.type,
            "ETag": self.etag,
            "Last-Modified": format_datetime(self.since, usegmt=True),
        }


class FeedServer(LoopbackServer):
    """Plays feed documents as a polite server does: whoever has the current one gets a 304."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self._lock = Lock()
        self.answered: dict[HTTPStatus, int] = {}
        super().__init__(self._answer)

    def show(self, documents: Mapping[str, bytes], since: datetime) -> None:
        """Let these documents, by file name, take the place of what was there under the name."""
        for name, body in documents.items():
            kind = TYPES.get("." + name.rpartition(".")[2], "application/octet-stream")
            self._pages["/" + name] = Page(body=body, type=kind, since=since)

    def _answer(self, request: Request) -> Answer:
        answer = _document(self._pages.get(request.path), request)
        with self._lock:
            self.answered[answer.status] = self.answered.get(answer.status, 0) + 1
        return answer


def _document(page: Page | None, request: Request) -> Answer:
    if request.method != "GET":
        return Answer(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
    if page is None:
        return Answer(status=HTTPStatus.NOT_FOUND)
    if _has_it(page, request.headers):
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=page.headers)
    return Answer(status=HTTPStatus.OK, headers=page.headers, body=page.body)


def _has_it(page: Page, headers: Mapping[str, str]) -> bool:
    """Tell whether a GET is answered by 304; If-None-Match decides alone (RFC 9110, 13.2.2)."""
    if "if-none-match" in headers:
        tags = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
        return page.etag in tags or "*" in tags
    since = _http_date(headers.get("if-modified-since", ""))
    return since is not None and page.since <= since


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An alert that reached the receiver."""

    id: str  # `webhook-id`, the alert's key: a repeat has the same one
    payload: Mapping[str, object]


class Receiver(LoopbackServer):
    """Takes webhooks that are signed as Standard Webhooks 1.0 says, each id once."""

    def __init__(self, secret: str) -> None:
        self._key = b64decode(secret.removeprefix("whsec_"))
        self._lock = Lock()
        self._received: dict[str, Received] = {}
        super().__init__(self._answer)

    @property
    def received(self) -> tuple[Received, ...]:
        """What came in so far, first come first."""
        with self._lock:
            return tuple(self._received.values())

    def _answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
        if not self._signed(request):
            return Answer(status=HTTPStatus.UNAUTHORIZED)
        received = Received(id=request.headers["webhook-id"], payload=json.loads(request.body))
        with self._lock:
            self._received.setdefault(received.id, received)
        return Answer(status=HTTPStatus.NO_CONTENT)

    def _signed(self, request: Request) -> bool:
        """Tell whether one of the signatures is ours; the time is the example's and not judged."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        identity, moment, signatures = (request.headers.get(name, "") for name in names)
        signed = f"{identity}.{moment}.".encode() + request.body
        ours = "v1," + b64encode(hmac.new(self._key, signed, sha256).digest()).decode()
        return any(hmac.compare_digest(ours, theirs) for theirs in signatures.split(" "))
