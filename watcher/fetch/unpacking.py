"""Compressed data becomes text, a little at a time: gzip, zlib, raw deflate, Brotli, Zstandard.

Each of them takes a few bytes, gives at most about a piece of text for them, and keeps what is left
for the next time; so whoever reads can stop a bomb before it has swollen.
"""

import sys
import zlib
from typing import Protocol

import brotli

from watcher.fetch.trouble import Trouble

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 64 * 1024  # bytes of text that are given at a time
WIDEST_ZSTD = 23  # log2 of the memory that a frame may need: 8 MiB, as in HTTP (RFC 9659)


class Damaged(Trouble):
    """Compressed data that cannot be read to its end."""


class Unpacker(Protocol):
    """Undoes one kind of compression."""

    def take(self, data: bytes) -> bytes:
        """Give text for this data, or what is still to be had without any; raises Damaged."""

    @property
    def rest(self) -> bytes | None:
        """What followed behind the end of the compressed data; None before that end."""


class Deflate:
    """zlib's three formats; the window says which."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(wbits=window)

    def take(self, data: bytes) -> bytes:
        """Give text for this data."""
        try:
            return self._inner.decompress(self._inner.unconsumed_tail + data, PIECE)
        except zlib.error:
            raise _damaged() from None

    @property
    def rest(self) -> bytes | None:
        """What followed behind the end."""
        return self._inner.unused_data if self._inner.eof else None


class Brotli:
    """RFC 7932; data behind its end is damage."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def take(self, data: bytes) -> bytes:
        """Give text for this data."""
        try:
            return bytes(self._inner.process(data, output_buffer_limit=PIECE))
        except brotli.error:
            raise _damaged() from None

    @property
    def rest(self) -> bytes | None:
        """Nothing, since more would be damage."""
        return b"" if self._inner.is_finished() else None


class Zstandard:
    """One frame of RFC 8878."""

    def __init__(self) -> None:
        widest = {int(zstd.DecompressionParameter.window_log_max): WIDEST_ZSTD}
        self._inner = zstd.ZstdDecompressor(options=widest)

    def take(self, data: bytes) -> bytes:
        """Give text for this data."""
        try:
            return self._inner.decompress(data, PIECE)
        except zstd.ZstdError:
            raise _damaged() from None

    @property
    def rest(self) -> bytes | None:
        """What followed behind the end."""
        return self._inner.unused_data if self._inner.eof else None


def _damaged() -> Damaged:
    return Damaged("the answer is damaged: it cannot be decompressed")
