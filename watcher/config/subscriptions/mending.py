"""OPML that programs wrote without escaping: quotes and markup in the values of attributes.

What a value is shows nonetheless: it ends at the quote that another attribute of an outline, or the
end of the outline, follows. Whatever is between is the value.
"""

import re

_KNOWN = (
    "text|title|type|xmlUrl|htmlUrl|url|description|language|category|version|created|icon|comment"
)
_BORDER = re.compile(
    rf"""(?P<begin>\s(?:{_KNOWN})\s*=\s*")"""
    rf"""|(?P<end>"(?=\s+(?:{_KNOWN})\s*=\s*"|\s*/?>\s*<(?:/?outline|/body|!--)))""",
    re.IGNORECASE,
)
_OUTLINE = re.compile(r"<outline\b", re.IGNORECASE)
_ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", '"': "&quot;"})


def mended(text: str) -> str:
    """Escape what stands in values and may not; no line moves."""
    pieces: list[str] = []
    at, inside = 0, False
    first = _OUTLINE.search(text)
    for found in _BORDER.finditer(text, first.start() if first else len(text)):
        if inside == (found["end"] is not None):
            piece = text[at : found.start()]
            pieces += [piece.translate(_ESCAPES) if inside else piece, found[0]]
            at, inside = found.end(), not inside
    return "".join([*pieces, text[at:]])
