"""Which bytes are which characters, where feedparser's order of trust spoils texts."""

import codecs
import re

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)[\"']?", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_WIDE = (  # how bodies begin whose characters have two bytes or four, and Python's name for it
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_ONE = rb"&#(?:[0-9]+|[xX][0-9a-fA-F]+)(?:;|(?![0-9a-fA-F]))"
_REFERENCES = re.compile(rb"%b(?:%b)*" % (_ONE, _ONE))  # begins with letters: found at once
_REFERENCE = re.compile(rb"&#([0-9]+|[xX][0-9a-fA-F]+)")
_CONTROLS = frozenset(range(32)) - {9, 10, 13}
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
    header first and one encoding for all; but UTF-16 and UTF-32 show, bytes that are valid UTF-8
    are UTF-8 whatever the header says (unless the XML declaration contradicts too), and UTF-8 with
    a few odd bytes in it is UTF-8 with a few bytes of windows-1252.
    """
    bare = _CHARSET.sub("", content_type)
    for beginning, encoding in _WIDE:
        if body.startswith(beginning):
            text = body.decode(encoding, "replace")
            return _DECLARATION.sub("", text).lstrip().encode("utf-8", "replace"), bare, ""
    body = body.lstrip()  # white space before the declaration would make it malformed
    header = _CHARSET.search(content_type)
    declared = _DECLARED.match(body[:1000])
    names = {match[1].lower() for match in (header,) if match}
    if declared:
        declared_name = declared[1].decode("ascii", "replace").lower()
        if declared_name not in _UTF8:
            return body, content_type, ""
        names.add(declared_name)
    if body.isascii():
        return body, content_type, ""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _mended(body, content_type, bare) if names <= _UTF8 else (body, content_type, "")
    return body, bare if names - _UTF8 else content_type, ""


def charset_of(content_type: str) -> str:
    """Give the encoding that an HTTP header names, in lower case; empty for none."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else ""


def declared_in(body: bytes) -> str:
    """Give the encoding that an XML declaration names, in lower case; empty for none."""
    found = _DECLARED.match(body[:1000].removeprefix(codecs.BOM_UTF8))
    return found[1].decode("ascii", "replace").lower() if found else ""


def declares(body: bytes) -> bool:
    """Tell whether a body begins with an XML declaration."""
    return body.removeprefix(codecs.BOM_UTF8).startswith(b"<?xml")


def line_breaks(body: bytes) -> int:
    """Count the line breaks of a body, whatever width its characters have."""
    for beginning, encoding in _WIDE:
        if body.startswith(beginning):
            return body.decode(encoding, "replace").count("\n")
    return body.count(b"\n")


def is_wide(body: bytes) -> bool:
    """Tell whether a body begins as those do whose characters have two bytes or four."""
    return any(body.startswith(beginning) for beginning, _ in _WIDE)


def is_utf8(body: bytes) -> bool:
    """Tell whether a body is valid UTF-8 and does not declare to be something else."""
    if (declared_in(body) or "utf-8") not in _UTF8:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mended(body: bytes, content_type: str, bare: str) -> tuple[bytes, str, str]:
    """Take the odd bytes for windows-1252, if the rest is plainly UTF-8."""
    odd = body.decode("utf-8", "replace").count("\ufffd")
    characters = body.decode("utf-8", "ignore")
    beyond_ascii = len(characters) - len(characters.encode("ascii", "ignore"))
    if beyond_ascii <= odd:
        return body, content_type, ""
    mended = body.decode("utf-8", _MIXED).encode()
    return mended, bare, f"{odd} odd bytes in UTF-8, taken for windows-1252"


def with_known_references(body: bytes) -> tuple[bytes, str]:
    """Mend references to characters that do not exist, at which feedparser would give up.

    Some programs write an emoji as references to the two halves of its UTF-16; they become one.
    The second value is a fault, empty when there was nothing to mend.
    """
    mended = _REFERENCES.sub(_known, body)
    return mended, "" if mended == body else "references to characters that do not exist"


def _known(references: re.Match[bytes]) -> bytes:
    points = [_point(digits) for digits in _REFERENCE.findall(references[0])]
    if all(_exists(point) for point in points):
        return references[0]
    text = "".join(chr(point) for point in points if point not in _CONTROLS)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(character)};" for character in whole).encode()


def _exists(point: int) -> bool:
    return point not in _CONTROLS and not 0xD800 <= point <= 0xDFFF


def _point(digits: bytes) -> int:
    """Give the number of a character; half a surrogate stands for what is out of range."""
    significant = digits.lstrip(b"xX0") or b"0"
    if len(significant) > 7:
        return 0xDFFF
    point = int(significant, 16 if digits[:1] in b"xX" else 10)
    return point if point <= 0x10FFFF else 0xDFFF
