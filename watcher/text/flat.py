r"""A text made flat: folded, and with nothing between its words but what matters to words.

A flat text has folded letters, `'` for any apostrophe, `-` for any hyphen, line feeds, and a space
for every other character. A character of an unspaced script stands between two `PAD`s. Without
the pads it is mostly as long as the text: then places in one are places in the other.
"""

import re
from unicodedata import category

from watcher.text.fold import folded
from watcher.text.scripts import is_unspaced, is_word_character

PAD = "\x1f"  # white space to `split()`, and never in a flat text otherwise
_MARKED = "\x00"  # stands for a combining mark: such a text cannot be flattened
_MOST_REMEMBERED = 20_000  # characters
_MOST_REPLACED = 24  # different characters; beyond, one pass over the text is cheaper


def _flat(character: str) -> str:
    if character in "'\u2019\u02bc":
        return "'"
    if character in "-\u2010":
        return "-"
    if not is_word_character(character):
        return "\n" if character == "\n" else " "
    if category(character)[0] == "M":
        return _MARKED
    word = folded(character)
    if is_unspaced(character):
        return f"{PAD}{word}{PAD}" if len(word) == 1 else _MARKED
    return word


class _Flat(dict[int, str]):
    """What each character becomes. Learns as it is asked, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        flat = self[point] = _flat(chr(point))
        return flat


_ASCII = "".join(_flat(chr(point)) for point in range(128))
_LEARNT = _Flat()
_TYPOGRAPHIC = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a3\u20ac\u00b0\u2022\u2010"
_REPLACED = tuple((character, _flat(character)) for character in _TYPOGRAPHIC)
_BEYOND = re.compile(r"[^\x00-\x7f]")


def flattened(text: str) -> str | None:
    """Make a text flat; None if it has combining marks, which need their neighbours to fold."""
    plainer = text if text.isascii() else _plainer(text)
    if plainer.isascii():
        return plainer.translate(_ASCII)
    flat = plainer.translate(_LEARNT)
    return None if _MARKED in flat else flat


def _plainer(text: str) -> str:
    """Replace what is not ASCII, if that leaves nothing but ASCII."""
    plainer = text
    for character, flat in _REPLACED:
        plainer = plainer.replace(character, flat)
    if plainer.isascii():
        return plainer
    others = set(_BEYOND.findall(plainer))
    replaced = [(character, _LEARNT[ord(character)]) for character in others]
    if len(others) > _MOST_REPLACED or not all(
        flat.isascii() and flat != _MARKED for _, flat in replaced
    ):
        return text
    for character, flat in replaced:
        plainer = plainer.replace(character, flat)
    return plainer
