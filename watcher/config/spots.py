"""Where a character of a YAML text stands in the file.

YAML folds lines, drops indentation and knows escapes, so a text is not a piece of its file. But
every character of it that is no white space comes from the file, in the same order: the third one
of the text is the third one of the file's piece. White space in between is where they meet.
"""

import re
from collections.abc import Iterator
from itertools import islice

from watcher.config.nodes import Scalar

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # anchors and tags before the text itself
_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n)?")
_SINGLE = re.compile(r"''|[^']")
_DOUBLE = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n|.)|[^\\\"]", re.DOTALL
)
_BLANK_ESCAPES = set("nrtv_NLP \t\n\r")


def spot(text: str, node: Scalar, offset: int) -> int:
    """Tell where in the file's text the character at an offset of a scalar's value stands.

    A blank, or the end, is told by what stands before it.
    """
    inked = sum(1 for character in node.value[:offset] if not character.isspace())
    at_ink = offset < len(node.value) and not node.value[offset].isspace()
    places = _ink(text, node)
    if at_ink:
        return next(islice(places, inked, None), node.start)
    if not inked:
        return node.start
    start = next(islice(places, inked - 1, None), node.start)
    missing = offset - len(node.value[:offset].rstrip())
    return min(start + 1 + missing, max(start + 1, node.end))


def _ink(text: str, node: Scalar) -> Iterator[int]:
    """List the places of the characters of a scalar that are no white space."""
    start = _PROPERTIES.match(text, node.start, node.end)
    begin = start.end() if start else node.start
    if node.style in ("|", ">"):
        header = _HEADER.match(text, begin, node.end)
        begin = header.end() if header else begin
    if node.style in ("'", '"'):
        pattern = _SINGLE if node.style == "'" else _DOUBLE
        yield from _quoted(pattern, text, begin + 1, node.end - 1)
        return
    yield from (place for place in range(begin, node.end) if not text[place].isspace())


def _quoted(pattern: re.Pattern[str], text: str, begin: int, end: int) -> Iterator[int]:
    for found in pattern.finditer(text, begin, end):
        piece = found.group()
        if not _is_blank(piece):
            yield found.start()


def _is_blank(piece: str) -> bool:
    if len(piece) == 1:
        return piece.isspace()
    if piece[1] in "xuU" and len(piece) > 2:
        return chr(int(piece.lstrip("\\xuU"), 16)).isspace()
    return piece[1] in _BLANK_ESCAPES
