"""An HTTP answer, as far as anybody needs it: its status, its headers, its body's beginning.

By RFC 9112, for one answer on a connection that is closed after it. `http.client` reads headers
with a parser of mails, which takes a third of all that a post costs.
"""

from collections.abc import Mapping
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import BinaryIO

LONGEST_LINE = 65_536  # bytes
MOST_HEADERS = 100
SWITCHING = 101  # Upgrade, which nobody asked for: an answer like another


def read_head(stream: BinaryIO) -> tuple[int, Mapping[str, str]]:
    """Read the status and the headers, named in lower case; of one that comes twice the first.

    Answers that announce another one (1xx) are passed over. Raises HTTPException where this is no
    HTTP. A head that breaks off ends there: its status is told.
    """
    while True:
        status, headers = _status(stream), _headers(stream)
        if status >= 200 or status == SWITCHING:
            return status, headers


def read_body(stream: BinaryIO, status: int, headers: Mapping[str, str], at_most: int) -> bytes:
    """Read so much of the body; raises HTTPException or ValueError where it breaks off."""
    if status in {204, 304}:
        return b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(stream, at_most)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return stream.read(at_most)
    wanted = min(int(length), at_most)
    body = stream.read(wanted)
    if len(body) < wanted:
        raise IncompleteRead(body, wanted - len(body))
    return body


def _status(stream: BinaryIO) -> int:
    line = _line(stream)
    if not line:
        raise RemoteDisconnected("nothing was answered")
    version, _, rest = line.partition(" ")
    status = rest[:3]
    if (
        not version.startswith("HTTP/")
        or not status.isdecimal()
        or status < "100"
        or rest[3:4].strip()
    ):
        raise BadStatusLine(line)
    return int(status)


def _headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = _line(stream).rstrip("\r\n")
        if not line:
            return headers
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    raise HTTPException(f"more than {MOST_HEADERS} headers")


def _chunks(stream: BinaryIO, at_most: int) -> bytes:
    body = b""
    while len(body) < at_most and (size := _size(_line(stream))):
        piece = stream.read(min(size, at_most - len(body)))
        body += piece
        if len(piece) < size:
            if len(body) < at_most:
                raise IncompleteRead(body)
            break
        _line(stream)
    return body


def _size(line: str) -> int:
    size = int(line.partition(";")[0], 16)
    if size < 0:
        raise ValueError("a chunk of less than nothing")
    return size


def _line(stream: BinaryIO) -> str:
    line = stream.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise HTTPException(f"a line of more than {LONGEST_LINE} bytes")
    return line.decode("latin-1")
