"""Bodies: caps, compression that lies, answers that break off."""

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.conftest import Desk
from tests.servers import FeedServer, Reply
from watcher.fetch.body import MOST_MEMBERS, decoded, told_size
from watcher.fetch.trouble import Trouble
from watcher.fetch.unpacking import PIECE

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel>' + b"<item/>" * 400 + b"</channel></rss>"
MEBIBYTE = 1024 * 1024
BROKEN = "the answer broke off before its end"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zipped(data: bytes, times: int = 1) -> bytes:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(data) for _ in range(times)) + packer.flush()


def brotlied(data: bytes, times: int = 1) -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(packer.process(data) for _ in range(times)) + bytes(packer.finish())


def zstandarded(data: bytes, times: int = 1, window_log: int = 20) -> bytes:
    packer = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): window_log})
    return b"".join(packer.compress(data) for _ in range(times)) + packer.flush()


PACKED = {"gzip": zipped, "br": brotlied, "zstd": zstandarded}


def test_20_200_megabytes_are_stopped_by_the_cap(server: FeedServer, desk: Desk) -> None:
    url = server.on("/feed", Reply(body=b"x" * MEBIBYTE, repeat=200))
    tracemalloc.start()
    reason = desk.why(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason == "the answer is larger than 10 MiB"
    assert peak < 30 * MEBIBYTE
    assert server.bytes_sent < 60 * MEBIBYTE


def test_20_a_body_of_just_the_cap_is_fine_and_one_byte_more_is_not(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on("/feed", Reply(body=FEED))
    assert desk.body(url, max_bytes=len(FEED)) == FEED
    assert (
        desk.why(url, max_bytes=len(FEED) - 1)
        == f"the answer is larger than {told_size(len(FEED) - 1)}"
    )


@pytest.mark.parametrize("coding", PACKED)
def test_20_the_cap_is_on_decompressed_bytes_too(
    server: FeedServer, desk: Desk, coding: str
) -> None:
    url = server.on("/feed", Reply(body=PACKED[coding](FEED), encoding=coding))
    assert desk.body(url, max_bytes=len(FEED)) == FEED
    assert desk.why(url, max_bytes=len(FEED) - 1).endswith("when decompressed")


@pytest.mark.parametrize("coding", PACKED)
def test_21_a_decompression_bomb_is_stopped_in_little_memory(
    server: FeedServer, desk: Desk, coding: str
) -> None:
    bomb = PACKED[coding](bytes(MEBIBYTE), 300)
    url = server.on("/feed", Reply(body=bomb, encoding=coding))
    warm = desk.why(url)  # what is loaded at the first use does not count
    tracemalloc.start()
    reason = desk.why(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reason == warm
    assert reason.endswith("a decompression bomb")
    assert peak < 10 * MEBIBYTE


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=FEED, cut_after=100),
        Reply(body=FEED, cut_after=0),
        Reply(body=FEED, cut_after=100, chunked=True),
        Reply(body=gzip.compress(FEED), encoding="gzip", cut_after=30),
        Reply(body=gzip.compress(FEED), encoding="gzip", cut_after=30, chunked=True),
    ],
)
def test_23_an_answer_that_breaks_off_is_a_failure(
    server: FeedServer, desk: Desk, reply: Reply
) -> None:
    assert desk.why(server.on("/feed", reply)) == BROKEN


def test_23_chunks_without_the_last_one_are_a_failure(server: FeedServer, desk: Desk) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert desk.why(server.on("/a", Reply(raw=head + b"5\r\n<rss>\r\n"))) == BROKEN
    assert desk.why(server.on("/b", Reply(raw=head + b"zz\r\n<rss>\r\n"))) == BROKEN


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("left_out", [1, 4, 8, 20])
def test_23_compressed_data_without_its_end_is_a_failure(
    server: FeedServer, desk: Desk, left_out: int, coding: str
) -> None:
    cut = PACKED[coding](FEED)[:-left_out]
    url = server.on("/feed", Reply(body=cut, encoding=coding, close_delimited=True))
    assert desk.why(url) == "the answer broke off: its compressed data has no end"


def test_23_gzip_with_a_wrong_checksum_is_a_failure(server: FeedServer, desk: Desk) -> None:
    damaged = bytearray(gzip.compress(FEED))
    damaged[-8] ^= 1
    url = server.on("/feed", Reply(body=bytes(damaged), encoding="gzip"))
    assert desk.why(url) == "the answer is damaged: it cannot be decompressed"


def test_a_body_that_only_ends_with_the_connection_is_whole(server: FeedServer, desk: Desk) -> None:
    assert desk.body(server.on("/feed", Reply(body=FEED, close_delimited=True))) == FEED


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(FEED)),
        ("x-gzip", gzip.compress(FEED)),
        ("GZIP", gzip.compress(FEED)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", raw_deflate(FEED)),
        ("deflate, gzip", gzip.compress(zlib.compress(FEED))),
        ("gzip", gzip.compress(gzip.compress(FEED))),  # twice, and said once
        ("", gzip.compress(FEED)),  # a compressed file, and nothing said
        ("identity", FEED),
        ("none", FEED),
        ("gzip", FEED),  # said, and not done
        ("deflate", FEED),
        ("br", FEED),
        ("utf-8", FEED),
        ("gzip", gzip.compress(FEED[:99]) + gzip.compress(FEED[99:])),  # two members, one text
        ("gzip", gzip.compress(FEED) + b"\0\0\0junk"),
        ("br", brotlied(FEED)),
        ("BR", brotlied(FEED)),
        ("zstd", zstandarded(FEED)),
        ("zstd", FEED),
        ("zstd", zstandarded(FEED[:99]) + zstandarded(FEED[99:])),
        ("zstd", zstandarded(FEED) + b"\0\0\0junk"),
        ("", zstandarded(FEED)),
        ("zstd", gzip.compress(FEED)),  # one said, another done
        ("br, gzip", gzip.compress(brotlied(FEED))),
        ("gzip", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "body",  # gzip's bytes hold the time
)
def test_24_the_bytes_decide_how_they_are_read(
    server: FeedServer, desk: Desk, encoding: str, body: bytes, *, chunked: bool
) -> None:
    url = server.on("/feed", Reply(body=body, encoding=encoding, chunked=chunked))
    assert desk.body(url) == (FEED if body else b"")


def test_24_what_was_not_asked_for_and_cannot_be_read_is_named(
    server: FeedServer, desk: Desk
) -> None:
    url = server.on("/feed", Reply(body=b"\x1b\x0f\x00\xf8", encoding="compress"))
    assert desk.why(url) == "the answer is compressed in a way that was not asked for ('compress')"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", b"\xff\xff\xff\xff\xff\xff"),
        ("br", brotlied(FEED) + b"junk"),
        ("zstd", zstandarded(FEED)[:40] + b"\xff" * 40),
        # a frame that wants 64 MiB of memory to be read
        ("zstd", zstandarded(b"x", window_log=26)),
    ],
)
def test_23_damaged_brotli_and_zstandard_are_failures(
    server: FeedServer, desk: Desk, coding: str, body: bytes
) -> None:
    url = server.on("/feed", Reply(body=body, encoding=coding))
    assert desk.why(url) == "the answer is damaged: it cannot be decompressed"


def test_24_json_that_is_called_brotli_and_is_not_is_read(server: FeedServer, desk: Desk) -> None:
    body = b'[{"title": "Flood"}]'
    assert desk.body(server.on("/feed", Reply(body=body, encoding="br"))) == body


def test_deflate_that_is_neither_is_damaged() -> None:
    with pytest.raises(Trouble, match="damaged"):
        decoded(b"\xff\xff\xff", "deflate", 1000)


def test_a_pile_of_codings_is_refused() -> None:
    with pytest.raises(Trouble, match="again and again"):
        decoded(FEED, "gzip, gzip, gzip, gzip", MEBIBYTE)


def test_a_swarm_of_tiny_members_is_refused() -> None:
    with pytest.raises(Trouble, match="more than 1000 parts"):
        decoded(gzip.compress(b"") * (MOST_MEMBERS + 1), "gzip", MEBIBYTE)


@given(
    st.lists(st.binary(max_size=40), max_size=8),
    st.integers(min_value=1, max_value=5000),
    st.sampled_from(["gzip", "deflate", "raw", "br", "zstd"]),
)
def test_what_was_compressed_comes_back_as_it_was(
    parts: list[bytes], times: int, kind: str
) -> None:
    text = b"<" + b"".join(parts) * times
    packers: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw": raw_deflate,
        "br": brotlied,
        "zstd": zstandarded,
    }
    coding = "deflate" if kind == "raw" else kind
    assert decoded(packers[kind](text), coding, len(text)) == text


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
@pytest.mark.parametrize("coding", PACKED)
def test_pieces_that_end_with_the_text_lose_nothing(size: int, coding: str) -> None:
    assert decoded(PACKED[coding](bytes(size)), coding, size) == bytes(size)


def test_sizes_are_told_in_words() -> None:
    assert [told_size(999), told_size(MEBIBYTE), told_size(10 * MEBIBYTE)] == [
        "999 bytes",
        "1 MiB",
        "10 MiB",
    ]
