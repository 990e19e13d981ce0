"""Reading and decompressing a body, with caps.

What servers say about compression is often wrong: plain XML under `Content-Encoding: gzip`, raw
deflate data where zlib's is meant, compressed files with no word about it. The bytes decide.
"""

import zlib
from collections.abc import Callable
from functools import partial

from urllib3 import BaseHTTPResponse

from watcher.fetch.lifeline import Lifeline
from watcher.fetch.trouble import Trouble
from watcher.fetch.unpacking import PIECE, Brotli, Damaged, Deflate, Unpacker, Zstandard

MORSEL = 4 * 1024  # compressed bytes that are unpacked at a time
MOST_LAYERS = 3
MOST_MEMBERS = 1000
# A feed shrinks to a tenth, rarely to a fiftieth. What swells to more than this is a bomb, and is
# stopped long before it has filled the cap.
BOMB_FLOOR = 2 * 1024 * 1024
BOMB_RATIO = 200

PLAIN_STARTS = (b"<", b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PLAIN_WORDS = frozenset({"", "identity", "none"})
GZIP_WORDS = frozenset({"gzip", "x-gzip"})

_gzip = partial(Deflate, zlib.MAX_WBITS | 16)
_zlib = partial(Deflate, zlib.MAX_WBITS)
_raw_deflate = partial(Deflate, -zlib.MAX_WBITS)
MAGIC: dict[bytes, Callable[[], Unpacker]] = {
    b"\x1f\x8b": _gzip,
    b"\x28\xb5\x2f\xfd": Zstandard,
}


def read_body(raw: BaseHTTPResponse, encoding: str, most: int, line: Lifeline) -> bytes:
    """Read the whole body and decompress it; `Trouble` where it is too large or damaged."""
    wire = bytearray()
    while piece := raw.read1(PIECE, decode_content=False):
        wire += piece
        if len(wire) > most:
            raise Trouble(f"the answer is larger than {told_size(most)}")
    line.check()  # a connection that we shut down ends like one that is complete
    return decoded(bytes(wire), encoding, most)


def read_beginning(raw: BaseHTTPResponse, encoding: str, most: int, line: Lifeline) -> bytes:
    """Read no more than the first lines of a body, where it is longer than that."""
    wire = bytearray()
    while len(wire) <= most and (piece := raw.read1(PIECE, decode_content=False)):
        wire += piece
    line.check()
    if len(wire) > most and encoding.strip().lower() in PLAIN_WORDS:
        return bytes(wire[: wire.rfind(b"\n", 0, most) + 1])
    if len(wire) > most:
        raise Trouble(f"the answer is larger than {told_size(most)}, and compressed")
    return decoded(bytes(wire), encoding, most)


def decoded(body: bytes, encoding: str, most: int) -> bytes:
    """Undo the codings that a Content-Encoding header names, the last one first (RFC 9110 8.4)."""
    codings = [word.strip().lower() for word in encoding.split(",")]
    if len(codings) > MOST_LAYERS:
        raise Trouble("the answer is compressed again and again")
    for coding in reversed(codings):
        body = _without(coding, body, most)
    return _unpacked_file(body, most)  # a compressed file, or compressed twice: said nowhere


def told_size(size: int) -> str:
    """Tell a number of bytes."""
    return f"{size / 1024 / 1024:.3g} MiB" if size >= 1024 * 1024 else f"{size} bytes"


def _without(coding: str, body: bytes, most: int) -> bytes:
    if coding in PLAIN_WORDS or not body:
        return body
    if coding in GZIP_WORDS or coding == "zstd":
        return _unpacked_file(body, most)
    if coding == "deflate":
        return _or_plain(body, _zlib if _has_zlib_header(body) else _raw_deflate, most)
    if coding == "br":  # it has no sign to be known by, and may begin as JSON does
        return _or_plain(body, Brotli, most)
    if body.lstrip().startswith(PLAIN_STARTS):
        return body
    raise Trouble(f"the answer is compressed in a way that was not asked for ({coding[:20]!r})")


def _has_zlib_header(body: bytes) -> bool:
    """Tell the format of the book from raw deflate, which some servers send."""
    return body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0


def _or_plain(body: bytes, unpacker: Callable[[], Unpacker], most: int) -> bytes:
    """Decompress; what cannot be, and looks like text, is text."""
    try:
        return _unpacked(body, unpacker, b"", most)
    except Damaged:
        if body.lstrip().startswith(PLAIN_STARTS):
            return body
        raise


def _unpacked_file(body: bytes, most: int) -> bytes:
    """Decompress what shows by its first bytes how it was compressed; other bytes stay."""
    for magic, unpacker in MAGIC.items():
        if body.startswith(magic):
            return _unpacked(body, unpacker, magic, most)
    return body


def _unpacked(body: bytes, unpacker: Callable[[], Unpacker], magic: bytes, most: int) -> bytes:
    """Decompress; several members that each begin like this are one text, other bytes nothing."""
    text = bytearray()
    place = 0
    for _ in range(MOST_MEMBERS):
        place = _member(body, place, unpacker(), text, most)
        if not (magic and body.startswith(magic, place)):
            return bytes(text)
    raise Damaged(f"the answer is damaged: more than {MOST_MEMBERS} parts")


def _member(body: bytes, place: int, unpacker: Unpacker, text: bytearray, most: int) -> int:
    """Decompress what begins at this place onto the text; gives the place after its end.

    It goes in by small pieces, so that a bomb shows by how much comes out for them.
    """
    for start in range(place, len(body), MORSEL):
        end = min(start + MORSEL, len(body))
        text += unpacker.take(body[start:end])
        _check_size(len(text), end, most)
        while unpacker.rest is None and (more := unpacker.take(b"")):
            text += more
            _check_size(len(text), end, most)
        if unpacker.rest is not None:
            return end - len(unpacker.rest)
    raise Damaged("the answer broke off: its compressed data has no end")


def _check_size(size: int, consumed: int, most: int) -> None:
    if size > most:
        raise Trouble(f"the answer is larger than {told_size(most)} when decompressed")
    if size > BOMB_FLOOR and size > BOMB_RATIO * consumed:
        raise Trouble(
            f"the answer swells to more than {BOMB_RATIO} times its size: a decompression bomb"
        )
