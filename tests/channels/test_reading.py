"""How an HTTP answer is read: as http.client reads it, and no further than anybody needs."""

from http.client import BadStatusLine, HTTPException, HTTPResponse, RemoteDisconnected
from io import BytesIO
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.channels.sending.reading import (
    LONGEST_LINE,
    MOST_HEADERS,
    read_body,
    read_head,
)

MOST = 4_096
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def read(raw: bytes, at_most: int = MOST) -> tuple[int, bytes]:
    stream = BytesIO(raw)
    status, headers = read_head(stream)
    return status, read_body(stream, status, headers, at_most)


class Socket:
    """As much of a socket as http.client reads from."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, *_: object) -> BytesIO:
        return BytesIO(self._raw)


def reference(raw: bytes, at_most: int = MOST) -> tuple[int, bytes]:
    response = HTTPResponse(cast("Any", Socket(raw)), method="POST")
    response.begin()
    return response.status, response.read(at_most)


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    told = (b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return b"".join(told) + b"0\r\nX-Trailer: 1\r\n\r\n"


@given(
    status=st.sampled_from([200, 201, 204, 302, 400, 429, 503]),
    body=st.binary(max_size=300),
    way=st.sampled_from(["length", "chunked", "closed"]),
    size=st.integers(1, 100),
    at_most=st.sampled_from([1, 50, MOST]),
    end=st.sampled_from([b"\r\n", b"\n"]),
    reason=st.sampled_from([b" OK", b" Too Many Requests", b"", b" "]),
)
def test_an_answer_is_read_as_http_client_reads_it(
    status: int, body: bytes, way: str, size: int, at_most: int, end: bytes, reason: bytes
) -> None:
    if status == 204:
        body, way = b"", "closed"
    headers = {
        "length": b"cOnTent-length:  %d " % len(body),
        "chunked": b"Transfer-Encoding: Chunked",
        "closed": b"Connection: close",
    }
    sent = chunked(body, size) if way == "chunked" else body
    raw = end.join([b"HTTP/1.1 %d%s" % (status, reason), b"X-A: b", headers[way], b"", b""]) + sent
    assert read(raw, at_most) == reference(raw, at_most) == (status, body[:at_most])


def test_answers_that_announce_another_are_passed_over() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert read(early + WHOLE) == (200, b"ok")


def test_of_a_header_that_comes_twice_the_first_counts() -> None:
    raw = b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nretry-after: 9\r\n\r\n"
    assert read_head(BytesIO(raw)) == (429, {"retry-after": "7"})


def test_a_head_that_breaks_off_has_told_its_status() -> None:
    assert read_head(BytesIO(b"HTTP/1.1 200 OK\r\nX-Slow: xx"))[0] == 200


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_where_nothing_is_answered_that_is_told(raw: bytes) -> None:
    with pytest.raises(RemoteDisconnected):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 \xb2\xb2\xb2 OK\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told(raw: bytes) -> None:
    with pytest.raises(BadStatusLine):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * (MOST_HEADERS + 1) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * LONGEST_LINE + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * LONGEST_LINE,
    ],
)
def test_a_head_without_end_is_given_up(raw: bytes) -> None:
    with pytest.raises(HTTPException):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        WHOLE[:-1],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n",
    ],
)
def test_a_body_that_breaks_off_is_none(raw: bytes) -> None:
    with pytest.raises((HTTPException, ValueError)):
        read(raw)
