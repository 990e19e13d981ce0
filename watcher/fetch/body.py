"""Reading and decompressing a body, with caps.

What servers say about compression is often wrong: plain XML under `Content-Encoding: gzip`, raw
deflate data where zlib's is meant, compressed files with no word about it. The bytes decide.
"""

import zlib
from collections.abc import Iterator

from urllib3 import BaseHTTPResponse

from watcher.fetch.lifeline import Lifeline
from watcher.fetch.trouble import Trouble

PIECE = 64 * 1024
MOST_LAYERS = 3
# A feed shrinks to a tenth, rarely to a fiftieth. What swells to more than this is a bomb, and is
# stopped long before it has filled the cap.
BOMB_FLOOR = 2 * 1024 * 1024
BOMB_RATIO = 200

GZIP_MAGIC = b"\x1f\x8b"
PLAIN_STARTS = (b"<", b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PLAIN_WORDS = frozenset({"", "identity", "none"})
GZIP_WORDS = frozenset({"gzip", "x-gzip"})


def read_body(raw: BaseHTTPResponse, encoding: str, most: int, line: Lifeline) -> bytes:
    """Read the whole body and decompress it; `Trouble` where it is too large or damaged."""
    wire = bytearray()
    while piece := raw.read1(PIECE, decode_content=False):
        wire += piece
        if len(wire) > most:
            raise Trouble(f"the answer is larger than {told_size(most)}")
    line.check()  # a connection that we shut down ends like one that is complete
    return decoded(bytes(wire), encoding, most)


def decoded(body: bytes, encoding: str, most: int) -> bytes:
    """Undo the codings that a Content-Encoding header names, the last one first (RFC 9110 8.4)."""
    codings = [word.strip().lower() for word in encoding.split(",")]
    if len(codings) > MOST_LAYERS:
        raise Trouble("the answer is compressed again and again")
    for coding in reversed(codings):
        body = _without(coding, body, most)
    if body.startswith(GZIP_MAGIC):  # a compressed file, or compressed twice: said nowhere
        body = _inflated(body, zlib.MAX_WBITS | 16, most)
    return body


def told_size(size: int) -> str:
    """Tell a number of bytes."""
    return f"{size / 1024 / 1024:.3g} MiB" if size >= 1024 * 1024 else f"{size} bytes"


def _without(coding: str, body: bytes, most: int) -> bytes:
    if coding in PLAIN_WORDS or not body:
        return body
    if coding in GZIP_WORDS:
        gzipped = body.startswith(GZIP_MAGIC)
        return _inflated(body, zlib.MAX_WBITS | 16, most) if gzipped else body
    if coding == "deflate":
        return _without_deflate(body, most)
    if body.lstrip().startswith(PLAIN_STARTS):
        return body
    raise Trouble(f"the answer is compressed in a way that was not asked for ({coding[:20]!r})")


def _without_deflate(body: bytes, most: int) -> bytes:
    """Undo `deflate`, which is zlib's format by the book and raw deflate from some servers."""
    zlib_header = body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    try:
        return _inflated(body, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS, most)
    except Damaged:
        if body.lstrip().startswith(PLAIN_STARTS):
            return body
        raise


class Damaged(Trouble):
    """Compressed data that cannot be read to its end."""


def _inflated(body: bytes, window: int, most: int) -> bytes:
    """Decompress; several gzip members in a row are one text, other bytes after them nothing."""
    text = bytearray()
    while True:
        inflater = zlib.decompressobj(wbits=window)
        for piece in _pieces(inflater, body):
            text += piece
            _check_size(len(text), len(body), most)
        if not inflater.eof:
            raise Damaged("the answer broke off: its compressed data has no end")
        body = inflater.unused_data
        if not (window > zlib.MAX_WBITS and body.startswith(GZIP_MAGIC)):
            return bytes(text)


def _pieces(inflater: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    try:
        while not inflater.eof:
            piece = inflater.decompress(body, PIECE)
            body = inflater.unconsumed_tail
            if not piece and not body:
                return
            yield piece
    except zlib.error:
        raise Damaged("the answer is damaged: it cannot be decompressed") from None


def _check_size(size: int, compressed: int, most: int) -> None:
    if size > most:
        raise Trouble(f"the answer is larger than {told_size(most)} when decompressed")
    if size > BOMB_FLOOR and size > BOMB_RATIO * compressed:
        raise Trouble(
            f"the answer swells to more than {BOMB_RATIO} times its size: a decompression bomb"
        )
