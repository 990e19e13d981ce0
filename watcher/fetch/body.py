"""Reading and decompressing a body, with caps.

What servers say about compression is often wrong: plain XML under `Content-Encoding: gzip`, raw
deflate data where zlib's is meant, compressed files with no word about it. The bytes decide.
"""

import zlib

from urllib3 import BaseHTTPResponse

from watcher.fetch.lifeline import Lifeline
from watcher.fetch.trouble import Trouble

PIECE = 64 * 1024
MOST_LAYERS = 3
MOST_MEMBERS = 1000
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
    place = 0
    for _ in range(MOST_MEMBERS):
        place = _member(body, place, window, text, most)
        if not (window > zlib.MAX_WBITS and body.startswith(GZIP_MAGIC, place)):
            return bytes(text)
    raise Damaged(f"the answer is damaged: more than {MOST_MEMBERS} gzip members")


def _member(body: bytes, place: int, window: int, text: bytearray, most: int) -> int:
    """Decompress what begins at this place onto the text; gives the place after its end.

    Input goes in by pieces, because zlib copies all that it has not used yet after every piece of
    output.
    """
    inflater = zlib.decompressobj(wbits=window)
    for start in range(place, len(body), PIECE):
        piece, full = body[start : start + PIECE], True
        end = start + len(piece)
        while (piece or full) and not inflater.eof:
            more = _inflate(inflater, piece)
            text += more
            piece, full = inflater.unconsumed_tail, len(more) == PIECE
            _check_size(len(text), end - len(piece), most)
        if inflater.eof:
            return end - len(inflater.unused_data)
    raise Damaged("the answer broke off: its compressed data has no end")


def _inflate(inflater: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return inflater.decompress(piece, PIECE)
    except zlib.error:
        raise Damaged("the answer is damaged: it cannot be decompressed") from None


def _check_size(size: int, consumed: int, most: int) -> None:
    if size > most:
        raise Trouble(f"the answer is larger than {told_size(most)} when decompressed")
    if size > BOMB_FLOOR and size > BOMB_RATIO * consumed:
        raise Trouble(
            f"the answer swells to more than {BOMB_RATIO} times its size: a decompression bomb"
        )
