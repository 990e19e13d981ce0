import codecs

import pytest

from tests.parse.documents import item_of, look
from watcher.model import Document

BODY = "<rss version='2.0'><channel><item><title>{}</title></item></channel></rss>"


def title(body: bytes, content_type: str = "") -> tuple[str, tuple[str, ...]]:
    read = look(body, headers={"content-type": content_type} if content_type else {})
    assert isinstance(read, Document)
    return read.items[0].title, read.faults


def written(text: str, encoding: str, *, declared: bool) -> bytes:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>" if declared else ""
    return (declaration + BODY.format(text)).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Überflutung “sperrt” Brücke"),
        ("utf-16", "Überflutung"),
        ("windows-1251", "Наводнение закрыло мост"),
        ("koi8-r", "Наводнение закрыло мост"),
        ("gb18030", "洪水关闭桥梁"),
        ("shift_jis", "洪水で橋が閉鎖"),
        ("iso-8859-1", "Überflutung"),
    ],
)
@pytest.mark.parametrize("content_type", ["", "application/xml", "text/xml"])
def test_a_declared_encoding_is_believed(encoding: str, text: str, content_type: str) -> None:
    assert title(written(text, encoding, declared=True), content_type) == (text, ())


@pytest.mark.parametrize("encoding", ["windows-1251", "gb18030", "utf-8"])
def test_an_encoding_in_the_header_is_believed(encoding: str) -> None:
    text = {"windows-1251": "Наводнение", "gb18030": "洪水关闭桥梁"}.get(encoding, "Überflutung")
    body = written(text, encoding, declared=False)
    assert title(body, f"application/rss+xml; charset={encoding}") == (text, ())


@pytest.mark.parametrize("content_type", ["", "text/xml", "text/html", "application/rss+xml"])
def test_utf_8_needs_no_declaration(content_type: str) -> None:
    body = written("Überflutung “sperrt”", "utf-8", declared=False)
    assert title(body, content_type) == ("Überflutung “sperrt”", ())


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "us-ascii", '"windows-1251"'])
def test_utf_8_is_utf_8_though_the_header_says_otherwise(charset: str, declared: bool) -> None:
    body = written("Überflutung “sperrt” Brücke", "utf-8", declared=declared)
    assert title(body, f"text/xml; charset={charset}") == ("Überflutung “sperrt” Brücke", ())


def test_a_few_odd_bytes_do_not_spoil_the_rest() -> None:
    body = written("Überflutung “sperrt” Brücke – HIER", "utf-8", declared=True)
    text, faults = title(body.replace(b"HIER", b"caf\xe9 \x93x\x94"), "text/xml; charset=utf-8")
    assert text == "Überflutung “sperrt” Brücke – café “x”"
    assert faults == ("3 odd bytes in UTF-8, taken for windows-1252",)


def test_windows_1252_that_says_it_is_utf_8_is_windows_1252() -> None:
    body = written("HIER", "utf-8", declared=True).replace(b"HIER", b"\xdcberflutung \x96 caf\xe9")
    assert title(body)[0] == "Überflutung – café"
    wrong_header = title(body.replace(b"encoding='utf-8'", b""), "text/xml; charset=koi8-r")
    assert wrong_header[0] == b"\xdcberflutung \x96 caf\xe9".decode("koi8-r").replace("\xa0", " ")


@pytest.mark.parametrize("text", ["Flood", "Überflutung"])
@pytest.mark.parametrize("content_type", ["", "text/xml", "text/xml; charset=utf-16"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("declared", [True, False])
def test_wide_characters_are_read_with_and_without_mark_and_declaration(
    encoding: str, content_type: str, text: str, declared: bool
) -> None:
    assert title(written(text, encoding, declared=declared), content_type) == (text, ())


def test_a_mark_before_utf_8_does_no_harm() -> None:
    body = BODY.format("Überflutung")
    assert item_of(codecs.BOM_UTF8 + body.encode()).title == "Überflutung"


def test_an_encoding_that_does_not_exist_is_no_reason_to_lose_items() -> None:
    body = written("Überflutung", "utf-8", declared=True).replace(b"utf-8", b"x-nothing")
    assert title(body)[0] == "Überflutung"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&#55357;&#56832;", "\U0001f600"),
        ("&#65;&#xD83D;&#xde00;&#66;", "A\U0001f600B"),
        ("x&#xD800;y", "x\ufffdy"),
        ("x&#99999999999;y", "x\ufffdy"),
        ("x&#x110000;y", "x\ufffdy"),
        ("x&#" + "9" * 5_000 + ";y", "x\ufffdy"),
        ("x&#0;&#x1f;y", "xy"),
    ],
)
def test_references_to_no_character_are_mended_and_that_is_said(written: str, read: str) -> None:
    assert title(BODY.format(written).encode()) == (
        read,
        ("references to characters that do not exist",),
    )


def test_references_to_characters_stay_what_they_are() -> None:
    assert title(BODY.format("&#x1F600;&#65;&#0000000066;").encode()) == ("\U0001f600AB", ())
    assert title(BODY.format("a &#66 b").encode())[0] == "a &#66 b"
