"""What one client, or a crowd of them, can take from the page, by raw sockets."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Lock, Thread

import pytest

from tests.web.scene import GUARDED, Page, Scene, page_of
from watcher.model import Secret
from watcher.web import WebSettings
from watcher.web.connections import Limits
from watcher.web.guard import MOST_BYTES, MOST_HEADERS
from watcher.web.server import WebServer
from watcher.web.site import site
from watcher.web.visitors import TRIES, TRIES_OF_ALL, WINDOW, Doorkeeper

SHORT = Limits(asking=1.0, answering=2.0, at_once=8)
PATIENT = Limits(asking=60.0, answering=60.0, at_once=8)
LONG = 15.0  # seconds: more than a busy machine adds
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/silences HTTP/1.1\r\nHost: localhost\r\nX-Watcher: 1\r\n"


@contextmanager
def served(played: Scene, limits: Limits) -> Iterator[int]:
    """Serve the page with these limits; gives its port."""
    settings = WebSettings(port=0)
    server = WebServer(site(played.given(settings)), settings, limits)
    yield server.port
    server.close()


@pytest.fixture(scope="module")
def port(played: Scene) -> Iterator[int]:
    """A page that has little patience."""
    with served(played, SHORT) as number:
        yield number


@pytest.fixture(scope="module")
def crowded(played: Scene) -> Iterator[int]:
    """A page whose patience is never at its end, and whose room is."""
    with served(played, PATIENT) as number:
        yield number


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
        yield one


def answer(one: socket.socket) -> str:
    """Give the first line that comes; empty where the other end hung up."""
    with suppress(ConnectionError):
        return one.recv(65536).split(b"\r\n")[0].decode()
    return ""


def is_over(one: socket.socket) -> bool:
    """Tell that the other end hung up, as soon as it does."""
    with suppress(ConnectionError):
        while one.recv(65536):
            pass
    return True


def dripped(one: socket.socket, drops: bytes, seconds: float = LONG) -> float:
    """Send something byte by byte, again and again; tell when the other end had enough."""
    began = time.monotonic()
    one.settimeout(0.1)
    while time.monotonic() - began < seconds:
        for drop in drops:
            try:
                one.sendall(bytes([drop]))
                if one.recv(65536) == b"":
                    return time.monotonic() - began
            except TimeoutError:
                continue
            except ConnectionError:
                return time.monotonic() - began
    return seconds


def test_who_asks_gets_an_answer_and_may_ask_again(port: int) -> None:
    with connected(port) as one:
        for _ in range(3):
            one.sendall(GET)
            told = b""
            while b"}" not in told:
                told += one.recv(65536)
            assert told.startswith(b"HTTP/1.1 200 OK")


def test_who_says_nothing_is_let_go(port: int) -> None:
    began = time.monotonic()
    with connected(port) as one:
        assert is_over(one)
    assert SHORT.asking - 0.2 < time.monotonic() - began < LONG


def test_headers_that_drip_are_waited_for_only_so_long(port: int) -> None:
    with connected(port) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert SHORT.asking - 0.2 < dripped(one, b"X-A: b\r\n") < LONG


def test_so_is_a_body_that_drips_and_nothing_of_it_is_in_the_log(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(port) as one:
        one.sendall(POST + b"Content-Length: 5000\r\n\r\n")
        assert SHORT.asking - 0.2 < dripped(one, b"{") < LONG
    Event().wait(0.3)
    assert caplog.records == []


def test_a_second_request_has_as_much_time_as_the_first(port: int) -> None:
    with connected(port) as one:
        one.sendall(GET)
        assert answer(one) == "HTTP/1.1 200 OK"
        Event().wait(SHORT.asking / 2)
        assert SHORT.asking - 0.2 < dripped(one, GET[:20]) < LONG


def test_who_does_not_take_an_answer_is_let_go(played: Scene) -> None:
    async def endless(scope: object, receive: object, send: Callable[..., object]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[misc]
        for _ in range(64):
            body = {"type": "http.response.body", "body": b"x" * (1 << 20), "more_body": True}
            await send(body)  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[misc]

    server = WebServer(endless, WebSettings(port=0), SHORT)
    with connected(server.port) as one:
        one.sendall(GET)
        Event().wait(SHORT.answering + 1)
        got = 0
        with suppress(ConnectionError):
            while piece := one.recv(1 << 20):
                got += len(piece)
        assert got < 64 << 20
    server.close()


def test_a_crowd_that_says_nothing_keeps_nobody_out(crowded: int) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(connected(crowded)).sendall(b"GET /")
        with connected(crowded) as one:
            one.sendall(GET)
            assert answer(one) == "HTTP/1.1 200 OK"


def test_the_oldest_of_a_crowd_goes_first(crowded: int) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(connected(crowded)) for _ in range(PATIENT.at_once + 1)]
        assert is_over(crowd[0])
        crowd[-1].sendall(GET)
        assert answer(crowd[-1]) == "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "request_",
    [
        GET[:-2] + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1000) for n in range(40)) + b"\r\n",
        b"GET /?" + b"x" * MOST_HEADERS + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        GET[:-2] + b"Cookie: " + b"x" * 250_000 + b"\r\n\r\n",
    ],
    ids=["many", "address", "cookie"],
)
def test_headers_that_are_too_long_are_refused(port: int, request_: bytes) -> None:
    with connected(port) as one:
        with suppress(ConnectionError):
            one.sendall(request_)
        assert answer(one).split(" ")[1] in ("400", "431")
        assert is_over(one)


def test_a_body_that_is_too_long_is_refused_before_it_comes(port: int) -> None:
    with connected(port) as one:
        one.sendall(POST + b"Content-Length: %d\r\n\r\n" % (MOST_BYTES + 1))
        assert answer(one).startswith("HTTP/1.1 413")
        assert is_over(one)


@pytest.mark.parametrize("length", [b"-1", b"1e9", b"9" * 40, b"0x10", b"1, 2"])
def test_a_length_that_is_none_is_refused(port: int, length: bytes) -> None:
    with connected(port) as one:
        one.sendall(POST + b"Content-Length: " + length + b"\r\n\r\n")
        assert answer(one).split(" ")[1] in ("400", "413")


def test_a_body_that_does_not_say_its_length_is_refused_where_it_grows_too_long(port: int) -> None:
    with connected(port) as one:
        one.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
        with suppress(ConnectionError):
            for _ in range(MOST_BYTES // 0x1000 + 2):
                one.sendall(chunk)
        assert answer(one).startswith("HTTP/1.1 413")
        assert is_over(one)


def test_nonsense_is_refused_and_not_logged(port: int, caplog: pytest.LogCaptureFixture) -> None:
    for nonsense in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        with connected(port) as one:
            one.sendall(nonsense)
            assert answer(one).split(" ")[1] in ("400", "421")
    assert caplog.records == []


def test_passwords_of_many_addresses_together_cannot_be_tried_often() -> None:
    door = Doorkeeper(Secret("x"), is_right=lambda *_: False)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    tried = 0
    for number in range(100):
        address = f"10.0.0.{number // TRIES}"
        if door.must_wait(address, now) is None:
            door.knows("guess", address, now)
            tried += 1
    assert tried == TRIES_OF_ALL
    assert door.must_wait("10.9.9.9", now) == WINDOW
    assert door.must_wait("10.9.9.9", now + WINDOW) is None


def test_passwords_are_looked_at_one_at_a_time() -> None:
    busy, most, lock = [0], [0], Lock()

    def look(password: str, kept: Secret) -> bool:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        Event().wait(0.02)
        with lock:
            busy[0] -= 1
        return False

    door = Doorkeeper(Secret("x"), is_right=look)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    crowd = [Thread(target=door.knows, args=("guess", str(n), now)) for n in range(10)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert most[0] == 1


def test_a_login_that_is_refused_is_no_way_round_by_another_connection(played: Scene) -> None:
    with page_of(played, GUARDED) as page:
        for _ in range(TRIES):
            assert Page.send(page, "/login/enter", password="wrong").status_code == 403
            page.session.close()
        assert page.send("/login/enter", password="wrong").status_code == 429
