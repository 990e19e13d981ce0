"""The bytes of a list become text, in the encoding that shows or is declared."""

import codecs
import re

_SHOWS = (  # how texts begin whose encoding shows; UTF-32 before UTF-16, which begins like it
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")


def decoded(body: bytes) -> str:
    """Give the text; ValueError, fit to be shown, where it cannot be read."""
    encoding = next((name for start, name in _SHOWS if body.startswith(start)), "")
    if not encoding:
        declared = _DECLARED.match(body[:1000])
        encoding = declared[1].decode("ascii", "replace") if declared else "utf-8"
    try:
        return body.decode(encoding)
    except LookupError:
        raise ValueError(f'its encoding "{encoding}" is not known') from None
    except UnicodeError as trouble:
        line = body.count(b"\n", 0, getattr(trouble, "start", 0)) + 1
        raise ValueError(f"it is not {encoding.upper()}, as line {line} shows") from None
