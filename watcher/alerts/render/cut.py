"""Where a text may be cut: between words, and never inside what a reader sees as one character.

The edges follow the extended grapheme clusters of Unicode's UAX #29 for marks, joined emoji, flags,
tags, Korean syllables and CR LF, told by category instead of by its tables. A heap of marks longer
than any real one (30, UAX #15's stream-safe limit) is cut through.
"""

import unicodedata

ELLIPSIS = "…"
_JOINER = "\u200d"
_CLUSTER_AT_MOST = 30
_WORD_AT_MOST = 24  # how far back from a cut we look for the end of a word


def grapheme_edge(text: str, at: int) -> int:
    """Give the last place at or before `at` where no character is torn apart."""
    at = max(0, min(at, len(text)))
    for back in range(min(at, _CLUSTER_AT_MOST)):
        if _edge(text, at - back):
            return at - back
    return at if at > _CLUSTER_AT_MOST else 0


def shortened(text: str, most: int) -> str:
    """Cut a text to at most `most` characters, `…` included; between words where it can be."""
    if len(text) <= most:
        return text
    return text[: word_edge_before(text, most - len(ELLIPSIS))].rstrip() + ELLIPSIS


def word_edge_before(text: str, at: int) -> int:
    """Give the end of a word at or shortly before `at`, else an edge between characters."""
    if at >= len(text) or text[at].isspace():
        return min(at, len(text))
    for place in range(at, max(0, at - _WORD_AT_MOST), -1):
        if text[place - 1].isspace():
            return place - 1
    return grapheme_edge(text, at)


def word_edge_after(text: str, at: int) -> int:
    """Give the beginning of a word at or shortly after `at`, else an edge before it."""
    if at <= 0 or text[at - 1].isspace():
        return max(0, at)
    for place in range(at, min(len(text), at + _WORD_AT_MOST)):
        if text[place].isspace():
            return place + 1
    return grapheme_edge(text, at)


def _edge(text: str, at: int) -> bool:
    """Tell whether a character ends before `at`."""
    if at in {0, len(text)}:
        return True
    before, after = text[at - 1], text[at]
    if _continues(after) or before == _JOINER or before + after == "\r\n":
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, at) % 2 == 0
    return not (_is_jamo_lead(before) and (_is_jamo_lead(after) or "\uac00" <= after <= "\ud7a3"))


def _continues(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M"
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\uff9e" <= character <= "\uff9f"  # half-width sound marks
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of Korean syllables
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and at - start < _CLUSTER_AT_MOST and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start


def _is_jamo_lead(character: str) -> bool:
    return "\u1100" <= character <= "\u115f"
