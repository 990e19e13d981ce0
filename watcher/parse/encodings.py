"""Which bytes are which characters, where feedparser's order of trust spoils texts."""

import codecs
import re

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)[\"']?", re.IGNORECASE)
_UTF8 = frozenset(("utf-8", "utf8"))
_MIXED = "watcher-windows-1252"


def _as_windows(trouble: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(trouble, UnicodeDecodeError)
    odd = trouble.object[trouble.start : trouble.end]
    return odd.decode("windows-1252", "replace"), trouble.end


codecs.register_error(_MIXED, _as_windows)


def readable(body: bytes, content_type: str) -> tuple[bytes, str, str]:
    """Give body and content type such that feedparser reads the characters that are meant.

    The third value is a fault, empty when the bytes were in order. feedparser believes the HTTP
    header first and one encoding for all; but bytes that are valid UTF-8 are UTF-8 whatever the
    header says (unless the XML declaration contradicts too), and UTF-8 with a few odd bytes in it
    is UTF-8 with a few bytes of windows-1252.
    """
    header = _CHARSET.search(content_type)
    declared = _DECLARED.match(body[:1000])
    names = {match[1].lower() for match in (header,) if match}
    if declared:
        declared_name = declared[1].decode("ascii", "replace").lower()
        if declared_name not in _UTF8:
            return body, content_type, ""
        names.add(declared_name)
    if body.isascii() or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body, content_type, ""
    bare = _CHARSET.sub("", content_type)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _mended(body, content_type, bare) if names <= _UTF8 else (body, content_type, "")
    return body, bare if names - _UTF8 else content_type, ""


def _mended(body: bytes, content_type: str, bare: str) -> tuple[bytes, str, str]:
    """Take the odd bytes for windows-1252, if the rest is plainly UTF-8."""
    odd = body.decode("utf-8", "replace").count("\ufffd")
    characters = body.decode("utf-8", "ignore")
    beyond_ascii = len(characters) - len(characters.encode("ascii", "ignore"))
    if beyond_ascii <= 2 * odd:
        return body, content_type, ""
    mended = body.decode("utf-8", _MIXED).encode()
    return mended, bare, f"{odd} odd bytes in UTF-8, taken for windows-1252"
